"""Few units with a measure: what the effect would have been had other units had it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import (
    Reason,
    Vector,
    not_constant,
    probability,
    refuse,
    vector,
    whole,
)
from evaluation.methods.power import mde_wald

_SEED = 20260518


@dataclass(frozen=True, slots=True)
class Permuted:
    """A difference of means, judged by every way of choosing which units had the measure.

    Attributes
    ----------
    effect : Estimate
        Its interval holds every effect that the permutations do not reject; no standard error.
    p : float
        Share of the choices with a difference at least as large, the true one included.
    choices : int
        Ways of choosing that were tried.
    every : bool
        True where those are all there are.
    n_treated, n_control : int
    mde : float
        Smallest effect found with 80 % power, from the spread of the permuted differences.
    """

    effect: Estimate
    p: float
    choices: int
    every: bool
    n_treated: int
    n_control: int
    mde: float


def permuted_difference(
    treated: ArrayLike, control: ArrayLike, *, level: float = 0.95, draws: int = 9999
) -> Permuted:
    """Return the difference in mean change, its p-value and interval by randomisation inference.

    Parameters
    ----------
    treated, control : array_like, shapes (n₁,) and (n₀,)
        One number a unit: a change after less before, or a step of its own.
    draws : int
        Choices drawn (seeded) where there are more ways than that; else every one is tried.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS where even the most extreme choice has a p-value above 1 − `level`; ALL_TREATED,
        NONE_TREATED, CONSTANT_SERIES.

    Notes
    -----
    Fisher's sharp null of the same effect on every unit, inverted for the interval. With few exposed units
    it holds its size where clustered errors and the wild bootstrap do not (MacKinnon and Webb 2017, Journal
    of Applied Econometrics 32: 233–254; Conley and Taber 2011). It takes the units to vary alike: not to be
    used where the exposed are much smaller or larger than the others.

    Examples
    --------
    >>> others = [0.1, -0.2, 0.3, 0.0, -0.1, 0.2, -0.3, 0.4, -0.4, 0.15, -0.15, 0.25, -0.25]
    >>> r = permuted_difference([3.0, 3.2], others)
    >>> r.choices, round(r.p, 4), r.effect.low > 0
    (105, 0.0095, True)
    """
    a, b = vector(treated, "endringer, eksponerte"), vector(control, "endringer, andre")
    confidence, most = probability(level), whole(draws, "antall trekninger", least=99)
    if b.size == 0:
        refuse(Reason.ALL_TREATED, "alle enheter er eksponert")
    if a.size == 0:
        refuse(Reason.NONE_TREATED, "ingen enheter er eksponert")
    values = np.concatenate([a, b])
    not_constant(values, "endringene")
    sums, shared, every = _choices(values, a.size, most)
    # The exposed less an effect τ: each difference is a line in τ, and the true one has slope 1.
    share = 1 / a.size + 1 / b.size
    differences = sums * share - values.sum() / b.size
    slopes = shared * share - a.size / b.size
    reach = np.abs(differences) >= abs(differences[0]) * (1 - 1e-12)
    low, high = _inverted(differences, slopes, 1 - confidence)
    if not math.isfinite(low + high):
        refuse(
            Reason.TOO_FEW_UNITS,
            f"{a.size} eksponerte blant {values.size} kan velges på bare {sums.size} måter",
            hint="Ta med flere enheter uten tiltaket.",
        )
    rule = f"permutasjon, {sums.size} {'valg' if every else 'trukne valg'} av eksponerte enheter"
    effect = Estimate(float(differences[0]), math.nan, low, high, rule, level=confidence)
    # What the difference varies by when chance chooses, with the effect taken out of the exposed.
    mde = mde_wald(float((differences - differences[0] * slopes).std()))
    return Permuted(effect, float(reach.mean()), sums.size, every, a.size, b.size, mde)


def _choices(values: Vector, k: int, most: int) -> tuple[Vector, Vector, bool]:
    """Return the sum over the exposed of each choice, and how many of them truly were (the first k).

    The true choice is first. Only a block of choices is held at a time.
    """
    n = values.size
    if math.comb(n, k) <= most:
        who = np.array(list(combinations(range(n), k)))
        return values[who].sum(axis=1), (who < k).sum(axis=1).astype(float), True
    rng, block = np.random.default_rng(_SEED), max(2_000_000 // n, 1)
    sums, shared = [np.array([values[:k].sum()])], [np.array([float(k)])]
    for start in range(0, most, block):
        who = rng.random((min(block, most - start), n)).argpartition(k - 1, axis=1)[:, :k]
        sums.append(values[who].sum(axis=1))
        shared.append((who < k).sum(axis=1).astype(float))
    return np.concatenate(sums), np.concatenate(shared), False


def _inverted(differences: Vector, slopes: Vector, alpha: float) -> tuple[float, float]:
    """Return the ends of the effects that more than `alpha` of the choices allow.

    A choice reaches as far as the true one between the two effects where their lines meet, and the
    estimate lies between them; a choice as steep as the true one (itself, its mirror) always does.
    """
    always = np.abs(slopes) >= 1 - 1e-12
    safe = np.where(always, 0.0, slopes)
    true = differences[0]
    ends = np.stack([(differences - true) / (safe - 1), (differences + true) / (safe + 1)])
    low = np.sort(np.where(always, -math.inf, ends.min(axis=0)))
    high = np.sort(np.where(always, math.inf, ends.max(axis=0)))[::-1]
    place = math.floor(alpha * low.size + 1e-9)
    return float(low[place]), float(high[place])
