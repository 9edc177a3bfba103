"""Small tables for the gate, and an outsider who works in another way than the attack does."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from registers.cells import TOTAL, Cells, Measure
from registers.disclosure.published import HIDDEN, Cleared, Published, Status
from registers.disclosure.rules import Rules, read_rules
from registers.disclosure.structure import Geography

RULES: Rules = read_rules(Path(__file__).resolve().parents[3] / "data/register/personvern.yml")
PLACES = pd.DataFrame(
    [
        ("1101", "11", "Rogaland", "1"),
        ("1103", "11", "Rogaland", "2"),
        ("1106", "11", "Rogaland", "3"),
        ("4201", "42", "Agder", "2"),
        ("4202", "42", "Agder", "3"),
        ("0301", "03", "Oslo", "1"),
    ],
    columns=["nummer", "fylke", "fylkesnavn", "klasse"],
)
GEOGRAPHY = Geography(PLACES)
DIMS = {"form": ("fysisk", "video", "telefon"), "alder": ("0–17", "18–66", "67+"), "kjonn": ("1", "2")}


def cells(
    by: str, rows: Mapping[str, float | tuple[float, ...]], measure: Measure = Measure.COUNT, doctors: int = 9
) -> Cells:
    """Write a table as ``{"fysisk 0–17": 12}``: the count is its persons; or (count, persons, below)."""
    dims = tuple(by.split())
    lines = []
    for key, given in rows.items():
        count, persons, below = (*given, np.nan)[:3] if isinstance(given, tuple) else (given, given, np.nan)
        value = count if measure is Measure.COUNT else 100 * count / below if below else np.nan
        labels = [TOTAL if part == "alt" else part for part in key.split()]
        lines.append([*labels, value, count, below, persons, doctors if count else 0])
    columns = [*dims, "verdi", "teller", "nevner", "pasienter", "leger"]
    frame = pd.DataFrame(lines, columns=columns).astype({"pasienter": "Int64", "leger": "Int64"})
    return Cells(frame, dims, measure, "kontakter")


def with_margins(base: pd.DataFrame, dims: tuple[str, ...], places: bool) -> Cells:
    """Return a table of counts with every margin; municipalities with counties and the country."""
    frame = base.groupby([*dims, *(["kommune"] if places else [])], as_index=False)[
        ["teller", "pasienter"]
    ].sum()
    by = tuple(column for column in frame.columns if column not in ("teller", "pasienter"))
    for dim in by:
        whole = [frame.assign(**{dim: TOTAL})]
        if dim == "kommune":
            whole.append(frame.assign(kommune=frame[dim].str[:2]))
        frame = pd.concat([frame, *whole]).groupby(list(by), as_index=False)[["teller", "pasienter"]].sum()
    frame = frame.assign(verdi=frame["teller"], nevner=np.nan, leger=frame["pasienter"].clip(upper=3))
    frame = frame[[*by, "verdi", "teller", "nevner", "pasienter", "leger"]]
    return Cells(frame.astype({"verdi": float, "teller": float}), by, Measure.COUNT, "kontakter")


def status(table: Published, **where: str) -> Status:
    """Return the status of one cell."""
    frame = table.frame
    for dim, label in where.items():
        frame = frame[frame[dim] == label]
    (found,) = frame["status"]
    return Status(found)


def narrowest(cleared: Cleared) -> float:
    """Return the narrowest interval of a hidden cell, reckoned over single atoms of all tables of a family.

    Every atom (municipality, form, age, sex) is an unknown of its own and every number shown a sum over
    atoms; the code under test never sets it up like this.
    """
    atoms = list(product(PLACES["nummer"], *DIMS.values()))
    names = ("kommune", *DIMS)

    def row(table: Published, line: pd.Series) -> np.ndarray:
        inside = np.ones(len(atoms))
        for dim in table.by:
            label, place = line[dim], names.index(dim)
            members = table.merged.get(label) or tuple(a for a in PLACES["nummer"] if a.startswith(label))
            chosen = members if dim == "kommune" else (label,)
            if label != TOTAL:
                inside *= [atom[place] in chosen for atom in atoms]
        return inside

    shown, kept, hidden = [], [], []
    for table in cleared.tables.values():
        for _, line in table.frame.iterrows():
            if line["status"] in HIDDEN:
                hidden.append(row(table, line))
            else:
                shown.append(row(table, line))
                kept.append(line["verdi"])
    equations = np.array(shown) if shown else np.zeros((1, len(atoms)))
    right, width = np.array(kept) if shown else np.zeros(1), np.inf
    for cost in np.unique(hidden, axis=0) if hidden else []:
        ends = [
            linprog(way * cost, A_eq=equations, b_eq=right, bounds=(0, 1e4), method="highs")
            for way in (1, -1)
        ]
        assert all(end.x is not None for end in ends)
        width = min(width, -ends[1].fun - ends[0].fun)
    return width
