"""Pictures for the analyst: what a model leaves over, what one point carries, what chance alone gives."""

from __future__ import annotations

from evaluation.pictures.effects import hendelsesforløp, plasebofordeling
from evaluation.pictures.funnel import traktplott
from evaluation.pictures.influence import innflytelse
from evaluation.pictures.residuals import autokorrelasjon, residualplott

__all__ = [
    "autokorrelasjon",
    "hendelsesforløp",
    "innflytelse",
    "plasebofordeling",
    "residualplott",
    "traktplott",
]
