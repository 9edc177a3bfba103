"""A balanced panel of units over time, and when each was first exposed; made-up panels to try methods on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis_lib.errors import nearest
from evaluation.basis.requirements import Integers, Matrix, Reason, Vector, at_least, matrix, refuse, vector
from evaluation.methods.time_axis import consecutive


@dataclass(frozen=True, slots=True)
class Panel:
    """Outcomes by unit and period.

    Attributes
    ----------
    units : tuple
        N units, sorted.
    times : array of int, shape (T,)
        Consecutive periods.
    y : array, shape (N, T)
    first : array, shape (N,)
        First exposed period; infinite for the never exposed.
    covariates : array, shape (K, N, T)
    names : tuple of str, length K
    """

    units: tuple[object, ...]
    times: Integers
    y: Matrix
    first: Vector
    covariates: NDArray[np.float64]
    names: tuple[str, ...]

    @property
    def since(self) -> Matrix:
        """Periods since the unit's start, shape (N, T); minus infinity for the never exposed."""
        return self.times[None, :] - self.first[:, None]

    @property
    def exposed(self) -> Matrix:
        """1 where the unit is exposed in the period, shape (N, T)."""
        return (self.since >= 0).astype(float)

    @property
    def cohorts(self) -> list[int]:
        """First periods of the exposed cohorts, in order."""
        return sorted({int(g) for g in self.first if np.isfinite(g)})

    @property
    def never(self) -> NDArray[np.bool_]:
        """The never exposed, shape (N,)."""
        return np.isinf(self.first)


def panel(
    frame: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first: str | None = None,
    exposed: str | None = None,
    covariates: Sequence[str] = (),
) -> Panel:
    """Return the panel in a tidy frame with one row a unit and period.

    Parameters
    ----------
    frame : DataFrame
        Rows in any order.
    unit, time, outcome : str
        Columns; `time` holds whole numbers.
    first : str, optional
        Column with the first exposed period; missing, 0 (where no period is called that) or later than
        the data for the never exposed.
    exposed : str, optional
        Instead of `first`: a column of 0 and 1.
    covariates : sequence of str

    Raises
    ------
    AnalyseAvvist
        UNBALANCED, NONE_TREATED, NOT_ABSORBING (exposure that ends or moves); START_OUTSIDE for a unit
        exposed from its first period, which has nothing before.

    Examples
    --------
    >>> tidy = pd.DataFrame({"k": ["a", "a", "b", "b"], "t": [1, 2, 1, 2], "y": [1, 4, 2, 3.0],
    ...                      "d": [0, 1, 0, 0]})
    >>> p = panel(tidy, unit="k", time="t", outcome="y", exposed="d")
    >>> p.first.tolist(), p.y.tolist()
    ([2.0, inf], [[1.0, 4.0], [2.0, 3.0]])
    """
    if not isinstance(frame, pd.DataFrame):
        refuse(Reason.INVALID_VALUE, "panelet må være en tabell (DataFrame)")
    frame = frame.reset_index(drop=True)
    wanted = [unit, time, outcome, *([first] if first else []), *([exposed] if exposed else []), *covariates]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        refuse(
            Reason.MISSING_VALUE, f"kolonnen {missing[0]} mangler", hint=nearest(missing[0], frame.columns)
        )
    twice = frame.columns[frame.columns.duplicated()].intersection(wanted)
    if len(twice):
        refuse(Reason.INVALID_VALUE, f"kolonnen {twice[0]} står to ganger")
    if (first is None) == (exposed is None):
        refuse(
            Reason.INVALID_VALUE, "oppgi enten kolonnen med oppstart (first) eller med eksponering (exposed)"
        )
    at_least(len(frame), 1, "rader")
    if frame[unit].isna().any():
        refuse(Reason.MISSING_VALUE, f"{unit} mangler i en rad")
    if frame.duplicated([unit, time]).any():
        refuse(Reason.DUPLICATE_PERIOD, "en enhet har samme periode to ganger")
    _, times = consecutive(frame[time].unique())
    wide = frame.pivot(index=unit, columns=time, values=outcome).sort_index(axis=1)
    if len(frame) != wide.size:
        refuse(
            Reason.UNBALANCED,
            f"panelet har {len(frame)} rader, men {wide.shape[0]} enheter × {wide.shape[1]} perioder",
            hint="Ta med bare enheter som er observert i alle perioder, og si hvor mange som falt fra.",
        )
    y = _matrix(wide, outcome)
    if np.ptp(y) == 0:
        refuse(Reason.CONSTANT_SERIES, f"{outcome} er konstant")
    if first is not None:
        starts = _first(frame, unit, first, times)
    else:
        assert exposed is not None
        starts = _from_exposure(
            _matrix(frame.pivot(index=unit, columns=time, values=exposed), exposed), times
        )
    if np.isinf(starts).all():
        refuse(Reason.NONE_TREATED, "ingen enheter er eksponert i perioden")
    early = int((starts <= times[0]).sum())
    if early:
        refuse(
            Reason.START_OUTSIDE,
            f"{early} enheter er eksponert fra første periode og har ingen førperiode",
            hint="Ta dem ut, og si det.",
        )
    extra = [_matrix(frame.pivot(index=unit, columns=time, values=name), name) for name in covariates]
    stacked = np.stack(extra) if extra else np.empty((0, *y.shape))
    return Panel(tuple(wide.index), times, y, starts, stacked, tuple(covariates))


