"""Controlled interrupted time series of counts: group × time, × step, × slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis_lib.evaluation import quasi_poisson
from analysis_lib.evaluation.checks import Strength, counts_vector, not_constant, positive, unless_correlated
from analysis_lib.evaluation.diagnostics import lag_one
from analysis_lib.evaluation.estimate import Estimate, ratio_of
from analysis_lib.evaluation.interruption import TERMS, interrupted
from analysis_lib.evaluation.power import mde_wald
from analysis_lib.evaluation.quasi_poisson import CountFit


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
    fit: CountFit


def controlled_its_counts(
    counts: ArrayLike,
    exposure: ArrayLike,
    control_counts: ArrayLike,
    control_exposure: ArrayLike,
    periods: ArrayLike | pd.PeriodIndex,
    start: int | pd.Period,
    *,
    pairs: int = 0,
    period: int = 12,
    level: float = 0.95,
) -> ControlledCountITS:
    """Return step and slope of the exposed group beyond those of a control group.

    Parameters
    ----------
    counts, exposure, control_counts, control_exposure : array_like, shape (n,)
        On the same periods.
    pairs, period : int
        Harmonic pairs for a season that both groups share, and its length.

    Raises
    ------
    AnalyseAvvist
        As `its_counts`.

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
    season, waves = axis.season(pairs, period)
    own = axis.segments
    design = np.vstack([np.hstack([own, own, season]), np.hstack([0 * own, own, season])])
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
        mde_ratio=ratio_of(mde_wald(step.se, fit.df)),
        strength=unless_correlated(axis.strength, alike, y.size),
        fit=fit,
    )
