"""Agreements with substitutes: who stands in for an absent doctor, or on a list without one."""

from __future__ import annotations

from typing import Any

import numpy as np

from registers.twin.continuity import SUBSTITUTE
from registers.twin.doctors import Agreements
from registers.twin.exact import Floats, Ints, largest_remainder
from registers.twin.margins import Margins
from registers.twin.people import first_day

# How often, in a month, another substitute takes over: gives the year's number of the text.
CHANGES = 0.075


def substitutes(margins: Margins, lists: Agreements, year: int, seed: int) -> dict[str, Any]:
    """Return the year's agreements with substitutes: their number each month and the year's work as printed.

    An agreement lasts whole months, and none goes past the year's end.
    """
    rng = np.random.default_rng([seed, year, 8])
    last = min(margins.month(year, 12), margins.months - 1)
    start, stop, slot = _slots(margins, margins.month(year, 1), last, rng)
    target, vacant = _targets(margins, lists, start, slot)
    number = SUBSTITUTE + len(lists.place) + 16_000 * (year - margins.start + 1) + np.arange(len(start))
    # The substitute of a vacant list is the one who has its patients.
    _, one = np.unique(target[vacant], return_index=True)
    number[np.flatnonzero(vacant)[one]] = SUBSTITUTE + target[vacant][one]
    return {
        "vikar_lnr": number,
        "liste_lnr": target + 1,
        "fra": first_day(margins.start, start),
        "til": first_day(margins.start, stop) - 1,
        "stillingsprosent": _percent(margins, year, start, stop, rng),
        "grunn": vacant.astype(np.int16),
        "kompetanse": _skills(margins, len(start), stop > last),
    }


def _slots(margins: Margins, first: int, last: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return each agreement's first month, month after the last, and slot: as many slots as printed."""
    wanted = margins.counts(margins.anchors("11.1", "vikarer"))
    found = []
    for slot in range(int(wanted[first : last + 1].max())):
        month = first
        while month <= last:
            stop = min(month + int(rng.geometric(CHANGES)), last + 1)
            used = [t for t in range(month, stop) if wanted[t] > slot]
            if used:
                found.append((used[0], used[-1] + 1, slot))
            month = stop
    start, stop_, slots = np.array(found, int).reshape(-1, 3).T
    return start, stop_, slots


def _targets(margins: Margins, lists: Agreements, start: Ints, slot: Ints) -> tuple[Ints, np.ndarray]:
    """Return each agreement's list, and whether it is vacant: nearly all vacant lists have one."""
    lacking = margins.fact("11", "lister_uten_vikar") / margins.fact("11", "lister_ubesatt")
    target, covers = np.zeros(len(start), np.int64), np.zeros(len(start), bool)
    for t in np.unique(start):
        here = start == t
        there = lists.came <= t
        empty = np.flatnonzero(there & (lists.doctor[t] == 0))
        held = np.flatnonzero(lists.doctor[t] > 0)
        covers[here] = slot[here] < np.floor(len(empty) * (1 - lacking) + 0.5)
        target[here] = held[slot[here] * 7919 % len(held)]
        on_empty = here & covers
        target[on_empty] = empty[slot[on_empty]]
    return target, covers


def _percent(margins: Margins, year: int, start: Ints, stop: Ints, rng: np.random.Generator) -> Floats:
    """Return percentages of full time such that the year's work is as printed."""
    anchors = margins.anchors("11.1", "vikaraarsverk")
    wanted = float(margins.along(anchors)[min(margins.month(year, 12), margins.months - 1)]) * margins.scale
    first = first_day(margins.start, start).astype("datetime64[D]")
    after = first_day(margins.start, stop).astype("datetime64[D]")
    all_days = np.busday_count(f"{year}-01-01", f"{year + 1}-01-01")
    share = np.busday_count(first, after) / all_days
    draw = np.clip(rng.normal(0.8, 0.25, len(start)), 0.1, 1.0)
    if not share.sum() or margins.month(year, 12) >= margins.months:
        return np.round(draw * 100)
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(draw * middle, 1) @ share < wanted else (low, middle)
    return np.minimum(draw * middle, 1) * 100


def _skills(margins: Margins, agreements: int, running: np.ndarray) -> Ints:
    """Return each substitute's competence; of those at the end in the printed shares."""
    shares = np.array([margins.fact("10", f"vikar_{key}") for key in ("spesialist", "overgang", "lis1")])
    without = margins.count(margins.fact("10", "vikar_uten_antall"))
    found = np.zeros(agreements, np.int64)
    for group in (running, ~running):
        count = int(group.sum())
        least = (
            min(without, count) if group is running else round(count * margins.fact("10", "vikar_uten") / 100)
        )
        parts = np.append(largest_remainder(count - least, shares), least)
        found[group] = np.repeat(np.arange(4), parts)
    return found
