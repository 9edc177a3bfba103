"""Units put together until each may be shown, and set beside their own level before.

An office or a small municipality has too few doctors to stand alone. Units with the same start are put
together in the order of their numbers, never by what came of them, until every period has enough behind it.
What is shown is an index: 100 is the unit's own mean in the periods before the first start of all, so that
units of different size and a season that multiplies have parallel courses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from registers.cells import Cells, Measure
from registers.disclosure.rules import Rules
from registers.indicators.counting import Ints, distinct

BY = ("enhet", "periode")


def grouped(frame: pd.DataFrame, within: list[str], least: float, rules: Rules) -> pd.DataFrame:
    """Put units together until every period has enough patients and doctors behind it.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``enhet``, ``periode``, ``skisse``, ``utsatt`` (inhabitants; 1 of an office), and `within`.
    within : list of str
        What units of a group must have alike, as ``fra``.
    least : float
        What a group has of ``utsatt`` in its smallest period, at least: so many offices, or inhabitants.

    Returns
    -------
    pandas.DataFrame
        ``enhet`` and ``gruppe``, the first unit of each group. The last few join the group before them; where
        there is none, they are left out.
    """
    periods = sorted(frame["periode"].unique())
    found: list[tuple[Any, Any]] = []
    for _, part in frame.groupby(within, sort=True):
        number, names = pd.factorize(part["enhet"], sort=True)
        at = number, np.searchsorted(periods, part["periode"])
        # Whole numbers all the way: a sketch has more bits than a float.
        sketches, weights = np.zeros((2, len(names), len(periods)), dtype=np.int64)
        sketches[at], weights[at] = part["skisse"], part["utsatt"]
        groups = _in_order(list(names), sketches, weights.min(axis=1), least, rules)
        found += [(unit, group[0]) for group in groups for unit in group]
    return pd.DataFrame(found, columns=["enhet", "gruppe"])


def _in_order(
    units: list[Any], sketches: Ints, weights: np.ndarray, least: float, rules: Rules
) -> list[list[Any]]:
    groups: list[list[Any]] = []
    waiting: list[Any] = []
    behind, weight = np.zeros(sketches.shape[1], dtype=np.int64), 0.0
    for unit, sketch, own in zip(units, sketches, weights, strict=True):
        waiting.append(unit)
        behind, weight = behind | sketch, weight + own
        if weight >= least and _enough(behind, rules):
            groups.append(waiting)
            waiting, behind, weight = [], np.zeros_like(behind), 0.0
    if groups:
        groups[-1] += waiting
    return groups


def _enough(sketches: Ints, rules: Rules) -> bool:
    patients, doctors = distinct(sketches)
    return bool((patients >= rules.patients).all() and (doctors >= rules.doctors).all())


def indexed(frame: pd.DataFrame, groups: pd.DataFrame, base: Iterable[str]) -> Cells:
    """Return each group's number in per cent of its own mean in the periods `base`.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``enhet``, ``periode``, ``n``, ``skisse`` and ``utsatt`` (inhabitants; 1 where there are none).
    """
    joined = frame.merge(groups, on="enhet")
    by = joined.groupby(["gruppe", "periode"])
    found = by.agg(n=("n", "sum"), utsatt=("utsatt", "sum"), skisse=("skisse", np.bitwise_or.reduce))
    found = found.reset_index()
    before = found[found["periode"].isin(list(base))].groupby("gruppe")[["n", "utsatt"]].sum()
    usual = found["gruppe"].map(before["n"] / before["utsatt"])
    patients, doctors = distinct(found["skisse"].to_numpy(np.int64))
    expected = usual * found["utsatt"]
    table = pd.DataFrame(
        {
            "enhet": found["gruppe"].astype(str),
            "periode": found["periode"],
            "verdi": 100 * found["n"] / expected,
            "teller": found["n"].astype(float),
            "nevner": expected,
            "pasienter": pd.array(patients, dtype="Int64"),
            "leger": pd.array(doctors, dtype="Int64"),
        }
    )
    return Cells(table, BY, Measure.RATE, "prosent")
