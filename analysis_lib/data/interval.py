"""Exact intervals: what a rounded number still allows.

A printed ``18,6`` is every number in [18.55, 18.65). Arithmetic is exact (fractions) and keeps
track of which ends belong to the interval, so that «holds» and «contradiction» are never a
matter of floating-point luck. Method: Moore, Kearfott and Cloud (2009), chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

End = tuple[Fraction, bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """A bounded, non-empty interval of real numbers.

    Parameters
    ----------
    low, high : Fraction
        The ends, ``low <= high``.
    low_open, high_open : bool
        True where the end itself is excluded.

    Examples
    --------
    >>> a = Interval.rounded(Fraction("18.6"), decimals=1)
    >>> str(a)
    '[18.55, 18.65)'
    >>> str(a + Interval.exact(1))
    '[19.55, 19.65)'
    """

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        empty = self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))
        if empty:
            raise ValueError(f"empty interval: {self.low} to {self.high}")

    @classmethod
    def exact(cls, number: int | Fraction) -> Interval:
        """Return the interval that holds one number only."""
        return cls(Fraction(number), Fraction(number))

    @classmethod
    def rounded(cls, number: Fraction, decimals: int) -> Interval:
        """Return all numbers that round half up to `number` with `decimals` decimals.

        Half up is away from zero, as in Norwegian official statistics, so the open end of a
        negative number is the lower one.
        """
        return cls.nearest(number, Fraction(1, 10**decimals))

    @classmethod
    def nearest(cls, number: Fraction, step: Fraction) -> Interval:
        """Return all numbers that round half up to `number` in steps of `step`.

        >>> str(Interval.nearest(Fraction(15), Fraction(5)))
        '[12.5, 17.5)'
        """
        half = step / 2
        if number == 0:
            return cls(-half, half, low_open=True, high_open=True)
        return cls(number - half, number + half, low_open=number < 0, high_open=number > 0)

    @property
    def width(self) -> Fraction:
        """Distance between the ends."""
        return self.high - self.low

    @property
    def middle(self) -> Fraction:
        """The number half-way between the ends."""
        return (self.low + self.high) / 2

    def __contains__(self, number: Fraction) -> bool:
        above = number > self.low or (number == self.low and not self.low_open)
        below = number < self.high or (number == self.high and not self.high_open)
        return above and below

    def intersect(self, other: Interval) -> Interval | None:
        """Return what both intervals allow, or None when they contradict each other.

        >>> str(Interval(Fraction(0), Fraction(2)).intersect(Interval(Fraction(1), Fraction(3))))
        '[1, 2]'
        >>> Interval(Fraction(0), Fraction(1)).intersect(Interval(Fraction(2), Fraction(3))) is None
        True
        """
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        if low > high or (low == high and (low_open or not high_closed)):
            return None
        return Interval(low, high, low_open, not high_closed)

    def __add__(self, other: Interval | int | Fraction) -> Interval:
        b = _lift(other)
        return Interval(
            self.low + b.low, self.high + b.high, self.low_open or b.low_open, self.high_open or b.high_open
        )

    def __sub__(self, other: Interval | int | Fraction) -> Interval:
        b = _lift(other)
        return Interval(
            self.low - b.high, self.high - b.low, self.low_open or b.high_open, self.high_open or b.low_open
        )

    def __mul__(self, other: Interval | int | Fraction) -> Interval:
        return _combine(self, _lift(other), lambda a, b: a * b)

    def __truediv__(self, other: Interval | int | Fraction) -> Interval:
        divisor = _lift(other)
        if divisor.low <= 0 <= divisor.high:
            raise ZeroDivisionError(f"the divisor may be zero: {divisor}")
        return _combine(self, divisor, lambda a, b: a / b)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: int | Fraction) -> Interval:
        return _lift(other) - self

    def __rtruediv__(self, other: int | Fraction) -> Interval:
        return _lift(other) / self

    def __str__(self) -> str:
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"{left}{float(self.low):.10g}, {float(self.high):.10g}{right}"


def _lift(number: Interval | int | Fraction) -> Interval:
    return number if isinstance(number, Interval) else Interval.exact(number)


def _combine(
    a: Interval,
    b: Interval,
    op: Callable[[Fraction, Fraction], Fraction],
) -> Interval:
    """Apply an operation that is monotone in each argument to all four corners.

    An end that is exactly zero and belongs to its interval gives zero
    whatever the other factor is, so the corner belongs to the result.
    """
    corners: list[End] = []
    for x, x_open in _ends(a):
        for y, y_open in _ends(b):
            value = op(x, y)
            attained = value == 0 and not (x_open if x == 0 else y_open)
            corners.append((value, (x_open or y_open) and not attained))
    return hull(corners)


def _ends(interval: Interval) -> tuple[End, ...]:
    """Return the two ends; a number alone has one."""
    low = (interval.low, interval.low_open)
    return (low,) if interval.low == interval.high else (low, (interval.high, interval.high_open))


def hull(ends: Iterable[End]) -> Interval:
    """Return the smallest interval that spans the given ends; a closed end wins over an open one."""
    points = list(ends)
    low, low_open = min(points)
    high, closed = max((number, not is_open) for number, is_open in points)
    return Interval(low, high, low_open, not closed)


def consensus(intervals: Sequence[Interval]) -> tuple[Interval, list[int]]:
    """Return what the largest group of overlapping intervals has in common, and who is in the group.

    A sweep over the ends: at each number, what ends before it leaves, what begins at it comes in.

    Raises
    ------
    ValueError
        If there is no interval.

    Examples
    --------
    >>> a, b, c = (Interval(Fraction(low), Fraction(low + 2)) for low in (0, 1, 7))
    >>> both, members = consensus([a, b, c])
    >>> str(both), members
    ('[1, 2]', [0, 1])
    """
    ends = [
        event
        for i, item in enumerate(intervals)
        for event in (
            (item.low, 3 if item.low_open else 1, i),
            (item.high, 0 if item.high_open else 2, i),
        )
    ]
    active: set[int] = set()
    best: set[int] = set()
    for _, order, i in sorted(ends):
        if order in (0, 2):
            active.discard(i)
            continue
        active.add(i)
        best = set(active) if len(active) > len(best) else best
    if not best:
        raise ValueError("consensus of no intervals")
    first, *rest = sorted(best)
    shared = intervals[first]
    for i in rest:
        narrower = shared.intersect(intervals[i])
        assert narrower is not None, "a group that overlaps at one number has it in common"
        shared = narrower
    return shared, [first, *rest]
