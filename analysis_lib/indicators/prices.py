"""The deflator: from printed pairs of current and constant prices, or from the index itself.

A report that prints the same amount in current and in constant prices reveals its deflator, a
little blurred by rounding. Each pair allows an interval; all pairs of a year together usually pin
the deflator to four digits. A pair that the others contradict is left out, and shows up where it
belongs: as a printed constant price that cannot be reproduced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from analysis_lib.data.cells import Kind
from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.interval import Interval, consensus
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.arithmetic import ratio
from analysis_lib.indicators.values import Computation, Value, compute, from_cell


@dataclass(frozen=True, slots=True)
class Pair:
    """The same amount twice: in current and in constant prices."""

    current: Value
    constant: Value

    @property
    def interval(self) -> Interval:
        """The deflators that this pair allows."""
        if self.constant.interval is None or self.current.interval is None:
            raise ValueError("a pair needs two numbers")
        return self.constant.interval / self.current.interval


def agree(pairs: Sequence[Pair], where: str) -> tuple[Interval, tuple[Pair, Pair]]:
    """Return the deflators that the largest number of pairs allow, and the pairs that bind each end.

    Parameters
    ----------
    pairs : sequence of Pair
        All pairs of one year.
    where : str
        The year, for the error message.

    Raises
    ------
    DataFeil
        If there is no pair, or fewer than half of the pairs agree.
    """
    if not pairs:
        raise DataFeil("ingen par av løpende og faste priser", where=where)
    common, members = consensus([pair.interval for pair in pairs])
    best = [pairs[i] for i in members]
    if 2 * len(best) < len(pairs):
        raise DataFeil(
            f"bare {len(best)} av {len(pairs)} par av løpende og faste priser er enige om en deflator",
            where=where,
            hint="Sammenlign tabellene rad for rad.",
        )
    lowest = max(best, key=lambda pair: pair.interval.low)
    highest = min(best, key=lambda pair: pair.interval.high)
    return common, (lowest, highest)


def middle_of(interval: Interval) -> Fraction:
    """Return the middle of an interval rounded to six decimals: more is not known.

    >>> float(middle_of(Interval(Fraction("1.26141"), Fraction("1.26149"))))
    1.26145
    """
    rounded = Fraction(round(interval.middle * 10**6), 10**6)
    return rounded if rounded in interval else interval.middle


PRICE_SOURCES = ("trykte par", "indeks")
UNIT = "forholdstall"


class DeflatorSpec(Model):
    """Where the deflator comes from: tables printed in constant prices, or the index table."""

    name: str
    price_year: int
    pairs: tuple[str, ...]
    index: str


def read_deflator(folder: Path) -> DeflatorSpec:
    """Return what an edition's ``deflator.yml`` says.

    Raises
    ------
    DataFeil
        If it is missing or malformed.
    """
    path = folder / "deflator.yml"
    return read_model(DeflatorSpec, read_yaml(path), relative(path))


def deflator(spec: DeflatorSpec, year: int, price_year: int, levels: Sequence[Value]) -> Value:
    """Return the price level of the price year over that of `year`; in the price year itself exactly one.

    Parameters
    ----------
    levels : sequence of Value
        The deflators of the year and of the price year to the printed price year, or the index in the price
        year and in the year; not looked at in the price year.
    """
    label = f"Deflator {year}–{price_year}, {spec.name}"
    if year == price_year:
        return _one(label)
    return compute(ratio, levels, how="deflator", formula="{0} / {1}", unit=UNIT, decimals=4, label=label)


def from_pairs(spec: DeflatorSpec, tables: Sequence[tuple[Table, Table]], year: int) -> Value:
    """Return the deflator to the printed price year that most printed pairs of `year` allow.

    Parameters
    ----------
    tables : sequence of (Table, Table)
        Each table in constant prices, and the same amounts in current prices.

    Raises
    ------
    DataFeil
        If the printed pairs disagree, or there is none.
    """
    label = f"Deflator {year}–{spec.price_year}, {spec.name}"
    if year == spec.price_year:
        return _one(label)
    pairs: list[Pair] = []
    waiting: tuple[Value, ...] = ()
    for constant, current in tables:
        for row in constant.rows if str(year) in constant.columns else ():
            cells = _as_printed(current, row, str(year)), _as_printed(constant, row, str(year))
            paid, real = (cell.interval for cell in cells)
            if paid is not None and paid.low > 0 and real is not None:
                pairs.append(Pair(*cells))
            elif any(cell.kind is Kind.AWAITED for cell in cells):
                waiting = cells
    if not pairs and waiting:
        return compute(ratio, waiting, how="deflator", formula="{0} / {1}", unit=UNIT, label=label)
    interval, (lowest, highest) = agree(pairs, where=f"deflator {year}")
    return Value(
        identity=f"deflator/{year}/{spec.price_year}",
        label=label,
        kind=Kind.NUMBER,
        point=middle_of(interval),
        interval=interval,
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
