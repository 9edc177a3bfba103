"""Evaluation of measures from few points: every method returns a full result or a refusal.

`methods` are pure: numbers in, a frozen result out; `basis` what they share; `verdicts` what a result allows to
be said; `register` and `measures` the measures of the report; `pictures` and `page` how they are shown. What
the data cannot carry is refused with `analysis_lib.errors.AnalyseAvvist`. Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "evaluation.page": ("antall_vurdert", "vurder"),
    "evaluation.pictures": (
        "autokorrelasjon",
        "hendelsesforløp",
        "innflytelse",
        "plasebofordeling",
        "residualplott",
        "traktplott",
    ),
    "evaluation.pictures.trajectory": ("forløp",),
}
_HOME = {name: module for module, names in _PLACES.items() for name in names}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
