"""Whether a table's whole numbers are counts: sums of rounded numbers do not come out exactly every time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analysis_lib.audit.grid import Grid, Ref
from analysis_lib.audit.relations.equations import Cells, Equation, check, contradicted
from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval

# The chance that a sum of two rounded terms comes out exactly; of more terms it is less.
CHANCE = 0.75
LUCK = 0.001
NEARLY_ALL, MOST = 0.95, 0.8
COUNT = re.compile(r"antall", re.IGNORECASE)


def exact_counts(grids: Sequence[Grid], equations: Sequence[Equation], cells: Cells) -> dict[Ref, Cell]:
    """Return as exact the whole numbers of the tables whose sums and differences come out exactly.

    Where the caption calls them a number of things, most of at least three must; else nearly all,
    and so many that chance is out of the question. A table with decimals anywhere has none.
    """
    tables: dict[str, list[bool]] = {}
    for item in equations:
        if item.kind in ("sum", "difference") and len({ref.grid for ref in item.cells}) == 1:
            exact = _comes_out(item, cells)
            if exact is not None:
                tables.setdefault(item.result.grid, []).append(exact)
    captions = {grid.key: grid.caption for grid in grids if _whole(grid)}
    counted = {key for key, exact in tables.items() if key in captions and _counts(exact, captions[key])}
    return {
        ref: replace(cell, interval=Interval.exact(cell.number))
        for ref, cell in cells.items()
        if ref.grid in counted and cell.number is not None and cell.decimals == 0
    }


def _whole(grid: Grid) -> bool:
    """Tell whether a table prints whole numbers only."""
    return all(cell.decimals == 0 for row in grid.rows for cell in row.cells)


def _comes_out(item: Equation, cells: Cells) -> bool | None:
    """Tell whether whole terms give their result exactly; None where there is more than whole numbers."""
    numbers = [cells[ref].number for ref in item.cells]
    outcome = check(item, {ref: _exact(cells[ref]) for ref in item.cells})
    if outcome is None or any(number is not None and number.denominator != 1 for number in numbers):
        return None
    return not contradicted(outcome)


def _exact(cell: Cell) -> Cell:
    return cell if cell.number is None else replace(cell, interval=Interval.exact(cell.number))


def _counts(exact: Sequence[bool], caption: str) -> bool:
    share = sum(exact) / len(exact)
    if COUNT.search(caption) and len(exact) > 2:
        return share >= MOST
    return share >= NEARLY_ALL and CHANCE ** sum(exact) < LUCK
