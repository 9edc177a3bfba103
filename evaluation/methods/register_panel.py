"""From a register's tidy rows to an effect, by the design that the exposed units and their starts allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis_lib.data.periods import Period
from evaluation.basis.requirements import Reason, choice, refuse
from evaluation.methods.dose import DoseEffect, dose_effect, doses
from evaluation.methods.panel import Panel, kind_of, panel, table
from evaluation.methods.panel_its import PanelITS, panel_its
from evaluation.methods.permutation import Permuted, permuted_difference
from evaluation.methods.placebo import SyntheticEffect
from evaluation.methods.sensitivity import Sensitivity, relative_magnitudes
from evaluation.methods.staggered import StaggeredDiD, callaway_santanna
from evaluation.methods.synthetic_panel import synthetic_panel
from evaluation.methods.time_axis import as_index

DESIGNS = ("auto", "staggered", "synthetic", "panel_its", "difference", "dose")
# Below so many exposed units, errors that lean on their number are too small (docs/evaluation.md).
_FEW = 10


@dataclass(frozen=True, slots=True)
class RegisterEffect:
    """An effect from a register's rows, and how it was found.

    Attributes
    ----------
    design : {"staggered", "synthetic", "panel_its", "difference", "dose"}
    result : StaggeredDiD, SyntheticEffect, PanelITS, Permuted or DoseEffect
    sensitivity : Sensitivity or None
        Of a staggered adoption, to trends that part; None elsewhere, or with too few periods before.
    always : int
        Units exposed from the first period, left out.
    alone : int
        Units that started alone in their period, left out of a staggered adoption.
    """

    design: str
    result: StaggeredDiD | SyntheticEffect | PanelITS | Permuted | DoseEffect
    sensitivity: Sensitivity | None = None
    always: int = 0
    alone: int = 0


def register_effect(
    frame: pd.DataFrame,
    *,
    unit: str = "enhet",
    time: str = "periode",
    outcome: str = "verdi",
    first: str = "fra",
    dose: str | None = None,
    covariates: Sequence[str] = (),
    design: str = "auto",
    level: float = 0.95,
) -> RegisterEffect:
    """Return the effect of a measure from one row a unit and period.

    Parameters
    ----------
    frame : DataFrame
    unit, time, outcome, first : str
        Columns. Periods are months («2025-07»), quarters («2025K3»), dates (taken by month), pandas' periods
        or whole numbers; `first` is the period a unit started in, missing for those that never did.
    dose : str, optional
        Column with each unit's dose in the period, instead of `first`.
    design : {"auto", "staggered", "synthetic", "panel_its", "difference", "dose"}
        Chosen by the data if not given: one exposed unit, synthetic control; two to nine with one start,
        every choice of exposed units tried, on their courses (three periods on both sides) or on their
        changes; more, or several starts, staggered adoption. Several exposed with one start become one, their
        mean, in a synthetic control.

    Raises
    ------
    AnalyseAvvist
        What the design refuses, and bad rows as in `panel`.

    Notes
    -----
    Not to be used to try designs until one answers: say the design before the numbers are seen.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> made = simulated_panel(1, [4.0, np.inf], units=12, periods=8, effect=lambda since: 0 * since + 2.0)
    >>> rows = made.tidy().rename(columns={"unit": "enhet", "time": "periode", "y": "verdi", "first": "fra"})
    >>> found = register_effect(rows)
    >>> found.design, round(found.result.by_group.value, 1)
    ('staggered', 1.9)
    """
    design = choice(design, DESIGNS, "designet")
    names = [outcome, *([dose] if dose else [first]), *covariates]
    rows = table(frame, unit, time, names)[[unit, time, *names]].copy()
    rows[time] = _periods(rows[time], time)
    if dose is not None or design == "dose":
        if dose is None:
            refuse(Reason.MISSING_VALUE, "dosen må være oppgitt (dose)")
        y, given = doses(rows, unit=unit, time=time, outcome=outcome, dose=dose)
        return RegisterEffect("dose", dose_effect(y, given, level=level))
    rows[first] = _starts(rows[first], rows[time], first)
    data = panel(
        rows, unit=unit, time=time, outcome=outcome, first=first, covariates=covariates, always="leave out"
    )
    return _estimated(data, _design(data) if design == "auto" else design, level)


def _periods(column: Any, name: str) -> Any:
    """Return periods of one kind; text and dates are read."""
    if isinstance(column.dtype, pd.PeriodDtype) or pd.api.types.is_numeric_dtype(column):
        return column
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.to_period("M")
    known = column.dropna().unique()
    try:
        read = [Period.read(each) if isinstance(each, str) else each for each in known]
        index = as_index(read)
    except (TypeError, ValueError, AttributeError):
        refuse(
            Reason.INVALID_VALUE,
            f"{name} har verdier som ikke er perioder",
            hint="Skriv 2025-07 eller 2025K3.",
        )
    kind: Any = index.dtype if isinstance(index, pd.PeriodIndex) else None
    return column.map(dict(zip(known, index, strict=True))).astype(kind)


def _starts(column: Any, times: Any, name: str) -> Any:
    """Return starts as periods of the panel's kind; a date is the period that holds it."""
    if not isinstance(times.dtype, pd.PeriodDtype):
        return column
    if column.isna().all():
        return pd.Series(pd.PeriodIndex([pd.NaT] * len(column), dtype=times.dtype), index=column.index)
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.to_period(kind_of(times))
    starts = _periods(column, name)
    if isinstance(starts.dtype, pd.PeriodDtype) and starts.dtype != times.dtype:
        return starts.dt.asfreq(kind_of(times), how="start")
    return starts


