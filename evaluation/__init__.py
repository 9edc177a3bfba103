"""Evaluation of measures from few points: every method returns a full result or a refusal.

`methods` are pure: numbers in, a frozen result out; `basis` is what they share; `verdicts` what a result
allows to be said; `register` and `measures` the measures of the report; `pictures` and `page` how they are
shown. What the data cannot carry is refused with `analysis_lib.errors.AnalyseAvvist`. What a notebook uses is
offered here by name, and loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "basis.said": ("number", "side_by_side"),
    "methods.arima": ("arima_its",),
    "methods.decomposition": ("price_volume", "shapley"),
    "methods.did": ("EARLIER", "LATER", "NEVER", "bacon", "twfe", "two_by_two"),
    "methods.dose": ("dose_effect", "doses"),
    "methods.experience": ("experience_scores", "indicator"),
    "methods.few_points": ("doubling_time", "extrapolate", "growth"),
    "methods.fixed_effects": ("fixed_effects", "imputation"),
    "methods.funnel": ("funnel_proportions", "funnel_ratios"),
    "methods.its_continuous": ("controlled_its", "its_continuous"),
    "methods.its_counts": ("controlled_its_counts", "its_counts"),
    "methods.joinpoint": ("joinpoint",),
    "methods.linear": ("newey_west", "ols", "prais_winsten"),
    "methods.panel": ("panel", "simulated_panel"),
    "methods.panel_its": ("panel_its",),
    "methods.permutation": ("permuted_difference",),
    "methods.placebo": ("Study", "synthetic_effect"),
    "methods.power": (
        "mde_clusters",
        "mde_level_change",
        "mde_two_proportions",
        "mde_wald",
        "n_t",
        "n_two_proportions",
        "power_t",
        "power_two_proportions",
    ),
    "methods.proportions": ("adjust_p_values", "independence_test", "newcombe", "trend_test", "wilson"),
    "methods.rates": ("byar", "garwood", "rate", "rate_ratio", "rate_ratio_p", "standardised_rate"),
    "methods.register_panel": ("register_effect",),
    "methods.reml": ("reml_ar1",),
    "methods.sensitivity": ("relative_magnitudes", "smoothness"),
    "methods.staggered": ("callaway_santanna", "sun_abraham"),
    "methods.structural": ("structural_series",),
    "methods.structural_breaks": ("structural_breaks",),
    "methods.synthetic_did": ("synthetic_did",),
    "methods.synthetic_panel": ("synthetic_panel",),
    "methods.time_axis": ("working_days",),
    "methods.uptake": ("bass", "logistic"),
    "page": ("antall_vurdert", "vurder"),
    "pictures.effects": ("hendelsesforløp", "plasebofordeling"),
    "pictures.funnel": ("traktplott",),
    "pictures.model_check": ("autokorrelasjon", "innflytelse", "residualplott"),
    "pictures.trajectory": ("forløp",),
}
_HOME = {name: f"evaluation.{module}" for module, names in _PLACES.items() for name in names}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
