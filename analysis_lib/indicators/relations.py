"""How a derived cell follows from others: one function a relation of the descriptors.

Each takes the edition, the table, the relation and the cell, and returns a computed value; the
edition names it and holds it against print.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis_lib.data.cells import Kind
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute

if TYPE_CHECKING:
    from analysis_lib.indicators.edition import Edition

SCALES = {"mrd. kroner": 10**9, "mill. kroner": 10**6, "1000 kroner": 10**3, "kroner": 1}


def siblings(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> list[Value]:
    """Return the cells that a sum or share names: columns if the relation is the column's, else rows."""
    of_column = table.column(column).relation is relation
    return [
        edition.value(table.key, row, name) if of_column else edition.value(table.key, name, column)
        for name in relation.arguments
    ]


def sum_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Sum the named rows or columns; blank and impossible cells contribute nothing."""
    terms = [
        term
        for term in siblings(edition, table, relation, row, column)
        if term.kind not in (Kind.BLANK, Kind.IMPOSSIBLE)
    ]
    formula = " + ".join(f"{{{i}}}" for i in range(len(terms)))
    return compute(arith.total, terms, how="sum", formula=formula)


def share_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the first named cell in per cent of the second."""
    terms = siblings(edition, table, relation, row, column)
    return compute(arith.share_pct, terms, how="andel i prosent", formula="{0} / {1} × 100")


def change_of(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the change in per cent over the last year, or over the whole period."""
    years = edition.span(table, relation)
    if years is None:
        return compute(arith.total, [edition.missing(table)], how="endring i prosent", formula="")
    old, new = (edition.value(table.key, row, year) for year in years)
    return compute(arith.change_pct, (old, new), how="endring i prosent", formula="({1} / {0} − 1) × 100")


def same_as(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the same quantity's value in the table where it is at home."""
    number, _, other = relation.arguments[0].rpartition("/")
    return edition.value(number, other, column)


def in_constant_prices(edition: Edition, table: Table, relation: Relation, row: str, column: str) -> Value:
    """Give the same row of the named table in constant prices."""
    amount = edition.value(relation.arguments[0], row, column)
    deflator = edition.deflator(int(column))
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
    "change": change_of,
    "same": same_as,
    "constant_prices": in_constant_prices,
    "per_capita": per_inhabitant,
}