def _design(data: Panel) -> str:
    treated = int((~data.never).sum())
    if treated == 1:
        return "synthetic"
    one = len(data.cohorts) == 1
    if treated >= _FEW or not one:
        return "staggered"
    sides = [(data.times < data.cohorts[0]).sum(), (data.times >= data.cohorts[0]).sum()]
    return "panel_its" if min(sides) >= 3 else "difference"


def _estimated(data: Panel, design: str, level: float) -> RegisterEffect:
    always = len(data.left_out)
    if design == "synthetic":
        return RegisterEffect(design, synthetic_panel(_merged(data), level=level), always=always)
    if design == "panel_its":
        errors = "permutation" if min((~data.never).sum(), data.never.sum()) < _FEW else "cluster"
        return RegisterEffect(design, panel_its(data, errors=errors, level=level), always=always)
    if design == "difference":
        return RegisterEffect(design, _difference(data, level), always=always)
    data, alone = _in_company(data)
    smallest = min(int((data.first == g).sum()) for g in data.cohorts) if data.cohorts else 0
    found = callaway_santanna(
        data,
        not_yet=int(data.never.sum()) < 5,
        adjust="doubly robust" if smallest >= 10 * len(data.names) else "regression",
        level=level,
    )
    some = any(s < 0 for s in found.event_study.since)
    sensitivity = relative_magnitudes(found.event_study, level=level) if some else None
    return RegisterEffect("staggered", found, sensitivity, always, alone)


def _in_company(data: Panel) -> tuple[Panel, int]:
    """Return the panel without units that started alone: a cohort of one has no variance."""
    sizes = {g: int((data.first == g).sum()) for g in data.cohorts}
    alone = np.isin(data.first, [g for g, size in sizes.items() if size == 1])
    return _kept(data, ~alone), int(alone.sum())


def _kept(data: Panel, keep: Any) -> Panel:
    units = tuple(unit for unit, kept in zip(data.units, keep, strict=True) if kept)
    return replace(
        data, units=units, y=data.y[keep], first=data.first[keep], covariates=data.covariates[:, keep]
    )


def _merged(data: Panel) -> Panel:
    """Return the panel with its exposed units as one, their mean."""
    exposed = np.flatnonzero(~data.never)
    if exposed.size < 2:
        return data
    if len(data.cohorts) > 1:
        refuse(
            Reason.NOT_ABSORBING,
            "enhetene har ulike oppstarter og kan ikke slås sammen til én",
            hint="Ta dem hver for seg.",
        )
    one = _kept(data, np.arange(len(data.units)) >= 0)
    one.y[exposed[0]] = data.y[exposed].mean(axis=0)
    one.covariates[:, exposed[0]] = data.covariates[:, exposed].mean(axis=1)
    keep = data.never.copy()
    keep[exposed[0]] = True
    return _kept(one, keep)


def _difference(data: Panel, level: float) -> Permuted:
    """Return the difference in change, mean after less mean before, of units with one start."""
    if len(data.cohorts) > 1:
        refuse(Reason.NOT_ABSORBING, "enhetene har ulike oppstarter", hint='Bruk design="staggered".')
    after = data.times >= data.cohorts[0]
    change = data.y[:, after].mean(axis=1) - data.y[:, ~after].mean(axis=1)
    return permuted_difference(change[~data.never], change[data.never], level=level)
