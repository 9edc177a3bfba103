"""Where a series would be at a target date if it followed this or that curve: arithmetic, not a forecast."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.basis.checks import Vector, at_least, not_constant, number, same_length, vector
from evaluation.basis.refusal import Reason, refuse, strictly


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """Values at the target under each curve.

    Attributes
    ----------
    values : dict of str to float
        By the curve's name; curves that do not apply are left out and stand in `left_out`.
    low, high : float
        The span of the curves. It is no confidence interval.
    reach : float
        Distance to the target over the length of the series: 1 is as far again as has been seen.
    reaches_ambition : dict of str to bool or None
        Which curves reach the ambition; None where there is none.
    left_out : dict of str to str
        Why a curve was left out.
    """

    values: dict[str, float]
    low: float
    high: float
    reach: float
    reaches_ambition: dict[str, bool] | None
    left_out: dict[str, str]


def _line(t: Vector, y: Vector, at: float) -> float:
    slope, constant = np.polyfit(t, y, 1)
    return float(constant + slope * at)


def extrapolate(
    values: ArrayLike,
    times: ArrayLike,
    target: float,
    *,
    ceiling: float | None = None,
    ambition: float | None = None,
    farthest: float = 3.0,
) -> Extrapolation:
    """Return the value at a target date under several curves.

    Parameters
    ----------
    values, times : array_like, shape (n,)
        At least two points at different times.
    target : float
        On the same scale as `times`, after the last point.
    ceiling : float, optional
        An upper limit that is known (all inhabitants, 100 per cent), for the curve that bends towards
        it. It is an assumption and is never estimated here.
    ambition : float, optional
        A stated goal to hold the curves against.
    farthest : float
        The most times the length of the series that may be reached.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS with one point, CONSTANT_SERIES, DUPLICATE_PERIOD, INVALID_VALUE (a target
        inside the series, or a value above the ceiling), NOT_IDENTIFIED (a target too far away).

    Examples
    --------
    >>> e = extrapolate([10.0, 20.0], [2023, 2025], 2027, ceiling=100.0)
    >>> {name: round(value, 1) for name, value in e.values.items()}
    {'uendret': 20.0, 'rett linje': 30.0, 'fast prosentvis vekst': 40.0, 'S-kurve mot kjent tak': 36.0}
    """
    y, t = vector(values, "serien"), vector(times, "tidspunkter")
    target, farthest = number(target, "måltidspunktet"), number(farthest, "lengste framskriving")
    ceiling = None if ceiling is None else number(ceiling, "taket")
    ambition = None if ambition is None else number(ambition, "målet")
    same_length(serien=y, tidspunkter=t)
    at_least(y.size, 2)
    if np.unique(t).size != t.size:
        refuse(Reason.DUPLICATE_PERIOD, "to punkter har samme tidspunkt")
    not_constant(y, "serien")
    order = np.argsort(t)
    t, y = t[order], y[order]
    length = float(t[-1] - t[0])
    reach = (target - float(t[-1])) / length
    if reach <= 0:
        refuse(Reason.INVALID_VALUE, "måltidspunktet ligger ikke etter det siste punktet")
    if reach > farthest:
        refuse(
            Reason.NOT_IDENTIFIED,
            "måltidspunktet ligger for langt fram for en så kort serie",
            hint="Velg et nærmere tidspunkt.",
        )
    if ceiling is not None and (y >= ceiling).any():
        refuse(Reason.INVALID_VALUE, "serien ligger alt på eller over taket")
    found: dict[str, float] = {"uendret": float(y[-1])}
    left_out: dict[str, str] = {}
    # Time is centred on the last point and scaled, so neither its origin nor its unit matters.
    u, at = (t - t[-1]) / length, reach
    found["rett linje"] = _line(u, y, at)

    def curved(
        name: str, there: Callable[[Vector], Vector], back: Callable[[float], float], why: str
    ) -> None:
        if (y > 0).all():
            with strictly(name):
                found[name] = back(_line(u, there(y), at))
        else:
            left_out[name] = why

    curved("fast prosentvis vekst", np.log, math.exp, "krever tall over null")
    if ceiling is None:
        left_out["S-kurve mot kjent tak"] = "krever et tak som er kjent fra før"
    else:
        top = ceiling
        curved(
            "S-kurve mot kjent tak",
            lambda v: np.asarray(np.log(v / (top - v))),
            lambda x: top / (1 + math.exp(-x)),
            "krever tall over null",
        )
    for name in [name for name, value in found.items() if ceiling is not None and value > ceiling]:
        del found[name]
        left_out[name] = "går over det kjente taket"
    rising = float(y[-1]) > float(y[0])
    reaches = None
    if ambition is not None:
        goal = ambition
        reaches = {name: (value >= goal if rising else value <= goal) for name, value in found.items()}
    return Extrapolation(found, min(found.values()), max(found.values()), reach, reaches, left_out)
