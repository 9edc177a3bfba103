"""Growth on few points: how fast, how sure, and whether one rate of growth describes the series."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evaluation.basis.checks import at_least, counts_vector, not_constant, positive
from evaluation.basis.estimate import Estimate, ratio_of
from evaluation.basis.refusal import Reason, refuse
from evaluation.methods import quasi_poisson
from evaluation.methods.periods import in_time_order
from evaluation.methods.power import mde_wald
from evaluation.methods.proportions import TestResult
from evaluation.methods.quasi_poisson import CountFit


@dataclass(frozen=True, slots=True)
class Growth:
    """Log-linear growth per period.

    Attributes
    ----------
    factor : Estimate
        Rate in one period over the rate in the period before, with t(n−p).
    n : int
        Points.
    events, exposure : float
        Totals.
    dispersion : float
        Pearson; above 1 the series varies more than chance alone.
    lack_of_fit : TestResult
        Deviance against a chi-squared: Poisson variation about one growth rate.
    curvature : TestResult
        The squared-time term; t(n−3), so allowing for the dispersion.
    bend : float
        Change in log growth per period squared; negative when growth slows.
    single_rate : bool
        False where curvature is found at 5 %: then there is no one growth rate.
    doubling : tuple of float or None
        Doubling time in periods with its interval (value, low, high); None unless the growth is
        clearly positive and one rate describes it.
    mde_factor : float
        The smallest growth factor found with 80 % power at this length and dispersion.
    fit : CountFit
        The log-linear line.
    """

    factor: Estimate
    n: int
    events: float
    exposure: float
    dispersion: float
    lack_of_fit: TestResult
    curvature: TestResult
    bend: float
    single_rate: bool
    doubling: tuple[float, float, float] | None
    mde_factor: float
    fit: CountFit


def growth(
    counts: ArrayLike, exposure: ArrayLike, periods: ArrayLike | pd.PeriodIndex, *, level: float = 0.95
) -> Growth:
    """Return growth per period by quasi-Poisson with log-exposure offset and t(n−p) quantiles.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Events per period.
    exposure : array_like, shape (n,)
        For example working days of each period.
    periods : array_like of int or PeriodIndex, shape (n,)
        In any order; repeats and gaps are refused.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below four periods (curvature needs one degree of freedom), CONSTANT_SERIES,
        and what `timeline` and `quasi_poisson.fit` refuse.

    Notes
    -----
    The dispersion is taken as at least 1: with three degrees of freedom it is often below by luck,
    and independent events never vary less than Poisson. With noise between the months a Poisson interval
    covers far less often than it says; t(n−p) with the estimated dispersion covers 95 %
    (``docs/evaluation.md``).

    Examples
    --------
    >>> g = growth([1000, 1105, 1195, 1340, 1460], [21, 21, 21, 21, 21], [1, 2, 3, 4, 5])
    >>> round(g.factor.value, 3), g.single_rate
    (1.1, True)
    """
    when, (y, e) = in_time_order(periods, antall=counts_vector(counts), eksponering=positive(exposure))
    at_least(y.size, 4)
    not_constant(y / e, "raten")
    t = (when - when[0]).astype(float)
    one = np.ones_like(t)
    line = quasi_poisson.fit(y, e, np.column_stack([one, t]), ["konstant", "tid"])
    curve = quasi_poisson.fit(y, e, np.column_stack([one, t, t**2]), ["konstant", "tid", "tid²"])
    bend = curve.log_effect("tid²", model="floored")
    curvature = TestResult((bend.value / bend.se) ** 2, 1.0, bend.p, "krumning, t(n−3)")
    factor = line.ratio("tid", model="floored", level=level)
    single = curvature.p >= 0.05
    return Growth(
        factor=factor,
        n=int(y.size),
        events=float(y.sum()),
        exposure=float(e.sum()),
        dispersion=line.dispersion,
        lack_of_fit=line.goodness_of_fit(),
        curvature=curvature,
        bend=bend.value,
        single_rate=single,
        doubling=_doubling(factor) if single else None,
        mde_factor=ratio_of(mde_wald(factor.se, line.df)),
        fit=line,
    )


def _doubling(factor: Estimate) -> tuple[float, float, float] | None:
    if factor.low <= 1:
        return None
    value, low, high = (math.log(2) / math.log(x) for x in (factor.value, factor.high, factor.low))
    return value, low, high


def doubling_time(result: Growth) -> tuple[float, float, float]:
    """Return the doubling time in periods with its interval, or refuse to give one.

    Raises
    ------
    AnalyseAvvist
        NOT_IDENTIFIED if growth is not clearly positive, or no single rate describes the series.

    Examples
    --------
    >>> g = growth([100, 200, 400, 800, 1600], [1] * 5, [1, 2, 3, 4, 5])
    >>> round(doubling_time(g)[0], 6)
    1.0
    """
    if not result.single_rate:
        way = "avtar" if result.bend < 0 else "tiltar"
        refuse(
            Reason.NOT_IDENTIFIED,
            f"veksten {way} gjennom perioden, så det finnes ikke én doblingstid",
            hint="Oppgi veksten for hver periode.",
        )
    if result.doubling is None:
        refuse(
            Reason.NOT_IDENTIFIED, "veksten er ikke sikkert positiv, så doblingstiden har ingen øvre grense"
        )
    return result.doubling
