"""Staggered adoption: ATT(g,t) and their means (Callaway and Sant'Anna), with Sun and Abraham as a check."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import Matrix, Reason, Vector, choice, refuse, whole
from evaluation.methods.fixed_effects import PanelFit, fixed_effects
from evaluation.methods.panel import Panel, needs_cohorts, needs_controls
from evaluation.methods.power import mde_wald

RULE = "influensfunksjon, klynget på enhet, normalkvantil"
_SEED, _DRAWS = 20260518, 20_000


@dataclass(frozen=True, slots=True)
class GroupTime:
    """ATT(g,t) with its influence function, shape (N,)."""

    cohort: int
    time: int
    effect: Estimate
    influence: Vector

    @property
    def since(self) -> int:
        """Periods since the start; negative before it."""
        return self.time - self.cohort


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Effects by time since the start.

    Attributes
    ----------
    since : tuple of int
    effects : tuple of Estimate
        Pointwise intervals.
    cov : array, shape (k, k)
    critical : float
        Critical value of the band that holds all effects at once.
    overall : Estimate
        Mean over the periods from the start on.
    base : str
        "varying": each effect before the start is a change from the period before it;
        "universal": from the last period before the start.
    """

    since: tuple[int, ...]
    effects: tuple[Estimate, ...]
    cov: Matrix
    critical: float
    overall: Estimate
    base: str

    def band(self, since: int) -> tuple[float, float]:
        """Return the simultaneous band at one time since the start."""
        e = self.effects[self.since.index(since)]
        return e.value - self.critical * e.se, e.value + self.critical * e.se


def se_of(influence: Vector) -> float:
    """Return the standard error of an estimate with this influence function."""
    return math.sqrt(float(influence @ influence)) / influence.size


def mean_of(effects: list[GroupTime], level: float) -> tuple[Estimate, Vector]:
    """Return the plain mean of effects, and its influence function."""
    value = float(np.mean([e.effect.value for e in effects]))
    influence = np.mean([e.influence for e in effects], axis=0)
    return wald(value, se_of(influence), RULE, level=level), influence


def combine(
    data: Panel, cohorts: list[int], values: Vector, influences: Matrix, level: float
) -> tuple[Estimate, Vector]:
    """Return the mean weighted by cohort shares; the shares are estimated too."""
    member = np.stack([(data.first == g).astype(float) for g in cohorts])
    share = member.mean(axis=1)
    weights = share / share.sum()
    centred = member - share[:, None]
    of_weights = centred / share.sum() - share[:, None] / share.sum() ** 2 * centred.sum(axis=0)
    influence = weights @ influences + values @ of_weights
    return wald(float(weights @ values), se_of(influence), RULE, level=level), influence


def by_share(data: Panel, effects: list[GroupTime], level: float) -> tuple[Estimate, Vector]:
    """Return the mean of effects weighted by cohort share, and its influence function."""
    values = np.array([e.effect.value for e in effects])
    return combine(data, [e.cohort for e in effects], values, np.stack([e.influence for e in effects]), level)


def event_study(data: Panel, effects: tuple[GroupTime, ...], base: str, level: float) -> EventStudy:
    """Return effects by time since the start."""
    since = sorted({e.since for e in effects})
    pairs = [by_share(data, [e for e in effects if e.since == s], level) for s in since]
    influences = np.stack([influence for _, influence in pairs])
    n = influences.shape[1]
    cov = influences @ influences.T / n**2
    post = np.array([s >= 0 for s in since])
    mean_influence = influences[post].mean(axis=0)
    value = float(np.mean([e.value for (e, _), p in zip(pairs, post, strict=True) if p]))
    return EventStudy(
        since=tuple(since),
        effects=tuple(e for e, _ in pairs),
        cov=cov,
        critical=sup_t(cov, level),
        overall=wald(value, se_of(mean_influence), RULE, level=level),
        base=base,
    )


def sup_t(cov: Matrix, level: float) -> float:
    """Return the critical value that holds all coordinates of a normal vector at once (seeded draws).

    >>> 2.2 < sup_t(np.eye(2), 0.95) < 2.3
    True
    """
    sd = np.sqrt(np.diag(cov))
    values, vectors = np.linalg.eigh(cov / np.outer(sd, sd))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    draws = np.random.default_rng(_SEED).standard_normal((_DRAWS, sd.size)) @ root.T
    return float(np.quantile(np.abs(draws).max(axis=1), level))


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
    n_treated, n_control : int
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
    >>> from evaluation.methods.panel import simulated_panel
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
    >>> from evaluation.methods.panel import simulated_panel
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
