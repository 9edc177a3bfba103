"""The time axis of a series: whole periods one apart, those before a measure and after, and working days."""

from __future__ import annotations

import math
from collections.abc import KeysView, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pandas.tseries.offsets import Easter

from analysis_lib.data.periods import Frequency, Period, last_day
from evaluation.basis.requirements import (
    Integers,
    Matrix,
    Reason,
    Strength,
    Vector,
    at_least,
    number,
    refuse,
    same_length,
    strength,
    vector,
    whole,
)

# Whole numbers such as years, the data's own periods (``2024K3``), or pandas' months and quarters.
Periods = ArrayLike | pd.PeriodIndex | Sequence[Period]
Start = int | pd.Period | Period
_PANDAS = {Frequency.YEAR: "Y", Frequency.QUARTER: "Q", Frequency.MONTH: "M", Frequency.DAY: "D"}


def _axis(periods: Periods) -> Periods:
    """Return a column or sequence of periods as an index of them, and anything else as it is."""
    if isinstance(periods, pd.Series) and isinstance(periods.dtype, pd.PeriodDtype):
        return pd.PeriodIndex(periods)
    own = list(periods) if isinstance(periods, list | tuple | dict | KeysView) else []
    if not any(isinstance(one, Period) for one in own):
        return periods
    if len({type(one) for one in own}) > 1 or len({one.frequency for one in own}) > 1:
        refuse(Reason.INVALID_VALUE, "periodene er av ulike slag: en måned er ikke et år")
    if own[0].frequency not in _PANDAS:
        # Half-years and school years: their own numbers are one apart.
        return [one.ordinal for one in own]
    return pd.PeriodIndex([_pandas(one) for one in own])


def _pandas(period: Period) -> pd.Period:
    return pd.Period(period.first, freq=_PANDAS[period.frequency])


def as_index(periods: Sequence[Period]) -> Any:
    """Return the data's own periods as an index; half-years and school years as their numbers.

    >>> as_index([Period.read("2024K4")]).tolist()
    [Period('2024Q4', 'Q-DEC')]
    """
    return _axis(periods)


def ordinals(periods: Periods) -> Integers:
    """Return periods as integers one apart: years as they are, months and quarters as ordinals.

    >>> ordinals([Period.read("2024K4"), Period.read("2025K1")]).tolist()
    [219, 220]
    >>> ordinals(pd.PeriodIndex(["2026-01", "2026-02"], freq="M")).tolist()
    [672, 673]
    """
    axis = _axis(periods)
    if isinstance(axis, pd.PeriodIndex):
        if axis.hasnans:
            refuse(Reason.MISSING_VALUE, "en periode mangler")
        return np.asarray(axis.asi8, dtype=np.int64)
    array = vector(cast("ArrayLike", axis), "perioder")
    if (array != np.floor(array)).any():
        refuse(Reason.INVALID_VALUE, "perioder må være heltall eller en PeriodIndex")
    return array.astype(np.int64)


def ordinal_of(start: Start, periods: Periods) -> int:
    """Return a start on the scale of `ordinals`; it must be a period of the same kind.

    >>> months = pd.PeriodIndex(["2026-01", "2026-02"], freq="M")
    >>> ordinal_of(2026, [2025, 2026]), ordinal_of(months[1], months)
    (2026, 673)
    """
    axis = _axis(periods)
    if isinstance(start, Period):
        start = _pandas(start) if start.frequency in _PANDAS else start.ordinal
    if isinstance(axis, pd.PeriodIndex):
        if not isinstance(start, pd.Period) or start.freq != axis.freq:
            refuse(
                Reason.INVALID_VALUE,
                f"oppstart må være en periode av samme slag som seriens ({axis.freqstr})",
            )
        return int(start.ordinal)
    value = number(start, "oppstart")
    if value != np.floor(value):
        refuse(Reason.INVALID_VALUE, "oppstart må være en hel periode")
    return int(value)


def consecutive(periods: Periods) -> tuple[Integers, Integers]:
    """Return the order that sorts the periods, and the sorted periods; refuse repeats and gaps.

    Returns
    -------
    order : array of int, shape (n,)
        Positions, for sorting the series that belong to the periods.
    sorted_periods : array of int, shape (n,)
        Consecutive integers.

    Raises
    ------
    AnalyseAvvist
        DUPLICATE_PERIOD, GAP, MISSING_VALUE or INVALID_VALUE.

    Examples
    --------
    >>> order, when = consecutive([2021, 2019, 2020])
    >>> order.tolist(), when.tolist()
    ([1, 2, 0], [2019, 2020, 2021])
    """
    raw = ordinals(periods)
    order = np.argsort(raw, kind="stable")
    when = raw[order]
    steps = np.diff(when)

    def label(place: int) -> str:
        axis = _axis(periods)
        if isinstance(axis, pd.PeriodIndex):
            return str(axis[order[place]])
        return str(when[place])

    if (steps == 0).any():
        refuse(
            Reason.DUPLICATE_PERIOD, f"perioden {label(int(np.flatnonzero(steps == 0)[0]))} står to ganger"
        )
    if (steps > 1).any():
        place = int(np.flatnonzero(steps > 1)[0])
        refuse(
            Reason.GAP,
            f"serien har hull mellom {label(place)} og {label(place + 1)}",
            hint="Del serien eller skaff de manglende periodene.",
        )
    return order, when


