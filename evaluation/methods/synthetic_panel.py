"""One exposed unit among many: weights chosen by periods set off for it, and a rank among placebos."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Integers, Matrix, Reason, Vector, probability, refuse, whole
from evaluation.methods.panel import Panel
from evaluation.methods.placebo import SyntheticEffect
from evaluation.methods.synthetic_control import Optimum, SyntheticControl, donor_weights, fit_weights

Flags = NDArray[np.bool_]
# How much weights are spread, in units of the noise that donors bring with them.
_MOST = 1500
_SPREAD = (0.0, 0.1, 1.0, 10.0)


@dataclass(frozen=True, slots=True)
class _Windows:
    """Which periods train, validate and come after, shapes (T,)."""

    train: Flags
    validate: Flags
    after: Flags

    @property
    def before(self) -> Flags:
        return np.asarray(self.train | self.validate)


@dataclass(frozen=True, slots=True)
class _Fit:
    """What became of one unit: gaps by each candidate, and the candidate that validation chose."""

    gaps: Matrix
    weights: Matrix
    best: int
    validation: float

    def ratio(self, after: Flags) -> float:
        return float((self.gaps[self.best][after] ** 2).mean()) / self.validation


def synthetic_panel(
    data: Panel,
    *,
    validation: int | None = None,
    demean: bool = True,
    placebos: bool = True,
    fewest: int = 10,
    level: float = 0.95,
) -> SyntheticEffect:
    """Return the gap of one exposed unit to others put together, and its rank among placebos.

    Weights are fitted in the first periods, by several degrees of spreading; the degree that predicts the
    validation periods best is used, and fitted again on all periods before the start. Gaps after the start
    are measured against those of validation, where nothing was fitted: with more donors than periods a fit
    says nothing of itself.

    Parameters
    ----------
    data : Panel
        One exposed unit. With covariates, their means (and the outcome's) over the training periods are the
        predictors, and validation chooses their weights; the donors are then weighted by the same means over
        the validation periods.
    validation : int, optional
        Periods before the start that are set off; a third of them if not given, and three at least.
    demean : bool
        Compare courses and not levels: each unit less its own mean before the start.
    fewest : int
        Donors needed for a ranking.

    Raises
    ------
    AnalyseAvvist
        INVALID_VALUE for several exposed or more than 1500 donors; TOO_FEW_UNITS;
        TOO_FEW_POINTS below three training and three
        validation periods; NOT_IDENTIFIED where a unit is predicted exactly.

    Notes
    -----
    Abadie, Diamond and Hainmueller (2015), American Journal of Political Science 59: 495–510, for training
    and validation; Doudchenko and Imbens (2016), NBER 22791, for spread weights; Ferman and Pinto (2021),
    Quantitative Economics 12: 1197–1221, for demeaning; Firpo and Possebom (2018), Journal of Causal
    Inference 6, for the interval. Not to be used where donors were touched by the measure, or where the unit
    lies outside all others.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> y = rng.normal(size=(30, 40)) + rng.normal(size=(30, 2)) @ rng.normal(size=(2, 40)).cumsum(axis=1)
    >>> y[0, 30:] += 6.0
    >>> first = np.r_[30.0, np.full(29, np.inf)]
    >>> data = Panel(tuple(range(30)), np.arange(40), y, first, np.empty((0, 30, 40)), ())
    >>> r = synthetic_panel(data)
    >>> r.rank, r.n, r.interval.low < 6 < r.interval.high
    (1, 30, True)
    """
    confidence, windows = probability(level), _windows(data, validation)
    donors = np.flatnonzero(data.never)
    if donors.size < whole(fewest, "fewest", least=2):
        refuse(Reason.TOO_FEW_UNITS, f"{donors.size} enheter uten tiltaket er for få; minst {fewest} trengs")
    if donors.size > _MOST:
        refuse(
            Reason.INVALID_VALUE,
            f"{donors.size} sammenligningsenheter er flere enn metoden er laget for ({_MOST})",
            hint="Velg først ut enheter som ligner, eller bruk kommuner i stedet for kontorer.",
        )
    find = _by_predictors if data.names else _by_course
    early, late = (_centred(data.y, window, demean) for window in (windows.train, windows.before))

    def fit(unit: int, others: Integers, rivals: bool) -> _Fit:
        trained = find(data, early, windows, unit, others, windows.train, None)
        misses = [((early[unit] - w @ early[others])[windows.validate] ** 2).mean() for w in trained]
        best = int(np.argmin(misses))
        if misses[best] <= 1e-14 * max(float((data.y[unit] ** 2).mean()), 1e-300):
            refuse(
                Reason.NOT_IDENTIFIED,
                "en enhet treffes nøyaktig før oppstart, så avviket etter har ingenting å måles mot",
            )
        final = find(
            data,
            early if data.names else late,
            windows,
            unit,
            others,
            windows.before,
            None if rivals else best,
        )
        place = best if rivals else 0
        return _Fit(late[unit] - final @ late[others], final, place, float(misses[best]))

    own = fit(int(np.flatnonzero(~data.never)[0]), donors, True)
    ratios = {
        str(data.units[unit]): fit(int(unit), donors[donors != unit], False).ratio(windows.after)
        for unit in (donors if placebos else [])
    }
    return _effect(data, windows, own, donors, ratios, confidence)


def _centred(y: Matrix, window: Flags, demean: bool) -> Matrix:
    """Return each unit less its own mean over a window, or as it is."""
    return y - y[:, window].mean(axis=1, keepdims=True) if demean else y


def _windows(data: Panel, validation: int | None) -> _Windows:
    exposed = int((~data.never).sum())
    if exposed != 1:
        refuse(
            Reason.TOO_FEW_UNITS if exposed == 0 else Reason.INVALID_VALUE,
            f"{exposed} enheter er eksponert; metoden er for én",
            hint="Slå dem sammen til én, eller bruk callaway_santanna eller panel_its.",
        )
    start = data.cohorts[0]
    ahead = int((data.times < start).sum())
    held = max(ahead // 3, 3) if validation is None else whole(validation, "valideringsperioder")
    if min(held, ahead - held) < 3:
        refuse(
            Reason.TOO_FEW_POINTS,
            f"{ahead} perioder før oppstart gir {ahead - held} til tilpasning og {held} til validering",
            hint="Minst tre av hver trengs.",
        )
    validate = (data.times < start) & (data.times >= start - held)
    return _Windows(data.times < start - held, validate, data.times >= start)


def _by_course(
    data: Panel,
    y: Matrix,
    windows: _Windows,
    unit: int,
    donors: Integers,
    window: Flags,
    only: int | None,
) -> Matrix:
    """Return donor weights by the course itself, one row for each degree of spreading (or `only` one)."""
    noise = float(np.diff(y[donors][:, windows.before], axis=1).var()) / 2
    target, others = y[unit, window], y[donors][:, window].T
    rows = []
    for spread in _SPREAD if only is None else _SPREAD[only : only + 1]:
        lift = math.sqrt(spread * noise * target.size) * np.eye(donors.size)[: donors.size if spread else 0]
        system = np.vstack([others, lift])
        wanted = np.r_[target, np.zeros(len(lift))]
        rows.append(donor_weights(wanted, system, np.ones(wanted.size)))
    return np.array(rows)


def _by_predictors(
    data: Panel,
    y: Matrix,
    windows: _Windows,
    unit: int,
    donors: Integers,
    window: Flags,
    only: int | None,
) -> Matrix:
    """Return donor weights by predictors, whose own weights validation chose: a row for each start."""
    # The predictors' weights are those of training, wherever the donors are weighted.
    z, z_donors = y[unit, windows.validate], y[donors][:, windows.validate].T
    reached = fit_weights(*_means(data, windows.train, unit, donors), z, z_donors, starts=3, evaluations=400)
    last = window if window is windows.train else windows.validate
    target, others = _means(data, last, unit, donors)
    chosen = reached if only is None else reached[only : only + 1]
    return np.array([donor_weights(target, others, v) for _, v in chosen])


def _means(data: Panel, window: Flags, unit: int, donors: Integers) -> tuple[Vector, Matrix]:
    """Return predictors over a window on a common scale: the outcome in two halves, and covariates."""
    halves = np.array_split(np.flatnonzero(window), 2)
    rows = [data.y[:, part].mean(axis=1) for part in halves]
    values = np.array(rows + [x[:, window].mean(axis=1) for x in data.covariates])
    sd = values.std(axis=1, ddof=1)
    if (sd <= 1e-12 * np.abs(values).max(axis=1)).any():
        refuse(Reason.CONSTANT_SERIES, "en prediktor er lik for alle enheter")
    return values[:, unit] / sd, values[:, donors] / sd[:, None]


def _effect(
    data: Panel, windows: _Windows, own: _Fit, donors: Integers, ratios: dict[str, float], level: float
) -> SyntheticEffect:
    gaps, w = own.gaps[own.best], own.weights[own.best]
    order = np.argsort(-w, kind="stable")
    ratio, n = own.ratio(windows.after), donors.size + 1
    rank = 1 + sum(other >= ratio for other in ratios.values()) if ratios else 0
    found = SyntheticControl(
        weights={str(data.units[donors[i]]): float(w[i]) for i in order if w[i] > 0.0005},
        w=w,
        v=np.ones(1),
        pre_mspe=own.validation,
        optima=(Optimum(own.validation, own.gaps.shape[0], w),),
        predictor_gap=float(np.abs(gaps[windows.before]).max()),
    )
    return SyntheticEffect(
        control=found,
        gaps=gaps,
        mean_gap=float(gaps[windows.after].mean()),
        rival_gaps=tuple(float(each[windows.after].mean()) for each in own.gaps),
        ratio=ratio,
        rank=rank,
        n=n,
        p=rank / n if ratios else math.nan,
        placebo_ratios=ratios,
        ranked_ratio=ratio if ratios else math.nan,
        n_before=int(windows.before.sum()),
        n_after=int(windows.after.sum()),
        interval=_interval(gaps[windows.after], own.validation, ratios, level) if ratios else None,
        n_validation=int(windows.validate.sum()),
    )


def _interval(gaps: Vector, validation: float, ratios: dict[str, float], level: float) -> Estimate | None:
    """Return the constant effects that would leave the rank ordinary; None where units are too few."""
    place = math.floor((1 - level) * (len(ratios) + 1) + 1e-9)
    if place < 1:
        return None
    # The unit is out of the ordinary where fewer than `place` placebos have as large a ratio.
    limit = sorted(ratios.values(), reverse=True)[place - 1]
    room = limit * validation - float(gaps.var())
    mean = float(gaps.mean())
    # Where no constant effect is ordinary (the effect grew), the interval is the mean alone.
    half = math.sqrt(max(room, 0.0))
    rule = f"plasebotest snudd, {len(ratios)} plasebo"
    return Estimate(mean, math.nan, mean - half, mean + half, rule, level=level)
