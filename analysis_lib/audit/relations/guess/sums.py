"""What the rows and columns that are called sums may be sums of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis_lib.audit.grid import Grid
from analysis_lib.audit.relations.checks import rest_of_100
from analysis_lib.audit.relations.equations import Equation
from analysis_lib.audit.relations.guess.confirm import Proposal
from analysis_lib.audit.relations.guess.lines import (
    between_columns,
    between_rows,
    is_change,
    is_share,
    numbered_rows,
)
from analysis_lib.audit.relations.labels import PERCENT, is_heading, is_total, plain
from analysis_lib.indicators.arithmetic import total


def sums(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield, for each row or column called a sum, what it may be the sum of."""
    yield from _rows(grid)
    yield from _blocks(grid)
    yield from _columns(grid)
    yield from _parts(grid)


def _rows(grid: Grid) -> Iterator[list[Proposal]]:
    for row in numbered_rows(grid):
        if is_total(grid.rows[row].label):
            choices = dict.fromkeys(tuple(choice) for choice in _summands(grid, row) if len(choice) > 1)
            for shares in (False, True):
                yield [Proposal(_sum_of_rows(grid, row, choice, shares), labelled=True) for choice in choices]


def _sum_of_rows(grid: Grid, row: int, terms: Sequence[int], shares: bool) -> tuple[Equation, ...]:
    """Return a sum of rows in the columns of levels, or in those of shares: these may have other wholes."""
    columns = [j for j in range(len(grid.columns)) if not is_change(grid, j) and is_share(grid, j) == shares]
    return between_rows(grid, "sum", row, terms, total, columns)


def _summands(grid: Grid, row: int) -> Iterator[list[int]]:
    """Yield the rows that a sum may be of: its block, the subtotals, all that is not a sum."""
    above = [i for i in range(row) if any(cell.number is not None for cell in grid.rows[i].cells)]
    rows = [i for i in above if not is_heading(grid.rows[i])]
    subtotals = [i for i in rows if is_total(grid.rows[i].label)]
    heading = max((i for i in range(row) if is_heading(grid.rows[i])), default=-1)
    last = max(subtotals, default=-1)
    yield [i for i in rows if i > heading]
    yield [i for i in rows if i > max(heading, last)]
    yield subtotals
    yield [i for i in rows if i not in subtotals]
    # A scheme that paid nothing in most years looks like a heading, and is a term all the same.
    yield [i for i in above if i > last]
    yield [i for i in above if i >= last > -1]


def _blocks(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield that the last of several blocks with the same labels is the sum of those before it."""
    labels: dict[str, list[int]] = {}
    for row in numbered_rows(grid):
        labels.setdefault(plain(grid.rows[row].label), []).append(row)
    repeated = [rows for rows in labels.values() if len(rows) > 2]
    totals = [row for row in numbered_rows(grid) if is_total(grid.rows[row].label)]
    if repeated:
        once = [rows[0] for rows in labels.values() if len(rows) == 1]
        totals = [row for row in once if is_total(grid.rows[row].label)]
        blocks = [*repeated, *([totals] if len(totals) == len(repeated[0]) else [])]
        sums_of = (_sum_of_rows(grid, rows[-1], rows[:-1], shares=False) for rows in blocks)
        yield [Proposal(tuple(item for instances in sums_of for item in instances))]


def _columns(grid: Grid) -> Iterator[list[Proposal]]:
    rows = numbered_rows(grid)
    for j, column in enumerate(grid.columns):
        if is_total(column.header):
            left = [k for k in range(j) if not is_share(grid, k)]
            own_group = [k for k in left if grid.columns[k].group == column.group]
            choices = {tuple(choice) for choice in (left, own_group) if len(choice) > 1}
        elif is_total(column.group) and not PERCENT.search(column.header):
            choices = {
                tuple(
                    k
                    for k, other in enumerate(grid.columns)
                    if plain(other.header) == plain(column.header) and other.group != column.group
                )
            }
        else:
            continue
        yield [
            Proposal(between_columns(grid, "sum", j, choice, total, rows), labelled=True)
            for choice in sorted(choices)
            if len(choice) > 1
        ]


def _parts(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield that percentages beside each other, where caption or headers say so, are of one whole."""
    groups = {column.group for column in grid.columns}
    for group in sorted(groups):
        columns = [j for j, column in enumerate(grid.columns) if column.group == group]
        said = PERCENT.search(grid.caption) or all(is_share(grid, j) for j in columns)
        parts = [j for j in columns if not is_total(grid.columns[j].header) and not is_change(grid, j)]
        if said and len(parts) > 1:
            first, *others = parts
            yield [Proposal(between_columns(grid, "parts", first, others, rest_of_100, numbered_rows(grid)))]
