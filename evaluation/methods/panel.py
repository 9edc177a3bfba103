"""A balanced panel of units over time, and when each was first exposed; made-up panels to try methods on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis_lib.errors import nearest
from evaluation.basis.requirements import (
    Integers,
    Matrix,
    Reason,
    Vector,
    at_least,
    choice,
    matrix,
    refuse,
    vector,
)
from evaluation.methods.time_axis import consecutive, ordinals


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
    freq : str
        Kind of period («M», «Q»), where `times` are ordinals of pandas' periods; empty for whole numbers.
    left_out : tuple
        Units exposed from the first period, which were taken out.
    """

    units: tuple[object, ...]
    times: Integers
    y: Matrix
    first: Vector
    covariates: NDArray[np.float64]
    names: tuple[str, ...]
    freq: str = ""
    left_out: tuple[object, ...] = ()

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

    def label(self, time: float) -> str:
        """Return a period as the user knows it."""
        return str(pd.Period(ordinal=int(time), freq=self.freq)) if self.freq else str(int(time))

    def tidy(self) -> pd.DataFrame:
        """Return one row a unit and period, both by their place from 0 and 1; `first` is 0 for never."""
        units, periods = self.y.shape
        start = np.where(self.never, 0.0, self.first - self.times[0] + 1)
        columns = {
            "unit": np.repeat(np.arange(units), periods),
            "time": np.tile(np.arange(1, periods + 1), units),
            "y": self.y.ravel(),
            "first": np.repeat(start, periods),
        }
        return pd.DataFrame(columns | {f"x{k}": x.ravel() for k, x in enumerate(self.covariates)})

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
    always: str = "refuse",
) -> Panel:
    """Return the panel in a tidy frame with one row a unit and period.

    Parameters
    ----------
    frame : DataFrame
        Rows in any order.
    unit, time, outcome : str
        Columns; `time` holds whole numbers, or pandas' periods.
    first : str, optional
        Column with the first exposed period; missing, 0 (where no period is called that) or later than
        the data for the never exposed.
    exposed : str, optional
        Instead of `first`: a column of 0 and 1.
    covariates : sequence of str
    always : {"refuse", "leave out"}
        What to do with units exposed from their first period: they have nothing before to compare with,
        and their effect may still be growing, so they are no controls either.

    Raises
    ------
    AnalyseAvvist
        UNBALANCED, NONE_TREATED, NOT_ABSORBING (exposure that ends or moves); START_OUTSIDE for a unit
        exposed from its first period, unless they are left out.

    Examples
    --------
    >>> tidy = pd.DataFrame({"k": ["a", "a", "b", "b"], "t": [1, 2, 1, 2], "y": [1, 4, 2, 3.0],
    ...                      "d": [0, 1, 0, 0]})
    >>> p = panel(tidy, unit="k", time="t", outcome="y", exposed="d")
    >>> p.first.tolist(), p.y.tolist()
    ([2.0, inf], [[1.0, 4.0], [2.0, 3.0]])
    """
    always = choice(always, ("refuse", "leave out"), "always")
    frame, freq = _in_order(frame, unit, time, outcome, first, exposed, covariates)
    _, times = consecutive(frame[time].unique())
    wide = frame.pivot(index=unit, columns=time, values=outcome).sort_index(axis=1)
    if len(frame) != wide.size:
        refuse(
            Reason.UNBALANCED,
            f"panelet har {len(frame)} rader, men {wide.shape[0]} enheter × {wide.shape[1]} perioder",
            hint="Ta med bare enheter som er observert i alle perioder, og si hvor mange som falt fra.",
        )
    y = _matrix(wide, outcome)
    if first is not None:
        starts = _first(frame, unit, first, times)
    else:
        assert exposed is not None
        starts = _from_exposure(_wide(frame, unit, time, exposed), times)
    extra = [_wide(frame, unit, time, name) for name in covariates]
    stacked = np.stack(extra) if extra else np.empty((0, *y.shape))
    return _usable(
        Panel(tuple(wide.index), times, y, starts, stacked, tuple(covariates), freq), outcome, always
    )


