"""Funnel plots: limits of chance about a target, wider where units vary more than chance makes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.basis.requirements import (
    Reason,
    Vector,
    at_least,
    choice,
    counts_vector,
    number,
    positive,
    refuse,
    same_length,
)

LEVELS = (0.95, 0.998)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Over-dispersion.

    Attributes
    ----------
    phi : float
        Mean squared winsorised z-score: 1 if chance alone.
    tau : float
        Standard deviation between units beyond chance, on the scale of the z-scores; 0 where there is none.
    """

    phi: float
    tau: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot.

    Attributes
    ----------
    target : float
    values : array, shape (k,)
    size : array, shape (k,)
        Observations behind each proportion, or the expected count behind each ratio.
    limits : dict of float to tuple of arrays, shapes (k,)
        Lower and upper limit for each unit at each level.
    outside : dict of float to tuple of int
        Positions of units outside the limits of the level: −1 below, +1 above, 0 inside.
    dispersion : Dispersion
    rule : str
        How the limits are made; it stands in the caption of the picture.
    unit : str
        «andel» or «observert over forventet».
    """

    target: float
    values: Vector
    size: Vector
    limits: dict[float, tuple[Vector, Vector]]
    outside: dict[float, tuple[int, ...]]
    dispersion: Dispersion
    rule: str
    unit: str


def dispersion(values: Vector, target: Vector | float, se: Vector, *, winsorise: float = 0.1) -> Dispersion:
    """Return additive over-dispersion (Spiegelhalter 2005, appendix A).

    Parameters
    ----------
    values, se : array, shape (k,)
        On a scale where chance is about normal, and its standard error under the target.
    winsorise : float
        Share of z-scores pulled in at each end, so that true outliers do not widen the limits.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24: 1185–1202.

    Examples
    --------
    >>> dispersion(np.array([0.9, -0.8, 0.7, -0.9, 0.5]), 0.0, np.ones(5)).tau
    0.0
    """
    z = (values - target) / se
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    z = np.clip(z, low, high)
    k = z.size
    phi = float((z**2).mean())
    weights = 1 / se**2
    rest = float(weights.sum() - (weights**2).sum() / weights.sum())
    # One unit may be so much larger than the others that nothing is left to compare it with.
    tau2 = (k * phi - (k - 1)) / rest if rest > 1e-12 * float(weights.sum()) else 0.0
    return Dispersion(phi, math.sqrt(max(tau2, 0.0)))


OVERDISPERSION = ("none", "multiplicative", "additive")
LIMITS = ("exact", "z")


def funnel_proportions(
    counts: ArrayLike,
    n: ArrayLike,
    *,
    target: float | None = None,
    overdispersion: str = "additive",
    limits: str = "exact",
) -> Funnel:
    """Return funnel limits of proportions.

    Parameters
    ----------
    counts, n : array_like, shape (k,)
    target : float, optional
        The overall proportion by default.
    overdispersion : {"additive", "multiplicative", "none"}
        What widens the limits where units vary more than chance: a variance between units, τ², or the factor
        φ, both from winsorised z-scores on the arcsine scale; or nothing.
    limits : {"exact", "z"}
        Where nothing widens them: by the tails of the binomial, or by z on the arcsine scale.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below ten units, ZERO_EXPOSURE for a unit without observations, INVALID_VALUE;
        CONSTANT_SERIES where the target is 0 or 1, which leaves no chance variation.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24: 1185–1202. A unit lies outside an exact limit where its
    own tail, itself included, has less than half of what the level leaves; between counts the limit is drawn
    through the tails, the upper as the mirror of the lower.

    Examples
    --------
    >>> f = funnel_proportions([10, 12, 9, 11, 8, 10, 13, 7, 10, 30], [100] * 10, target=0.1)
    >>> f.outside[0.998], f.rule
    ((0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 'eksakt binomisk')
    """
    x, total = counts_vector(counts), positive(counts_vector(n, "n"), "n")
    at_least(same_length(antall=x, n=total), 10, "enheter")
    if (x > total).any():
        refuse(Reason.INVALID_VALUE, "et antall er større enn n")
    aim = float(x.sum() / total.sum()) if target is None else number(target, "målnivået")
    if not 0 < aim < 1:
        refuse(Reason.CONSTANT_SERIES, "målnivået er 0 eller 1, så tilfeldig variasjon finnes ikke")
    scale = _Scale(
        "arcsinusskala", lambda p: np.arcsin(np.sqrt(p)), lambda a: np.sin(np.clip(a, 0.0, math.pi / 2)) ** 2
    )
    exact = _Exact("eksakt binomisk", stats.binom(total, aim), total, 1.0)
    se = 1 / (2 * np.sqrt(total))
    return _funnel(aim, x / total, se, scale, exact, overdispersion, limits, total, "andel")


def funnel_ratios(
    observed: ArrayLike, expected: ArrayLike, *, overdispersion: str = "additive", limits: str = "exact"
) -> Funnel:
    """Return funnel limits of observed over expected counts, about the target 1.

    Parameters
    ----------
    observed, expected : array_like, shape (k,)
    overdispersion, limits
        As in `funnel_proportions`, by the Poisson distribution and on the square-root scale.

    Examples
    --------
    By chance alone, five or more are seen where two are expected in 5.3 % of units: not outside 95 %.

    >>> f = funnel_ratios([2] * 9 + [5], [2.0] * 10)
    >>> f.outside[0.95][-1], f.rule
    (0, 'eksakt Poisson')
    """
    x, e = counts_vector(observed), positive(expected, "forventet antall")
    at_least(same_length(observert=x, forventet=e), 10, "enheter")
    scale = _Scale("rotskala", np.sqrt, lambda a: np.maximum(a, 0.0) ** 2)
    exact = _Exact("eksakt Poisson", stats.poisson(e), e)
    se = 1 / (2 * np.sqrt(e))
    return _funnel(1.0, x / e, se, scale, exact, overdispersion, limits, e, "observert over forventet")


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where chance is about normal: the way there and back."""

    name: str
    there: Callable[[Vector], Vector]
    back: Callable[[Vector], Vector]


@dataclass(frozen=True, slots=True)
class _Exact:
    """The counts of the units by chance alone, and what a count is divided by."""

    name: str
    chance: Any
    size: Vector
    most: float = math.inf

    def limits(self, level: float) -> tuple[Vector, Vector]:
        """Return the limits, drawn so that a count is outside where its tail is less than it may be."""
        tail = (1 - level) / 2
        # The largest count with so small a tail below it, and the smallest with so small a one above.
        low = self.chance.ppf(tail)
        low = np.where(self.chance.cdf(low) > tail, low - 1, low)
        high = self.chance.isf(tail) + 1
        below, beyond = self.chance.cdf(low), self.chance.sf(high - 1)
        down = low + (tail - below) / self.chance.pmf(low + 1)
        up = high - (tail - beyond) / self.chance.pmf(high - 1)
        return np.maximum(down, 0.0) / self.size, np.minimum(up / self.size, self.most)


def _funnel(
    target: float,
    values: Vector,
    se: Vector,
    scale: _Scale,
    exact: _Exact,
    overdispersion: str,
    limits: str,
    size: Vector,
    unit: str,
) -> Funnel:
    choice(overdispersion, OVERDISPERSION, "overspredningen")
    choice(limits, LIMITS, "grensene")
    aim = float(scale.there(np.array([target]))[0])
    found = dispersion(scale.there(values), aim, se)
    rule, wide = f"z på {scale.name}", se
    if overdispersion == "multiplicative" and found.phi > 1:
        rule += f", ganget med √φ (φ = {_told(found.phi, 1)}, vinsorisert 10 %)"
        wide = se * math.sqrt(found.phi)
    elif overdispersion == "additive" and found.tau > 0:
        rule += f", variansen økt med τ² (τ = {_told(found.tau, 3)}, vinsorisert 10 %)"
        wide = np.sqrt(se**2 + found.tau**2)
    elif limits == "exact":
        rule = exact.name
    ends = {}
    for level in LEVELS:
        half = float(stats.norm.ppf((1 + level) / 2)) * wide
        ends[level] = (
            exact.limits(level) if rule == exact.name else (scale.back(aim - half), scale.back(aim + half))
        )
    if not all(np.isfinite(end).all() for pair in ends.values() for end in pair):
        refuse(Reason.INVALID_VALUE, "en enhet er for stor til at grensene kan regnes ut")
    outside = {
        level: tuple(int(v > high) - int(v < low) for v, low, high in zip(values, *pair, strict=True))
        for level, pair in ends.items()
    }
    return Funnel(target, values, size, ends, outside, found, rule, unit)


def _told(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")
