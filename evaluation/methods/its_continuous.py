"""Interrupted time series of a continuous outcome: four standard errors side by side, or with a control."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Strength, not_constant, same_length, vector
from evaluation.methods.linear import LinearFit, newey_west, ols, prais_winsten
from evaluation.methods.power import mde_level_change
from evaluation.methods.reml import reml_ar1
from evaluation.methods.time_axis import TERMS, Periods, Start, interrupted


@dataclass(frozen=True, slots=True)
class Segments:
    """The terms of a segmented regression by one standard-error rule, per period.

    Attributes
    ----------
    step : Estimate
        Level change at the start.
    slope : Estimate
        Change of trend.
    trend_before, trend_after : Estimate
    """

    step: Estimate
    slope: Estimate
    trend_before: Estimate
    trend_after: Estimate


@dataclass(frozen=True, slots=True)
class ContinuousITS:
    """A segmented regression with four standard errors.

    Attributes
    ----------
    reml : Segments
        The one to quote: its tests hold their size at every length that is simulated.
    ols, newey_west, prais_winsten : Segments
        The usual three, which do not; to stand beside it.
    n_before, n_after : int
    autocorrelation : float
        By REML.
    residual_sd : float
        About the trend before the start.
    mde : float
        Smallest level change found with 80 % power, from the points before alone.
    strength : Strength
    fit : LinearFit
        By ordinary least squares, whose residuals show what the others correct for.
    """

    reml: Segments
    ols: Segments
    newey_west: Segments
    prais_winsten: Segments
    n_before: int
    n_after: int
    autocorrelation: float
    residual_sd: float
    mde: float
    strength: Strength
    fit: LinearFit


def _segments(fit: LinearFit, level: float) -> Segments:
    return Segments(
        step=fit.effect("trinn", level=level),
        slope=fit.effect("helning", level=level),
        trend_before=fit.effect("trend", level=level),
        trend_after=fit.combination({"trend": 1.0, "helning": 1.0}, level=level),
    )


def its_continuous(
    values: ArrayLike,
    periods: Periods,
    start: Start,
    *,
    lags: int | None = None,
    level: float = 0.95,
) -> ContinuousITS:
    """Return the level and slope change of a series after a measure.

    Parameters
    ----------
    values : array_like, shape (n,)
        One value a period.
    periods : array_like of int or PeriodIndex, shape (n,)
    start : int or Period
        The first period with the measure.
    lags : int, optional
        For Newey-West; its own rule of thumb by default.

    Notes
    -----
    Wagner et al. (2002); Linden (2015), Stata Journal 15: 480–500; Turner et al. (2021) for REML. A short
    series still finds only large changes (`mde`), so `strength` says what may be concluded.

    Examples
    --------
    >>> y = [10, 11.2, 11.9, 13.1, 18, 19.2, 19.8, 21.1]
    >>> r = its_continuous(y, range(2016, 2024), 2020)
    >>> round(r.ols.step.value, 2), r.strength.value
    (3.99, 'ingen konklusjon')
    """
    axis, (y,) = interrupted(periods, start, serien=vector(values, "serien"))
    not_constant(y, "serien")
    design, n_before, n_after = axis.segments, axis.n_before, axis.n_after
    plain, quoted = ols(y, design, TERMS), reml_ar1(y, design, TERMS)
    before = ols(y[:n_before], design[:n_before, :2], TERMS[:2])
    sd = (before.rss / before.df) ** 0.5
    return ContinuousITS(
        reml=_segments(quoted, level),
        ols=_segments(plain, level),
        newey_west=_segments(newey_west(y, design, TERMS, lags=lags), level),
        prais_winsten=_segments(prais_winsten(y, design, TERMS), level),
        n_before=n_before,
        n_after=n_after,
        autocorrelation=quoted.rho,
        residual_sd=sd,
        mde=mde_level_change(n_before, n_after, sd, rho=min(max(quoted.rho, 0.0), 0.9)),
        strength=axis.strength,
        fit=plain,
    )


@dataclass(frozen=True, slots=True)
class ControlledITS:
    """A controlled interrupted time series.

    Attributes
    ----------
    difference : ContinuousITS
        Of treated less control: its step is group × step, its slope group × slope, its trend before
        group × time.
    control : ContinuousITS
        The control's own change at the start: a large one says that something else happened too.
    parallel : Estimate
        Difference in trend before the start. An interval that holds zero does not prove parallel trends.
    """

    difference: ContinuousITS
    control: ContinuousITS
    parallel: Estimate


def controlled_its(
    treated: ArrayLike,
    control: ArrayLike,
    periods: Periods,
    start: Start,
    *,
    lags: int | None = None,
    level: float = 0.95,
) -> ControlledITS:
    """Return a controlled interrupted time series: group × time, × step, × slope.

    The two series are subtracted first. That gives the same interaction terms as the stacked
    regression, and lets the errors of the two series follow each other, which the stacked does not.

    Parameters
    ----------
    treated, control : array_like, shape (n,)
        On the same periods.

    Notes
    -----
    Lopez Bernal, Cummins and Gasparrini (2018), International Journal of Epidemiology 47: 2082–2093.

    Examples
    --------
    >>> import numpy as np
    >>> shared = np.sin(np.arange(10.0))
    >>> noise = np.array([0.1, -0.2, 0.1, 0.2, -0.1, -0.2, 0.2, 0.1, -0.1, 0.0])
    >>> jump = np.repeat([0.0, 3.0], 5)
    >>> r = controlled_its(shared + jump + noise, shared + 0.02 * shared**2, range(10), 5)
    >>> 2.5 < r.difference.ols.step.value < 3.5
    True
    """
    y, c = vector(treated, "serien"), vector(control, "sammenligningsserien")
    same_length(serien=y, sammenligningsserien=c)
    difference = its_continuous(y - c, periods, start, lags=lags, level=level)
    own = its_continuous(c, periods, start, lags=lags, level=level)
    return ControlledITS(difference, own, difference.reml.trend_before)
