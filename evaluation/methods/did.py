"""Difference-in-differences: one start, and what a two-way regression compares."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import Reason, not_constant, refuse, vector
from evaluation.methods.fixed_effects import fixed_effects
from evaluation.methods.panel import Panel, needs_controls
from evaluation.methods.power import mde_clusters


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """A difference of mean changes.

    Attributes
    ----------
    effect : Estimate
    change_treated, change_control : float
    n_treated, n_control : int
    mde : float
    """

    effect: Estimate
    change_treated: float
    change_control: float
    n_treated: int
    n_control: int
    mde: float


def two_by_two(changes_treated: ArrayLike, changes_control: ArrayLike, *, level: float = 0.95) -> TwoByTwo:
    """Return the difference between the mean changes of exposed and other units.

    Parameters
    ----------
    changes_treated, changes_control : array_like, shapes (n₁,) and (n₀,)
        After less before, one number a unit: that takes the serial correlation out.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS with fewer than two units in a group: one unit has no variance. CONSTANT_SERIES.

    Notes
    -----
    Welch's t. Not to be used with two to four units in a group (with two of fifteen it has twice the false
    alarms: use `permuted_difference`), or where trends before the start were not alike.

    Examples
    --------
    >>> r = two_by_two([3.0, 4.0, 5.0], [1.0, 2.0, 1.5])
    >>> r.effect.value, r.effect.rule
    (2.5, 'ulike varianser, Welch t')
    """
    a, b = vector(changes_treated, "endringer, eksponerte"), vector(changes_control, "endringer, andre")
    if b.size == 0:
        refuse(Reason.ALL_TREATED, "alle enheter er eksponert")
    if a.size == 0:
        refuse(Reason.NONE_TREATED, "ingen enheter er eksponert")
    if min(a.size, b.size) < 2:
        refuse(
            Reason.TOO_FEW_UNITS,
            f"{a.size} eksponerte og {b.size} andre enheter; én enhet gir ingen usikkerhet å regne med",
            hint="Bruk syntetisk kontroll eller beskrivelse.",
        )
    not_constant(np.concatenate([a, b]), "endringene")
    va, vb = float(a.var(ddof=1)) / a.size, float(b.var(ddof=1)) / b.size
    se = math.sqrt(va + vb)
    if se == 0:
        refuse(Reason.CONSTANT_SERIES, "enhetene i hver gruppe endrer seg helt likt")
    df = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    effect = wald(float(a.mean() - b.mean()), se, "ulike varianser, Welch t", df=df, level=level)
    pooled = math.sqrt((va * a.size * (a.size - 1) + vb * b.size * (b.size - 1)) / (a.size + b.size - 2))
    return TwoByTwo(
        effect, float(a.mean()), float(b.mean()), a.size, b.size, mde_clusters(a.size, b.size, pooled)
    )


@dataclass(frozen=True, slots=True)
class BaconComparison:
    """One of the two-by-two comparisons inside a two-way fixed-effects estimate.

    Attributes
    ----------
    kind : str
        «aldri eksponert», «senere eksponert» or «tidligere eksponert» as control; the last compares
        with units whose own effect may still be growing.
    cohort, control : float
        First periods; infinite for the never exposed.
    weight, estimate : float
    """

    kind: str
    cohort: float
    control: float
    weight: float
    estimate: float


@dataclass(frozen=True, slots=True)
class TWFE:
    """A two-way fixed-effects estimate and its Goodman-Bacon decomposition.

    Attributes
    ----------
    effect : Estimate
    comparisons : tuple of BaconComparison
        Weights sum to 1, and weighted estimates to the effect; empty with covariates.
    forbidden_weight : float
        Weight of comparisons with units already exposed.
    """

    effect: Estimate
    comparisons: tuple[BaconComparison, ...]
    forbidden_weight: float

    def total(self, kind: str) -> tuple[float, float]:
        """Return the weight of a kind of comparison, and its weighted mean estimate."""
        chosen = [c for c in self.comparisons if c.kind == kind]
        weight = sum(c.weight for c in chosen)
        return weight, sum(c.weight * c.estimate for c in chosen) / weight if weight else math.nan


NEVER, LATER, EARLIER = "aldri eksponert", "senere eksponert", "tidligere eksponert"


def twfe(data: Panel, *, level: float = 0.95) -> TWFE:
    """Return the two-way fixed-effects estimate with clustered errors, taken apart.

    Raises
    ------
    AnalyseAvvist
        ALL_TREATED if everybody starts in the same period; COLLINEAR.

    Notes
    -----
    Goodman-Bacon (2021), Journal of Econometrics 225: 254–277. With staggered starts and effects that
    vary this is not an average effect: use `callaway_santanna`. Not to be used for a verdict where units
    started at different times.

    Examples
    --------
    >>> from evaluation.methods.panel import Panel
    >>> y = np.array([[1, 2, 5.0], [1, 1, 3], [0, 1, 1.5], [2, 3, 3.0]])
    >>> data = Panel((1, 2, 3, 4), np.arange(3), y, np.array([1, 2, np.inf, np.inf]), np.empty((0, 4, 3)), ())
    >>> r = twfe(data)
    >>> abs(sum(c.weight * c.estimate for c in r.comparisons) - r.effect.value) < 1e-12
    True
    """
    if len(data.cohorts) == 1:
        needs_controls(data)
    columns = np.concatenate([data.exposed[None], data.covariates])
    fit = fixed_effects(data.y, columns, ["eksponert", *data.names])
    comparisons = () if data.names else bacon(data)
    forbidden = sum(c.weight for c in comparisons if c.kind == EARLIER)
    return TWFE(fit.effect("eksponert", level=level), comparisons, forbidden)


def bacon(data: Panel) -> tuple[BaconComparison, ...]:
    """Return every two-by-two comparison with its weight, for a panel without covariates.

    Not an estimate, and not to be used as one: it shows what `twfe` compares.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> {c.kind for c in bacon(simulated_panel(1))} == {NEVER, LATER, EARLIER}
    True
    """
    groups: list[float] = [float(g) for g in data.cohorts]
    size = {g: float((data.first == g).mean()) for g in [*groups, math.inf]}
    share = {g: float((data.times >= g).mean()) for g in groups}
    raw: list[tuple[str, float, float, float, float]] = []
    every = np.ones(data.times.size, dtype=bool)
    for k in groups:
        if size[math.inf] > 0:
            pair = size[k] + size[math.inf]
            mix = size[k] / pair
            weight = pair**2 * mix * (1 - mix) * share[k] * (1 - share[k])
            raw.append((NEVER, k, math.inf, weight, _means(data, k, math.inf, every)))
        for late in (g for g in groups if g > k):
            pair = size[k] + size[late]
            mix = size[k] / pair
            dk, dl = share[k], share[late]
            base = pair**2 * mix * (1 - mix) * (dk - dl)
            raw.append((LATER, k, late, base * (1 - dk), _means(data, k, late, data.times < late)))
            raw.append((EARLIER, late, k, base * dl, _means(data, late, k, data.times >= k)))
    total = sum(item[3] for item in raw)
    return tuple(BaconComparison(kind, g, c, weight / total, value) for kind, g, c, weight, value in raw)


def _means(data: Panel, cohort: float, control: float, window: NDArray[np.bool_]) -> float:
    after = window & (data.times >= cohort)
    before = window & (data.times < cohort)
    one, other = data.y[data.first == cohort], data.y[data.first == control]
    change = one[:, after].mean() - one[:, before].mean()
    return float(change - (other[:, after].mean() - other[:, before].mean()))
