"""How a derived cell follows from others: one function a relation of the descriptors.

Each says which cells it needs, and what is done with their values; it looks nothing up. An edition finds
the values, names the result and holds it against print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from analysis_lib.data.cells import Kind
from analysis_lib.data.periods import When, span
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table
from analysis_lib.data.units import AMOUNTS, measure
from analysis_lib.errors import DataFeil, NotatbokFeil, nearest
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute, in_one_unit, in_ones, in_unit, missing

# The table of a deflator's address; its row is the year.
DEFLATOR = "deflator"
Address = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A derived cell: its table, its relation, and the two periods of a change."""

    table: Table
    relation: Relation
    row: str
    column: str
    span: tuple[When, When] | None = None

    @property
    def of_column(self) -> bool:
        """True where the relation is its column's, and so names columns and not rows."""
        return self.table.column(self.column).relation is self.relation

    @property
    def unit(self) -> str:
        """The unit that its terms are in where it is their sum or difference: points part percentages."""
        unit = self.table.unit(self.row, self.column)
        return "prosent" if unit == "prosentpoeng" else unit

    def in_one_unit(self, terms: Sequence[Value], *, own: bool = False) -> tuple[Value, ...]:
        """Return terms in one unit, the cell's own or that of them; refused in the words of its table."""
        try:
            return in_one_unit(terms, self.unit if own else "")
        except NotatbokFeil as error:
            raise DataFeil(
                error.message,
                where=f"tabell {self.table.spec.number}, {self.row}/{self.column}",
                hint=error.hint,
            ) from None

    def named(self, names: Sequence[str]) -> tuple[Address, ...]:
        """Return the named cells: columns if the relation is a column's, else rows, here or elsewhere."""
        if self.of_column:
            return tuple((self.table.key, self.row, name) for name in names)
        return tuple(
            (name.rpartition("/")[0] or self.table.key, name.rpartition("/")[2], self.column)
            for name in names
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """The cells that a derived one follows from, and what is done with their values, in that order."""

    terms: tuple[Address, ...]
    make: Callable[[Sequence[Value]], Value]


def sum_of(place: Place) -> Recipe:
    """Sum the named rows or columns; blank and impossible cells add nothing, alone they give a blank."""

    def make(cells: Sequence[Value]) -> Value:
        terms = [term for term in cells if term.kind not in (Kind.BLANK, Kind.IMPOSSIBLE)] or cells
        terms = place.in_one_unit(terms, own=True)
        return compute(arith.total, terms, how="sum", formula=_plus(range(len(terms))))

    return Recipe(place.named(place.relation.arguments), make)


def share_of(place: Place) -> Recipe:
    """Give the first named cell in per cent of the second."""
    return _plain(place, arith.share_pct, "andel i prosent", "{0} / {1} × 100", own=False)


def difference_of(place: Place) -> Recipe:
    """Give the second named cell less the first."""
    return _plain(place, arith.difference, "differanse", "{1} − {0}", own=True)


def _plain(place: Place, function: Callable[..., object], how: str, formula: str, *, own: bool) -> Recipe:
    return Recipe(
        place.named(place.relation.arguments),
        lambda terms: compute(function, place.in_one_unit(terms, own=own), how=how, formula=formula),
    )


def share_of_column(place: Place) -> Recipe:
    """Give the named column's cell in per cent of the column's sum over the data rows."""
    table, name = place.table, place.relation.arguments[0]
    parts = [(table.key, key, name) for key, item in table.rows.items() if item.kind == "data"]

    def make(terms: Sequence[Value]) -> Value:
        return compute(
            lambda part, *whole: arith.share_pct(part, arith.total(*whole)),
            place.in_one_unit(terms),
            how="andel i prosent",
            formula=f"{{0}} / ({_plus(range(1, len(terms)))}) × 100",
        )

    return Recipe(((table.key, place.row, name), *parts), make)


def rate_of(place: Place) -> Recipe:
    """Give the first named cell for every so many of the sum of the others, all counted one by one."""
    per, *names = place.relation.arguments

    def make(terms: Sequence[Value]) -> Value:
        # An amount stays in the unit that the cell gives it in for each of them.
        per_head = measure(place.unit)[1]
        amount = measure(terms[0].unit)[1] == "kroner" and per_head.startswith("kroner")
        count = in_unit(terms[0], place.unit.partition(" per ")[0]) if amount else in_ones(terms[0])
        return compute(
            lambda count, *parts: arith.rate(count, arith.total(*parts), int(per)),
            (count, *place.in_one_unit([in_ones(part) for part in terms[1:]])),
            how=f"per {per}",
            formula=f"{{0}} / ({_plus(range(1, len(names)))}) × {per}",
        )

    return Recipe(place.named(names), make)


def net_change_of(place: Place) -> Recipe | None:
    """Give the named cell less the same a year before, or over the years that the cell is named by."""
    return _over_time(place, arith.difference, "endring", "{1} − {0}", own=True)


def growth_of(place: Place) -> Recipe | None:
    """Give the named cell's growth in per cent since the year before, or over the years it is named by."""
    return _over_time(place, arith.change_pct, "endring i prosent", "({1} / {0} − 1) × 100", own=False)


def _over_time(
    place: Place, function: Callable[..., object], how: str, formula: str, *, own: bool
) -> Recipe | None:
    """Return a change between two cells, or None where the table begins later than the first."""
    table, name = place.table, place.relation.arguments[0]
    named = place.row if place.of_column else place.column
    try:
        start, end = span(named)
    except ValueError:
        where = "raden" if place.of_column else "kolonnen"
        raise DataFeil(
            f"«{place.relation.operation}» trenger en periode, men {where} er «{named}»",
            where=f"tabell {table.spec.number}",
        ) from None
    # A quarter is held against the same one a year before: the season is the same.
    first, last = str(end.year_before if start == end else start), str(end)
    if first not in (table.rows if place.of_column else table.columns):
        return None
    cells = ((first, name), (last, name)) if place.of_column else ((name, first), (name, last))
    terms = tuple((table.key, *cell) for cell in cells)
    return Recipe(
        terms,
        lambda values: compute(function, place.in_one_unit(values, own=own), how=how, formula=formula),
    )


def change_of(place: Place) -> Recipe:
    """Give the change in per cent over the last year, since the period before, or over all of them."""
    how, formula = "endring i prosent", "({1} / {0} − 1) × 100"
    if place.span is None:
        return Recipe((), lambda _: compute(arith.total, [missing(place.table)], how=how, formula=""))
    terms = tuple((place.table.key, place.row, str(period)) for period in place.span)
    return Recipe(
        terms, lambda values: compute(arith.change_pct, place.in_one_unit(values), how=how, formula=formula)
    )


def same_as(place: Place) -> Recipe:
    """Give the same quantity's value in the table where it is at home, there perhaps in another column."""
    home, *elsewhere = place.relation.arguments
    number, _, other = home.rpartition("/")
    column = elsewhere[0] if elsewhere else place.column
    return Recipe(((number, other, column),), lambda values: place.in_one_unit(values, own=True)[0])


def in_constant_prices(place: Place) -> Recipe:
    """Give the same row of the named table in constant prices."""
    if (year := place.table.column(place.column).year) is None:
        raise DataFeil(
            f"faste priser trenger et år, men kolonnen er «{place.column}»",
            where=f"tabell {place.table.spec.number}",
        )
    amount = (place.relation.arguments[0], place.row, place.column)
    return Recipe(
        (amount, (DEFLATOR, str(year), "")),
        lambda terms: compute(
            arith.constant_prices,
            (*place.in_one_unit(terms[:1], own=True), terms[1]),
            how="faste priser",
            formula="{0} × {1}",
        ),
    )


def per_inhabitant(place: Place) -> Recipe:
    """Give the same row of the first table, in kroner, for each inhabitant in the second."""
    amounts, people = place.relation.arguments

    def make(terms: Sequence[Value]) -> Value:
        unit = terms[0].unit
        if unit not in AMOUNTS:
            raise DataFeil(
                f"«{unit}» kan ikke regnes per innbygger",
                where=f"tabell {place.table.spec.number}",
                hint=nearest(unit, AMOUNTS),
            )
        factor = "" if AMOUNTS[unit] == 1 else f" × {AMOUNTS[unit]:,}".replace(",", "\u00a0")
        return compute(
            arith.per_capita,
            (terms[0], in_ones(terms[1])),
            how="per innbygger",
            formula=f"{{0}} / {{1}}{factor}",
            scale=AMOUNTS[unit],
        )

    cells = (amounts, place.row, place.column), (people, "folkemengde", place.column)
    return Recipe(cells, make)


def _plus(places: Iterable[int]) -> str:
    return " + ".join(f"{{{place}}}" for place in places)


RELATIONS: dict[str, Callable[[Place], Recipe | None]] = {
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
