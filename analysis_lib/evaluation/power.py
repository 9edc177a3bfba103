"""Power and the minimum detectable effect: what could have been seen, said before what was seen."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.power import TTestIndPower

from analysis_lib.evaluation.checks import number
from analysis_lib.evaluation.estimate import quantile
from analysis_lib.evaluation.refusal import Reason, refuse


def _share(p: float) -> None:
    if not 0 < number(p, "en andel") < 1:
        refuse(Reason.INVALID_VALUE, "en andel må ligge mellom 0 og 1")


def _whole(n: int) -> int:
    if number(n, "antallet") != math.floor(n):
        refuse(Reason.INVALID_VALUE, "et antall må være et helt tall")
    return int(n)


def power_two_proportions(n: float, p1: float, p2: float, *, alpha: float = 0.05) -> float:
    """Return the power of a two-sided test of two proportions with `n` in each group.

    The normal approximation with pooled variance under the null (Fleiss 1981), as in R; not the
    arcsine effect size.

    Examples
    --------
    >>> round(power_two_proportions(50, 0.50, 0.75), 6)
    0.740166
    """
    _share(p1)
    _share(p2)
    if number(n, "antall i hver gruppe") <= 0:
        refuse(Reason.MISSING_N, "antall i hver gruppe mangler")
    pooled = math.sqrt((p1 + p2) * (1 - (p1 + p2) / 2))
    apart = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    z = float(stats.norm.isf(alpha / 2))
    return float(stats.norm.cdf((math.sqrt(n) * abs(p1 - p2) - z * pooled) / apart))


def n_two_proportions(p1: float, p2: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the number needed in each group, not rounded up.

    >>> round(n_two_proportions(0.50, 0.75, power=0.9), 4)
    76.7069
    """
    _share(p1)
    _share(p2)
    if p1 == p2:
        refuse(Reason.INVALID_VALUE, "to like andeler kan aldri skilles")
    most = 1e12
    return float(
        brentq(lambda n: power_two_proportions(n, p1, p2, alpha=alpha) - power, 1e-6, most, rtol=1e-12)
    )


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
    _share(p1)
    top = 1 - 1e-9
    if power_two_proportions(n, p1, top, alpha=alpha) < power:
        refuse(Reason.NOT_IDENTIFIED, "med så få svar kan ingen økning påvises")
    found = brentq(lambda p: power_two_proportions(n, p1, p, alpha=alpha) - power, p1 + 1e-9, top)
    return float(found) - p1


def power_t(n: float, delta: float, *, sd: float = 1.0, alpha: float = 0.05) -> float:
    """Return the power of the two-sided two-sample t test with `n` in each group.

    >>> round(power_t(20, 1.0), 6)
    0.868953
    """
    number(delta, "forskjellen")
    if number(sd, "standardavviket") <= 0 or number(n, "antall i hver gruppe") <= 1:
        refuse(Reason.INVALID_VALUE, "standardavvik og antall i hver gruppe må være større enn null og én")
    return float(TTestIndPower().power(abs(delta) / sd, n, alpha, alternative="two-sided"))


def n_t(delta: float, *, sd: float = 1.0, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the number needed in each group for the t test, not rounded up.

    >>> round(n_t(1.0, power=0.9), 4)
    22.0211
    """
    if number(delta, "forskjellen") == 0:
        refuse(Reason.INVALID_VALUE, "en forskjell på null kan aldri påvises")
    most = 2.0
    while power_t(most, delta, sd=sd, alpha=alpha) < power:
        most *= 2
    return float(brentq(lambda n: power_t(n, delta, sd=sd, alpha=alpha) - power, 1.01, most, rtol=1e-12))


def mde_wald(se: float, df: float = math.inf, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the smallest effect found with this power by a test with standard error `se`.

    >>> round(mde_wald(1.0), 2), round(mde_wald(1.0, 3), 2)
    (2.8, 4.16)
    """
    return (quantile(1 - alpha, df) + float(stats.t.ppf(power, df))) * se


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
    """Return the smallest level change that a segmented regression finds, in the unit of `sd`.

    Parameters
    ----------
    n_before, n_after : int
    sd : float
        Residual standard deviation about the trend.
    rho : float
        Autocorrelation of AR(1) errors, at least 0 and below 1.

    Notes
    -----
    Generalised least squares with known rho, so the least that any honest method needs.

    Examples
    --------
    >>> [round(mde_level_change(n, n, 1.0, rho=0.4), 1) for n in (12, 24, 50)]
    [2.8, 2.1, 1.6]
    """
    number(sd, "standardavviket")
    n, p = _whole(n_before) + _whole(n_after), 4 if slope_change else 3
    if min(n_before, n_after) <= 2 or n <= p:
        refuse(Reason.TOO_FEW_POINTS, f"{n_before} + {n_after} punkter gir ingen minste påviselige endring")
    if not 0 <= rho < 1:
        refuse(Reason.INVALID_VALUE, "autokorrelasjonen må ligge fra 0 til 1")
    t = np.arange(n, dtype=float) - n_before
    after = (t >= 0).astype(float)
    design = np.column_stack([np.ones(n), t, after, t * after])[:, :p]
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    precision = np.linalg.inv(rho**lags)
    cov = np.linalg.inv(design.T @ precision @ design)
    return mde_wald(sd * math.sqrt(cov[2, 2]), n - p, power=power, alpha=alpha)


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
    number(sd, "standardavviket")
    if min(_whole(treated), _whole(controls)) < 2:
        refuse(
            Reason.TOO_FEW_UNITS, f"{treated} eksponerte og {controls} andre enheter; minst to av hver trengs"
        )
    se = sd * math.sqrt(1 / treated + 1 / controls)
    return mde_wald(se, treated + controls - 2, power=power, alpha=alpha)
