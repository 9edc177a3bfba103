"""Staggered adoption by imputation (Borusyak, Jaravel and Spiess 2024): a check on ATT(g,t)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis_lib.evaluation.checks import Matrix, Vector
from analysis_lib.evaluation.estimate import Estimate, wald
from analysis_lib.evaluation.panel import Panel, needs_cohorts
from analysis_lib.evaluation.refusal import Reason, refuse

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
        ALL_TREATED if in some period nobody is unexposed; TOO_FEW_UNITS if a cohort has one unit;
        COLLINEAR.

    Notes
    -----
    Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91: 3253–3285; variance by their
    equation 7 with effects averaged within cohort and period.

    Examples
    --------
    >>> from analysis_lib.evaluation.simulated import simulated_panel
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
