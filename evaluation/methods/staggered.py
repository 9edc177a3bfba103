"""Staggered adoption: ATT(g,t) and their means (Callaway and Sant'Anna), with Sun and Abraham as a check."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import Matrix, Reason, Vector, choice, refuse, strictly, whole
from evaluation.methods.fixed_effects import saturated
from evaluation.methods.panel import Panel, needs_cohorts, needs_controls
from evaluation.methods.power import mde_wald

RULE = "influensfunksjon, klynget på enhet, normalkvantil"
_SEED, _DRAWS = 20260518, 20_000
ADJUST = {"doubly robust": "dr", "regression": "reg"}
COLUMNS = {"outcome": "y", "unit": "unit", "time": "time", "first_treat": "first"}


@dataclass(frozen=True, slots=True)
class GroupTime:
    """ATT(g,t)."""

    cohort: int
    time: int
    effect: Estimate

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
    span : tuple of str
        First and last period with an effect, as the user knows them.
    left_out : int
        Units that were exposed from the first period, and taken out.
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
    span: tuple[str, str] = ("", "")
    left_out: int = 0


def callaway_santanna(
    data: Panel,
    *,
    not_yet: bool = False,
    base: str = "varying",
    adjust: str = "doubly robust",
    level: float = 0.95,
    fewest: int = 5,
) -> StaggeredDiD:
    """Return ATT(g,t), event study and means; given covariates, doubly robust.

    Parameters
    ----------
    data : Panel
        Covariates count by their value in the period compared from (the earlier one before the start).
    not_yet : bool
        Controls are those not yet exposed, rather than the never exposed.
    base : {"varying", "universal"}
        Base period for effects before the start.
    adjust : {"doubly robust", "regression"}
        How covariates are used: both by weighting and by regression, or by regression alone, which small
        cohorts allow.
    fewest : int
        Units needed among the exposed and among the controls.

    Raises
    ------
    AnalyseAvvist
        ALL_TREATED without controls, TOO_FEW_UNITS (too few, or a cohort of one unit, which has no
        variance, or one below ten units for each covariate that it is weighted by), CONSTANT_SERIES,
        NO_CONVERGENCE where covariates tell the groups apart.

    Notes
    -----
    Callaway and Sant'Anna (2021), Journal of Econometrics 225: 200–230; Sant'Anna and Zhao (2020) 219:
    101–122 for covariates. By the package diff-diff, whose numbers are those of the R package did.
    Not to be used where units can see the start coming and act before it.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> data = simulated_panel(1, effect=lambda since: 0 * since + 2.0, noise=0.1)
    >>> round(callaway_santanna(data).by_group.value, 1)
    2.0
    """
    base = choice(base, ("varying", "universal"), "basisperioden")
    adjust = choice(adjust, tuple(ADJUST), "justeringen")
    _enough(data, not_yet, whole(fewest, "fewest", least=2))
    if adjust == "doubly robust":
        _enough_to_weight(data)
    with strictly("Callaway-Sant'Anna"):
        # A cell without controls is left out, and counted by nobody.
        warnings.filterwarnings("ignore", message=".*could not be estimated")
        found = _fit(data, not_yet, base, adjust)
        study = _event_study(found.aggregate("event_study"), base, level)
        groups = {
            _period(data, g): wald(float(att), float(se), RULE, level=level)
            for g, att, se in _rows(found.aggregate("group"))
        }
    effects = _effects(data, found, level)
    by_group = _by_group(data, found, effects, level)
    when = [e.time for e in effects]
    return StaggeredDiD(
        effects=effects,
        simple=wald(float(found.overall_att), float(found.overall_se), RULE, level=level),
        by_group=by_group,
        groups=groups,
        event_study=study,
        controls="ennå ikke eksponerte" if not_yet else "aldri eksponerte",
        n_treated=int((~data.never).sum()),
        n_control=int(data.never.sum()),
        mde=mde_wald(by_group.se),
        span=(data.label(min(when)), data.label(max(when))),
        left_out=len(data.left_out),
    )


def _enough(data: Panel, not_yet: bool, fewest: int) -> None:
    if not not_yet:
        needs_controls(data, fewest=fewest)
    treated = int((~data.never).sum())
    if treated < fewest:
        refuse(Reason.TOO_FEW_UNITS, f"{treated} eksponerte enheter er for få; minst {fewest} trengs")
    needs_cohorts(data)
    if not data.never.any() and len(data.cohorts) == 1:
        refuse(Reason.ALL_TREATED, "ingen periode har både eksponerte og ennå ikke eksponerte enheter")


def _enough_to_weight(data: Panel) -> None:
    for g in data.cohorts:
        size = int((data.first == g).sum())
        if size < 10 * len(data.names):
            refuse(
                Reason.TOO_FEW_UNITS,
                f"gruppen som starter i {data.label(g)}, har {size} enheter; {len(data.names)} kovariater å "
                f"vekte etter trenger {10 * len(data.names)}",
                hint='Bruk adjust="regression", eller færre kovariater.',
            )


def _fit(data: Panel, not_yet: bool, base: str, adjust: str) -> Any:
    # Here and not above: the package takes a second to load, and most of the report never needs it.
    from diff_diff import CallawaySantAnna

    model = CallawaySantAnna(
        control_group="not_yet_treated" if not_yet else "never_treated",
        base_period=base,
        cband=False,
        estimation_method=ADJUST[adjust],
    )
    return model.fit(data.tidy(), covariates=[f"x{k}" for k in range(len(data.names))] or None, **COLUMNS)


def _period(data: Panel, place: float) -> int:
    return int(place) + int(data.times[0]) - 1


def _rows(table: Any) -> list[tuple[float, float, float]]:
    found = zip(table.label, table.att, table.se, strict=True)
    return [(float(g), att, se) for g, att, se in found if np.isfinite(att)]


def _effects(data: Panel, found: Any, level: float) -> tuple[GroupTime, ...]:
    effects = []
    for (g, t), cell in found.group_time_effects.items():
        if not np.isfinite(cell["se"]):
            continue
        cohort, time = _period(data, g), _period(data, t)
        # What varies less than the arithmetic errs does not vary.
        if cell["se"] <= 1e-12 * max(float(np.abs(data.y).max()), 1e-300):
            refuse(
                Reason.CONSTANT_SERIES,
                f"enhetene fra {data.label(cohort)} endrer seg helt likt fram til {data.label(time)}",
            )
        effects.append(GroupTime(cohort, time, wald(cell["effect"], cell["se"], RULE, level=level)))
    if not any(e.since >= 0 for e in effects):
        refuse(Reason.ALL_TREATED, "ingen periode har både eksponerte og ennå ikke eksponerte enheter")
    return tuple(effects)


def _event_study(found: Any, base: str, level: float) -> EventStudy:
    kept = ~np.asarray(found.is_reference, dtype=bool) & np.isfinite(np.asarray(found.att, dtype=float))
    since = [int(s) for s in np.asarray(found.event_time)[kept]]
    place = {int(s): i for i, s in enumerate(found.vcov_index)}
    order = [place[s] for s in since]
    cov = np.asarray(found.vcov)[np.ix_(order, order)]
    att, se = np.asarray(found.att)[kept], np.asarray(found.se)[kept]
    after = (np.array(since) >= 0) / max(sum(s >= 0 for s in since), 1)
    overall = wald(float(after @ att), math.sqrt(float(after @ cov @ after)), RULE, level=level)
    return EventStudy(
        since=tuple(since),
        effects=tuple(wald(float(a), float(s), RULE, level=level) for a, s in zip(att, se, strict=True)),
        cov=cov,
        critical=sup_t(cov, level) if (np.diag(cov) > 0).all() else math.nan,
        overall=overall,
        base=base,
    )


def _influence(found: Any, g: float, t: float, units: int) -> Vector:
    """Return the influence of each unit on ATT(g,t); their squares sum to its variance."""
    # Not among the package's public names. A test holds it to the standard errors that are.
    cell = found._aggregation_kit.influence[(g, t)]
    whole_vector = np.zeros(units)
    whole_vector[cell["treated_idx"]] += cell["treated_inf"]
    whole_vector[cell["control_idx"]] += cell["control_inf"]
    return whole_vector


def _by_group(data: Panel, found: Any, effects: tuple[GroupTime, ...], level: float) -> Estimate:
    """Return the mean of the cohorts' own means, weighted by their shares, which are estimated too."""
    offset = int(data.times[0]) - 1
    cohorts = sorted({e.cohort for e in effects if e.since >= 0})
    means, influences = [], []
    for g in cohorts:
        own = [e for e in effects if e.cohort == g and e.since >= 0]
        means.append(float(np.mean([e.effect.value for e in own])))
        total = np.zeros(len(data.units))
        for e in own:
            total += _influence(found, float(g - offset), e.time - offset, total.size)
        influences.append(total / len(own))
    member = np.stack([(data.first == g).astype(float) for g in cohorts])
    share = member.mean(axis=1)
    weights, values = share / share.sum(), np.array(means)
    centred = (member - share[:, None]) / member.shape[1]
    of_weights = centred / share.sum() - share[:, None] / share.sum() ** 2 * centred.sum(axis=0)
    influence = weights @ np.stack(influences) + values @ of_weights
    return wald(float(weights @ values), math.sqrt(float(influence @ influence)), RULE, level=level)


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
    """

    att: Estimate
    since: tuple[int, ...]
    effects: tuple[Estimate, ...]
    covariates: dict[str, Estimate]


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
    ``sunab``, with its small-sample factor. The regression has an effect for every cohort and period, so
    its coefficients are differences of cohort means, and only covariates are regressed: memory grows
    with units times periods, where the design of dummies grows with the square of the periods. Not to be
    used where few are never exposed: they alone are the comparison.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> data = simulated_panel(1, effect=lambda since: 0 * since + 2.0, noise=0.1)
    >>> round(sun_abraham(data).att.value, 1)
    2.0
    """
    needs_controls(data)
    needs_cohorts(data)
    fit = saturated(data)
    size = np.array([float((data.first == g).sum()) for g, _ in fit.cells])
    when = np.array([since for _, since in fit.cells])

    def mean(chosen: np.ndarray) -> Estimate:
        weights = np.where(chosen, size, 0.0)
        return fit.mean(weights / weights.sum(), level=level)

    since = tuple(sorted(set(when.tolist())))
    return SunAbraham(
        att=mean(when >= 0),
        since=since,
        effects=tuple(mean(when == s) for s in since),
        covariates={name: fit.covariate(k, level=level) for k, name in enumerate(data.names)},
    )
