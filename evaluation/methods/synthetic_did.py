"""Synthetic difference-in-differences: other units weighted, and periods before the start weighted too."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import Reason, refuse, strictly, whole
from evaluation.methods.panel import Panel, needs_controls
from evaluation.methods.power import mde_wald

RULE = "syntetisk forskjell i forskjeller, {how}, normalkvantil"
_SEED = 20260518


@dataclass(frozen=True, slots=True)
class SyntheticDiD:
    """The mean effect on the exposed, against units and periods weighted to look like them.

    Attributes
    ----------
    effect : Estimate
    weights : dict of str to float
        Of units above 0.001, largest first.
    periods : dict of str to float
        Of periods before the start above 0.001.
    n_treated, n_control, n_before, n_after : int
    mde : float
    fit_rank : float
        Share of placebos whose fit before the start is as poor as the exposed units'; a small one says
        that they are not to be made of the others.
    """

    effect: Estimate
    weights: dict[str, float]
    periods: dict[str, float]
    n_treated: int
    n_control: int
    n_before: int
    n_after: int
    mde: float
    fit_rank: float


def synthetic_did(data: Panel, *, draws: int = 200, level: float = 0.95) -> SyntheticDiD:
    """Return the synthetic difference-in-differences of units that start together.

    Parameters
    ----------
    data : Panel
        One start. Covariates are not used.
    draws : int
        Placebo assignments (seeded) that the standard error is made of.

    Raises
    ------
    AnalyseAvvist
        NOT_ABSORBING for several starts; TOO_FEW_UNITS unless controls outnumber the exposed;
        TOO_FEW_POINTS below three periods before.

    Notes
    -----
    Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), American Economic Review 111: 4088–4118, by the
    package diff-diff; placebo variance (their algorithm 4), which takes all units to vary alike. Not to be
    used for a single unit's verdict: there the rank of `synthetic_panel` holds without that assumption.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> starts = [9.0, *[float("inf")] * 3]
    >>> data = simulated_panel(1, starts, units=6, periods=12, effect=lambda s: 0 * s + 2.0, noise=0.1)
    >>> round(synthetic_did(data, draws=50).effect.value, 1)
    2.0
    """
    if len(data.cohorts) > 1:
        refuse(Reason.NOT_ABSORBING, "enhetene har ulike oppstarter", hint="Bruk callaway_santanna.")
    needs_controls(data)
    treated, others = int((~data.never).sum()), int(data.never.sum())
    if others <= treated:
        refuse(Reason.TOO_FEW_UNITS, f"{others} andre enheter er for få mot {treated} eksponerte")
    if (before := int((data.times < data.cohorts[0]).sum())) < 3:
        refuse(Reason.TOO_FEW_POINTS, f"{before} perioder før oppstart er for få; minst tre trengs")
    # Here and not above: the package takes a second to load, and most of the report never needs it.
    from diff_diff import SyntheticDiD as Model

    frame = data.tidy()
    frame["ever"] = (frame["first"] > 0).astype(int)
    with strictly("syntetisk forskjell i forskjeller"):
        # A poor fit is told by its rank: one in twenty is among the poorest where nothing is wrong.
        warnings.filterwarnings("ignore", message="Pre-treatment fit is poor")
        model = Model(n_bootstrap=whole(draws, "antall trekninger", least=20), seed=_SEED)
        after = list(range(before + 1, data.times.size + 1))
        found = model.fit(frame, outcome="y", treatment="ever", unit="unit", time="time", post_periods=after)
    effect = wald(float(found.att), float(found.se), RULE.format(how=f"{draws} plasebo"), level=level)
    return SyntheticDiD(
        effect=effect,
        weights=_largest({str(data.units[int(k)]): float(w) for k, w in found.unit_weights.items()}),
        periods=_largest(
            {data.label(int(k) + data.times[0] - 1): float(w) for k, w in found.time_weights.items()}
        ),
        n_treated=treated,
        n_control=others,
        n_before=before,
        n_after=data.times.size - before,
        mde=mde_wald(effect.se),
        fit_rank=float(found.pre_fit_placebo_pvalue),
    )


def _largest(weights: dict[str, float]) -> dict[str, float]:
    kept = {name: weight for name, weight in weights.items() if weight > 0.001}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))
