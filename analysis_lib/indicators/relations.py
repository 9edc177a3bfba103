"""How a derived cell follows from others: one function a relation of the descriptors.

Each takes the edition, the table, the relation and the cell, and returns a computed value; the
edition names it and holds it against print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from analysis_lib.data.cells import Kind
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute, from_cell

if TYPE_CHECKING:
    from analysis_lib.indicators.edition import Edition

HEADCOUNTS = {"1000 personer": 10**3, "personer": 1}
SCALES = {"mrd. kroner": 10**9, "mill. kroner": 10**6, "1000 kroner": 10**3, "kroner": 1}


def siblings(
    edition: Edition, table: Table, names: Sequence[str], row: str, column: str, *, of_column: bool
) -> list[Value]:
    """Return the named cells: columns if the relation is a column's, else rows, here or in another table."""
    return [
        edition.value(table.key, row, name)
        if of_column
        else edition.value(name.rpartition("/")[0] or table.key, name.rpartition("/")[2], column)
        for name in names
    ]


def is_columns(table: Table, relation: Relation, column: str) -> bool:
    """Tell whether a relation is its column's, and so names columns and not rows."""
    return table.column(column).relation is relation


def named(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> list[Value]:
    """Return the cells that a relation's arguments name."""
    of_column = is_columns(table, relation, column)
    return siblings(edition, table, relation.arguments, row, column, of_column=of_column)


def sum_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Sum the named rows or columns; blank and impossible cells add nothing, alone they give a blank."""
    cells = named(edition, table, relation, row, column)
    terms = [term for term in cells if term.kind not in (Kind.BLANK, Kind.IMPOSSIBLE)] or cells
    formula = " + ".join(f"{{{i}}}" for i in range(len(terms)))
    return compute(arith.total, terms, how="sum", formula=formula)


def share_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the first named cell in per cent of the second."""
    terms = named(edition, table, relation, row, column)
    return compute(arith.share_pct, terms, how="andel i prosent", formula="{0} / {1} × 100")


def share_of_column(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the named column's cell in per cent of the column's sum over the data rows."""
    name = relation.arguments[0]
    parts = [edition.value(table.key, key, name) for key, item in table.rows.items() if item.kind == "data"]
    return compute(
        lambda part, *whole: arith.share_pct(part, arith.total(*whole)),
        (edition.value(table.key, row, name), *parts),
        how="andel i prosent",
        formula=f"{{0}} / ({_plus(range(1, len(parts) + 1))}) × 100",
    )


def rate_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the first named cell for every so many of the sum of the others, heads counted one by one."""
    per, *names = relation.arguments
    of_column = is_columns(table, relation, column)
    count, *population = siblings(edition, table, names, row, column, of_column=of_column)
    scales = [HEADCOUNTS.get(part.unit, 1) for part in population]
    return compute(
        lambda count, *parts: arith.rate(
            count, arith.total(*(part * scale for part, scale in zip(parts, scales, strict=True))), int(per)
        ),
        (count, *population),
        how=f"per {per}",
        formula=f"{{0}} / ({_plus(range(1, len(names)), scales)}) × {per}",
    )


def difference_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the second named cell less the first."""
    terms = named(edition, table, relation, row, column)
    return compute(arith.difference, terms, how="differanse", formula="{1} − {0}")


def net_change_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the named cell less the same a year before, or over the years that the cell is named by."""
    terms = before_and_now(edition, table, relation, row, column)
    if terms is None:
        return from_cell(table, row, column)
    return compute(arith.difference, terms, how="endring", formula="{1} − {0}")


def growth_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the named cell's growth in per cent since the year before, or over the years it is named by."""
    terms = before_and_now(edition, table, relation, row, column)
    if terms is None:
        return from_cell(table, row, column)
    return compute(arith.change_pct, terms, how="endring i prosent", formula="({1} / {0} − 1) × 100")


def before_and_now(
    edition: Edition, table: Table, relation: Relation, row: str, column: str
) -> tuple[Value, Value] | None:
    """Return the two cells that a change over time runs between, or None where the table begins later."""
    name = relation.arguments[0]
    of_column = is_columns(table, relation, column)
    period = row if of_column else column
    if not re.fullmatch(r"\d{4}(-\d{4})?", period):
        raise DataFeil(
            f"«{relation.operation}» trenger et år, men {'raden' if of_column else 'kolonnen'} er «{period}»",
            where=f"tabell {table.spec.number}",
        )
    first, last = period.split("-") if "-" in period else (str(int(period) - 1), period)
    if first not in (table.rows if of_column else table.columns):
        return None
    if of_column:
        return edition.value(table.key, first, name), edition.value(table.key, last, name)
    return edition.value(table.key, name, first), edition.value(table.key, name, last)


def _plus(places: range, scales: Sequence[int] = ()) -> str:
    factors = [f" × {scale}" if scale != 1 else "" for scale in scales] or [""] * len(places)
    return " + ".join(f"{{{place}}}{factor}" for place, factor in zip(places, factors, strict=True))


def change_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the change in per cent over the last year, or over the whole period."""
    years = edition.span(table, relation)
    if years is None:
        return compute(arith.total, [edition.missing(table)], how="endring i prosent", formula="")
    old, new = (edition.value(table.key, row, year) for year in years)
    return compute(arith.change_pct, (old, new), how="endring i prosent", formula="({1} / {0} − 1) × 100")


def same_as(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the same quantity's value in the table where it is at home, there perhaps in another column."""
    home, *elsewhere = relation.arguments
    number, _, other = home.rpartition("/")
    return edition.value(number, other, elsewhere[0] if elsewhere else column)


def in_constant_prices(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the same row of the named table in constant prices."""
    if (year := table.column(column).year) is None:
        raise DataFeil(
            f"faste priser trenger et år, men kolonnen er «{column}»", where=f"tabell {table.spec.number}"
        )
    amount = edition.value(relation.arguments[0], row, column)
    deflator = edition.deflator(year)
    return compute(arith.constant_prices, (amount, deflator), how="faste priser", formula="{0} × {1}")


def per_inhabitant(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the same row of the first table, in kroner, for each inhabitant in the second."""
    amount = edition.value(relation.arguments[0], row, column)
    population = edition.value(relation.arguments[1], "folkemengde", column)
    if amount.unit not in SCALES:
        raise DataFeil(
            f"«{amount.unit}» kan ikke regnes per innbygger",
            where=f"tabell {table.spec.number}",
            hint=nearest(amount.unit, SCALES),
        )
    scale = SCALES[amount.unit]
    factor = "" if scale == 1 else f" × {scale:,}".replace(",", "\u00a0")
    return compute(
        arith.per_capita,
        (amount, population),
        how="per innbygger",
        formula=f"{{0}} / {{1}}{factor}",
        scale=scale,
    )


RELATIONS: dict[str, Callable[[Edition, Table, Relation, str, str], Value]] = {
    "sum": sum_of,
    "share": share_of,
    "share_of_column": share_of_column,
    "rate": rate_of,
    "change": change_of,
    "difference": difference_of,
    "net_change": net_change_of,
    "growth": growth_of,
    "same": same_as,
    "constant_prices": in_constant_prices,
    "per_capita": per_inhabitant,
}
