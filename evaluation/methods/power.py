"""Power and the minimum detectable effect: what could have been seen, said before what was seen."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import power_proportions_2indep

from evaluation.basis.estimate import Estimate, quantile, ratio_of
from evaluation.basis.requirements import Reason, number, probability, refuse, whole
from evaluation.methods.reml import planned


def power_two_proportions(n: float, p1: float, p2: float, *, alpha: float = 0.05) -> float:
    """Return the power of a two-sided test of two proportions with `n` in each group.

    The normal approximation with pooled variance under the null (Fleiss 1981); not the arcsine effect size.

    Examples
    --------
    >>> round(power_two_proportions(50, 0.50, 0.75), 6)
    0.740167
    """
    p1, p2, n = probability(p1, "en andel"), probability(p2, "en andel"), number(n, "antall i hver gruppe")
    if n <= 0:
        refuse(Reason.MISSING_N, "antall i hver gruppe mangler")
    level = probability(alpha, "signifikansnivået")
    return float(power_proportions_2indep(p2 - p1, p1, n, alpha=level, return_results=False))


def n_two_proportions(p1: float, p2: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the number needed in each group, not rounded up.

    >>> round(n_two_proportions(0.50, 0.75, power=0.9), 4)
    76.7069
    """
    p1, p2 = probability(p1, "en andel"), probability(p2, "en andel")
    if p1 == p2:
        refuse(Reason.INVALID_VALUE, "to like andeler kan aldri skilles")
    return _solved(lambda n: power_two_proportions(n, p1, p2, alpha=alpha), power, 1e-6, 1e12)


def _solved(power_at: Callable[[float], float], power: float, least: float, most: float) -> float:
    """Return where the power reaches what is asked for, or refuse what it never is there."""
    wanted = probability(power, "styrken")
    if not power_at(least) < wanted <= power_at(most):
        refuse(Reason.NOT_IDENTIFIED, "styrken nås ikke med noe rimelig antall, eller med nesten ingen")
    return float(brentq(lambda n: power_at(n) - wanted, least, most, rtol=1e-12))


