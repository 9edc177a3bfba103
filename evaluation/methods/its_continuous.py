"""Interrupted time series of a continuous outcome: four standard errors side by side, or with a control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Reason, Strength, not_constant, refuse, same_length, vector
from evaluation.methods.linear import LinearFit, newey_west, ols, prais_winsten
from evaluation.methods.power import mde_of
from evaluation.methods.reml import reml_ar1
from evaluation.methods.time_axis import TERMS, Periods, Start, interrupted


@dataclass(frozen=True, slots=True)
class Segments:
    """The terms of a segmented regression by one standard-error rule, per period.

    Attributes
    ----------
    step : Estimate
        Level change at the start.
    slope : Estimate or None
        Change of trend. None, as for the trends, where it would hang on the bound of the autocorrelation.
    trend_before, trend_after : Estimate or None
    """

    step: Estimate
    slope: Estimate | None
    trend_before: Estimate | None
    trend_after: Estimate | None


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
        Smallest level change found with 80 % power, by the standard error and degrees of freedom of
        REML's step.
    strength : Strength
    at_bound : bool
        True where the likelihood rises towards a random walk. What hangs on where the search stops is then
        None; the step seldom does.
    unseasonal : bool
        True for months or quarters that were fitted without a season.
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
    at_bound: bool
    unseasonal: bool
    fit: LinearFit


def _segments(fit: LinearFit, level: float) -> Segments:
    def settled(*names: str) -> Estimate | None:
        weights = dict.fromkeys(names, 1.0)
        whole = np.array([weights.get(name, 0.0) for name in fit.names])
        return fit.combination(weights, level=level) if fit.settled(whole) else None

    step = settled("trinn")
    if step is None:
        refuse(
            Reason.NOT_IDENTIFIED,
            "avvikene henger så tett sammen at nivåskiftets usikkerhet avhenger av grensen for hvor tett",
            hint="Skaff flere punkter.",
        )
    return Segments(step, settled("helning"), settled("trend"), settled("trend", "helning"))


def its_continuous(
    values: ArrayLike,
    periods: Periods,
    start: Start,
    *,
    season: int = 0,
    period: int = 12,
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
    season, period : int
        Harmonic pairs for the season, none by default, and its length in periods.
    lags : int, optional
        For Newey-West; its own rule of thumb by default.

    Raises
    ------
    AnalyseAvvist
        CONSTANT_SERIES, also where the line meets every point; NOT_IDENTIFIED where even the step hangs on
        the bound of the autocorrelation; TOO_FEW_POINTS for a season from less than two cycles; what
        `interrupted` refuses.

    Notes
    -----
    Wagner et al. (2002); Linden (2015), Stata Journal 15: 480–500; Turner et al. (2021) for REML. A short
    series still finds only large changes (`mde`), so `strength` says what may be concluded.

    Examples
    --------
    >>> y = [10, 11.2, 11.9, 13.1, 18.3, 18.9, 19.6, 21.4]
    >>> r = its_continuous(y, range(2016, 2024), 2020)
    >>> round(r.ols.step.value, 2), r.strength.value
    (4.0, 'ingen konklusjon')
    """
    axis, (y,) = interrupted(periods, start, serien=vector(values, "serien"))
    not_constant(y, "serien")
    waves, names = axis.season(season, period)
    design, terms = np.hstack([axis.segments, waves]), [*TERMS, *names]
    plain, quoted = ols(y, design, terms), reml_ar1(y, design, terms)
    before = ols(y[: axis.n_before], axis.segments[: axis.n_before, :2], TERMS[:2])
    reml = _segments(quoted, level)
    return ContinuousITS(
        reml=reml,
        ols=_segments(plain, level),
        newey_west=_segments(newey_west(y, design, terms, lags=lags), level),
        prais_winsten=_segments(prais_winsten(y, design, terms), level),
        n_before=axis.n_before,
        n_after=axis.n_after,
        autocorrelation=quoted.rho,
        residual_sd=(before.rss / before.df) ** 0.5,
        mde=mde_of(reml.step),
        strength=axis.strength,
        at_bound=quoted.beyond is not None,
        unseasonal=axis.seasonal and not names,
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
    parallel : Estimate or None
        Difference in trend before the start; None where it hangs on the bound of the autocorrelation. An
        interval that holds zero does not prove parallel trends.
    """

    difference: ContinuousITS
    control: ContinuousITS
    parallel: Estimate | None


def controlled_its(
    treated: ArrayLike,
    control: ArrayLike,
    periods: Periods,
    start: Start,
    *,
    season: int = 0,
    period: int = 12,
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
    season, period, lags
        As in `its_continuous`; a season that both series share falls out of the difference.

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
    difference, own = (
        its_continuous(z, periods, start, season=season, period=period, lags=lags, level=level)
        for z in (y - c, c)
    )
    return ControlledITS(difference, own, difference.reml.trend_before)
