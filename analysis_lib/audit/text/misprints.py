"""Numbers in tables that no rule reads: a digit lost, a letter too many."""

from __future__ import annotations

import re

from analysis_lib.audit.document import Document
from analysis_lib.audit.findings import Finding, Verdict
from analysis_lib.audit.grid import Ref
from analysis_lib.audit.text.cell import is_misprint, read_cell


def check_misprints(document: Document) -> list[Finding]:
    """Return a finding for every cell that is mostly digits and yet no number."""
    return [
        Finding(
            kind="unreadable_number",
            where=grid.place(Ref(grid.key, i, j)),
            cells=(f"linje {cell.line} = {cell.printed}",),
            printed=cell.printed,
            verdict=Verdict.CONTRADICTION,
            explanation=f"«{cell.printed}» er ikke et tall: {_why(cell.printed)}",
            confidence=0.95,
            weight=0.5,
        )
        for grid in document.grids
        for i, row in enumerate(grid.rows)
        for j, cell in enumerate(row.cells)
        if is_misprint(cell.printed)
    ]


def _why(printed: str) -> str:
    """Return what is wrong with a number, and how it may be meant.

    >>> _why("86 429d")
    'det har tegn som ikke hører til. Uten dem står det «86 429».'
    >>> _why("4 79")
    'et siffer mangler, eller et mellomrom er galt satt.'
    """
    bare = re.sub(r"[^\d\s,−-]", "", printed).strip()
    if bare != printed.strip() and read_cell(bare).number is not None:
        return f"det har tegn som ikke hører til. Uten dem står det «{bare}»."
    return "et siffer mangler, eller et mellomrom er galt satt."
