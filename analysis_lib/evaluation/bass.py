"""Bass's curve of adoption: innovators, imitators and a market in all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis_lib.evaluation.checks import Matrix, Vector, at_least, counts_vector, not_constant, probability
from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.least_squares import fit_curve, profile_first
from analysis_lib.evaluation.periods import in_time_order
from analysis_lib.evaluation.refusal import Reason, refuse
from analysis_lib.evaluation.uptake import from_fit


@dataclass(frozen=True, slots=True)
class Bass:
    """Adoptions per period.

    Attributes
    ----------
    market : Estimate
        Adopters in the end, M.
    innovation, imitation : Estimate
        p and q, per period.
    profile : tuple of float
        Profile interval of the market.
    peak : float
        Periods from launch to the fastest adoption.
    rss : float
    """

    market: Estimate
    innovation: Estimate
    imitation: Estimate
    profile: tuple[float, float]
    peak: float
    rss: float


def _curve(t: Vector, b: Vector) -> Vector:
    m, p, q = b
    decay = np.exp(-(p + q) * t)
    return np.asarray(m * (p + q) ** 2 / p * decay / (1 + q / p * decay) ** 2)


def _gradient(t: Vector, b: Vector) -> Matrix:
    m, p, q = b
    value = _curve(t, b)
    ratio = q / p * np.exp(-(p + q) * t)
    pull = 2 * ratio / (1 + ratio)
    by_p = 2 / (p + q) - 1 / p - t + pull * (1 / p + t)
    by_q = 2 / (p + q) - t - pull * (1 / q - t)
    return np.column_stack([value / m, value * by_p, value * by_q])


def bass(adoptions: ArrayLike, periods: ArrayLike | pd.PeriodIndex, *, level: float = 0.95) -> Bass:
    """Fit Bass's density to adoptions per period, the first period being the launch.

    Parameters
    ----------
    adoptions : array_like, shape (n,)
        New adopters in each period, not the sum so far.
    periods : array_like of int or PeriodIndex, shape (n,)

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 7, CONSTANT_SERIES, GAP, DUPLICATE_PERIOD, NO_CONVERGENCE; NOT_IDENTIFIED
        if the market is not bounded from above, as before the peak is passed.

    Notes
    -----
    Bass (1969), Management Science 15: 215–227; nonlinear least squares as Srinivasan and Mason (1986).

    Examples
    --------
    >>> b = bass([840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890], range(1, 11))
    >>> round(b.market.value, 1), round(b.imitation.value, 5)
    (67980.9, 0.63809)
    """
    level = probability(level)
    when, (y,) = in_time_order(periods, antall=counts_vector(adoptions))
    at_least(y.size, 7)
    not_constant(y, "serien")
    t = (when - when[0] + 1).astype(float)
    scale = float(y.sum())
    starts = [(m, p, q) for m in (1.1, 2.0, 6.0) for p in (0.003, 0.02) for q in (0.1, 0.4, 0.8)]
    fit = fit_curve(_curve, _gradient, t, y / scale, starts, "Bass-kurven")
    m, p, q = (float(b) for b in fit.params)
    if min(m, p, q) <= 0 or q <= p:
        refuse(Reason.NOT_IDENTIFIED, "serien har ingen topp, så Bass-kurven passer ikke")
    profile = profile_first(_curve, _gradient, t, y / scale, fit, level=level)
    if not math.isfinite(profile[1]):
        refuse(
            Reason.NOT_IDENTIFIED,
            "punktene setter ingen øvre grense for markedet: toppen er trolig ikke passert",
            hint="Beskriv veksten hittil, uten tak og uten framskriving.",
        )
    market, innovation, imitation = from_fit(fit, np.array([scale, 1.0, 1.0]), level)
    return Bass(
        market=market,
        innovation=innovation,
        imitation=imitation,
        profile=(profile[0] * scale, profile[1] * scale),
        peak=math.log(q / p) / (p + q),
        rss=fit.rss * scale**2,
    )