def _matrix(wide: pd.DataFrame, name: str) -> Matrix:
    return matrix(wide.sort_index(axis=1), name)


def _first(frame: pd.DataFrame, unit: str, first: str, times: Integers) -> Vector:
    grouped = frame.groupby(unit, sort=True)[first]
    if (grouped.nunique(dropna=False) > 1).any():
        refuse(Reason.NOT_ABSORBING, "en enhet har flere ulike oppstarter")
    given = grouped.first().astype(object)
    starts = vector(given.where(given.notna() & (given != np.inf), 0), first)
    if times[0] <= 0 <= times[-1] and (given == 0).any():
        refuse(
            Reason.INVALID_VALUE,
            f"{first} er 0, som både er en periode i dataene og tegnet for aldri eksponert",
            hint="La feltet stå tomt for dem som aldri ble eksponert, og tell periodene fra et annet år.",
        )
    if (starts != np.floor(starts)).any():
        refuse(Reason.INVALID_VALUE, f"{first} må være en hel periode")
    return np.where((starts == 0) | (starts > times[-1]), np.inf, starts)


def _from_exposure(exposed: Matrix, times: Integers) -> Vector:
    if not np.isin(exposed, (0.0, 1.0)).all():
        refuse(Reason.INVALID_VALUE, "eksponering må være 0 eller 1")
    if (np.diff(exposed, axis=1) < 0).any():
        refuse(
            Reason.NOT_ABSORBING, "en enhet slutter å være eksponert; metoden forutsetter at den fortsetter"
        )
    return np.where(exposed.any(axis=1), times[exposed.argmax(axis=1)].astype(float), np.inf)


def needs_cohorts(data: Panel) -> None:
    """Refuse a cohort of one unit."""
    for g in data.cohorts:
        if (data.first == g).sum() < 2:
            refuse(
                Reason.TOO_FEW_UNITS,
                f"gruppen som starter i {g} har bare én enhet og ingen varians",
                hint="Ta enheten ut, og si det.",
            )


def needs_controls(data: Panel, *, fewest: int = 2) -> None:
    """Refuse a panel where everybody is exposed in the end, or too few never are."""
    controls = int(data.never.sum())
    if controls == 0:
        refuse(
            Reason.ALL_TREATED,
            "alle enheter blir eksponert, så ingen viser hva som ellers ville ha skjedd",
            hint="Avslutt serien før den siste gruppen, eller bruk dem som ennå ikke er eksponert.",
        )
    if controls < fewest:
        refuse(Reason.TOO_FEW_UNITS, f"{controls} enheter uten eksponering er for få; minst {fewest} trengs")


def simulated_panel(
    seed: int | np.random.Generator,
    starts: Sequence[float] = (3.0, 4.0, np.inf),
    *,
    units: int = 20,
    periods: int = 5,
    effect: Callable[[Vector], Vector] = np.zeros_like,
    drift: float = 0.0,
    noise: float = 0.5,
) -> Panel:
    """Return a panel of units that start at different times, with an effect that is given.

    Parameters
    ----------
    seed : int or Generator
    starts : sequence of float
        First exposed period of each cohort; infinite for the never exposed.
    units, periods : int
        Units in each cohort; periods 1 to `periods`.
    effect : callable
        From periods since the start, 0 and up, to the effect there.
    drift : float
        Trend per period of those who are ever exposed, beyond that of the others: not parallel.
    noise : float
        Standard deviation of each observation, beside 1 between units.

    Examples
    --------
    >>> data = simulated_panel(1, units=2, effect=lambda since: 1.0 + since, noise=0.0)
    >>> data.y.shape, data.cohorts, (data.y[0] - data.y[0, 0]).round(1).tolist()
    ((6, 5), [3, 4], [0.0, 0.2, 1.4, 2.6, 3.8])
    """
    rng = np.random.default_rng(seed)
    first, times = np.repeat(np.asarray(starts, dtype=float), units), np.arange(1, periods + 1)
    y = rng.normal(size=(first.size, 1)) + 0.2 * times + drift * times * np.isfinite(first)[:, None]
    y = y + rng.normal(0, noise, (first.size, periods))
    data = Panel(tuple(range(first.size)), times, y, first, np.empty((0, first.size, periods)), ())
    reached = data.since >= 0
    y[reached] += effect(data.since[reached])
    return data
