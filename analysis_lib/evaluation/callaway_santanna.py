"""Staggered adoption: ATT(g,t) and what to make of them (Callaway and Sant'Anna 2021)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.evaluation.checks import Vector, choice, whole
from analysis_lib.evaluation.estimate import Estimate, wald
from analysis_lib.evaluation.event_study import (
    RULE,
    EventStudy,
    GroupTime,
    by_share,
    combine,
    event_study,
    mean_of,
    se_of,
)
from analysis_lib.evaluation.panel import Panel, needs_cohorts, needs_controls
from analysis_lib.evaluation.power import mde_wald
from analysis_lib.evaluation.refusal import Reason, refuse


@dataclass(frozen=True, slots=True)
class StaggeredDiD:
    """All ATT(g,t) and their summaries.

    Attributes
    ----------
    effects : tuple of GroupTime
    simple, by_group : Estimate
        Mean over all (g,t) from the start on; mean over cohorts of their own means.
    groups : dict of int to Estimate
        Each cohort's mean effect.
    event_study : EventStudy
    controls : str
        «aldri eksponerte» or «ennå ikke eksponerte».
    n_treated, n_control, smallest_cohort : int
    mde : float
        For the mean effect `by_group`.
    """

    effects: tuple[GroupTime, ...]
    simple: Estimate
    by_group: Estimate
    groups: dict[int, Estimate]
    event_study: EventStudy
    controls: str
    n_treated: int
    n_control: int
    smallest_cohort: int
    mde: float


def callaway_santanna(
    data: Panel, *, not_yet: bool = False, base: str = "varying", level: float = 0.95, fewest: int = 5
) -> StaggeredDiD:
    """Return ATT(g,t) without covariates, event study and means.

    Parameters
    ----------
    data : Panel
    not_yet : bool
        Controls are those not yet exposed, rather than the never exposed.
    base : {"varying", "universal"}
        Base period for effects before the start.
    fewest : int
        Units needed among the exposed and among the controls.

    Raises
    ------
    AnalyseAvvist
        ALL_TREATED without controls, TOO_FEW_UNITS (too few, or a cohort of one unit, which has no
        variance), CONSTANT_SERIES.

    Notes
    -----
    Callaway and Sant'Anna (2021), Journal of Econometrics 225: 200–230; influence functions as in
    the R package did, including those of estimated cohort shares in the means.

    Examples
    --------
    >>> from analysis_lib.evaluation.simulated import simulated_panel
    >>> data = simulated_panel(1, effect=lambda since: 0 * since + 2.0, noise=0.1)
    >>> round(callaway_santanna(data).by_group.value, 1)
    2.0
    """
    base = choice(base, ("varying", "universal"), "basisperioden")
    fewest = whole(fewest, "fewest", least=2)
    if data.names:
        refuse(
            Reason.INVALID_VALUE, "metoden er bygd uten kovariater", hint="Bruk sun_abraham eller imputation."
        )
    if not not_yet:
        needs_controls(data, fewest=fewest)
    treated = int((~data.never).sum())
    if treated < fewest:
        refuse(Reason.TOO_FEW_UNITS, f"{treated} eksponerte enheter er for få; minst {fewest} trengs")
    needs_cohorts(data)
    effects = tuple(
        effect
        for g in data.cohorts
        for t in data.times
        if (effect := _att(data, g, int(t), not_yet, base, level)) is not None
    )
    after = [e for e in effects if e.since >= 0]
    if not after:
        refuse(Reason.ALL_TREATED, "ingen periode har både eksponerte og ennå ikke eksponerte enheter")
    groups = {
        g: mean_of([e for e in after if e.cohort == g], level) for g in sorted({e.cohort for e in after})
    }
    by_group = _weighted(data, groups, level)
    return StaggeredDiD(
        effects=effects,
        simple=by_share(data, after, level)[0],
        by_group=by_group,
        groups={g: estimate for g, (estimate, _) in groups.items()},
        event_study=event_study(data, effects, base, level),
        controls="ennå ikke eksponerte" if not_yet else "aldri eksponerte",
        n_treated=treated,
        n_control=int(data.never.sum()),
        smallest_cohort=min(int((data.first == g).sum()) for g in data.cohorts),
        mde=mde_wald(by_group.se),
    )


def _att(data: Panel, g: int, t: int, not_yet: bool, base: str, level: float) -> GroupTime | None:
    times = data.times
    reference = g - 1 if (base == "universal" or t >= g) else t - 1
    if reference < times[0] or t == reference:
        return None
    inside = data.first == g
    controls = data.never | ((data.first > max(t, reference)) & ~inside) if not_yet else data.never
    if controls.sum() < 2:
        return None
    change = data.y[:, t - times[0]] - data.y[:, reference - times[0]]
    up, down = float(change[inside].mean()), float(change[controls].mean())
    influence = inside / inside.mean() * (change - up) - controls / controls.mean() * (change - down)
    se = se_of(influence)
    if se == 0:
        refuse(Reason.CONSTANT_SERIES, f"enhetene i gruppen fra {g} endrer seg helt likt fram til {t}")
    return GroupTime(g, t, wald(up - down, se, RULE, level=level), influence)


def _weighted(data: Panel, groups: dict[int, tuple[Estimate, Vector]], level: float) -> Estimate:
    values = np.array([estimate.value for estimate, _ in groups.values()])
    influences = np.stack([influence for _, influence in groups.values()])
    return combine(data, list(groups), values, influences, level)[0]
