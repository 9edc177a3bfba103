"""Reproducible annual report on general practice: every number bound to its source.

``from analysis_lib import Kapittel, linjer, endring, …`` is what a chapter's notebook needs. The names are
loaded on first use, so that the command line starts without pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_PLACES = {
    "analysis_lib.present.chapter": ("Kapittel",),
    "analysis_lib.present.keyfigures": ("Nøkkeltall", "Nøkkeltallene", "setning"),
    "analysis_lib.present.charts": (
        "bokser",
        "fylkeskart",
        "linjer",
        "paneler",
        "prikker",
        "små_multipler",
        "stablede_søyler",
        "stolper",
        "søyler",
    ),
    "analysis_lib.indicators.series": (
        "Series",
        "andel",
        "andeler",
        "differanse",
        "endring",
        "forhold",
        "indeks",
        "områdeserie",
        "rate",
        "rater",
        "sum_av",
        "toppverdi",
    ),
}
_HOME = {name: module for module, names in _PLACES.items() for name in names}
__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
