"""Numbers before the disclosure gate: what an indicator gives, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

MEASURES = ("verdi", "teller", "nevner", "pasienter", "leger")
# What the gate adds.
STATUS = "status"


class Measure(StrEnum):
    """What kind of number a cell holds; decides how the gate treats it."""

    COUNT = "antall"
    SHARE = "andel"
    RATE = "rate"
    MEAN = "gjennomsnitt"
    MEDIAN = "median"


@dataclass(frozen=True)
class Cells:
    """One indicator's numbers, one row a cell.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `by` and then `verdi` (what is shown), `teller` and `nevner` (float; NaN where there is none),
        `pasienter` and `leger` (Int64: distinct persons and doctors behind `teller`, or a lower bound of
        them; NA where the cell counts no persons, as a number of lists).
    by : tuple of str
        The dimensions, such as ``("aar", "form")``. A margin has the label `TOTAL` in its dimension.
    measure : Measure
        What `verdi` is.
    unit : str
        Its unit in words, as a descriptor has it.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    measure: Measure
    unit: str

    def __post_init__(self) -> None:
        expected = [*self.by, *MEASURES]
        if STATUS in self.by:
            raise ValueError(f"no dimension is called «{STATUS}»: the gate's column is")
        if list(self.frame.columns) != expected:
            raise ValueError(f"columns {list(self.frame.columns)}, expected {expected}")


TOTAL = "i alt"
