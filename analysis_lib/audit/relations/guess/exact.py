"""Whether a table's whole numbers are counts: sums of rounded numbers do not come out exactly every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from analysis_lib.audit.grid import Ref
from analysis_lib.audit.relations.equations import Cells, Equation
from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval

# The chance that a sum of two rounded terms comes out exactly; of more terms it is less.
CHANCE = 0.75
LUCK = 0.01
MOST = 0.8


def exact_counts(equations: Sequence[Equation], cells: Cells) -> dict[Ref, Cell]:
    """Return as exact the whole numbers of the tables whose sums come out exactly too often for chance."""
    tables: dict[str, list[bool]] = {}
    for item in equations:
        if item.kind == "sum" and len({ref.grid for ref in item.cells}) == 1:
            numbers = [cells[ref].number for ref in item.terms]
            result = cells[item.result].number
            whole = all(number is None or number.denominator == 1 for number in numbers)
            if result is not None and result.denominator == 1 and whole:
                terms = sum((number for number in numbers if number is not None), Fraction(0))
                tables.setdefault(item.result.grid, []).append(terms == result)
    counted = {
        key
        for key, exact in tables.items()
        if sum(exact) >= MOST * len(exact) and CHANCE ** sum(exact) < LUCK
    }
    return {
        ref: replace(cell, interval=Interval.exact(cell.number))
        for ref, cell in cells.items()
        if ref.grid in counted and cell.number is not None and cell.number.denominator == 1
        if cell.decimals == 0
    }