def in_time_order(periods: Periods, **series: Vector) -> tuple[Integers, list[Vector]]:
    """Return the periods in order, and the named series with them; refuse what `consecutive` refuses.

    >>> when, (y,) = in_time_order([2021, 2019, 2020], serien=np.array([3.0, 1.0, 2.0]))
    >>> when.tolist(), y.tolist()
    ([2019, 2020, 2021], [1.0, 2.0, 3.0])
    """
    order, when = consecutive(periods)
    same_length(**series, perioder=when)
    return when, [values[order] for values in series.values()]


TERMS = ("konstant", "trend", "trinn", "helning")


@dataclass(frozen=True, slots=True)
class Interruption:
    """Consecutive periods about the start of a measure.

    Attributes
    ----------
    t : array, shape (n,)
        Periods since the start: zero is the first with the measure.
    after : array of bool, shape (n,)
    n_before, n_after : int
    seasonal : bool
        True for months and quarters, which have a season to think of; whole numbers tell nothing of theirs.
    """

    t: Vector
    after: NDArray[np.bool_]
    n_before: int
    n_after: int
    seasonal: bool = False

    @property
    def strength(self) -> Strength:
        """What a series of this length may say."""
        return strength(self.n_before, self.n_after)

    @property
    def segments(self) -> Matrix:
        """Constant, trend, step and change of slope (`TERMS`), shape (n, 4)."""
        return np.column_stack([np.ones_like(self.t), self.t, self.after, self.t * self.after])

    def season(self, pairs: int, period: int) -> tuple[Matrix, list[str]]:
        """Return sine and cosine columns, shape (n, 2 · pairs), and their names; refuse under two cycles."""
        pairs, period = whole(pairs, "antall sesongpar"), whole(period, "sesongens lengde", least=2)
        if pairs and self.t.size < 2 * period:
            refuse(Reason.TOO_FEW_POINTS, f"{self.t.size} punkter er mindre enn to hele sesonger på {period}")
        if 2 * pairs > period:
            refuse(
                Reason.INVALID_VALUE,
                f"{pairs} sesongpar er for mange for en sesong på {period}",
                hint="Bruk høyst halvparten så mange par som sesongen har perioder.",
            )
        waves = [(name, k) for k in range(1, pairs + 1) for name in ("sin", "cos")]
        # Where a wave has two periods only, its sine is zero at each.
        waves = [(name, k) for name, k in waves if not (name == "sin" and 2 * k == period)]
        columns = [getattr(np, name)(2 * math.pi * k * self.t / period) for name, k in waves]
        return np.array(columns).reshape(-1, self.t.size).T, [f"{name}{k}" for name, k in waves]


def interrupted(periods: Periods, start: Start, **series: Vector) -> tuple[Interruption, list[Vector]]:
    """Return the time axis about the first period with the measure, and the named series in its order.

    Raises
    ------
    AnalyseAvvist
        START_OUTSIDE, TOO_FEW_POINTS with two points or fewer on a side, and what `consecutive` refuses.

    Examples
    --------
    >>> axis, (y,) = interrupted(range(2019, 2025), 2022, serien=np.arange(6.0))
    >>> axis.t.tolist(), axis.n_before, axis.n_after
    ([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0], 3, 3)
    """
    when, ordered = in_time_order(periods, **series)
    begin = ordinal_of(start, periods)
    at_least(when.size, 6)
    if begin <= when[0] or begin > when[-1]:
        refuse(
            Reason.START_OUTSIDE,
            f"oppstart ligger ikke inne i serien på {when.size} perioder",
            hint="Serien må ha perioder både før og etter oppstart.",
        )
    after = when >= begin
    n_after = int(after.sum())
    n_before = int(when.size - n_after)
    if min(n_before, n_after) <= 2:
        refuse(
            Reason.TOO_FEW_POINTS,
            f"{n_before} punkter før og {n_after} etter oppstart; tre på hver side er det minste",
            hint="Beskriv serien i stedet.",
        )
    return Interruption((when - begin).astype(float), after, n_before, n_after, seasonal(periods)), ordered


def seasonal(periods: Periods) -> bool:
    """Tell whether the periods are months or quarters.

    >>> seasonal(pd.PeriodIndex(["2026-01", "2026-02"], freq="M")), seasonal([2025, 2026])
    (True, False)
    """
    axis = _axis(periods)
    return isinstance(axis, pd.PeriodIndex) and axis.freqstr[0] in "MQ"


def public_holidays(year: int) -> list[date]:
    """Return the public holidays of Norway, Sundays not counted as such.

    >>> public_holidays(2026)[2].isoformat()
    '2026-04-05'
    """
    easter = (pd.Timestamp(year, 1, 1) + Easter()).date()
    movable = (easter + timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50))
    fixed = (date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)))
    return [*movable, *fixed]


def working_days(year: int, month: int) -> int:
    """Return Mondays to Fridays less public holidays; half-days before holidays count as whole.

    Examples
    --------
    >>> [working_days(2026, month) for month in range(1, 7)]
    [21, 20, 22, 19, 18, 22]
    """
    year, month = whole(year, "året", least=1900), whole(month, "måneden", least=1)
    if month > 12 or year > 2999:
        refuse(Reason.INVALID_VALUE, f"måned {month} i {year} finnes ikke i kalenderen")
    first = date(year, month, 1)
    after = last_day(f"{first:%Y-%m}") + timedelta(days=1)
    return int(np.busday_count(first, after, holidays=public_holidays(year)))
