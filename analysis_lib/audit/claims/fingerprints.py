"""The same quantity in two tables: known by its numbers, where most years agree and some do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.series import Series
from analysis_lib.audit.findings import Finding, Verdict

# Numbers of four figures are hardly alike by chance; of smaller ones it takes three.
_LARGE, _SMALL_TIMES = 1000, 3
_APART = Fraction(2, 100)


def same_in_tables(series: Sequence[Series]) -> list[Finding]:
    """Return the quantities that stand in two tables with different numbers.

    Two series are one quantity where they share words and at least half of their years agree in
    numbers that are not alike by chance, and the others are nearly alike.
    """
    findings = [
        finding for first, second in _candidates(series) if (finding := _compared(first, second)) is not None
    ]
    # Two rows of one table often carry the same numbers: one finding for a pair of cells is enough.
    return list({(finding.printed, finding.low): finding for finding in findings}.values())


def _candidates(series: Sequence[Series]) -> Iterator[tuple[Series, Series]]:
    """Yield pairs from different tables that share a number in the same year."""
    by_value: dict[tuple[object, ...], list[Series]] = defaultdict(list)
    for one in series:
        for period, point in one.points.items():
            if period is not None and not one.change:
                by_value[one.unit, one.per, period, point.interval.middle].append(one)
    seen: set[tuple[int, int]] = set()
    for alike in by_value.values():
        for i, first in enumerate(alike):
            for second in alike[i + 1 :]:
                pair = (id(first), id(second))
                if first.grid is not second.grid and pair not in seen:
                    seen.add(pair)
                    yield first, second


def _compared(first: Series, second: Series) -> Finding | None:
    shared = [period for period in first.points if period is not None and period in second.points]
    equal = [p for p in shared if first.points[p].interval.middle == second.points[p].interval.middle]
    apart = [p for p in shared if first.points[p].interval.intersect(second.points[p].interval) is None]
    large = any(abs(first.points[period].interval.middle) >= _LARGE for period in equal)
    sure = large or len(equal) >= _SMALL_TIMES
    if not apart or not sure or 2 * len(equal) < len(shared):
        return None
    if not (first.words | first.caption) & (second.words | second.caption):
        return None
    if any(_distance(first, second, period) > _APART for period in apart):
        return None
    return _finding(first, second, apart, len(equal), len(shared))


def _distance(first: Series, second: Series, period: Period) -> Fraction:
    a, b = first.points[period].interval.middle, second.points[period].interval.middle
    return abs(a - b) / max(abs(a), abs(b))


def _finding(first: Series, second: Series, apart: list[Period], equal: int, shared: int) -> Finding:
    places = [(first.grid.place(first.points[p].ref), second.grid.place(second.points[p].ref)) for p in apart]
    texts = [(first.points[p].printed, second.points[p].printed) for p in apart]
    cells = [
        f"{place} = {text}"
        for pair in zip(places, texts, strict=True)
        for place, text in zip(*pair, strict=True)
    ]
    years = ", ".join(str(period) for period in apart)
    allowed = second.points[apart[0]].interval
    several = equal >= 2 or first.words == second.words
    return Finding(
        kind="same_quantity",
        where=places[0][0],
        cells=tuple(cells),
        printed=texts[0][0],
        verdict=Verdict.CONTRADICTION if several else Verdict.DOUBTFUL,
        explanation=(
            f"Samme størrelse står med ulike tall i tabell {first.grid.number} og {second.grid.number} "
            f"({years}). "
            f"Tallene er like for {equal} av {shared} tidspunkter som begge tabellene har, "
            f"så enten er ett av dem feil, eller tabellene er hentet ut på ulike tider."
        ),
        low=allowed.low,
        high=allowed.high,
        confidence=0.9 if several else 0.6,
        cause=f"tabell {first.grid.number} mot tabell {second.grid.number}",
        weight=float(max(_distance(first, second, period) for period in apart)),
    )
