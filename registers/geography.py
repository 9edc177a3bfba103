"""Where a row belongs: the municipality of its year, and that municipality's county, centrality and size.

Codes are Klass 131's of the date. A number that was divided keeps its own line in a series, and has the
county and centrality of the first of its successors: a split is no merger, and gives none of them its past.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from analysis_lib.data.formats import read_semicolons
from analysis_lib.data.inputs import project_root
from analysis_lib.data.municipalities import municipalities
from analysis_lib.errors import ParameterFeil, nearest

UNKNOWN = -1
UNKNOWN_LABEL = "ukjent"
SIZES = ("under 2000", "2000–4999", "5000–9999", "10 000–49 999", "50 000 og flere")
_LIMITS = (2000, 5000, 10_000, 50_000)
DIMENSIONS = ("kommune", "fylke", "sentralitet", "storrelse")


def _reference(name: str) -> Path:
    return project_root() / "data" / "reference" / name


@cache
def _of_2024(path: Path) -> dict[str, tuple[str, str, int]]:
    return {
        number: (county, name, int(group)) for number, _, county, name, _, group in read_semicolons(path)[1:]
    }


def municipality(code: int, year: int) -> str | None:
    """Return the municipality's number that year; None if no municipality or district of NAV had the code.

    Parameters
    ----------
    code : int
    year : int

    Examples
    --------
    >>> municipality(301, 2025), municipality(312, 2025), municipality(1202, 2019), municipality(1202, 2021)
    ('0301', '0301', '1201', '4601')
    >>> municipality(1507, 2023), municipality(1507, 2024), municipality(-1, 2025)
    ('1507', None, None)
    """
    return _numbers(_reference("nav_numre.csv"), year).get(code)


@cache
def _numbers(districts: Path, year: int) -> dict[int, str]:
    """Return each code that leads to a municipality in a year, and that municipality's number."""
    known = municipalities()
    found = {int(number): number for number, place in known.items() if place.first <= year <= place.last}
    for number, after in read_semicolons(districts)[1:]:
        for one in after.split():
            if known[one].first <= year <= known[one].last:
                found.setdefault(int(number), one)
    return found


def codes(year: int) -> tuple[int, ...]:
    """Return every code that leads to a municipality in a year, districts of NAV too.

    >>> len(codes(2024)), len(codes(2020))
    (388, 387)
    """
    return tuple(sorted(_numbers(_reference("nav_numre.csv"), year)))


def places(year: int) -> pd.DataFrame:
    """Return what each code of a year belongs to.

    Returns
    -------
    pandas.DataFrame
        Columns ``kommuneNr`` (int, as in a delivery), ``kommune`` (its number that year, four digits),
        ``navn``, ``fylke`` and ``fylkesnavn`` (of 2024), ``sentralitet`` (int 1–6, SSB's classes of 2024).

    Examples
    --------
    >>> places(2019).query("kommuneNr == 104")[["kommune", "fylkesnavn", "sentralitet"]].values.tolist()
    [['0104', 'Østfold', 2]]
    """
    return _places(year).copy()


@cache
def _places(year: int) -> pd.DataFrame:
    latest, known = _of_2024(_reference("kommuner_2024.csv")), municipalities()
    rows = []
    for code, number in sorted(_numbers(_reference("nav_numre.csv"), year).items()):
        place = known[number]
        county, name, group = latest[place.successors[0] if place.successors else number]
        rows.append((code, number, place.name, county, name, group))
    return pd.DataFrame(rows, columns=["kommuneNr", "kommune", "navn", "fylke", "fylkesnavn", "sentralitet"])


def size_group(inhabitants: int) -> str:
    """Return the size group of a municipality.

    Parameters
    ----------
    inhabitants : int
        On 1 January of the year.

    Examples
    --------
    >>> [size_group(n) for n in (1999, 2000, 9999, 50_000)]
    ['under 2000', '2000–4999', '5000–9999', '50 000 og flere']
    """
    return SIZES[sum(inhabitants >= limit for limit in _LIMITS)]


def labelled(frame: pd.DataFrame, wanted: Iterable[str], sizes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Add the wanted dimensions to rows that have ``aar`` and ``kommuneNr``.

    Parameters
    ----------
    frame : pandas.DataFrame
    wanted : iterable of str
        Of `DIMENSIONS`.
    sizes : pandas.DataFrame, optional
        Columns ``aar``, ``kommune`` and ``storrelse``; needed for ``storrelse``.

    Returns
    -------
    pandas.DataFrame
        The rows with a text column for each; `UNKNOWN_LABEL` where the code is unknown.

    Raises
    ------
    ParameterFeil
        If a dimension is none of them.
    """
    asked = list(wanted)
    for name in asked:
        if name not in DIMENSIONS:
            raise ParameterFeil(f"«{name}» er ingen inndeling av kommuner", hint=nearest(name, DIMENSIONS))
    years = [places(int(year)).assign(aar=int(year)) for year in frame["aar"].unique()]
    table = pd.concat(years) if years else places(2024).assign(aar=2024)
    if "storrelse" in asked and sizes is not None:
        table = table.merge(sizes, on=["aar", "kommune"], how="left")
    table = table.assign(fylke=table["fylkesnavn"], sentralitet=table["sentralitet"].astype(str))
    merged = frame.merge(table[["aar", "kommuneNr", *asked]], on=["aar", "kommuneNr"], how="left")
    merged[asked] = merged[asked].astype(object).fillna(UNKNOWN_LABEL)
    return merged
