"""Means of ATT(g,t) by their influence functions: by cohort share, and by time since the start."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis_lib.evaluation.checks import Matrix, Vector
from analysis_lib.evaluation.estimate import Estimate, wald
from analysis_lib.evaluation.panel import Panel

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