def _in_order(
    frame: pd.DataFrame,
    unit: str,
    time: str,
    outcome: str,
    first: str | None,
    exposed: str | None,
    covariates: Sequence[str],
) -> tuple[pd.DataFrame, str]:
    """Return the frame with periods as whole numbers, and their kind; refuse what is no panel."""
    if (first is None) == (exposed is None):
        refuse(
            Reason.INVALID_VALUE, "oppgi enten kolonnen med oppstart (first) eller med eksponering (exposed)"
        )
    asked = [*([first] if first else []), *([exposed] if exposed else []), *covariates]
    return _numbered(table(frame, unit, time, [outcome, *asked]), time, first)


def table(frame: pd.DataFrame, unit: str, time: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return a tidy frame, its rows numbered; refuse one that lacks columns or repeats itself."""
    if not isinstance(frame, pd.DataFrame):
        refuse(Reason.INVALID_VALUE, "panelet må være en tabell (DataFrame)")
    frame, wanted = frame.reset_index(drop=True), [unit, time, *columns]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        refuse(
            Reason.MISSING_VALUE, f"kolonnen {missing[0]} mangler", hint=nearest(missing[0], frame.columns)
        )
    twice = frame.columns[frame.columns.duplicated()].intersection(wanted)
    if len(twice):
        refuse(Reason.INVALID_VALUE, f"kolonnen {twice[0]} står to ganger")
    at_least(len(frame), 1, "rader")
    if frame[unit].isna().any():
        refuse(Reason.MISSING_VALUE, f"{unit} mangler i en rad")
    if frame.duplicated([unit, time]).any():
        refuse(Reason.DUPLICATE_PERIOD, "en enhet har samme periode to ganger")
    return frame


def kind_of(column: Any) -> str:
    """Return the kind of a column's periods as pandas names it: M, Q-DEC.

    >>> kind_of(pd.Series(pd.period_range("2025-01", periods=2, freq="M")))
    'M'
    """
    return str(pd.PeriodIndex(column).freqstr)


def _numbered(frame: pd.DataFrame, time: str, first: str | None) -> tuple[pd.DataFrame, str]:
    kind = frame[time].dtype
    if not isinstance(kind, pd.PeriodDtype):
        return frame, ""
    if first is None:
        return frame.assign(**{time: ordinals(frame[time])}), kind_of(frame[time])
    starts = frame[first]
    if starts.notna().any() and starts.dtype != kind:
        refuse(Reason.INVALID_VALUE, f"{first} må være perioder av samme slag som {time}")
    known = starts.notna().to_numpy()
    # Ordinals may be below zero (before 1970) and the sign of never is missing, not 0.
    numbers = np.full(len(frame), np.nan)
    numbers[known] = ordinals(starts[known]) if known.any() else []
    return frame.assign(**{time: ordinals(frame[time]), first: numbers}), kind_of(frame[time])


def _usable(data: Panel, outcome: str, always: str) -> Panel:
    """Return the panel without the always exposed, or refuse it."""
    early = data.first <= data.times[0]
    if np.ptp(data.y) == 0:
        refuse(Reason.CONSTANT_SERIES, f"{outcome} er konstant")
    if np.isinf(data.first).all():
        refuse(Reason.NONE_TREATED, "ingen enheter er eksponert i perioden")
    if not early.any():
        return data
    if always == "refuse":
        refuse(
            Reason.START_OUTSIDE,
            f"{int(early.sum())} enheter er eksponert fra første periode og har ingen førperiode",
            hint='Ta dem ut med always="leave out"; resultatet sier da hvor mange det var.',
        )
    gone = tuple(unit for unit, out in zip(data.units, early, strict=True) if out)
    units = tuple(unit for unit, out in zip(data.units, early, strict=True) if not out)
    kept = replace(
        data,
        units=units,
        y=data.y[~early],
        first=data.first[~early],
        covariates=data.covariates[:, ~early],
        left_out=gone,
    )
    if not units or np.isinf(kept.first).all():
        refuse(Reason.NONE_TREATED, "alle eksponerte enheter er det fra første periode, så ingen skifter")
    return kept


def _wide(frame: pd.DataFrame, unit: str, time: str, name: str) -> Matrix:
    return _matrix(frame.pivot(index=unit, columns=time, values=name), name)


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
                f"gruppen som starter i {data.label(g)} har bare én enhet og ingen varians",
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
