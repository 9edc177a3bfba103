"""Likely relations of tables of which nothing is known but what they print, as a web.

`shares` and `changes` propose relations within a table, by labels and headers, and `confirm` keeps what the
table's own numbers bear out. Here are those between tables: current and constant prices, amounts for each
inhabitant, the same numbers twice. A proposal alone never accuses a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from number_audit.document import Grid, Ref
from number_audit.language.periods import period_of
from number_audit.language.words import plain
from number_audit.reading.cells import with_column_precision
from number_audit.relations.equations import Cells, Equation, same
from number_audit.relations.guess.changes import changes, level_columns, period_columns
from number_audit.relations.guess.confirm import GUESSED, best, exact_counts, lost_term
from number_audit.relations.guess.shares import share_rows, shares, sums
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
            found.append(Equation("same", second, (first,), same, "{0}", firm, note))
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
