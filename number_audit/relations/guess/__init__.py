"""Likely relations of tables of which nothing is known but what they print, as a web.

`shares` proposes relations of sums and percentages within a table, by labels and headers, and `confirm` keeps
what the table's own numbers bear out. Here are those of changes, and those between tables: current and
constant prices, amounts for each inhabitant, the same numbers twice. A proposal alone accuses no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from analysis_lib.indicators.arithmetic import change_pct, difference, index_number
from number_audit.document import Grid, Ref
from number_audit.findings import CheckKind
from number_audit.language.periods import period_of, year_of
from number_audit.language.words import CHANGE, INDEX, PERCENT, plain
from number_audit.reading.cells import with_column_precision
from number_audit.relations.equations import Cells, Equation, same
from number_audit.relations.guess.confirm import GUESSED, Proposal, best, exact_counts, lost_term, support
from number_audit.relations.guess.shares import (
    between_columns,
    between_rows,
    is_change,
    is_share,
    numbered_rows,
    share_rows,
    shares,
    sums,
)
from number_audit.relations.web import (
    DEFLATED,
    DEFLATED_GROWTH,
    GROWTH_PER_CAPITA,
    Family,
    Link,
    LinkedPair,
    Parameter,
    Web,
    families_of,
    per,
    weave,
)

CURRENT, CONSTANT, EACH = "løpende pris", "faste pris", "per innbygger"
# Numbers below this are the same by chance.
TELLING, SHARED = 100, 3


def families(grids: Sequence[Grid]) -> list[Family]:
    """Return the deflators and populations that tables of the same rows and columns share."""
    found: list[tuple[Parameter, LinkedPair]] = []
    for place, constant in enumerate(grids):
        current = _twin(constant, CONSTANT, CURRENT, grids[:place])
        if current and (CURRENT in _said(current)) and (EACH in _said(current)) == (EACH in _said(constant)):
            found += _pairs(current, constant, "deflatoren", DEFLATED, DEFLATED_GROWTH)
    for place, each in enumerate(grids):
        for price in (CURRENT, CONSTANT) if EACH in _said(each) else ():
            amount = _twin(each, EACH, "", [item for item in grids[:place] if price in _said(item)])
            if amount and price in _said(each) and EACH not in _said(amount):
                found += _pairs(amount, each, "folkemengden", per(1), GROWTH_PER_CAPITA)
    return [replace(family, least=0.8) for family in families_of(found)]


def _said(grid: Grid) -> str:
    groups = dict.fromkeys(column.group for column in grid.columns)
    return f"{grid.caption} {' '.join(groups)}".lower()


def _twin(grid: Grid, own: str, other: str, before: Sequence[Grid]) -> Grid | None:
    """Return the nearest table before one with the same rows, whose caption says the other word."""
    if own not in _said(grid):
        return None
    fitting = (
        item
        for item in reversed(before)
        if own not in _said(item) and other in _said(item) and _alike(grid, item)
    )
    return next(fitting, None)


def _alike(a: Grid, b: Grid) -> bool:
    labels = [(plain(x.label), plain(y.label)) for x, y in zip(a.rows, b.rows, strict=False)]
    return len(a.rows) == len(b.rows) and 5 * sum(x == y for x, y in labels) >= 4 * len(labels)


def _pairs(a: Grid, b: Grid, name: str, level: Link, growth: Link) -> Iterator[tuple[Parameter, LinkedPair]]:
    """Yield the pairs of cells under the same header: levels by their year, growth to the last year."""
    years = level_columns(a)
    last = max(years, default=0)
    for j, column in enumerate(a.columns):
        k = next((k for k, other in enumerate(b.columns) if other.header == column.header), None)
        period = period_of(column.header)
        year = next((year for year, place in years.items() if place == j), None)
        if k is None or (year is None and (period is None or period[1] != last)):
            continue
        link = level if year is not None else growth
        # A growth bears on the deflator of its first year, but on the growth of a population.
        if year is not None:
            parameter = Parameter(name, (year,))
        elif growth is DEFLATED_GROWTH:
            parameter = Parameter(name, period[:1] if period else ())
        else:
            parameter = Parameter(f"veksten i {name}", period or ())
        for i in range(len(a.rows)):
            yield parameter, LinkedPair(link, Ref(a.key, i, j), Ref(b.key, i, k))


def same_rows(grids: Sequence[Grid], cells: Cells) -> list[Equation]:
    """Return rows of two tables that print the same numbers under the same headers.

    Three telling numbers alike make them the same quantity; where two thirds are, the rest are
    contradictions, where half are, doubtful.
    """
    rows = [_telling(grid, i, cells) for grid in grids for i in range(len(grid.rows))]
    by_number: dict[tuple[str, int], list[int]] = {}
    for place, row in enumerate(rows):
        for header, (number, _) in row.items():
            by_number.setdefault((header, number), []).append(place)
    shared: dict[tuple[int, int], int] = {}
    for places in by_number.values():
        # Each with the next is enough: what stands in many tables is compared along the chain.
        for a, b in pairwise(places):
            shared[a, b] = shared.get((a, b), 0) + 1
    found = []
    for (a, b), count in shared.items():
        headers = rows[a].keys() & rows[b].keys()
        if count < SHARED or 2 * count < len(headers) or _grid_of(rows[a]) == _grid_of(rows[b]):
            continue
        firm = 3 * count >= 2 * len(headers)
        for header in sorted(headers):
            first, second = rows[a][header][1], rows[b][header][1]
            note = "" if firm else GUESSED
            found.append(Equation(CheckKind.SAME, second, (first,), same, "{0}", firm, note))
    return found


def _telling(grid: Grid, row: int, cells: Cells) -> dict[str, tuple[int, Ref]]:
    refs = [Ref(grid.key, row, j) for j in range(len(grid.columns))]
    return {
        grid.columns[ref.column].header: (int(number), ref)
        for ref in refs
        if (number := cells[ref].number) is not None and number.denominator == 1 and abs(number) >= TELLING
    }


def _grid_of(row: dict[str, tuple[int, Ref]]) -> str:
    return next(iter(row.values()))[1].grid


# What a row may follow from is sought among all rows, which in a register of thousands would take hours.
MOST_ROWS = 500


def proposed(grid: Grid, cells: Cells) -> list[Equation]:
    """Return the relations of a table that its own numbers confirm."""
    groups = [*sums(grid), *changes(grid), *shares(grid)]
    found = [item for group in groups for item in best(group, cells)]
    found += [*period_columns(grid, cells), *share_rows(grid, cells)]
    explained = {item.result for item in found}
    lost = [item for group in groups for item in lost_term(group, cells)]
    found += [item for item in lost if item.result not in explained]
    unique = {(item.kind, item.result, item.terms): item for item in found}
    return list(unique.values())


def guessed_web(grids: Sequence[Grid]) -> Web:
    """Return tables with the relations that they confirm of themselves and of each other."""
    precise = [with_column_precision(grid) for grid in grids]
    web = weave(precise, [], families(precise))
    given = [item for grid in precise if len(grid.rows) <= MOST_ROWS for item in proposed(grid, web.cells)]
    given += same_rows(precise, web.cells)
    return web.with_given(given).with_cells(exact_counts(precise, given, web.cells))


DIFFERENCE = re.compile(r"differanse|minus", re.IGNORECASE)
MEASURES = {CheckKind.CHANGE: change_pct, CheckKind.DIFFERENCE: difference}
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
    grid: Grid, kind: CheckKind, column: int, base: int, steps: Sequence[tuple[int, int, int]]
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
                Proposal(between_rows(grid, CheckKind.DIFFERENCE, row, pair, difference, every))
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
                            CheckKind.INDEX,
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
