"""The attack: what an outsider can compute about each hidden cell, from what is published and nothing else.

Every shown number is a known value, every rate with a public denominator an interval of its numerator, every
sum an equation, every number of the last edition a value too. Two linear programmes bound a cell (Fischetti
and Salazar 2000, the attacker's problem); a cell whose interval is narrower than the threshold is exposed.
Counts are taken as real numbers not below zero, which can only make an interval wider than whole numbers do.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import KontrollFeil
from registers.cells import Measure
from registers.disclosure.bounds import Wanted, consistent, exposed
from registers.disclosure.published import CLOSE, HIDDEN, Published, Status
from registers.disclosure.rules import Rules
from registers.disclosure.structure import Geography, Key, Slab, System, keys_of, system

OLD = "forrige utgave, "


@dataclass(frozen=True)
class Finding:
    """A cell that is exposed, by its place and never by its value."""

    family: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Attack:
    """What the attack found.

    `revised` counts numbers of the last edition that no longer hold, `programmes` the linear programmes.
    """

    exposed: tuple[Finding, ...]
    hidden: int
    programmes: int
    revised: int
    seconds: float


def attack(
    tables: Mapping[str, Published],
    rules: Rules,
    *,
    geography: Geography,
    previous: Mapping[str, Published] | None = None,
    populations: Mapping[str, pd.DataFrame] | None = None,
) -> Attack:
    """Attack all tables and figures of a build together.

    Parameters
    ----------
    tables : mapping of str to Published
    rules : Rules
    geography : Geography
    previous : mapping of str to Published, optional
        Tables of the last edition, of the same families; a table of the same id has the same denominators.
    populations : mapping of str to DataFrame, optional
        Table -> its `by` and `nevner`: public denominators of its rates.

    Returns
    -------
    Attack
        With every cell that can be bounded within less than ``rules.width``.
    """
    started, found, hidden, programmes, revised = time.process_time(), list[Finding](), 0, 0, 0
    for family in sorted({table.family.name for table in tables.values()}):
        own = {name: table for name, table in tables.items() if table.family.name == family}
        old = {OLD + name: t for name, t in (previous or {}).items() if t.family.name == family}
        bounds = _Known({**own, **old}, rules, geography, populations or {})
        dropped = bounds.use(old)
        wanted = Wanted(bounds.hidden, bounds.implied, rules.width, rules.small(family))
        mask, solved = exposed(bounds.system.equations, bounds.low, bounds.high, wanted)
        hidden += int(bounds.hidden.sum())
        programmes += solved
        revised += dropped
        found += [Finding(family, spoken(bounds.system.keys[j])) for j in np.flatnonzero(mask)]
    return Attack(tuple(found), hidden, programmes, revised, time.process_time() - started)


def spoken(key: Key) -> tuple[str, ...]:
    """Return a key in words: a set of labels by its first and its size."""
    return tuple(
        part if isinstance(part, str) else min(part) + (f" (+{len(part) - 1})" if len(part) > 1 else "")
        for part in key
    )


class _Known:
    """Intervals of all cells of a family, from the published frames alone."""

    def __init__(
        self,
        tables: Mapping[str, Published],
        rules: Rules,
        geography: Geography,
        populations: Mapping[str, pd.DataFrame],
    ) -> None:
        slabs = [Slab.of(name, table) for name, table in tables.items()]
        axes, keys = keys_of(slabs, rules, geography)
        parted = [(*pair, k) for pair, k in zip(tables.items(), keys, strict=True) if adds_up(pair[1])]
        remainder = {axis for table in tables.values() for axis in table.remainder}
        self.system: System = system(
            [key for _, _, of_table in parted for key in of_table],
            geography.whole,
            [number for number, axis in enumerate(axes) if axis in remainder],
        )
        size = len(self.system.keys)
        self.low, self.high = np.zeros(size), np.full(size, np.inf)
        self.hidden = np.zeros(size, dtype=bool)
        self._intervals: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        for name, table, of_table in parted:
            columns = np.array([self.system.index[key] for key in of_table], dtype=np.int64)
            low, high = interval(table, populations.get(name.removeprefix(OLD)))
            self._intervals[name] = (columns, low, high)
            self.hidden[columns[table.frame["status"].isin(HIDDEN)]] |= not name.startswith(OLD)
        for name in self._intervals:
            if not name.startswith(OLD):
                self._meet(*self._intervals[name])
        self.implied = ~self.hidden & ~np.isfinite(self.high)

    def _meet(self, columns: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        np.maximum.at(self.low, columns, low)
        np.minimum.at(self.high, columns, high)
        crossed = self.low > self.high + CLOSE * np.maximum(1, self.low)
        if crossed.any():
            raise KontrollFeil(f"{int(crossed.sum())} celler vises med ulike tall i to tabeller")
        self.high = np.maximum(self.low, self.high)

    def use(self, old: Iterable[str]) -> int:
        """Take the last edition's numbers as known where they can still be true; return how many cannot."""
        old = [name for name in old if name in self._intervals]
        if not old:
            return 0
        columns = np.concatenate([self._intervals[name][0] for name in old])
        low = np.concatenate([self._intervals[name][1] for name in old])
        high = np.concatenate([self._intervals[name][2] for name in old])
        known = np.isfinite(high)
        slack = CLOSE * np.maximum(1, low)
        known &= (low <= self.high[columns] + slack) & (high >= self.low[columns] - slack)
        holds = consistent(
            self.system.equations, self.low, self.high, columns[known], low[known], high[known]
        )
        kept = np.flatnonzero(known)[holds]
        for one in kept:
            j = columns[one]
            if low[one] <= self.high[j] + slack[one] and high[one] >= self.low[j] - slack[one]:
                self.low[j], self.high[j] = max(self.low[j], low[one]), min(self.high[j], high[one])
        self.high = np.maximum(self.low, self.high)
        return int(np.isfinite(high).sum()) - len(kept)


def adds_up(table: Published) -> bool:
    """Tell whether a table has a numerator that sums are made of; a median has none."""
    return table.measure is not Measure.MEDIAN and bool(np.isfinite(table.per))


def interval(table: Published, population: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Return what each row of a table says of its numerator: lower and upper bound.

    A count says it all; a rate or share with a public denominator says it within its rounding.
    """
    size = len(table.frame)
    low, high = np.zeros(size), np.full(size, np.inf)
    shown = (table.frame["status"] == Status.SHOWN).to_numpy() & table.frame["verdi"].notna().to_numpy()
    value = table.frame["verdi"].to_numpy(dtype=float)
    if table.measure is Measure.COUNT:
        weight = np.ones(size)
    elif population is None or not np.isfinite(table.per):
        return low, high
    else:
        joined = (
            table.frame[list(table.by)]
            .astype(str)
            .merge(population.astype(dict.fromkeys(table.by, str)), on=list(table.by), how="left")
        )
        weight = joined["nevner"].to_numpy(dtype=float) / table.per
    shown &= np.isfinite(weight)
    half = 0.0 if table.decimals is None or table.measure is Measure.COUNT else 0.5 * 10.0**-table.decimals
    low[shown] = _whole(np.maximum(0, (value - half) * weight))[shown]
    high[shown] = _whole((value + half) * weight)[shown]
    return low, high


def _whole(number: np.ndarray) -> np.ndarray:
    near = np.round(number)
    return np.where(np.abs(number - near) < CLOSE * np.maximum(1, np.abs(near)), near, number)
