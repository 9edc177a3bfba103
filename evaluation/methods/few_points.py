"""What a few points can say: how fast a series grows, and where curves through it would lead."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import (
    Reason,
    Vector,
    at_least,
    counts_vector,
    not_constant,
    number,
    positive,
    refuse,
    same_length,
    strictly,
    vector,
)
from evaluation.methods import quasi_poisson
from evaluation.methods.power import mde_of
from evaluation.methods.proportions import TestResult
from evaluation.methods.quasi_poisson import CountFit
from evaluation.methods.time_axis import Periods, in_time_order

# With fewer, the test of a bend has under five degrees of freedom and cannot show that growth is even.
_FEWEST = 8


@dataclass(frozen=True, slots=True)
class Growth:
    """Log-linear growth per period.

    Attributes
    ----------
    factor : Estimate
        Rate in one period over the rate in the period before, with t(n−p).
    n : int
        Points.
    exposure : float
        Total.
    dispersion : float
        Pearson; above 1 the series varies more than chance alone.
    lack_of_fit : TestResult
        Deviance against a chi-squared: Poisson variation about one growth rate.
    curvature : TestResult
        The squared-time term; t(n−3), so allowing for the dispersion.
    bend : float
        Change in log growth per period squared; negative when growth slows.
    single_rate : bool
        False where curvature is found at 5 %: then there is no one growth rate.
    doubling : tuple of float or None
        Doubling time in periods with its interval (value, low, high); None unless the growth is
        clearly positive, one rate describes it, and eight points or more could have shown that none does.
    mde_factor : float
        The smallest growth factor found with 80 % power at this length and dispersion.
    fit : CountFit
        The log-linear line.
    """

    factor: Estimate
    n: int
    exposure: float
    dispersion: float
    lack_of_fit: TestResult
    curvature: TestResult
    bend: float
    single_rate: bool
    doubling: tuple[float, float, float] | None
    mde_factor: float
    fit: CountFit


def growth(counts: ArrayLike, exposure: ArrayLike, periods: Periods, *, level: float = 0.95) -> Growth:
    """Return growth per period by quasi-Poisson with log-exposure offset and t(n−p) quantiles.

    Parameters
    ----------
    counts : array_like, shape (n,)
        Events per period.
    exposure : array_like, shape (n,)
        For example working days of each period.
    periods : array_like of int or PeriodIndex, shape (n,)
        In any order; repeats and gaps are refused.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below four periods: curvature needs one degree of freedom.

    Notes
    -----
    The dispersion is taken as at least 1: with three degrees of freedom it is often below by luck,
    and independent events never vary less than Poisson. With noise between the months a Poisson interval
    covers far less often than it says; t(n−p) with the estimated dispersion covers 95 %
    (``docs/evaluation.md``).

    Examples
    --------
    >>> g = growth([1000, 1105, 1195, 1340, 1460], [21, 21, 21, 21, 21], [1, 2, 3, 4, 5])
    >>> round(g.factor.value, 3), g.single_rate
    (1.1, True)
    """
    when, (y, e) = in_time_order(periods, antall=counts_vector(counts), eksponering=positive(exposure))
    at_least(y.size, 4)
    not_constant(y / e, "raten")
    t = (when - when[0]).astype(float)
    one = np.ones_like(t)
    line = quasi_poisson.fit(y, e, np.column_stack([one, t]), ["konstant", "tid"])
    curve = quasi_poisson.fit(y, e, np.column_stack([one, t, t**2]), ["konstant", "tid", "tid²"])
    bend = curve.log_effect("tid²", model="floored")
    curvature = TestResult((bend.value / bend.se) ** 2, 1.0, bend.p, "krumning, t(n−3)")
    factor = line.ratio("tid", model="floored", level=level)
    single = curvature.p >= 0.05
    return Growth(
        factor=factor,
        n=int(y.size),
        exposure=float(e.sum()),
        dispersion=line.dispersion,
        lack_of_fit=line.goodness_of_fit(),
        curvature=curvature,
        bend=bend.value,
        single_rate=single,
        doubling=_doubling(factor) if single and y.size >= _FEWEST else None,
        mde_factor=mde_of(factor),
        fit=line,
    )


def _doubling(factor: Estimate) -> tuple[float, float, float] | None:
    if factor.low <= 1:
        return None
    value, low, high = (math.log(2) / math.log(x) for x in (factor.value, factor.high, factor.low))
    return value, low, high


def doubling_time(result: Growth) -> tuple[float, float, float]:
    """Return the doubling time in periods with its interval, or refuse to give one.

    Raises
    ------
    AnalyseAvvist
        NOT_IDENTIFIED if growth is not clearly positive, or no single rate describes the series;
        TOO_FEW_POINTS below eight, which cannot show that one does.

    Examples
    --------
    >>> g = growth([100, 200, 400, 800, 1600, 3200, 6400, 12800], [1] * 8, range(8))
    >>> round(doubling_time(g)[0], 6)
    1.0
    """
    if not result.single_rate:
        way = "avtar" if result.bend < 0 else "tiltar"
        refuse(
            Reason.NOT_IDENTIFIED,
            f"veksten {way} gjennom perioden, så det finnes ikke én doblingstid",
            hint="Oppgi veksten for hver periode.",
        )
    if result.factor.low <= 1:
        refuse(
            Reason.NOT_IDENTIFIED, "veksten er ikke sikkert positiv, så doblingstiden har ingen øvre grense"
        )
    if result.doubling is None:
        refuse(
            Reason.TOO_FEW_POINTS,
            f"{result.n} punkter kan ikke vise at veksten er jevn, så doblingstiden kjennes ikke",
            hint="Oppgi veksten for hver periode.",
        )
    return result.doubling


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
        At least two points at different times, eight without a ceiling.
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
        INVALID_VALUE for a target inside the series or a value above the ceiling; NOT_IDENTIFIED for a
        target too far away; TOO_FEW_POINTS below eight where no known ceiling bounds the curves.

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
    if ceiling is None and y.size < _FEWEST:
        refuse(
            Reason.TOO_FEW_POINTS,
            f"{y.size} punkter uten et kjent tak kan ikke framskrives: ingenting holder kurvene sammen",
            hint="Oppgi taket om det finnes, for en andel 100, eller beskriv serien hittil.",
        )
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
