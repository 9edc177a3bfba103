"""The deflator of an edition: from printed pairs of current and constant prices, or from the index."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis_lib.data.cells import Kind
from analysis_lib.data.inputs import relative
from analysis_lib.data.interval import Interval
from analysis_lib.data.models import Model, read_model, read_yaml
from analysis_lib.data.tables import Table, check_year
from analysis_lib.indicators.arithmetic import ratio
from analysis_lib.indicators.prices import Pair, agree, middle_of, usable
from analysis_lib.indicators.values import Computation, Value, compute, from_cell

if TYPE_CHECKING:
    from analysis_lib.indicators.edition import Edition

PRICE_SOURCES = ("trykte par", "indeks")
UNIT = "forholdstall"


class DeflatorSpec(Model):
    """Where the deflator comes from: tables printed in constant prices, or the index table."""

    name: str
    price_year: int
    pairs: tuple[str, ...]
    index: str


def deflator(edition: Edition, year: int) -> Value:
    """Return the price level of the edition's price year over that of `year`.

    Its interval is what the printed pairs leave, or the rounding of the index. In the price year
    itself it is exactly one.

    Raises
    ------
    DataFeil
        If the index is asked for and its table is missing, or the printed pairs disagree.
    """
    path = edition.folder / "deflator.yml"
    spec = read_model(DeflatorSpec, read_yaml(path), relative(path))
    check_year("prisaar", edition.price_year, edition.table(spec.pairs[0]))
    label = f"Deflator {year}–{edition.price_year}, {spec.name}"
    if year == edition.price_year:
        return _one(label)
    if edition.deflator_source == "indeks":
        levels = [edition.value(spec.index, "indeks", column) for column in (edition.price_year, year)]
    else:
        levels = [from_pairs(edition, spec, column) for column in (year, edition.price_year)]
        if edition.price_year == spec.price_year:
            return levels[0]
    return compute(ratio, levels, how="deflator", formula="{0} / {1}", unit=UNIT, decimals=4, label=label)


def from_pairs(edition: Edition, spec: DeflatorSpec, year: int) -> Value:
    """Return the deflator to the printed price year that most printed pairs of `year` allow."""
    label = f"Deflator {year}–{spec.price_year}, {spec.name}"
    if year == spec.price_year:
        return _one(label)
    pairs = []
    for number in spec.pairs:
        constant = edition.table(number)
        relation = constant.spec.relation
        if relation is None or str(year) not in constant.columns:
            continue
        current = edition.table(relation.arguments[0])
        for row in constant.rows:
            cells = _as_printed(current, row, str(year)), _as_printed(constant, row, str(year))
            if usable(*cells):
                pairs.append(Pair(*cells))
    agreement = agree(pairs, where=f"deflator {year}")
    lowest, highest = agreement.binding
    return Value(
        identity=f"deflator/{year}/{spec.price_year}",
        label=label,
        kind=Kind.NUMBER,
        point=middle_of(agreement.interval),
        interval=agreement.interval,
        unit=UNIT,
        decimals=4,
        origin=Computation(
            how=f"utledet av {len(pairs)} par av faste og løpende priser; de to parene som binder",
            formula="{0} / {1} og {2} / {3}",
            terms=(lowest.constant, lowest.current, highest.constant, highest.current),
        ),
    )


def _as_printed(table: Table, row: str, column: str) -> Value:
    """Return a printed cell; a derived one is another number than the one computed for the same cell."""
    value = from_cell(table, row, column)
    if table.relation(row, column) is None:
        return value
    return replace(value, identity=f"{value.identity}, som trykt", label=f"{value.label}, som trykt")


def _one(label: str) -> Value:
    origin = Computation("prisåret selv", "1", ())
    return Value(label, label, Kind.NUMBER, Fraction(1), Interval.exact(1), UNIT, 4, origin)
