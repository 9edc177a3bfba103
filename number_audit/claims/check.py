"""Every quantitative claim of a document, held against its tables and against itself."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from number_audit.claims.arithmetic import check_courses, check_sentences, check_wholes, is_course
from number_audit.claims.candidates import CELL, library_of
from number_audit.claims.claim import Claim, ClaimVerdict, in_words, shown
from number_audit.claims.directions import check_directions, check_ranks, read_directions
from number_audit.claims.matching import AGREED, Anchors, Match, main_year, match_statements
from number_audit.claims.statements import read_statements, stated
from number_audit.document import Document, Grid


def check_claims(document: Document, grids: Sequence[Grid]) -> list[Claim]:
    """Hold every quantitative claim of a document against its tables and against itself.

    Parameters
    ----------
    document : Document
        Its paragraphs are read; a number in a caption, a note or a table is no claim.
    grids : sequence of Grid
        The tables; those of the document, or of the edition it belongs to.

    Returns
    -------
    list of Claim
        One for each number of the text, and one for each sum, share, direction and rank that could
        be checked; in the order of the text.
    """
    library = library_of(tuple(grids))
    statements = read_statements(document)
    matches = match_statements(statements, library)
    anchors = Anchors([match for match in matches if match.verdict in AGREED])
    claims = [_claim(match) for match in matches if not is_course(match.statement)]
    claims += check_sentences(statements)
    claims += check_wholes(statements, library)
    claims += check_courses(statements, library, anchors)
    main = main_year(statements)
    claims += check_directions(read_directions(document, main), library, anchors)
    claims += check_ranks(document, library, main)
    return sorted(claims, key=lambda claim: int(claim.place.split()[1]))


def _claim(match: Match) -> Claim:
    said, tie = match.statement, match.tie
    error = abs(1 - stated(said).middle / tie.interval.middle) if tie and tie.interval.middle else Fraction(0)
    return Claim(
        place=f"linje {said.line}",
        statement=in_words(said, f"tabell {tie.series.grid.number}, {tie.series.name}" if tie else ""),
        printed=said.quantity.printed,
        computed=shown(tie.interval, said.quantity) if tie else "",
        verdict=match.verdict,
        cells=tie.cells if tie else (),
        why=match.why or _how(match),
        weight=float(error) if match.verdict in (ClaimVerdict.CONTRADICTION, ClaimVerdict.DOUBTFUL) else 0.0,
    )


def _how(match: Match) -> str:
    """Say how a number that does not hold was computed, where it is no cell itself."""
    if match.tie is None or match.verdict is not ClaimVerdict.CONTRADICTION or match.tie.how == CELL:
        return ""
    return f"regnet ut som {match.tie.how}"
