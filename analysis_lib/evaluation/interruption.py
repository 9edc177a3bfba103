"""The time axis of a series with a measure in it: who comes before, who after, and in which season."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis_lib.evaluation.checks import Matrix, Strength, Vector, at_least, strength, whole
from analysis_lib.evaluation.periods import in_time_order, ordinal_of
from analysis_lib.evaluation.refusal import Reason, refuse

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
    """

    t: Vector
    after: NDArray[np.bool_]
    n_before: int
    n_after: int

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
        angles = [2 * math.pi * k * self.t / period for k in range(1, pairs + 1)]
        columns = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
        names = [f"{wave}{k}" for k in range(1, pairs + 1) for wave in ("sin", "cos")]
        return np.array(columns).reshape(-1, self.t.size).T, names


def interrupted(
    periods: ArrayLike | pd.PeriodIndex, start: int | pd.Period, **series: Vector
) -> tuple[Interruption, list[Vector]]:
    """Return the time axis about the first period with the measure, and the named series in its order.

    Raises
    ------
    AnalyseAvvist
        START_OUTSIDE, TOO_FEW_POINTS with two points or fewer on a side, and what `timeline` refuses.

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
    return Interruption((when - begin).astype(float), after, n_before, n_after), ordered
