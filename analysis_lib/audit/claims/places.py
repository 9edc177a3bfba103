"""The same quantity at several places: table against table, and prose against prose."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.claims.fingerprints import same_in_tables
from analysis_lib.audit.claims.hits import AGREED
from analysis_lib.audit.claims.matching import main_year, match_statements
from analysis_lib.audit.claims.repeats import Words, same_numbers
from analysis_lib.audit.claims.statements import read_statements
from analysis_lib.audit.claims.stories import told_twice
from analysis_lib.audit.claims.ties import library_of
from analysis_lib.audit.claims.words import content
from analysis_lib.audit.document import Document
from analysis_lib.audit.findings import Finding
from analysis_lib.audit.grid import Grid


def same_quantity(document: Document, grids: Sequence[Grid]) -> list[Finding]:
    """Find quantities that stand at two places of a report with different numbers.

    Prose against table is `check_claims`; this is table against table, and paragraph against
    paragraph, summary against chapter among them.

    Parameters
    ----------
    document : Document
        Its paragraphs.
    grids : sequence of Grid
        Its tables.

    Returns
    -------
    list of Finding
        Of the kind ``same_quantity``. Prose is never more than doubtful: only its words say that two
        sentences are of one thing.
    """
    words = Words([content(paragraph.text) for paragraph in document.paragraphs])
    library = library_of(tuple(grids))
    statements = read_statements(document)
    # What a table gives is checked there; two such numbers are two quantities where they differ.
    untied = [
        match.statement for match in match_statements(statements, library) if match.verdict not in AGREED
    ]
    return [
        *same_in_tables(library.series),
        *same_numbers(untied, words),
        *told_twice(document, words, main_year(statements)),
    ]
