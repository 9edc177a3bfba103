"""The thresholds and what is known of every dimension, and which cells they hide at once (primary)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis_lib.data.formats import read_yaml
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from registers.cells import Cells, Measure
from registers.disclosure.published import CLOSE


class Kind(StrEnum):
    """How the values of a dimension add up."""

    OWN = "egen"
    SUM = "sum"
    INTERVAL = "intervall"
    GEOGRAPHY = "geografi"


@dataclass(frozen=True)
class Dimension:
    """What the gate knows of a dimension: how it adds up, on which axis, and its column of the geography."""

    kind: Kind
    axis: str
    column: str = ""


@dataclass(frozen=True)
class Rules:
    """Thresholds (persons, doctors, width of the interval) and dimensions; frozen, from ``personvern.yml``.

    Parameters
    ----------
    patients, doctors : int
        Fewer than this, and not none, is hidden.
    width : float
        The narrowest interval, in units of the numerator, that may be computed around a hidden cell.
    dimensions : mapping of str to Dimension
        What is not here is not let through.
    no_patients, no_doctors : frozenset of str
        Indicators that count no persons, or have no doctors behind them.
    overlapping : mapping of str to tuple of str
        Dimensions of a family whose values overlap, as persons with several kinds of drug.
    """

    patients: int = 5
    doctors: int = 3
    width: float = 5
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    no_patients: frozenset[str] = frozenset()
    no_doctors: frozenset[str] = frozenset()
    overlapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def small(self, family: str) -> int:
        """Return the count below which an unpublished remainder of a family could be too few."""
        return self.doctors if indicator_of(family) in self.no_patients else self.patients


def indicator_of(family: str) -> str:
    """Return the indicator of a family, which is named by it and by how it counts.

    >>> indicator_of("lister driftsform=fast ansatt")
    'lister'
    """
    return family.partition(" ")[0]


def read_rules(path: Path) -> Rules:
    """Read ``data/register/personvern.yml``.

    Raises
    ------
    ParameterFeil
        If a key is unknown, or a threshold is no number above 0.
    """
    raw: dict[str, Any] = read_yaml(path)
    names = ("pasienter", "leger", "bredde", "dimensjoner", "uten_pasienter", "uten_leger", "ikke_sum")
    for key in [*raw, *names]:
        if key not in names or key not in raw:
            said = "er ukjent" if key in raw else "mangler"
            raise ParameterFeil(f"«{key}» {said}", where=path, hint=nearest(key, names))
    for key in names[:3]:
        if type(raw[key]) not in (int, float) or raw[key] <= 0:
            raise ParameterFeil(f"«{key}» er ikke et tall over 0", where=path)
    return Rules(
        patients=raw["pasienter"],
        doctors=raw["leger"],
        width=raw["bredde"],
        dimensions={name: _dimension(name, given, path) for name, given in raw["dimensjoner"].items()},
        no_patients=frozenset(raw["uten_pasienter"]),
        no_doctors=frozenset(raw["uten_leger"]),
        overlapping={name: tuple(dims) for name, dims in raw["ikke_sum"].items()},
    )


def _dimension(name: str, given: Mapping[str, str], path: Path) -> Dimension:
    if given.get("slag") not in list(Kind):
        raise ParameterFeil(f"dimensjonen «{name}» har et ukjent slag", where=path, hint=nearest("", Kind))
    kind = Kind(given["slag"])
    axis = "geografi" if kind is Kind.GEOGRAPHY else given.get("akse", name)
    return Dimension(kind, axis, given.get("kolonne", name))


def checked(name: str, cells: Cells, family: str, rules: Rules) -> pd.DataFrame:
    """Return a table's rows, labels as text and `teller` filled in, or refuse what the gate does not know.

    Raises
    ------
    DataFeil
        If a dimension or measure is unknown, a key is there twice or has no label, a number is negative or
        infinite, persons or doctors are missing, or a rate has no numerator or denominator.
    """
    frame = cells.frame.copy()
    for dim in cells.by:
        if dim not in rules.dimensions:
            raise DataFeil(f"ukjent inndeling «{dim}»", where=name, hint=nearest(dim, rules.dimensions))
        _refuse(frame[dim].isna(), "rader uten verdi i en inndeling", name)
        frame[dim] = frame[dim].astype(str)
    if not isinstance(cells.measure, Measure):
        raise DataFeil(f"ukjent slag mål «{cells.measure}»", where=name, hint=nearest(cells.measure, Measure))
    _refuse(frame.duplicated(list(cells.by)), "rader med samme nøkkel som en annen", name)
    for column in ("verdi", "teller", "nevner", "pasienter", "leger"):
        frame[column] = _numbers(frame[column], column, name)
        _refuse(np.isinf(frame[column]), f"uendelige tall i «{column}»", name)
        if column != "verdi":
            _refuse(frame[column] < 0, f"negative tall i «{column}»", name)
    shown = frame["verdi"].notna()
    if cells.measure is Measure.COUNT:
        frame["teller"] = frame["teller"].fillna(frame["verdi"])
        _refuse(shown & ((frame["verdi"] - frame["teller"]).abs() > CLOSE), "antall ulike sin teller", name)
    elif cells.measure in (Measure.RATE, Measure.SHARE):
        _refuse(
            shown & frame[["teller", "nevner"]].isna().any(axis=1), "rater uten teller eller nevner", name
        )
    for column, excused in (("pasienter", rules.no_patients), ("leger", rules.no_doctors)):
        if indicator_of(family) not in excused:
            _refuse(shown & frame[column].isna(), f"celler uten «{column}»", name)
    return frame


def _numbers(column: pd.Series, label: str, name: str) -> np.ndarray:
    try:
        return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        # From None: pandas names the text that is no number.
        raise DataFeil(f"noe i «{label}» er ikke et tall", where=name) from None


def _refuse(where: pd.Series[bool], what: str, name: str) -> None:
    if where.any():
        raise DataFeil(f"{int(where.sum())} {what}", where=name, hint="Tabellen slippes ikke ut.")


def sensitive(frame: pd.DataFrame, measure: Measure, rules: Rules) -> np.ndarray:
    """Tell which cells have too few behind them: 0 < persons < 5, 0 < doctors < 3; a count of zero is shown.

    A count with nobody known behind it, and a share whose complement is a handful, are hidden too.

    Examples
    --------
    >>> few = pd.DataFrame({"teller": [0.0, 9, 9], "nevner": 0, "pasienter": [0, 4, 9], "leger": [0, 9, 2]})
    >>> sensitive(few, Measure.COUNT, Rules()).tolist()
    [False, True, True]
    """
    persons, doctors, count = frame["pasienter"], frame["leger"], frame["teller"]
    few = (persons > 0) & (persons < rules.patients) | (doctors > 0) & (doctors < rules.doctors)
    few |= (persons == 0) & (count > 0)
    if measure in (Measure.COUNT, Measure.RATE):
        few &= count != 0
    if measure is Measure.SHARE:
        # The rest of a share of persons is persons too; that of lists or posts is none.
        rest = frame["nevner"] - count
        few |= persons.notna() & (rest > CLOSE) & (rest < rules.patients - CLOSE)
        few |= doctors.notna() & persons.isna() & (rest > CLOSE) & (rest < rules.doctors - CLOSE)
    return few.to_numpy(dtype=bool)
