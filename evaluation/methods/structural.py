"""Structural time series: a level that drifts, a season, regressors, and a step or ramp at a known start."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import approx_fprime
from statsmodels.tsa.statespace.structural import UnobservedComponents

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Strength,
    Vector,
    at_least,
    choice,
    full_rank,
    not_constant,
    refuse,
    same_length,
    strictly,
    vector,
    whole,
)
from evaluation.methods.power import mde_of
from evaluation.methods.reml import agreeing
from evaluation.methods.time_axis import Interruption, Periods, Start, consecutive, interrupted, seasonal

TRENDS = {"none": "llevel", "fixed": "lldtrend", "drifting": "lltrend"}
EFFECTS = {"step": ("trinn",), "ramp": ("helning",), "both": ("trinn", "helning")}
_STARTS = ((0.5, 0.01), (0.1, 0.5), (0.9, 1e-4), (0.01, 1.0))
_NONE = 1e-7  # of the variance of the series: as good as no variance at all


@dataclass(frozen=True, slots=True)
class StructuralSeries:
    """A fitted structural time series.

    Attributes
    ----------
    noise, drift, slope_drift : float
        Variances of the measurement, of the level's steps, and of the steps of its slope.
    log_likelihood : float
        Diffuse, on the scale of the data, of as many points as are left when the states are known.
    level, se : array, shape (n,)
        Smoothed level in time order, without season and effects, and its standard error given the variances.
    season : array, shape (period,) or (0,)
        What each period of the season lies above the level, from the first in the series on.
    step, slope : Estimate or None
        Level change at the start, and change of trend per period.
    regressors : dict of str to Estimate
    agreeing : int
        Searches that reached the best log-likelihood.
    n_before, n_after : int
        All points are before where there is no start.
    mde : float or None
        Smallest step (or slope, where there is no step) found with 80 % power, by its own interval.
    strength : Strength or None
    unseasonal : bool
        True for months or quarters that were fitted without a season.
    """

    noise: float
    drift: float
    slope_drift: float
    log_likelihood: float
    level: Vector
    se: Vector
    season: Vector
    step: Estimate | None
    slope: Estimate | None
    regressors: dict[str, Estimate]
    agreeing: int
    n_before: int
    n_after: int
    mde: float | None
    strength: Strength | None
    unseasonal: bool


def structural_series(
    values: ArrayLike,
    periods: Periods,
    start: Start | None = None,
    *,
    effect: str = "step",
    trend: str = "none",
    season: bool = False,
    period: int = 12,
    regressors: pd.DataFrame | None = None,
    level: float = 0.95,
) -> StructuralSeries:
    """Fit a level that drifts, with what else moves the series, by maximum likelihood.

    Parameters
    ----------
    values : array_like, shape (n,)
    periods : array_like of int or PeriodIndex, shape (n,)
    start : int or Period, optional
        The first period with the measure; without it there is a description only.
    effect : {"step", "ramp", "both"}
        The impact model, fixed in advance.
    trend : {"none", "fixed", "drifting"}
        Slope of the level: none, the same throughout, or one that drifts too.
    season, period : bool, int
        Dummies of a season, and its length in periods.
    regressors : DataFrame, shape (n, k), optional
        In the order of the values.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 12, or two seasons; NOT_IDENTIFIED where no measurement noise is left in a
        description, only drift; NO_CONVERGENCE where searches from several starts disagree; COLLINEAR;
        what `interrupted` refuses.

    Notes
    -----
    Harvey and Durbin (1986), Journal of the Royal Statistical Society A 149: 187–227; Durbin and Koopman
    (2012), chapters 2–5. The series is standardised before fitting: on its own scale the search stops
    short of the top. Season and coefficients are part of the state with a diffuse start, so that the
    likelihood is the restricted one; degrees of freedom are Satterthwaite's, at most n − p. Where the level
    drifts much, a step is known from the points next to it alone, and a longer series makes it no surer.

    Examples
    --------
    >>> y = [5.1, 4.8, 5.3, 5.0, 4.7, 5.2, 5.1, 4.9, 5.0, 5.2, 4.8, 5.1]
    >>> fit = structural_series(y, range(12))
    >>> round(fit.drift, 9), round(fit.noise, 3)
    (0.0, 0.034)
    >>> fit = structural_series([*y, *(8 + v for v in y)], range(24), 12)
    >>> round(fit.step.value, 6), fit.strength.value
    (8.0, 'utforskende')
    """
    y = vector(values, "serien")
    kinds = EFFECTS[choice(effect, EFFECTS, "virkningen")]
    shape = TRENDS[choice(trend, TRENDS, "trenden")]
    period = whole(period, "sesongens lengde", least=2)
    if not isinstance(season, bool):
        refuse(Reason.INVALID_VALUE, "sesongen er med eller ikke: True eller False")
    order, _ = consecutive(periods)
    same_length(serien=y, perioder=order)
    axis, (z,) = (None, [y[order]]) if start is None else interrupted(periods, start, serien=y)
    at_least(z.size, 12)
    if season and z.size < 2 * period:
        refuse(Reason.TOO_FEW_POINTS, f"{z.size} punkter er mindre enn to hele sesonger på {period}")
    not_constant(z, "serien")
    names, columns = _columns(axis, kinds, regressors, order)
    states = (1 if trend == "none" else 2) + (period - 1 if season else 0) + len(names)
    if z.size < states + 3:
        refuse(Reason.TOO_FEW_POINTS, f"{z.size} punkter kan ikke bære {states} ledd og spredningen om dem")
    centre, scale, widths = float(z.mean()), float(z.std()), columns.std(axis=0)
    if names:
        full_rank(np.column_stack([np.ones(z.size), columns]), ["konstant", *names])
    found = _fit((z - centre) / scale, shape, period if season else None, columns / widths)
    variances = {name: float(found[0].params[k]) for k, name in enumerate(found[0].model.param_names)}
    noise, drift = variances["sigma2.irregular"], variances["sigma2.level"]
    if axis is None and noise < _NONE:
        refuse(Reason.NOT_IDENTIFIED, "serien er en ren tilfeldig gang; målefeil og drift kan ikke skilles")
    with strictly("strukturell tidsserie"):
        effects = {
            name: _estimate(found[0], k - len(names), scale / widths[k], z.size - states, level)
            for k, name in enumerate(names)
        }
    step, slope = effects.pop("trinn", None), effects.pop("helning", None)
    first = step or slope
    smoothed = np.asarray(found[0].smoothed_state)
    return StructuralSeries(
        noise=noise * scale**2,
        drift=drift * scale**2,
        slope_drift=variances.get("sigma2.trend", 0.0) * scale**2,
        log_likelihood=float(found[0].llf)
        - (z.size - states) * math.log(scale)
        + states * math.log(2 * math.pi) / 2,
        level=smoothed[0] * scale + centre,
        se=np.sqrt(np.maximum(np.asarray(found[0].smoothed_state_cov)[0, 0], 0.0)) * scale,
        season=_season(smoothed, 1 if trend == "none" else 2, period if season else 0) * scale,
        step=step,
        slope=slope,
        regressors=effects,
        agreeing=len(found),
        n_before=z.size if axis is None else axis.n_before,
        n_after=0 if axis is None else axis.n_after,
        mde=None if first is None else mde_of(first),
        strength=None if axis is None else axis.strength,
        unseasonal=seasonal(periods) and not season,
    )


def _columns(
    axis: Interruption | None, kinds: tuple[str, ...], regressors: pd.DataFrame | None, order: Any
) -> tuple[list[str], Matrix]:
    """Return the names and columns of regressors and effects, in time order."""
    if not isinstance(regressors, pd.DataFrame | None):
        refuse(Reason.INVALID_VALUE, "forklaringsvariablene må være en tabell (DataFrame)")
    given = pd.DataFrame() if regressors is None else regressors
    columns = {str(name): vector(given[name].to_numpy(), str(name)) for name in given.columns}
    if len(columns) < given.shape[1] or set(columns) & {"trinn", "helning"}:
        refuse(Reason.INVALID_VALUE, "forklaringsvariablene må ha ulike navn, og ikke trinn eller helning")
    same_length(serien=order, **columns)
    columns = {name: column[order] for name, column in columns.items()}
    for name, column in columns.items():
        not_constant(column, name)
    if axis is not None:
        ways = {"trinn": axis.after.astype(float), "helning": axis.t * axis.after}
        columns |= {kind: ways[kind] for kind in kinds}
    return list(columns), np.array([*columns.values()]).reshape(len(columns), order.size).T


def _fit(z: Vector, shape: str, period: int | None, columns: Matrix) -> list[Any]:
    model = UnobservedComponents(
        z,
        shape,
        seasonal=period,
        stochastic_seasonal=False,
        exog=columns if columns.size else None,
        mle_regression=False,
        use_exact_diffuse=True,
    )
    extra = len(model.param_names) - 2
    search = {"disp": 0, "maxiter": 500, "pgtol": 1e-9, "factr": 10.0}
    attempts = (
        partial(model.fit, start_params=[*begin, *[1e-3] * extra], cov_type="none", method_kwargs=search)
        for begin in _STARTS
    )
    found = agreeing(attempts, "modellen for nivået ga ulike svar fra ulike utgangspunkter")
    # Gradients are found by differences and stop a little short: the last digits are a simplex's.
    polish = {"disp": 0, "maxiter": 400, "xtol": 1e-9, "ftol": 1e-15}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        last = model.fit(start_params=found[0].params, method="nm", cov_type="none", **polish)
    found[0] = max(found[0], last, key=lambda fit: float(fit.llf))
    # A variance of nothing is a corner of the likelihood, where the search only comes near.
    rounded = np.where(found[0].params < 1e-6, 0.0, found[0].params)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        corner = model.smooth(rounded, cov_type="none")
    if math.isfinite(corner.llf) and corner.llf >= found[0].llf - 1e-6:
        found[0] = corner
    return found


def _estimate(fit: Any, place: int, unit: float, most: int, level: float) -> Estimate:
    """Return a coefficient, `place` states from the end, with Satterthwaite's degrees of freedom."""
    free = np.flatnonzero(fit.params > _NONE)
    variance = _variance(fit, place)
    at = np.log(fit.params[free])

    def given(log_params: Vector, read: Callable[[Any], float]) -> float:
        params = fit.params.copy()
        params[free] = np.exp(log_params)
        return read(fit.model.smooth(params, cov_type="none"))

    slope = approx_fprime(at, given, 1e-4, lambda other: math.log(_variance(other, place)))
    information = -_hessian(lambda x: given(x, lambda other: float(other.llf)), at)
    # Relative to its square, the variance of the variance is that of its logarithm.
    spread = float(slope @ np.linalg.pinv(information, rcond=1e-6) @ slope)
    df = min(max(2 / spread, 1.0), float(most)) if spread > 0 else float(most)
    value = float(np.asarray(fit.smoothed_state)[place, -1])
    rule = "strukturell tidsserie, Satterthwaite"
    return wald(value * unit, math.sqrt(variance) * unit, rule, df=df, level=level)


def _variance(fit: Any, place: int) -> float:
    return float(np.asarray(fit.smoothed_state_cov)[place, place, -1])


def _hessian(f: Callable[[Vector], float], at: Vector, by: float = 1e-3) -> Matrix:
    n = at.size
    steps = by * np.eye(n)
    found = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            ends = (f(at + a * steps[i] + b * steps[j]) * a * b for a in (1, -1) for b in (1, -1))
            found[i, j] = sum(ends) / (4 * by * by)
    return found


def _season(smoothed: Matrix, place: int, period: int) -> Vector:
    """Return the season's effects from the first period on; they stay the same from year to year."""
    return np.asarray(smoothed[place, :period] if period else [], dtype=float)
