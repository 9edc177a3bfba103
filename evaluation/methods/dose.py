"""A measure that everybody gets, some more of than others: the change by dose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Matrix, Reason, at_least, matrix, refuse, same_length, whole
from evaluation.methods.fixed_effects import fixed_effects
from evaluation.methods.panel import table
from evaluation.methods.power import mde_wald
from evaluation.methods.time_axis import consecutive


@dataclass(frozen=True, slots=True)
class DoseEffect:
    """The change in the outcome for each unit of dose.

    Attributes
    ----------
    effect : Estimate
    before : Estimate or None
        The same for a dose that came halfway through the periods before it did: 0 if trends were parallel
        across doses. None with fewer than four periods before.
    n_units, n_periods, n_before : int
        Periods before anybody's dose changed.
    doses : int
        Different total changes of dose among units.
    mde : float
        For each unit of dose.
    """

    effect: Estimate
    before: Estimate | None
    n_units: int
    n_periods: int
    n_before: int
    doses: int
    mde: float


def dose_effect(
    y: Matrix,
    dose: Matrix,
    *,
    errors: str = "cluster",
    lags: int | None = None,
    level: float = 0.95,
    fewest: int = 20,
) -> DoseEffect:
    """Return the effect of a continuous dose, with unit and period effects.

    Parameters
    ----------
    y, dose : array, shapes (N, T) and (N, T)
        Periods in order. A dose may change several times.
    errors, lags
        As in `fixed_effects`.
    fewest : int
        Units needed: with skewed doses the errors are too small in few.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS; NONE_TREATED where no dose changes; COLLINEAR where all move alike;
        CONSTANT_SERIES.

    Notes
    -----
    Two-way fixed effects, clustered by unit. It takes the effect to be straight in the dose, at once and the
    same for all, and those who got more to have moved as those who got less would have (strong parallel
    trends: Callaway, Goodman-Bacon and Sant'Anna 2024, NBER 32117). Not to be used where units chose their
    dose by what they expected.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> dose = np.outer(rng.uniform(0, 10, 50), np.arange(8) >= 4)
    >>> y = rng.normal(size=(50, 1)) + 0.3 * dose + 0.1 * rng.normal(size=(50, 8))
    >>> round(dose_effect(y, dose).effect.value, 2)
    0.3
    """
    y, dose = matrix(y, "utfallet"), matrix(dose, "dosen")
    same_length(utfall=y, dose=dose)
    same_length(utfall=y.T, dose=dose.T)
    units, periods = y.shape
    at_least(periods, 2, "perioder")
    if units < whole(fewest, "fewest", least=3):
        refuse(Reason.TOO_FEW_UNITS, f"{units} enheter er for få; minst {fewest} trengs")
    moves = np.abs(np.diff(dose, axis=1)).max(axis=0) > 0
    if not moves.any():
        refuse(Reason.NONE_TREATED, "ingen enheters dose endrer seg")
    before = int(np.flatnonzero(moves)[0]) + 1
    effect = fixed_effects(y, dose[None], ["dose"], errors=errors, lags=lags).effect("dose", level=level)
    return DoseEffect(
        effect=effect,
        before=_before(y[:, :before], dose[:, -1] - dose[:, 0], errors, level) if before >= 4 else None,
        n_units=units,
        n_periods=periods,
        n_before=before,
        doses=len(np.unique(np.round(dose[:, -1] - dose[:, 0], 10))),
        mde=mde_wald(effect.se, effect.df),
    )


def _before(y: Matrix, change: Matrix, errors: str, level: float) -> Estimate:
    late = np.arange(y.shape[1]) >= y.shape[1] // 2
    return fixed_effects(y, np.outer(change, late)[None], ["dose"], errors=errors).effect("dose", level=level)


def doses(frame: pd.DataFrame, *, unit: str, time: str, outcome: str, dose: str) -> tuple[Matrix, Matrix]:
    """Return outcomes and doses of a tidy frame, each of shape (N, T).

    Raises
    ------
    AnalyseAvvist
        UNBALANCED, DUPLICATE_PERIOD, GAP, MISSING_VALUE.

    Examples
    --------
    >>> tidy = pd.DataFrame({"k": [1, 1, 2, 2], "t": [1, 2, 1, 2], "y": [1, 2, 3, 4], "d": [0, 1, 0, 3]})
    >>> doses(tidy, unit="k", time="t", outcome="y", dose="d")[1].tolist()
    [[0.0, 1.0], [0.0, 3.0]]
    """
    frame = table(frame, unit, time, [outcome, dose])
    consecutive(frame[time].drop_duplicates())
    wide = [frame.pivot(index=unit, columns=time, values=name).sort_index(axis=1) for name in (outcome, dose)]
    if len(frame) != wide[0].size:
        refuse(Reason.UNBALANCED, "panelet mangler rader: hver enhet må ha en rad i hver periode")
    y, given = (matrix(each, name) for each, name in zip(wide, (outcome, dose), strict=True))
    return y, given
