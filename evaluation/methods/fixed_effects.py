"""Unit and period effects in a balanced panel, clustered by unit; effects by imputation as a check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import Matrix, Reason, Vector, full_rank, refuse
from evaluation.methods.panel import Panel, needs_cohorts


@dataclass(frozen=True, slots=True)
class PanelFit:
    """A two-way fixed-effects regression.

    Attributes
    ----------
    names : tuple of str, length p
    coef : array, shape (p,)
    cov : array, shape (p, p)
        Clustered by unit, after the small-sample factor.
    residuals : array, shape (N, T)
    clusters : int
    factor : float
        The small-sample factor on the covariance.
    rule : str
    """

    names: tuple[str, ...]
    coef: Vector
    cov: Matrix
    residuals: Matrix
    clusters: int
    factor: float
    rule: str

    def combination(self, weights: Vector, *, level: float = 0.95) -> Estimate:
        """Return a weighted sum of coefficients, weights of shape (p,), with t(G−1)."""
        se = math.sqrt(max(float(weights @ self.cov @ weights), 0.0))
        return wald(float(weights @ self.coef), se, self.rule, df=float(self.clusters - 1), level=level)

    def effect(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return one coefficient."""
        return self.combination(np.array([float(name == each) for each in self.names]), level=level)


def within(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take unit and period means out of the last two axes (exact in a balanced panel).

    >>> within(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    rows = values.mean(axis=-1, keepdims=True)
    columns = values.mean(axis=-2, keepdims=True)
    grand = values.mean(axis=(-1, -2), keepdims=True)
    return np.asarray(values - rows - columns + grand)


def fixed_effects(y: Matrix, columns: NDArray[np.float64], names: Sequence[str]) -> PanelFit:
    """Regress `y` on `columns` with unit and period effects.

    Parameters
    ----------
    y : array, shape (N, T)
    columns : array, shape (p, N, T)
    names : sequence of str, length p

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS below three units.

    Notes
    -----
    Covariance CR1: ``G/(G−1) · (n−1)/(n−k)``, where k counts the coefficients and the period effects
    but not the unit effects, which are nested in the clusters (as fixest's default; Stata's areg and
    xtreg count otherwise, which is why the rule is printed).

    Examples
    --------
    >>> y = np.array([[1.0, 2.0, 6.0], [0.0, 1.2, 2.0], [3.0, 4.1, 4.9]])
    >>> d = np.array([[[0, 0, 1], [0, 0, 0], [0, 0, 0.0]]])
    >>> round(fixed_effects(y, d, ["d"]).effect("d").value, 3)
    3.125
    """
    units, periods = y.shape
    if units < 3:
        refuse(Reason.TOO_FEW_UNITS, f"{units} enheter er for få til klyngerobuste feil")
    design = within(columns).reshape(len(names), -1).T
    target = within(y).ravel()
    sizes = np.linalg.norm(columns.reshape(len(names), -1), axis=1)
    left = np.linalg.norm(design, axis=0)
    if (left <= 1e-9 * np.maximum(sizes, 1e-300)).any():
        refuse(Reason.COLLINEAR, "en forklaringsvariabel varierer bare mellom enheter eller bare over tid")
    full_rank(design, names)
    q, r = np.linalg.qr(design)
    back = np.linalg.inv(r)
    coef = back @ (q.T @ target)
    residuals = target - design @ coef
    scores = (q * residuals[:, None]).reshape(units, periods, -1).sum(axis=1)
    n, k = y.size, len(names) + periods
    factor = units / (units - 1) * (n - 1) / (n - k)
    cov = back @ (scores.T @ scores) @ back.T * factor
    rule = "CR1 klynget på enhet, G/(G−1)·(n−1)/(n−k), k uten enhetseffekter, t(G−1)"
    return PanelFit(tuple(names), coef, cov, residuals.reshape(y.shape), units, factor, rule)


RULE = "imputasjon, konservativ varians klynget på enhet, normalkvantil"


@dataclass(frozen=True, slots=True)
class Imputation:
    """Imputed effects: the mean over all exposed unit-periods, and by periods since the start."""

    att: Estimate
    since: tuple[int, ...]
    effects: tuple[Estimate, ...]


def imputation(data: Panel, *, level: float = 0.95) -> Imputation:
    """Return effects as observed less imputed from the not yet exposed.

    Unit and period effects (and covariates) are fitted on unexposed observations only, and give each
    exposed observation what it would have been.

    Raises
    ------
    AnalyseAvvist
        ALL_TREATED if in some period nobody is unexposed; TOO_FEW_UNITS if a cohort has one unit.

    Notes
    -----
    Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91: 3253–3285; variance by their
    equation 7 with effects averaged within cohort and period.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> data = simulated_panel(1, effect=lambda since: 0 * since + 2.0, noise=0.1)
    >>> round(imputation(data).att.value, 1)
    2.0
    """
    exposed = data.exposed.astype(bool)
    if exposed.all(axis=0).any():
        when = data.times[int(np.flatnonzero(exposed.all(axis=0))[0])]
        refuse(
            Reason.ALL_TREATED,
            f"i {when} er alle eksponert, så ingen viser hva som ellers ville ha skjedd",
            hint="Avslutt serien før.",
        )
    needs_cohorts(data)
    design = _design(data)
    flat = exposed.ravel()
    y = data.y.ravel()
    plain, treated = design[~flat], design[flat]
    coef, _, rank, _ = np.linalg.lstsq(plain, y[~flat], rcond=None)
    if rank < design.shape[1]:
        refuse(Reason.COLLINEAR, "forklaringsvariablene kan ikke skilles fra enhet og periode")
    effects = y - design @ coef
    since = data.since.ravel()
    horizons = sorted({int(s) for s in since[flat]})
    # The error left over for an exposed observation: its effect less that of its cohort and period.
    by_cell = effects.reshape(exposed.shape)
    errors = by_cell.copy()
    for g in data.cohorts:
        cell = np.ix_(data.first == g, data.times >= g)
        errors[cell] = by_cell[cell] - by_cell[cell].mean(axis=0)
    gram = np.linalg.inv(plain.T @ plain)

    def mean(chosen: Vector) -> Estimate:
        weights = chosen[flat] / chosen[flat].sum()
        all_weights = np.empty(y.size)
        all_weights[flat] = weights
        all_weights[~flat] = -plain @ (gram @ (treated.T @ weights))
        value = float(weights @ effects[flat])
        by_unit = (all_weights.reshape(exposed.shape) * errors).sum(axis=1)
        return wald(value, math.sqrt(float(by_unit @ by_unit)), RULE, level=level)

    return Imputation(
        att=mean(flat.astype(float)),
        since=tuple(horizons),
        effects=tuple(mean((flat & (since == s)).astype(float)) for s in horizons),
    )


def _design(data: Panel) -> Matrix:
    """Return unit effects, period effects but the first, and covariates; shape (N·T, N+T−1+K)."""
    units, periods = data.y.shape
    by_unit = np.kron(np.eye(units), np.ones((periods, 1)))
    by_period = np.kron(np.ones((units, 1)), np.eye(periods))[:, 1:]
    return np.hstack([by_unit, by_period, data.covariates.reshape(len(data.names), data.y.size).T])
