"""What columns and rows of changes may be changes of, between which years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, permutations

from analysis_lib.indicators.arithmetic import change_pct, difference, index_number
from number_audit.document import Grid, Ref
from number_audit.language.periods import period_of, year_of
from number_audit.language.words import CHANGE, INDEX, PERCENT
from number_audit.relations.equations import Cells, Equation
from number_audit.relations.guess.confirm import Proposal, best, support
from number_audit.relations.guess.shares import (
    between_columns,
    between_rows,
    is_change,
    is_share,
    numbered_rows,
)

DIFFERENCE = re.compile(r"differanse|minus", re.IGNORECASE)
MEASURES = {"change": change_pct, "difference": difference}
# How far above a row of differences its two rows may stand.
REACH = 6


def level_columns(grid: Grid) -> dict[int, int]:
    """Return the columns of levels by their year; a year that several columns name is not among them."""
    years: dict[int, list[int]] = {}
    for j, column in enumerate(grid.columns):
        year = year_of(column.header)
        if year is not None and not CHANGE.search(column.header) and not PERCENT.search(column.said):
            years.setdefault(year, []).append(j)
    return {year: columns[0] for year, columns in years.items() if len(columns) == 1}


def period_columns(grid: Grid, cells: Cells) -> list[Equation]:
    """Return the changes between the years that a header names, in per cent or in the numbers' own unit.

    Where these fail but two other years make every row true, the header stands accused: its
    relation is kept as printed, for the search for other headers to find.
    """
    levels, found = level_columns(grid), []
    for j, column in enumerate(grid.columns):
        years = period_of(column.header)
        if years is None or not set(years) <= set(levels):
            continue
        named = _changes(grid, j, levels[years[0]], levels[years[1]])
        if any(support(item, cells).likely for item in named):
            found += best([Proposal(item, labelled=True) for item in named], cells)
            continue
        for old, new in combinations(levels.values(), 2):
            for item, other in zip(named, _changes(grid, j, old, new), strict=True):
                stands = support(other, cells)
                if stands.confirmed and stands.agree == stands.checked:
                    found += item
    return found


def _changes(grid: Grid, column: int, old: int, new: int) -> list[tuple[Equation, ...]]:
    rows = numbered_rows(grid)
    return [
        between_columns(grid, kind, column, (old, new), function, rows) for kind, function in MEASURES.items()
    ]


def changes(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield what other columns and rows of changes may be changes of."""
    yield from _down_the_years(grid)
    yield from _differences(grid)
    yield from _net_rows(grid)
    yield from _indices(grid)


def _down_the_years(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield, where the rows are years, changes from the year before, or over the years of the label."""
    rows = {year_of(row.label): i for i, row in enumerate(grid.rows) if year_of(row.label)}
    if len(rows) < 3:
        return
    steps = [(rows[year - 1], i, i) for year, i in rows.items() if year and year - 1 in rows]
    steps += [
        (rows[years[0]], rows[years[1]], i)
        for i, row in enumerate(grid.rows)
        if (years := period_of(row.label)) and set(years) <= set(rows)
    ]
    for j in range(len(grid.columns)):
        if is_change(grid, j) or is_share(grid, j):
            bases = [k for k in range(j) if not is_change(grid, k) and not is_share(grid, k)]
            yield [
                Proposal(_steps(grid, kind, j, k, steps), labelled=True) for k in bases for kind in MEASURES
            ]


def _steps(
    grid: Grid, kind: str, column: int, base: int, steps: Sequence[tuple[int, int, int]]
) -> tuple[Equation, ...]:
    return tuple(
        Equation(
            kind,
            Ref(grid.key, row, column),
            (Ref(grid.key, old, base), Ref(grid.key, new, base)),
            MEASURES[kind],
        )
        for old, new, row in steps
    )


def _differences(grid: Grid) -> Iterator[list[Proposal]]:
    for row in numbered_rows(grid):
        if DIFFERENCE.search(grid.rows[row].label):
            near = range(max(0, row - REACH), row)
            every = range(len(grid.columns))
            yield [
                Proposal(between_rows(grid, "difference", row, pair, difference, every))
                for pair in permutations(near, 2)
            ]


def _net_rows(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield, for a row of changes, the rows whose change from column to column it may be."""
    years = list(level_columns(grid).values())
    for row in numbered_rows(grid):
        if CHANGE.search(grid.rows[row].label) and len(years) > 2:
            yield [
                Proposal(
                    tuple(
                        Equation(
                            kind,
                            Ref(grid.key, row, new),
                            (Ref(grid.key, other, old), Ref(grid.key, other, new)),
                            function,
                        )
                        for old, new in pairwise(years)
                    )
                )
                for other in range(row)
                for kind, function in MEASURES.items()
            ]


def _indices(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield, for a row called an index, the rows that it may be of, with the column of 100 as base."""
    for row in numbered_rows(grid):
        cells = grid.rows[row].cells
        bases = [j for j, cell in enumerate(cells) if cell.number == 100]
        if INDEX.search(grid.rows[row].label) and bases:
            yield [
                Proposal(
                    tuple(
                        Equation(
                            "index",
                            Ref(grid.key, row, j),
                            (Ref(grid.key, other, j), Ref(grid.key, other, bases[0])),
                            index_number,
                        )
                        for j in range(len(grid.columns))
                        if j != bases[0] and not is_change(grid, j)
                    ),
                    labelled=True,
                )
                for other in range(row)
            ]
