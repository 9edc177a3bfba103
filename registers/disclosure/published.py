"""What leaves the gate: cells with a status, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from registers.cells import Measure

CLOSE = 1e-6  # numbers nearer than this, relatively, are the same


class Status(StrEnum):
    """What a cell shows; hidden is neither zero nor missing."""

    SHOWN = "vist"
    PRIMARY = "skjult, for få"
    SECONDARY = "skjult, verner andre"
    MISSING = "finnes ikke"


HIDDEN = (Status.PRIMARY, Status.SECONDARY)


@dataclass(frozen=True)
class Family:
    """What a table counts: tables of one family with the same key show the same numerator.

    Parameters
    ----------
    name : str
        The indicator, and whatever else makes its numerator another one.
    fixed : mapping of str to str or tuple of str
        Dimensions that the table keeps fixed: ``{"tjeneste": "Fastlege"}``; several values are their sum.
    """

    name: str
    fixed: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """A cleared table or figure.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `by`, `verdi` (NaN where hidden or missing) and `status` (`Status`).
    by : tuple of str
    measure : Measure
    unit : str
    family : Family
    per : float
        A rate is ``per · numerator / denominator``; 1 for a count; NaN where `verdi` tells no numerator.
    decimals : int or None
        What the writer rounds `verdi` to; None is not at all. The gate itself always reckons with None.
    merged : mapping of str to tuple of str
        The municipalities in each «øvrige kommuner i …».
    remainder : tuple of str
        Axes whose parts do not make up the whole of the total.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    measure: Measure
    unit: str
    family: Family
    per: float = 1
    decimals: int | None = None
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remainder: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What the gate and the attack did, in counts; no value of a cell is in it."""

    cells: int = 0
    primary: int = 0
    secondary: int = 0
    merged: int = 0
    exposed: int = 0
    programmes: int = 0
    revised: int = 0
    seconds: float = 0


@dataclass(frozen=True)
class Cleared:
    """All tables and figures of a register build, cleared together."""

    tables: Mapping[str, Published]
    report: Report
