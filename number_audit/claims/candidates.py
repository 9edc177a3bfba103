"""Which cells a statement may be about, and what they give for its quantity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import fsum

from analysis_lib.data.interval import Interval
from number_audit.claims.statements import Statement
from number_audit.claims.table_series import Point, TableSeries, price_basis, series_of
from number_audit.document import Grid
from number_audit.language.periods import Period
from number_audit.language.words import covered, kin, stem

_NEAR, _AROUND, _CONTEXT = 1.0, 0.8, 0.5
_GENERAL = frozenset({"andel", "bruk", "gjennomsnitt", "median", "sum", "nå", "leg", "saml"})
_LEAST = 1 / 6
# The unit of a word of direction, which any difference has.
DIRECTION = "retning"
_TIME_UNITS = ("timer", "dager", "måneder", "minutter", "år")


class Derivation(StrEnum):
    """How the cells of a candidate give its number."""

    CELL = "celle"
    SHARE = "andel av totalen"
    DIFFERENCE = "differanse"
    CHANGE = "endring i prosent"
    RATIO = "forhold"
    SHARE_CHANGE = "endring i andel"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the tables give for a statement's quantity, and how well the words agree.

    Attributes
    ----------
    series : TableSeries
    points : tuple of Point
        The cells that take part.
    interval : Interval
        What they allow, in the unit of the statement.
    how : Derivation
    score : Fraction
        Agreement of words, from 0 (none in common) to 1 (all of label and caption beside the quantity).
    strays : int
        WordWeights beside the quantity that name another row or column of some table.
    """

    series: TableSeries
    points: tuple[Point, ...]
    interval: Interval
    how: Derivation
    score: float
    strays: int

    @property
    def table(self) -> str:
        """The number of its table."""
        return self.series.grid.number

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells for a reader: «tabell 8.1, Totalt, 2025 = 18 572»."""
        grid = self.series.grid
        return tuple(f"{grid.place(point.ref)} = {point.printed}" for point in self.points)


class Library:
    """The series of a document's tables, ready to be searched.

    Parameters
    ----------
    grids : sequence of Grid
    """

    def __init__(self, grids: Sequence[Grid]) -> None:
        self.series = series_of(grids)
        self.numbers = {grid.number for grid in grids}
        self.by_chapter: dict[str, set[str]] = defaultdict(set)
        for number in self.numbers:
            self.by_chapter[number.partition(".")[0]].add(number)
        self.vocabulary = frozenset(word for series in self.series for word in series.words) - _GENERAL
        periods = {period for series in self.series for period in series.points if period}
        self.years = sorted({period.end for period in periods})
        self.totals: dict[str, list[TableSeries]] = {grid.key: [] for grid in grids}
        for series in self.series:
            if series.total:
                self.totals[series.grid.key].append(series)
        self._candidates_of: dict[Statement, list[Candidate]] = {}

    def candidates(self, statement: Statement) -> list[Candidate]:
        """Return what the tables give for a statement, best agreement of words first."""
        if statement not in self._candidates_of:
            self._candidates_of[statement] = sorted(
                self._found(statement), key=lambda candidate: -candidate.score
            )
        return self._candidates_of[statement]

    def _found(self, statement: Statement) -> Iterator[Candidate]:
        weigh = _Weights(statement)
        basis = _basis_of(statement)
        for series in self.series:
            if series.per not in (0, statement.per) or (basis and series.basis not in ("", basis)):
                continue
            # Most series have no cell of that time, which is sooner seen than what words agree.
            if series.reaches(statement.period) and (score := self.agreement(weigh, series)) >= _LEAST:
                values = list(_values(statement, series, self))
                strays = self.strays(statement, series) if values else 0
                yield from (Candidate(series, *value, score, strays) for value in values)

    def agreement(self, weigh: _Weights, series: TableSeries) -> float:
        """Return how well the words of a statement agree with those of a series; the label counts double."""
        words = series.words or (series.caption if series.total else frozenset())
        if not words:
            return 0.0
        label = weigh.mean(words)
        return (2 * label + (weigh.mean(series.caption) if series.caption else label)) / 3

    def strays(self, statement: Statement, series: TableSeries) -> int:
        """Count the words beside a quantity that speak of another row or column than this one."""
        own = series.words | series.caption
        return sum(word in self.vocabulary and not kin(word, own) for word in statement.near)

    def whole(self, series: TableSeries, period: Period | None) -> Point | None:
        """Return the cell of the total that a series is a part of, where its table has exactly one."""
        kind = (series.unit, series.per, series.change)
        totals = [
            other
            for other in self.totals[series.grid.key]
            if other is not series
            and (other.unit, other.per, other.change) == kind
            and other.words <= series.words
        ]
        return totals[0].points.get(period) if len(totals) == 1 else None


@lru_cache(maxsize=4)
def library_of(grids: tuple[Grid, ...]) -> Library:
    """Return the library of some tables; the same one again, with the candidates that it has found."""
    return Library(grids)


def _basis_of(statement: Statement) -> str:
    """Return the price basis that a statement names, nearest words first."""
    named = (price_basis(words) for words in (statement.behind, statement.near, statement.around))
    return next((basis for basis in named if basis), "")


class _Weights:
    """What each word is worth to one statement: nothing, or more the nearer it stands."""

    def __init__(self, statement: Statement) -> None:
        self._rings = (
            (statement.near, _NEAR),
            (statement.around, _AROUND),
            (statement.context, _CONTEXT),
        )
        self._known: dict[str, float] = {}
        self._means: dict[frozenset[str], float] = {}

    def mean(self, words: frozenset[str]) -> float:
        if words not in self._means:
            # A set has no order, and which of two series is best must not depend on one: fsum is exact.
            self._means[words] = fsum(map(self._weight, words)) / len(words)
        return self._means[words]

    def _weight(self, word: str) -> float:
        if word not in self._known:
            worth = (weight for ring, weight in self._rings if covered(word, ring))
            self._known[word] = next(worth, 0.0)
        return self._known[word]


def _values(
    statement: Statement, series: TableSeries, library: Library
) -> Iterator[tuple[tuple[Point, ...], Interval, Derivation]]:
    period, unit = statement.period, statement.quantity.unit
    if statement.change or unit == "ganger":
        if period is not None and period.start is not None:
            yield from _changes(series, period, unit, library)
    elif not series.change:
        yield from _levels(series, period, unit, library)


def _levels(
    series: TableSeries, period: Period | None, unit: str, library: Library
) -> Iterator[tuple[tuple[Point, ...], Interval, Derivation]]:
    alone = next(iter(series.points.values())) if len(series.points) == 1 else None
    point = series.points.get(period) or (alone if period is None or None in series.points else None)
    if point is None:
        return
    if unit == series.unit or (unit in _TIME_UNITS and not series.unit and covered(stem(unit), series.words)):
        yield (point,), point.interval, Derivation.CELL
    elif unit == "prosent" and not series.per:
        whole = library.whole(series, period)
        if whole is not None and whole.interval.low > 0:
            yield (point, whole), point.interval * 100 / whole.interval, Derivation.SHARE


def _changes(
    series: TableSeries, period: Period, unit: str, library: Library
) -> Iterator[tuple[tuple[Point, ...], Interval, Derivation]]:
    if series.change:
        if (point := series.points.get(period)) and unit == series.unit:
            yield (point,), point.interval, Derivation.CELL
        return
    before, after = series.points.get(Period(period.start or 0)), series.points.get(Period(period.end))
    if before is None or after is None:
        return
    pair = (before, after)
    if unit == DIRECTION:
        yield pair, after.interval - before.interval, Derivation.DIFFERENCE
    elif unit == "prosent" and series.unit != "prosent" and before.interval.low > 0:
        yield pair, (after.interval / before.interval - 1) * 100, Derivation.CHANGE
    elif unit == "ganger" and before.interval.low > 0:
        yield pair, after.interval / before.interval, Derivation.RATIO
    elif unit == series.unit or (unit == "prosentpoeng" and series.unit == "prosent"):
        yield pair, after.interval - before.interval, Derivation.DIFFERENCE
    elif unit == "prosentpoeng" and not series.per:
        wholes = [library.whole(series, Period(year)) for year in (period.start or 0, period.end)]
        if wholes[0] and wholes[1] and min(whole.interval.low for whole in wholes if whole) > 0:
            shares = [
                part.interval * 100 / whole.interval
                for part, whole in zip(pair, wholes, strict=True)
                if whole
            ]
            yield (*pair, *(w for w in wholes if w)), shares[1] - shares[0], Derivation.SHARE_CHANGE
