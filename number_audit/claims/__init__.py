"""Claims in prose: every quantity of a text, held against the tables and against the rest of the text.

`statements` says what is said of which quantity and when; `candidates` finds the cells of `table_series` that
may be meant, and `matching` judges the number by them. `arithmetic` holds numbers of the text against each
other, `directions` checks words of direction and rank alone, `repeats` finds one quantity told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from number_audit.claims.arithmetic import (
    check_every_year,
    check_sentences,
    check_table_shares,
    is_of_every_year,
)
from number_audit.claims.candidates import Derivation, library_of
from number_audit.claims.directions import check_directions, check_ranks, read_directions
from number_audit.claims.matching import AGREED, Match, Reproduced, main_year, match_statements
from number_audit.claims.statements import (
    CheckedClaim,
    ClaimVerdict,
    contradictions,
    in_words,
    read_statements,
    shown,
    stated,
)
from number_audit.document import Document, Grid

__all__ = ["CheckedClaim", "ClaimVerdict", "check_claims", "contradictions"]


def check_claims(document: Document, grids: Sequence[Grid]) -> list[CheckedClaim]:
    """Hold every quantitative claim of a document against its tables and against itself.

    Parameters
    ----------
    document : Document
        Its paragraphs are read; a number in a caption, a note or a table is no claim.
    grids : sequence of Grid
        The tables; those of the document, or of the edition it belongs to.

    Returns
    -------
    list of CheckedClaim
        One for each number of the text, and one for each sum, share, direction and rank that could
        be checked; in the order of the text.
    """
    library = library_of(tuple(grids))
    statements = read_statements(document)
    matches = match_statements(statements, library)
    reproduced = Reproduced([match for match in matches if match.verdict in AGREED])
    claims = [_claim(match) for match in matches if not is_of_every_year(match.statement)]
    claims += check_sentences(statements)
    claims += check_table_shares(statements, library)
    claims += check_every_year(statements, library, reproduced)
    main = main_year(statements)
    claims += check_directions(read_directions(document, main), library, reproduced)
    claims += check_ranks(document, library, main)
    return sorted(claims, key=lambda claim: claim.line)


def _claim(match: Match) -> CheckedClaim:
    said, candidate = match.statement, match.candidate
    error = (
        abs(1 - stated(said).middle / candidate.interval.middle)
        if candidate and candidate.interval.middle
        else Fraction(0)
    )
    return CheckedClaim(
        line=said.line,
        statement=in_words(said, f"tabell {candidate.table}, {candidate.series.name}" if candidate else ""),
        printed=said.quantity.printed,
        computed=shown(candidate.interval, said.quantity) if candidate else "",
        verdict=match.verdict,
        cells=candidate.cells if candidate else (),
        why=match.why or _how(match),
        weight=float(error) if match.verdict in (ClaimVerdict.CONTRADICTION, ClaimVerdict.DOUBTFUL) else 0.0,
    )


def _how(match: Match) -> str:
    """Say how a number that does not hold was computed, where it is no cell itself."""
    if (
        match.candidate is None
        or match.verdict is not ClaimVerdict.CONTRADICTION
        or match.candidate.how is Derivation.CELL
    ):
        return ""
    return f"regnet ut som {match.candidate.how}"
