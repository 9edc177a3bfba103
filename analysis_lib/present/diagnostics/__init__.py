"""Pictures for the analyst: what a model leaves over, what one point carries, what chance alone gives."""

from analysis_lib.present.diagnostics.effects import hendelsesforløp, plasebofordeling
from analysis_lib.present.diagnostics.funnel import traktplott
from analysis_lib.present.diagnostics.influence import innflytelse
from analysis_lib.present.diagnostics.residuals import autokorrelasjon, residualplott

__all__ = [
    "autokorrelasjon",
    "hendelsesforløp",
    "innflytelse",
    "plasebofordeling",
    "residualplott",
    "traktplott",
]
