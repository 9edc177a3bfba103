"""Rates and rate ratios with exact intervals, for events over an exposure, and direct standardisation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from evaluation.basis.estimate import Estimate, quantile
from evaluation.basis.requirements import (
    Reason,
    counts_vector,
    number,
    positive,
    probability,
    refuse,
    same_length,
    vector,
    whole,
)


def _checked(events: float, exposure: float) -> tuple[int, float]:
    """Return a count and its exposure as plain numbers, or refuse them."""
    size = number(exposure, "eksponering")
    if size <= 0:
        refuse(
            Reason.ZERO_EXPOSURE,
            "eksponeringen er null eller negativ",
            hint="Uten eksponering finnes ingen rate.",
        )
    return whole(events, "antall hendelser"), size


def garwood(events: float, exposure: float = 1.0, *, level: float = 0.95) -> Estimate:
    """Return a Poisson rate with its exact interval (Garwood 1936).

    Parameters
    ----------
    events : float
        Number of events, a whole number.
    exposure : float
        Person-years, working days …; the rate is events per unit of it.

    Examples
    --------
    >>> e = garwood(0)
    >>> e.low, round(e.high, 6)
    (0.0, 3.688879)
    """
    events, exposure = _checked(events, exposure)
    alpha = 1 - probability(level)
    low = float(stats.chi2.ppf(alpha / 2, 2 * events)) / 2 if events else 0.0
    high = float(stats.chi2.isf(alpha / 2, 2 * events + 2)) / 2
    return Estimate(
        events / exposure, math.nan, low / exposure, high / exposure, "eksakt (Garwood)", level=level
    )


def byar(events: float, exposure: float = 1.0, *, level: float = 0.95) -> Estimate:
    """Return a Poisson rate with Byar's interval (Breslow and Day 1987, eq. 2.13).

    Examples
    --------
    >>> e = byar(100)
    >>> round(e.low, 2), round(e.high, 2)
    (81.36, 121.63)
    """
    events, exposure = _checked(events, exposure)
    z = quantile(level)
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    upper = events + 1
    high = upper * (1 - 1 / (9 * upper) + z / (3 * math.sqrt(upper))) ** 3
    return Estimate(
        events / exposure, math.nan, max(low, 0.0) / exposure, high / exposure, "Byar", level=level
    )


def rate(events: float, exposure: float, *, level: float = 0.95, exact_below: int = 10) -> Estimate:
    """Return a rate: exact interval below `exact_below` events, Byar's from there on.

    >>> rate(9, 100.0).rule, rate(10, 100.0).rule
    ('eksakt (Garwood)', 'Byar')
    """
    events, exposure = _checked(events, exposure)
    return (garwood if events < number(exact_below, "grensen for eksakt intervall") else byar)(
        events, exposure, level=level
    )


def rate_ratio(
    events: float, exposure: float, reference_events: float, reference_exposure: float, *, level: float = 0.95
) -> Estimate:
    """Return the ratio of two Poisson rates with its exact conditional interval.

    Given the sum of events, those of the first group are binomial; the Clopper-Pearson interval
    of that share gives the interval of the ratio (Lehmann and Romano 2005, section 4.5).

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_EVENTS without events in the reference group, where the ratio has no finite estimate.

    Examples
    --------
    >>> e = rate_ratio(11, 800.0, 21, 3011.0)
    >>> round(e.value, 4), round(e.low, 4), round(e.high, 4)
    (1.9715, 0.8584, 4.2773)
    """
    events, exposure = _checked(events, exposure)
    reference_events, reference_exposure = _checked(reference_events, reference_exposure)
    if reference_events == 0:
        refuse(
            Reason.TOO_FEW_EVENTS,
            "ingen hendelser i sammenligningsgruppen, så forholdstallet har ingen øvre grense",
            hint="Vis de to ratene med hvert sitt intervall.",
        )
    shares = proportion_confint(events, events + reference_events, 1 - probability(level), method="beta")
    scale = reference_exposure / exposure
    low, high = (float(share / (1 - share)) * scale for share in shares)
    value = events / reference_events * scale
    return Estimate(value, math.nan, low, high, "eksakt (betinget binomisk)", level=level)


def rate_ratio_p(events: float, exposure: float, reference_events: float, reference_exposure: float) -> float:
    """Return the two-sided exact p-value of equal rates (method of small p-values, as R).

    >>> round(rate_ratio_p(11, 800.0, 21, 3011.0), 5)
    0.07967
    """
    events, exposure = _checked(events, exposure)
    reference_events, reference_exposure = _checked(reference_events, reference_exposure)
    total = events + reference_events
    if total == 0:
        refuse(Reason.TOO_FEW_EVENTS, "ingen hendelser i noen av gruppene")
    share = exposure / (exposure + reference_exposure)
    return float(stats.binomtest(events, total, share).pvalue)


def standardised_rate(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    level: float = 0.95,
    suppress_below: int = 10,
    exact_below: int = 400,
) -> Estimate:
    """Return a directly standardised rate with the interval of Dobson et al. (1991).

    Parameters
    ----------
    events, population : array_like, shape (k,)
        Events and exposure in k strata.
    standard : array_like, shape (k,)
        The standard population; only its proportions count.
    suppress_below : int
        Fewer events in all are refused: the weights then rest on a handful of people.
    exact_below : int
        The interval of the crude count is exact below this many events, Byar's above.

    Returns
    -------
    Estimate
        Events per unit of exposure; `se` is that of the weighted rate.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_EVENTS, ZERO_EXPOSURE (an empty stratum, or a standard without people).

    Notes
    -----
    Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10: 457–462.

    Examples
    --------
    With the population itself as standard, the result is the crude rate and its interval.

    >>> e = standardised_rate([10, 30], [1000.0, 1000.0], [1, 1])
    >>> round(e.value, 4), round(e.low, 4), round(e.high, 4)
    (0.02, 0.0143, 0.0272)
    """
    d, n, w = (
        counts_vector(events),
        positive(population, "befolkning"),
        vector(standard, "standardbefolkning"),
    )
    same_length(events=d, population=n, standard=w)
    if (w < 0).any() or w.sum() <= 0:
        refuse(Reason.ZERO_EXPOSURE, "standardbefolkningen er tom eller har negative tall")
    total = float(d.sum())
    if total < number(suppress_below, "grensen for å vise"):
        refuse(
            Reason.TOO_FEW_EVENTS,
            f"{total:.0f} hendelser i alt; standardiserte rater vises ikke under {suppress_below}",
        )
    share = w / w.sum()
    value = float((share * d / n).sum())
    variance = float((share**2 * d / n**2).sum())
    crude = (garwood if total < number(exact_below, "grensen for eksakt intervall") else byar)(
        total, level=level
    )
    stretch = math.sqrt(variance / total)
    return Estimate(
        value,
        float(np.sqrt(variance)),
        value + stretch * (crude.low - total),
        value + stretch * (crude.high - total),
        f"Dobson ({crude.rule})",
        level=level,
    )
