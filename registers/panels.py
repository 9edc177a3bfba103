"""Panels for the evaluation of measures: units over time, cleared together with every table and figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis_lib.data.formats import read_yaml
from registers.aggregates import delegated, monthly
from registers.cells import Cells
from registers.disclosure.published import Family, Published, Status
from registers.disclosure.rules import Rules
from registers.geography import places
from registers.indicators.prescriptions import groups, legemidler
from registers.units import grouped, indexed

if TYPE_CHECKING:
    from registers.deliveries import Rows

OFFICES, INHABITANTS = 3, 20_000  # in a unit, at least
MEASURES = "data/register/tiltak.yml"


@dataclass(frozen=True)
class Panel:
    """A measure's panel before the gate.

    Attributes
    ----------
    cells : Cells
        By unit and period.
    family : Family
        What the gate holds it together with.
    first : mapping of str to str
        The first period with the measure, of those units that have one.
    said : mapping
        What its descriptor says; see `analysis_lib.data.cleared.PanelSpec`.
    """

    cells: Cells
    family: Family
    first: Mapping[str, str]
    said: Mapping[str, Any]

    def lines(self, cleared: Published, written: Callable[[float, str], str]) -> list[list[str]]:
        """Return the cleared panel as lines; a unit with a hidden or missing cell is left out whole."""
        frame, (unit, period) = cleared.frame, cleared.by
        whole = frame["status"].eq(Status.SHOWN).groupby(frame[unit]).transform("all")
        frame = frame[whole].astype({unit: str, period: str}).sort_values([unit, period])
        cells = zip(*(frame[name] for name in (unit, period, "verdi", "status")), strict=True)
        shown = [
            [one, at, self.first.get(one, ""), written(value, status)] for one, at, value, status in cells
        ]
        return [["enhet", "periode", "fra", "verdi"], *shown]


def panels(
    rows: Rows, root: Path, rules: Rules, *, offices: int = OFFICES, inhabitants: float = INHABITANTS
) -> dict[str, Panel]:
    """Return the panels that a folder of deliveries has rows for, by the measure's id.

    Parameters
    ----------
    offices, inhabitants : float
        In a group of offices or municipalities, at least.
    """
    given = read_yaml(root / MEASURES)
    made = {
        "delegering": _delegation(rows, rules, offices, given["delegering"]),
        "nettlege": _out_of_hours(rows, rules, inhabitants, given["nettlege"]),
        "legemidler": _addictive(rows, given["legemidler"]),
    }
    return {name: panel for name, panel in made.items() if panel is not None and panel.first}


def _panel(name: str, frame: pd.DataFrame, groups: pd.DataFrame, said: Mapping[str, Any]) -> Panel | None:
    starts = frame.loc[frame["fra"] != "", "fra"]
    if starts.empty or groups.empty:
        return None
    base = sorted(one for one in frame["periode"].unique() if one < starts.min())
    first = frame.merge(groups, on="enhet").query("fra != ''").groupby("gruppe")["fra"].first()
    cells = indexed(frame, groups, base)
    return Panel(cells, Family(f"panel {name}"), dict(first), said)


def _months(rows: Rows, what: str, years: range) -> pd.DataFrame:
    """Return what `registers.aggregates.monthly` has of the years that are delivered."""
    parts = [
        rows.fetch(monthly(rows, year, what)).assign(aar=year)
        for year in rows.years_of("regning")
        if year in years
    ]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return found.assign(periode=[f"{y}-{m:02}" for y, m in zip(found.aar, found.maaned, strict=True)])


def _delegation(rows: Rows, rules: Rules, least: float, given: Mapping[str, Any]) -> Panel | None:
    years = range(rows.year, rows.year + 2)
    if not {*years} <= {*rows.years_of("regning")}:
        return None
    found = _months(rows, "kontor", years).assign(utsatt=1)
    first: dict[int, str] = {}
    for year in years:
        begun = rows.fetch(delegated(rows, year)).groupby("kontor")["maaned"].min()
        months = zip(begun.index.astype(int), begun, strict=True)
        first = {office: f"{year}-{month:02}" for office, month in months} | first
    found["fra"] = found["enhet"].map(first).fillna("")
    groups = grouped(found, ["fra"], least, rules)
    # An office's pseudonym does not leave.
    number = {office: place for place, office in enumerate(sorted(groups["gruppe"].unique()), start=1)}
    groups["gruppe"] = groups["gruppe"].map(lambda office: f"kontorgruppe {number[office]:04}")
    return _panel("delegering", found, groups, given["panel"])


def _out_of_hours(rows: Rows, rules: Rules, least: float, given: Mapping[str, Any]) -> Panel | None:
    years = range(rows.year - 1, rows.year + 2)
    if not {*years[:2]} <= {*rows.years_of("regning")} & {*rows.years_of("befolkning")}:
        return None
    found = _months(rows, "kommune", years).rename(columns={"enhet": "kommuneNr"})
    codes = pd.concat([_inhabited(rows, int(year)) for year in found["aar"].unique()])
    # A month without a contact is a month with none. Sketches are never joined to nothing: they are whole.
    every = codes.merge(found[["aar", "periode"]].drop_duplicates(), on="aar").assign(n=0, skisse=0)
    found = pd.concat([found.merge(codes, on=["aar", "kommuneNr"]), every], ignore_index=True)
    by = ["kommune", "fylke", "periode", "utsatt"]
    found = found.groupby(by).agg(n=("n", "sum"), skisse=("skisse", np.bitwise_or.reduce)).reset_index()
    found = found.rename(columns={"kommune": "enhet"})
    found["fra"] = found["enhet"].map(given["start"]).fillna("")
    groups = grouped(found, ["fra", "fylke"], least, rules)
    several = groups.groupby("gruppe")["enhet"].transform("size") > 1
    groups["gruppe"] += np.where(several, " med flere", "")
    return _panel("nettlege", found, groups, given["panel"])


def _inhabited(rows: Rows, year: int) -> pd.DataFrame:
    """Return each code's municipality and county, and the municipality's inhabitants that year."""
    held = max(one for one in rows.years_of("befolkning") if one <= year)
    table = rows.table("befolkning", held)
    counted = table.filter(table.aar == held).group_by("kommuneNr").agg(utsatt=table.antall.sum())
    named = places(year).assign(aar=year)
    people = (
        rows.fetch(counted).merge(places(held)[["kommuneNr", "kommune"]]).groupby("kommune")["utsatt"].sum()
    )
    return named.merge(people.reset_index(), on="kommune")[["aar", "kommuneNr", "kommune", "fylke", "utsatt"]]


def _addictive(rows: Rows, given: Mapping[str, Any]) -> Panel | None:
    if not rows.years_of("utlevering") or not rows.years_of("befolkning"):
        return None
    cells = legemidler(rows, by=("fylke", "aar"), gruppe="vanedannende")
    family = Family("legemidler", {"gruppe": groups()["vanedannende"].navn})
    return Panel(cells, family, {name: str(at) for name, at in given["start"].items()}, given["panel"])
