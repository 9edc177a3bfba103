"""Direct standardisation with Dobson's interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis_lib.evaluation.checks import counts_vector, number, positive, same_length, vector
from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.rates import byar, garwood
from analysis_lib.evaluation.refusal import Reason, refuse


def direct(
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

    >>> e = direct([10, 30], [1000.0, 1000.0], [1, 1])
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
        int(total), level=level
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