def mde_two_proportions(n: float, p1: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the smallest increase from `p1` that is found with this power, as a proportion.

    Raises
    ------
    AnalyseAvvist
        NOT_IDENTIFIED if even an increase to 1 would be missed.

    Examples
    --------
    >>> round(mde_two_proportions(76.7069, 0.50, power=0.9), 4)
    0.25
    """
    start, top = probability(p1, "en andel"), 1 - 1e-9
    if power_two_proportions(n, start, top, alpha=alpha) < probability(power, "styrken"):
        refuse(Reason.NOT_IDENTIFIED, "med så få svar kan ingen økning påvises")
    return (
        _solved(lambda p: power_two_proportions(n, start, p, alpha=alpha), power, start + 1e-9, top) - start
    )


def power_t(n: float, delta: float, *, sd: float = 1.0, alpha: float = 0.05) -> float:
    """Return the power of the two-sided two-sample t test with `n` in each group.

    >>> round(power_t(20, 1.0), 6)
    0.868953
    """
    apart, spread = number(delta, "forskjellen"), number(sd, "standardavviket")
    size = number(n, "antall i hver gruppe")
    if spread <= 0 or size <= 1:
        refuse(Reason.INVALID_VALUE, "standardavvik og antall i hver gruppe må være større enn null og én")
    level = probability(alpha, "signifikansnivået")
    power = float(TTestIndPower().power(abs(apart) / spread, size, level, alternative="two-sided"))
    if math.isnan(power):
        refuse(Reason.NO_CONVERGENCE, "styrken kan ikke regnes ut for så store eller små tall")
    return power


def n_t(delta: float, *, sd: float = 1.0, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the number needed in each group for the t test, not rounded up.

    >>> round(n_t(1.0, power=0.9), 4)
    22.0211
    """
    if number(delta, "forskjellen") == 0:
        refuse(Reason.INVALID_VALUE, "en forskjell på null kan aldri påvises")
    most, wanted = 2.0, probability(power, "styrken")
    while power_t(most, delta, sd=sd, alpha=alpha) < wanted and most < 1e12:
        most *= 2
    return _solved(lambda n: power_t(n, delta, sd=sd, alpha=alpha), power, 1.01, most)


def mde_wald(se: float, df: float = math.inf, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the smallest effect found with this power by a test with standard error `se`.

    >>> round(mde_wald(1.0), 2), round(mde_wald(1.0, 3), 2)
    (2.8, 4.16)
    """
    error = number(se, "standardfeilen")
    freedom = math.inf if isinstance(df, float) and df == math.inf else number(df, "frihetsgradene")
    if error < 0 or freedom < 1:
        refuse(Reason.INVALID_VALUE, "standardfeilen må være null eller større, og frihetsgradene minst én")
    reach = quantile(1 - probability(alpha, "signifikansnivået"), freedom)
    return (reach + float(stats.t.ppf(probability(power, "styrken"), freedom))) * error


def mde_of(estimate: Estimate, *, power: float = 0.8) -> float:
    """Return the smallest effect found with this power by the very rule of an estimate.

    Found is an interval that leaves no effect out. Standard error, degrees of freedom and level are those
    that stand beside the estimate, so that the two can never contradict each other.

    Returns
    -------
    float
        In the unit of the estimate; for a ratio, one above 1, and its inverse below.

    Examples
    --------
    >>> from evaluation.basis.estimate import exp_wald, wald
    >>> round(mde_of(wald(0.2, 1.0, "OLS", df=20.0)), 2), round(mde_of(exp_wald(0.0, 0.1, "OLS")), 2)
    (2.95, 1.32)
    """
    reach = mde_wald(estimate.se, estimate.df, power=power, alpha=1 - estimate.level)
    return ratio_of(reach) if estimate.ratio else reach


def mde_level_change(
    n_before: int,
    n_after: int,
    sd: float,
    *,
    rho: float = 0.0,
    slope_change: bool = True,
    power: float = 0.8,
    alpha: float = 0.05,
) -> float:
    """Return the smallest level change that `its_continuous` will find, in the unit of `sd`: for planning.

    Where there is a series already, its own result has the one to quote.

    Parameters
    ----------
    n_before, n_after : int
    sd : float
        Residual standard deviation about the trend.
    rho : float
        Autocorrelation of AR(1) errors, at least 0 and below 1.

    Notes
    -----
    The standard error and degrees of freedom that restricted maximum likelihood has for errors such as
    these (Kenward and Roger 1997): what not knowing the autocorrelation costs is counted in.

    Examples
    --------
    >>> [round(mde_level_change(n, n, 1.0, rho=0.4), 1) for n in (12, 24, 50)]
    [3.7, 2.4, 1.7]
    """
    spread = number(sd, "standardavviket")
    n_before, n_after = (whole(side, "antall punkter") for side in (n_before, n_after))
    n, p = n_before + n_after, 4 if slope_change else 3
    if min(n_before, n_after) <= 2 or n <= p:
        refuse(Reason.TOO_FEW_POINTS, f"{n_before} + {n_after} punkter gir ingen minste påviselige endring")
    if not 0 <= number(rho, "autokorrelasjonen") < 1:
        refuse(Reason.INVALID_VALUE, "autokorrelasjonen må ligge fra 0 til 1")
    if n > 5000:
        refuse(Reason.INVALID_VALUE, "så lange serier regnes det ikke minste påviselige endring for")
    t = np.arange(n, dtype=float) - n_before
    after = (t >= 0).astype(float)
    design = np.column_stack([np.ones(n), t, after, t * after])[:, :p]
    step = (np.arange(p) == 2).astype(float)
    se, df = planned(design, step, spread, rho)
    return mde_wald(se, df, power=power, alpha=alpha)


def mde_clusters(treated: int, controls: int, sd: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the smallest difference of mean changes between groups of clusters.

    Parameters
    ----------
    treated, controls : int
        Clusters; at least two of each, since a single one has no variance.
    sd : float
        Standard deviation of the clusters' own changes.

    Examples
    --------
    >>> round(mde_clusters(10, 10, 1.0), 2)
    1.33
    """
    spread = number(sd, "standardavviket")
    treated, controls = (whole(group, "antall enheter") for group in (treated, controls))
    if min(treated, controls) < 2:
        refuse(
            Reason.TOO_FEW_UNITS, f"{treated} eksponerte og {controls} andre enheter; minst to av hver trengs"
        )
    se = spread * math.sqrt(1 / treated + 1 / controls)
    return mde_wald(se, treated + controls - 2, power=power, alpha=alpha)
