"""Interrupted time series of many units, some with a measure that starts for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Strength,
    choice,
    refuse,
    strength,
    whole,
)
from evaluation.methods.fixed_effects import fixed_effects
from evaluation.methods.panel import Panel, needs_controls
from evaluation.methods.permutation import Permuted, permuted_difference
from evaluation.methods.power import mde_wald

TERMS = ("trend", "trinn", "helning")
ERRORS = ("cluster", "driscoll-kraay", "permutation")


@dataclass(frozen=True, slots=True)
class PanelITS:
    """How the exposed units' course changed beyond that of the others.

    Attributes
    ----------
    step, slope : Estimate
        Change of level at the start, and of slope from it, beyond the controls'.
    trend : Estimate
        Difference in slope before the start: how parallel they were.
    control_step, control_slope : float
        The controls' own changes.
    permuted : Permuted or None
        The step by randomisation inference; None where it was not asked for.
    n_before, n_after, n_treated, n_control : int
    strength : Strength
        By length; Driscoll-Kraay never more than exploratory, since it has too many false alarms even at
        100 periods.
    mde : float
        Of the step, from its own standard error and degrees of freedom.
    """

    step: Estimate
    slope: Estimate
    trend: Estimate
    control_step: float
    control_slope: float
    permuted: Permuted | None
    n_before: int
    n_after: int
    n_treated: int
    n_control: int
    strength: Strength
    mde: float


def panel_its(
    data: Panel, *, errors: str = "cluster", lags: int | None = None, level: float = 0.95, fewest: int = 10
) -> PanelITS:
    """Return the changes of level and slope among the exposed beyond all the others.

    Each unit has its own level, and each period its own (so a season that all share is taken out).

    Parameters
    ----------
    data : Panel
        One start for all that are exposed.
    errors : {"cluster", "driscoll-kraay", "permutation"}
        Clustered by unit with t(G−1); robust to what units share and to autocorrelation over `lags` periods,
        with t(T−1), for long panels; or by trying every choice of exposed units, where they are few.
    lags : int, optional
        For Driscoll-Kraay: ⌊4(T/100)^(2/9)⌋ if not given.
    fewest : int
        Exposed units, and others, that clustered errors need.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS for clustered errors with fewer than `fewest` of either; TOO_FEW_POINTS with fewer than
        three periods on a side; NOT_ABSORBING for several starts; ALL_TREATED, CONSTANT_SERIES.

    Notes
    -----
    Linden (2015), Stata Journal 15: 480–500, with all controls instead of their mean; Driscoll and Kraay
    (1998), Review of Economics and Statistics 80: 549–560. In a balanced panel the estimate is the mean of
    the exposed units' own segmented regressions less that of the others'. Not to be used where the controls'
    trend before the start was another: a straight difference is taken to go on.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> data = simulated_panel(1, [9.0, np.inf], periods=16, effect=lambda s: 2.0 + 0.5 * s, noise=0.2)
    >>> r = panel_its(data)
    >>> round(r.step.value, 1), round(r.slope.value, 1), r.step.rule[:3]
    (2.1, 0.5, 'CR1')
    """
    errors = choice(errors, ERRORS, "feilene")
    shape = _shape(data)
    before, after = int((shape[1] == 0).sum()), int((shape[1] == 1).sum())
    needs_controls(data, fewest=2)
    treated = ~data.never
    if errors == "cluster":
        _enough(int(treated.sum()), int(data.never.sum()), whole(fewest, "fewest", least=2))
    own = _own(data, shape)
    if errors == "permutation":
        pairs = [permuted_difference(x[treated], x[data.never], level=level) for x in own.T]
        trend, step, slope = (pair.effect for pair in pairs)
        permuted, mde = pairs[1], pairs[1].mde
    else:
        columns = shape[:, None, :] * treated[None, :, None]
        fit = fixed_effects(data.y, columns, TERMS, errors=errors, lags=lags)
        trend, step, slope = (fit.effect(name, level=level) for name in TERMS)
        permuted, mde = None, mde_wald(step.se, step.df)
    control = own[data.never].mean(axis=0)
    return PanelITS(
        step=step,
        slope=slope,
        trend=trend,
        control_step=float(control[1]),
        control_slope=float(control[2]),
        permuted=permuted,
        n_before=before,
        n_after=after,
        n_treated=int(treated.sum()),
        n_control=int(data.never.sum()),
        strength=_strength(before, after, errors),
        mde=mde,
    )


def _shape(data: Panel) -> Matrix:
    """Return trend, step and slope from the start, shape (3, T)."""
    if len(data.cohorts) > 1:
        refuse(
            Reason.NOT_ABSORBING,
            "enhetene har ulike oppstarter",
            hint="Bruk callaway_santanna, som tar dem hver for seg.",
        )
    if not data.cohorts:
        refuse(Reason.NONE_TREATED, "ingen enheter er eksponert i perioden")
    since = (data.times - data.cohorts[0]).astype(float)
    after = (since >= 0).astype(float)
    if min(after.sum(), (1 - after).sum()) < 3:
        refuse(
            Reason.TOO_FEW_POINTS,
            f"{int((1 - after).sum())} perioder før og {int(after.sum())} etter; minst tre av hver trengs",
            hint="Bruk two_by_two på endringen, eller flere perioder.",
        )
    return np.stack([since, after, since * after])


def _strength(before: int, after: int, errors: str) -> Strength:
    found = strength(before, after)
    narrow = errors == "driscoll-kraay" and found is Strength.SUPPORTED
    return Strength.EXPLORATORY if narrow else found


def _enough(treated: int, control: int, fewest: int) -> None:
    if min(treated, control) < fewest:
        refuse(
            Reason.TOO_FEW_UNITS,
            f"{treated} eksponerte og {control} andre er for få til klyngede feil; minst {fewest} trengs",
            hint='Bruk errors="permutation".',
        )


def _own(data: Panel, shape: Matrix) -> Matrix:
    """Return each unit's own trend, step and change of slope, shape (N, 3)."""
    design = np.column_stack([np.ones(shape.shape[1]), shape.T])
    return np.asarray(np.linalg.lstsq(design, data.y.T, rcond=None)[0][1:].T)
