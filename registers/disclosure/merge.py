"""Small municipalities become «øvrige kommuner i FYLKE» before anything is hidden, as the directorate does.

Distinct persons of several municipalities are not known from their counts: a person may have lived in two.
The most that one of them has is a lower bound of what they have together, and the only one used here. So a
group takes in the smallest municipality of the county that could stand alone in every period.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from registers.cells import Measure
from registers.disclosure.published import CLOSE
from registers.disclosure.rules import Rules, indicator_of
from registers.disclosure.structure import Geography

Groups = Mapping[str, tuple[str, ...]]
PLACE = "kommune"


def small_municipalities(
    frames: list[pd.DataFrame], rules: Rules, geography: Geography, family: str
) -> dict[str, tuple[str, ...]]:
    """Choose who is merged, for all tables of a family alike.

    Returns
    -------
    dict of str to tuple of str
        «øvrige kommuner i FYLKE» -> municipality numbers, at least two; empty where nobody is small.
    """
    placed = [_behind(frame, geography) for frame in frames if PLACE in frame.columns]
    rows = pd.concat(placed) if placed else pd.DataFrame()
    if rows.empty:
        return {}
    most = rows.groupby(["nummer", "periode"])[["pasienter", "leger"]].max()
    few = pd.Series(False, index=most.index)
    if indicator_of(family) not in rules.no_patients:
        few |= most["pasienter"] < rules.patients
    if indicator_of(family) not in rules.no_doctors:
        few |= (most["leger"] > 0) & (most["leger"] < rules.doctors)
    size = most.groupby("nummer")[["pasienter", "leger"]].max().max(axis=1)
    small = few.groupby("nummer").any()
    groups = {}
    for county in sorted(set(geography.county.values())):
        own = sorted((n for n in small.index if geography.county[n] == county), key=lambda n: (size[n], n))
        chosen = [n for n in own if small[n]]
        # A municipality that could stand alone in every period holds the group; two are needed to be a group.
        others = [n for n in own if not small[n]][:1]
        if chosen and len(chosen + others) > 1:
            groups[f"øvrige kommuner i {county}"] = tuple(sorted(chosen + others))
    return groups


def _behind(frame: pd.DataFrame, geography: Geography) -> pd.DataFrame:
    """Return who is behind each row of a municipality that has anything in it."""
    number = frame[PLACE].str.zfill(4).where(frame[PLACE].str.len() > 2)
    kept = number.isin(list(geography.whole)) & (frame["teller"] > 0)
    period = frame["aar"] if "aar" in frame.columns else pd.Series("", index=frame.index)
    return frame.assign(nummer=number, periode=period)[kept][["nummer", "periode", "pasienter", "leger"]]


def merge(
    frame: pd.DataFrame, by: tuple[str, ...], measure: Measure, per: float, groups: Groups
) -> pd.DataFrame:
    """Put the rows of merged municipalities together: numerators and denominators added, `verdi` anew.

    Persons and doctors of a group are the most that a member has (a lower bound). Of a median nothing follows
    for a group; its rows leave the table, and no row comes instead.
    """
    if PLACE not in by or not groups:
        return frame
    home = {number: label for label, members in groups.items() for number in members}
    label = frame[PLACE].map(lambda text: home.get(text.zfill(4) if len(text) > 2 else text))
    inside = frame.assign(**{PLACE: label})[label.notna()]
    rest = frame[label.isna()]
    if not np.isfinite(per) or inside.empty:
        return rest
    grouped = inside.groupby(list(by), sort=False, dropna=False)
    added = grouped[["teller", "nevner"]].sum(min_count=1)
    together = added.join(grouped[["pasienter", "leger"]].max()).reset_index()
    scale = 1.0 if measure is Measure.COUNT else per / together["nevner"].where(together["nevner"] > 0)
    together["verdi"] = together["teller"] * scale
    return pd.concat([rest, together[frame.columns]], ignore_index=True)


def scale_of(frame: pd.DataFrame, measure: Measure) -> float:
    """Return `per` of a table: what numerator over denominator is multiplied with; NaN if not constant.

    Examples
    --------
    >>> scale_of(pd.DataFrame({"verdi": [50.0, 25], "teller": [1.0, 1], "nevner": [2.0, 4]}), Measure.SHARE)
    100.0
    """
    if measure is Measure.COUNT:
        return 1.0
    if measure is Measure.MEDIAN:
        return np.nan
    whole = frame[(frame["teller"] > 0) & (frame["nevner"] > 0) & (frame["verdi"] > 0)]
    scale = whole["verdi"] * whole["nevner"] / whole["teller"]
    if scale.empty:
        return np.nan if measure is Measure.MEAN and frame["teller"].isna().any() else 1.0
    middle = float(scale.median())
    near = round(middle) if abs(middle - round(middle)) < CLOSE * middle else middle
    return float(near) if (scale - near).abs().max() < 1e-3 * near else np.nan
