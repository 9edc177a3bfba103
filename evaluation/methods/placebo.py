"""The effect against a synthetic control, judged by giving the measure to every other unit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Integers, Matrix, Reason, Vector, matrix, refuse, same_length, whole
from evaluation.methods.synthetic_control import (
    SyntheticControl,
    donor_weights,
    fit_weights,
    synthetic_control,
)
from evaluation.methods.time_axis import consecutive, ordinal_of


@dataclass(frozen=True, slots=True)
class Study:
    """What a synthetic control is made from.

    Attributes
    ----------
    units : tuple of str, length N
    exposed : str
    times : array of int, shape (T,)
    outcomes : array, shape (T, N)
    predictors : array, shape (K, N)
    start : int
        First period with the measure.
    fit_from, fit_to : int
        Periods fitted, both included; `fit_to` is before the start.
    """

    units: tuple[str, ...]
    exposed: str
    times: Integers
    outcomes: Matrix
    predictors: Matrix
    start: int
    fit_from: int
    fit_to: int


@dataclass(frozen=True, slots=True)
class SyntheticEffect:
    """The gap to the synthetic control.

    Attributes
    ----------
    control : SyntheticControl
    gaps : array, shape (T,)
        Exposed less synthetic.
    mean_gap : float
        Over the periods from the start on.
    rival_gaps : tuple of float
        The same by each optimum of the search, best fit first: how much the answer hangs on it.
    ratio : float
        Mean squared gap after over before.
    rank, n : int
        Place of the ratio among all units, 1 the largest; 0 where placebos were not run.
    p : float
        rank / n, which cannot be below 1 / n; NaN without placebos.
    placebo_ratios : dict of str to float
    ranked_ratio : float
        The exposed unit's ratio by the search that all units in the ranking got; NaN without placebos.
    n_before, n_after : int
        Periods fitted, and periods from the start on.
    interval : Estimate or None
        The constant effects that the ranking does not reject; None where no validation periods were set off.
    n_validation : int
        Periods before the start that weights were chosen by, and gaps are measured against; 0 where they
        are measured against the fitted periods themselves.
    """

    control: SyntheticControl
    gaps: Vector
    mean_gap: float
    rival_gaps: tuple[float, ...]
    ratio: float
    rank: int
    n: int
    p: float
    placebo_ratios: dict[str, float]
    ranked_ratio: float
    n_before: int
    n_after: int
    interval: Estimate | None = None
    n_validation: int = 0


def _parts(study: Study, unit: str, donors: list[str]) -> tuple[Vector, Matrix, Vector, Matrix]:
    place = {name: i for i, name in enumerate(study.units)}
    own, others = place[unit], [place[name] for name in donors]
    fitted = (study.times >= study.fit_from) & (study.times <= study.fit_to)
    y = study.outcomes
    return study.predictors[:, own], study.predictors[:, others], y[fitted, own], y[fitted][:, others]


def _gaps(study: Study, unit: str, donors: list[str], w: Vector) -> Vector:
    place = {name: i for i, name in enumerate(study.units)}
    return np.asarray(
        study.outcomes[:, place[unit]] - study.outcomes[:, [place[name] for name in donors]] @ w
    )


def _ratio(study: Study, gaps: Vector) -> float:
    fitted = (study.times >= study.fit_from) & (study.times <= study.fit_to)
    before = float((gaps[fitted] ** 2).mean())
    after = float((gaps[study.times >= study.start] ** 2).mean())
    # A gap of rounding alone would make any ratio: with as many donors as periods it is no achievement.
    if before <= 1e-14 * float((study.outcomes[fitted] ** 2).mean()):
        refuse(
            Reason.NOT_IDENTIFIED,
            "en enhet treffes nøyaktig før oppstart, så avviket etter har ingenting å måles mot",
            hint="Ta med flere perioder før oppstart, eller færre sammenligningsenheter.",
        )
    return after / before


def _checked(study: Study) -> Study:
    """Return the study as plain arrays and whole numbers, periods in order."""
    if not isinstance(study.units, tuple | list) or len(set(map(str, study.units))) != len(study.units):
        refuse(Reason.INVALID_VALUE, "enhetene må være en liste der hvert navn står én gang")
    order, times = consecutive(study.times)
    outcomes = matrix(study.outcomes, "utfallet")
    same_length(perioder=times, utfall=outcomes)
    return replace(
        study,
        units=tuple(map(str, study.units)),
        exposed=str(study.exposed),
        times=times,
        outcomes=outcomes[order],
        predictors=matrix(study.predictors, "prediktorene"),
        start=ordinal_of(study.start, study.times),
        fit_from=ordinal_of(study.fit_from, study.times),
        fit_to=ordinal_of(study.fit_to, study.times),
    )


def synthetic_effect(
    study: Study,
    *,
    starts: int = 24,
    placebo_starts: int = 4,
    placebos: bool = True,
    fewest: int = 10,
) -> SyntheticEffect:
    """Return the effect on the exposed unit and its rank among placebos.

    Parameters
    ----------
    starts, placebo_starts : int
        Starting points for the exposed unit, and for it and every other unit in the ranking.
    placebos : bool
        False gives the gap alone, which is a description.
    fewest : int
        Donors needed for a ranking: with N units p cannot be below 1/N.

    Raises
    ------
    AnalyseAvvist
        START_OUTSIDE, TOO_FEW_UNITS, what `synthetic_control` refuses, and NOT_IDENTIFIED where a unit is
        fitted exactly, so that nothing is left to measure the gap against.

    Notes
    -----
    Not to be used where donors were touched by the measure, or with more donors than fitted periods and the
    course itself as predictors (use `synthetic_panel`).

    Abadie, Diamond and Hainmueller (2010), section 3.4. In a placebo the exposed unit is no donor. The
    same number of starts is used for all units in the ranking, so that the exposed unit does not owe
    its rank to a more patient search.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> y = rng.normal(0, 1, (12, 12)).cumsum(axis=0)
    >>> y[:, 0] = y[:, 1:4].mean(axis=1) + 0.1 * rng.normal(size=12) + 9.0 * (np.arange(12) >= 8)
    >>> units = tuple("abcdefghijkl")
    >>> s = Study(units, "a", np.arange(12), y, y[:8], start=8, fit_from=0, fit_to=7)
    >>> r = synthetic_effect(s, starts=4, placebo_starts=2)
    >>> r.rank, r.n, 8 < r.mean_gap < 10
    (1, 12, True)
    """
    study = _checked(study)
    placebo_starts, fewest = whole(placebo_starts, "antall utgangspunkter", least=1), whole(fewest, "fewest")
    same_length(enheter=study.units, utfall=study.outcomes.T, prediktorer=study.predictors.T)
    if study.exposed not in study.units:
        refuse(Reason.MISSING_VALUE, f"enheten «{study.exposed}» finnes ikke i dataene")
    inside = study.times[0] <= study.fit_from <= study.fit_to < study.start <= study.times[-1]
    if not inside:
        refuse(Reason.START_OUTSIDE, "tilpasningsperioden må ligge før oppstart, og begge inne i serien")
    donors = [name for name in study.units if name != study.exposed]
    control = synthetic_control(*_parts(study, study.exposed, donors), donors, starts=starts)
    gaps = _gaps(study, study.exposed, donors, control.w)
    ratios: dict[str, float] = {}
    rank, p, own = 0, math.nan, math.nan
    if placebos:
        if len(donors) < fewest:
            refuse(
                Reason.TOO_FEW_UNITS,
                f"{len(donors)} sammenligningsenheter er for få til en rangering; minst {fewest} trengs",
            )
        sd = study.predictors.std(axis=1, ddof=1)
        for unit in study.units:
            pool = [name for name in donors if name != unit]
            target, others, z, z_others = _parts(study, unit, pool)
            own_scale, pool_scale = target / sd, others / sd[:, None]
            reached = fit_weights(own_scale, pool_scale, z, z_others, starts=placebo_starts, evaluations=600)
            w = donor_weights(own_scale, pool_scale, reached[0][1])
            ratios[unit] = _ratio(study, _gaps(study, unit, pool, w))
        own = ratios.pop(study.exposed)
        rank = 1 + sum(ratio >= own for ratio in ratios.values())
        p = rank / len(study.units)
    after = study.times >= study.start
    rivals = (float(_gaps(study, study.exposed, donors, o.w)[after].mean()) for o in control.optima)
    return SyntheticEffect(
        control=control,
        gaps=gaps,
        mean_gap=float(gaps[after].mean()),
        rival_gaps=tuple(rivals),
        ratio=_ratio(study, gaps),
        rank=rank,
        n=len(study.units),
        p=p,
        placebo_ratios=ratios,
        ranked_ratio=own,
        n_before=study.fit_to - study.fit_from + 1,
        n_after=int(after.sum()),
    )
