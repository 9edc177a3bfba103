"""Interrupted time series of counts, also with a control: quasi-Poisson, impact model fixed in advance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import (
    Strength,
    counts_vector,
    lag_one,
    not_constant,
    positive,
    unless_correlated,
)
from evaluation.methods import quasi_poisson
from evaluation.methods.power import mde_of
from evaluation.methods.proportions import TestResult
from evaluation.methods.quasi_poisson import CountFit
from evaluation.methods.time_axis import TERMS, Periods, Start, interrupted


@dataclass(frozen=True, slots=True)
class CountITS:
    """An interrupted time series of counts.

    Attributes
    ----------
    step : Estimate
        Rate ratio at the start of the measure.
    slope : Estimate or None
        Ratio of the trend after to the trend before, per period; None in a step-only model.
    trend : Estimate
        Rate ratio per period before the start.
    n_before, n_after : int
    exposure : float
        Total.
    dispersion : float
    autocorrelation : float
        Lag one, of the Pearson residuals, which the interval takes as independent; where they clearly are
        not, `strength` is at most exploratory.
    slope_test : TestResult or None
        F test of the slope change against the step-only model.
    mde_ratio : float
        The smallest rate ratio above 1 found with 80 % power, by the interval of `step`; its inverse below 1.
    unseasonal : bool
        True for months or quarters that were fitted without a season.
    strength : Strength
    fit : CountFit
    """

    step: Estimate
    slope: Estimate | None
    trend: Estimate
    n_before: int
    n_after: int
    exposure: float
    dispersion: float
    autocorrelation: float
    slope_test: TestResult | None
    mde_ratio: float
    strength: Strength
    unseasonal: bool
    fit: CountFit


def its_counts(
    counts: ArrayLike,
    exposure: ArrayLike,
    periods: Periods,
    start: Start,
    *,
    slope_change: bool = False,
    season: int = 0,
    period: int = 12,
    model: str = "floored",
    quantiles: str = "t",
    level: float = 0.95,
) -> CountITS:
    """Return the step (and slope change) in a series of counts after a measure.

    Parameters
    ----------
    counts, exposure : array_like, shape (n,)
    periods : array_like of int or PeriodIndex, shape (n,)
        Without repeats and gaps.
    start : int or Period
        The first period with the measure.
    slope_change : bool
        Impact model with a change of trend as well; decided before looking at the data.
    season, period : int
        Harmonic pairs for the season, and its length in periods.
    model : {"floored", "quasi", "poisson"}
        Dispersion at least 1, as estimated, or fixed at 1.
    quantiles : {"t", "normal"}

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS, also for a season from less than two cycles; what `interrupted` and
        `quasi_poisson.fit` refuse.

    Notes
    -----
    Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46: 348–355.

    Examples
    --------
    >>> r = its_counts([100, 110, 95, 105, 70, 78, 66, 74], [1.0] * 8, range(2011, 2019), 2015)
    >>> r.strength.value, r.step.value < 0.8
    ('ingen konklusjon', True)
    """
    axis, (y, e) = interrupted(periods, start, antall=counts_vector(counts), eksponering=positive(exposure))
    not_constant(y / e, "raten")
    columns, waves = axis.season(season, period)
    segments = axis.segments
    result = quasi_poisson.fit(y, e, np.hstack([segments[:, :3], columns]), [*TERMS[:3], *waves])
    slope_test = None
    if slope_change:
        larger = quasi_poisson.fit(y, e, np.hstack([segments, columns]), [*TERMS, *waves])
        slope_test = quasi_poisson.compare(result, larger)
        result = larger

    def effect(name: str) -> Estimate:
        return result.ratio(name, model=model, quantiles=quantiles, level=level)

    step, alike = effect("trinn"), lag_one(result.pearson)
    return CountITS(
        step=step,
        slope=effect("helning") if slope_change else None,
        trend=effect("trend"),
        n_before=axis.n_before,
        n_after=axis.n_after,
        exposure=float(e.sum()),
        dispersion=result.dispersion,
        autocorrelation=alike,
        slope_test=slope_test,
        mde_ratio=mde_of(step),
        strength=unless_correlated(axis.strength, alike, y.size),
        unseasonal=axis.seasonal and not waves,
        fit=result,
    )


@dataclass(frozen=True, slots=True)
class ControlledCountITS:
    """A controlled interrupted time series of counts.

    Attributes
    ----------
    step, slope : Estimate
        Ratio of rate ratios: the exposed group's change over that of the control.
    control_step : Estimate
        The control's own rate ratio at the start: away from 1, something else happened too.
    parallel : Estimate
        Ratio of the trends before the start, per period.
    n_before, n_after : int
    exposure, dispersion : float
    autocorrelation : float
        Lag one, of the Pearson residuals, in the group where it is larger; see `its_counts`.
    mde_ratio : float
    strength : Strength
    unseasonal : bool
    fit : CountFit
    """

    step: Estimate
    slope: Estimate
    control_step: Estimate
    parallel: Estimate
    n_before: int
    n_after: int
    exposure: float
    dispersion: float
    autocorrelation: float
    mde_ratio: float
    strength: Strength
    unseasonal: bool
    fit: CountFit


def controlled_its_counts(
    counts: ArrayLike,
    exposure: ArrayLike,
    control_counts: ArrayLike,
    control_exposure: ArrayLike,
    periods: Periods,
    start: Start,
    *,
    season: int = 0,
    period: int = 12,
    level: float = 0.95,
) -> ControlledCountITS:
    """Return step and slope of the exposed group beyond those of a control group.

    Parameters
    ----------
    counts, exposure, control_counts, control_exposure : array_like, shape (n,)
        On the same periods.
    season, period : int
        Harmonic pairs for a season that both groups share, and its length.

    Notes
    -----
    Lopez Bernal, Cummins and Gasparrini (2018). One dispersion for both groups, at least 1, t(n−p); the
    errors of the two groups are taken as independent.

    Examples
    --------
    >>> y, c = [100, 110, 95, 105, 140, 150, 138, 155], [90, 95, 88, 92, 94, 90, 96, 91]
    >>> r = controlled_its_counts(y, [1.0] * 8, c, [1.0] * 8, range(8), 4)
    >>> r.step.value > 1.2, r.strength.value
    (True, 'ingen konklusjon')
    """
    axis, (y, e, c, f) = interrupted(
        periods,
        start,
        antall=counts_vector(counts),
        eksponering=positive(exposure),
        kontroll=counts_vector(control_counts, "sammenligningens antall"),
        kontrolleksponering=positive(control_exposure, "sammenligningens eksponering"),
    )
    not_constant(y / e, "raten")
    columns, waves = axis.season(season, period)
    own = axis.segments
    design = np.vstack([np.hstack([own, own, columns]), np.hstack([0 * own, own, columns])])
    names = ["gruppe", "gruppe × tid", "gruppe × trinn", "gruppe × helning", *TERMS, *waves]
    fit = quasi_poisson.fit(np.concatenate([y, c]), np.concatenate([e, f]), design, names)

    def effect(name: str) -> Estimate:
        return fit.ratio(name, model="floored", level=level)

    step = effect("gruppe × trinn")
    alike = max(lag_one(group) for group in (fit.pearson[: y.size], fit.pearson[y.size :]))
    return ControlledCountITS(
        step=step,
        slope=effect("gruppe × helning"),
        control_step=effect("trinn"),
        parallel=effect("gruppe × tid"),
        n_before=axis.n_before,
        n_after=axis.n_after,
        exposure=float(e.sum()),
        dispersion=fit.dispersion,
        autocorrelation=alike,
        mde_ratio=mde_of(step),
        strength=unless_correlated(axis.strength, alike, y.size),
        unseasonal=axis.seasonal and not waves,
        fit=fit,
    )
