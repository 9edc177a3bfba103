"""The time axis of a series: whole periods one apart, in order, none missing and none twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis_lib.evaluation.checks import Integers, Vector, number, same_length, vector
from analysis_lib.evaluation.refusal import Reason, refuse


def _axis(periods: ArrayLike | pd.PeriodIndex) -> ArrayLike | pd.PeriodIndex:
    """Return a column of periods as an index of them, and anything else as it is."""
    if isinstance(periods, pd.Series) and isinstance(periods.dtype, pd.PeriodDtype):
        return pd.PeriodIndex(periods)
    return periods


def ordinals(periods: ArrayLike | pd.PeriodIndex) -> Integers:
    """Return periods as integers one apart: years as they are, months and quarters as ordinals.

    >>> ordinals(pd.PeriodIndex(["2026-01", "2026-02"], freq="M")).tolist()
    [672, 673]
    """
    axis = _axis(periods)
    if isinstance(axis, pd.PeriodIndex):
        if axis.hasnans:
            refuse(Reason.MISSING_VALUE, "en periode mangler")
        return np.asarray(axis.asi8, dtype=np.int64)
    array = vector(periods, "perioder")
    if (array != np.floor(array)).any():
        refuse(Reason.INVALID_VALUE, "perioder må være heltall eller en PeriodIndex")
    return array.astype(np.int64)


def ordinal_of(start: int | pd.Period, periods: ArrayLike | pd.PeriodIndex) -> int:
    """Return a start on the scale of `ordinals`; it must be a period of the same kind.

    >>> months = pd.PeriodIndex(["2026-01", "2026-02"], freq="M")
    >>> ordinal_of(2026, [2025, 2026]), ordinal_of(months[1], months)
    (2026, 673)
    """
    axis = _axis(periods)
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


def timeline(periods: ArrayLike | pd.PeriodIndex) -> tuple[Integers, Integers]:
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
    >>> order, when = timeline([2021, 2019, 2020])
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


def in_time_order(periods: ArrayLike | pd.PeriodIndex, **series: Vector) -> tuple[Integers, list[Vector]]:
    """Return the periods in order, and the named series with them; refuse what `timeline` refuses.

    >>> when, (y,) = in_time_order([2021, 2019, 2020], serien=np.array([3.0, 1.0, 2.0]))
    >>> when.tolist(), y.tolist()
    ([2019, 2020, 2021], [1.0, 2.0, 3.0])
    """
    order, when = timeline(periods)
    same_length(**series, perioder=when)
    return when, [values[order] for values in series.values()]
