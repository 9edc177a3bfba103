"""Staggered adoption by interaction-weighted regression (Sun and Abraham 2021): a check on ATT(g,t)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.fixed_effects import PanelFit, fixed_effects
from analysis_lib.evaluation.panel import Panel, needs_cohorts, needs_controls


@dataclass(frozen=True, slots=True)
class SunAbraham:
    """Interaction-weighted effects.

    Attributes
    ----------
    att : Estimate
        Mean over all exposed unit-periods; cohort shares taken as given.
    since : tuple of int
        Periods since the start, −1 left out as the reference.
    effects : tuple of Estimate
    covariates : dict of str to Estimate
    fit : PanelFit
    """

    att: Estimate
    since: tuple[int, ...]
    effects: tuple[Estimate, ...]
    covariates: dict[str, Estimate]
    fit: PanelFit


def sun_abraham(data: Panel, *, level: float = 0.95) -> SunAbraham:
    """Return the interaction-weighted estimate, with covariates if the panel has any.

    Raises
    ------
    AnalyseAvvist
        ALL_TREATED without never exposed units; TOO_FEW_UNITS if a cohort has one unit, whose clustered
        error is nothing; COLLINEAR.

    Notes
    -----
    Sun and Abraham (2021), Journal of Econometrics 225: 175–199; means over cohorts as in fixest's
    ``sunab``.

    Examples
    --------
    >>> from analysis_lib.evaluation.simulated import simulated_panel
    >>> data = simulated_panel(1, effect=lambda since: 0 * since + 2.0, noise=0.1)
    >>> round(sun_abraham(data).att.value, 1)
    2.0
    """
    needs_controls(data)
    needs_cohorts(data)
    cells = [(g, int(t) - g) for g in data.cohorts for t in data.times if int(t) - g != -1]
    dummies = np.stack(
        [np.outer(data.first == g, data.times == g + since).astype(float) for g, since in cells]
    )
    names = [f"{g}:{since:+d}" for g, since in cells]
    fit = fixed_effects(data.y, np.concatenate([dummies, data.covariates]), [*names, *data.names])
    size = np.array([float((data.first == g).sum()) for g, _ in cells])
    when = np.array([since for _, since in cells])

    def mean(chosen: np.ndarray) -> Estimate:
        weights = np.zeros(fit.coef.size)
        weights[: when.size] = np.where(chosen, size, 0.0)
        return fit.combination(weights / weights.sum(), level=level)

    since = tuple(sorted(set(when.tolist())))
    return SunAbraham(
        att=mean(when >= 0),
        since=since,
        effects=tuple(mean(when == s) for s in since),
        covariates={name: fit.effect(name, level=level) for name in data.names},
        fit=fit,
    )
