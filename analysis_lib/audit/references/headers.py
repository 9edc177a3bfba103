"""Headers of a table against each other: one year twice, where the columns go from year to year."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from analysis_lib.audit.document import Document
from analysis_lib.audit.findings import Finding
from analysis_lib.audit.grid import Grid
from analysis_lib.audit.references.kinds import slip
from analysis_lib.data.periods import YEAR

_FEWEST = 3


def check_headers(document: Document) -> list[Finding]:
    """Return the tables in which two neighbours bear the same year, and all other columns are told apart."""
    return [finding for grid in document.grids for finding in _twice(grid)]


def _twice(grid: Grid) -> list[Finding]:
    heads = [(column.group, column.header) for column in grid.columns]
    dated = [head for head in heads if YEAR.search(head[1])]
    repeated = [head for head, count in Counter(dated).items() if count > 1]
    neighbours = [head for head, following in pairwise(heads) if head == following]
    # Where several are repeated, or nearly all, the columns stand in groups whose names were not read.
    if len(set(dated)) < _FEWEST or len(repeated) != 1 or repeated != neighbours:
        return []
    header = repeated[0][1]
    shown = ", ".join(column.header for column in grid.columns)
    name = f"tabell {grid.number}"
    text = (
        f"To kolonner ved siden av hverandre i {name} heter «{header}»; den ene gjelder trolig et annet år."
    )
    return [slip("header", grid.line, header, text, sure=0.7, cells=(f"{name}, overskriftene = {shown}",))]
