"""The deflator: from printed pairs of current and constant prices, or from the index itself.

A report that prints the same amount in current and in constant prices reveals its deflator, a
little blurred by rounding. Each pair allows an interval; all pairs of a year together usually pin
the deflator to four digits. A pair that the others contradict is left out, and shows up where it
belongs: as a printed constant price that cannot be reproduced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis_lib.data.interval import Interval, consensus
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.values import Value


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


@dataclass(frozen=True, slots=True)
class Agreement:
    """What most pairs agree on, the pairs that bind each end, and those that disagree."""

    interval: Interval
    binding: tuple[Pair, Pair]
    outside: tuple[Pair, ...]


def usable(current: Value, constant: Value) -> bool:
    """Tell whether two cells bound the deflator: both numbers, the divisor surely not zero."""
    return current.interval is not None and constant.interval is not None and current.interval.low > 0


def agree(pairs: Sequence[Pair], where: str) -> Agreement:
    """Return the deflators that the largest number of pairs allow.

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
    outside = tuple(pair for pair in pairs if pair not in best)
    return Agreement(common, (lowest, highest), outside)


def middle_of(interval: Interval) -> Fraction:
    """Return the middle of an interval rounded to six decimals: more is not known.

    >>> float(middle_of(Interval(Fraction("1.26141"), Fraction("1.26149"))))
    1.26145
    """
    rounded = Fraction(round(interval.middle * 10**6), 10**6)
    return rounded if rounded in interval else interval.middle
