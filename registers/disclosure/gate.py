"""The gate: all tables and figures of a register build are cleared together, or none is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis_lib.errors import DataFeil, KontrollFeil, ParameterFeil
from registers.cells import TOTAL, Cells, Measure
from registers.disclosure.attack import adds_up, attack, interval
from registers.disclosure.bounds import completed, consistent
from registers.disclosure.merge import PLACE, merge, scale_of, small_municipalities
from registers.disclosure.published import CLOSE, Cleared, Family, Published, Report, Status
from registers.disclosure.rules import Rules, checked, indicator_of, sensitive
from registers.disclosure.secondary import Table, suppress
from registers.disclosure.structure import Geography, Key, Slab, System, keys_of, system

Populations = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _Draft:
    """A table on its way: its rows, nothing hidden yet, and which of them have too few behind them."""

    rows: pd.DataFrame
    few: np.ndarray
    shown: Published


def gate(
    tables: Mapping[str, Cells],
    rules: Rules,
    *,
    families: Mapping[str, Family],
    geography: Geography,
    previous: Mapping[str, Published] | None = None,
) -> Cleared:
    """Merge small municipalities, hide, protect what is hidden, attack the result.

    Parameters
    ----------
    tables : mapping of str to Cells
        Every table and figure of the build, by its id.
    rules : Rules
    families : mapping of str to Family
        What each table counts. A cell that several tables of a family show is hidden in all or in none.
    geography : Geography
    previous : mapping of str to Published, optional
        The last edition's tables of the same families: an outsider has them.

    Returns
    -------
    Cleared
        Tables with columns `by`, `verdi`, `status`, and a report of counts.

    Raises
    ------
    DataFeil, ParameterFeil
        If the gate does not know how to treat a table; nothing is cleared.
    KontrollFeil
        If a hidden cell can still be computed.
    """
    started, previous = time.process_time(), previous or {}
    cleared, report, populations = dict[str, Published](), Report(), dict[str, pd.DataFrame]()
    for name in tables:
        if name not in families:
            raise ParameterFeil("tabellen har ingen familie", where=name)
    for family in sorted({families[name].name for name in tables}):
        own = {name: cells for name, cells in tables.items() if families[name].name == family}
        old = {name: table for name, table in previous.items() if table.family.name == family}
        drafts = _drafts(own, families, rules, geography)
        populations |= {name: _denominators(own[name], draft) for name, draft in drafts.items()}
        done, counted = _cleared(drafts, old, populations, rules, geography)
        cleared |= done
        report = replace(report, **{key: getattr(report, key) + n for key, n in counted.items()})
    found = attack(cleared, rules, geography=geography, previous=previous, populations=populations)
    if found.exposed:
        where = ", ".join(sorted({item.family for item in found.exposed}))
        raise KontrollFeil(
            f"angrepet finner {len(found.exposed)} celler", where=where, hint="Ingen tabell slippes ut."
        )
    programmes, seconds = report.programmes + found.programmes, time.process_time() - started
    report = replace(report, programmes=programmes, revised=found.revised, seconds=seconds)
    return Cleared({name: cleared[name] for name in tables}, report)


def _drafts(
    tables: Mapping[str, Cells], families: Mapping[str, Family], rules: Rules, geography: Geography
) -> dict[str, _Draft]:
    family = families[next(iter(tables))].name
    frames = {name: checked(name, cells, family, rules) for name, cells in tables.items()}
    placed = [] if PLACE in rules.overlapping.get(indicator_of(family), ()) else list(frames.values())
    groups = small_municipalities(placed, rules, geography, family)
    drafts = {}
    for name, cells in tables.items():
        per = scale_of(frames[name], cells.measure)
        parted = frames[name][["teller", "nevner"]].notna().all(axis=1).any()
        if (
            np.isnan(per)
            and cells.measure is not Measure.MEDIAN
            and (parted or cells.measure is not Measure.MEAN)
        ):
            raise DataFeil("verdien følger ikke av teller og nevner", where=name)
        rows = merge(frames[name], cells.by, cells.measure, per, groups)
        shown = Published(
            rows[[*cells.by, "verdi"]].assign(status=Status.SHOWN),
            cells.by,
            cells.measure,
            cells.unit,
            families[name],
            per,
            merged=groups if PLACE in cells.by else {},
        )
        drafts[name] = _Draft(rows, sensitive(rows, cells.measure, rules), shown)
    return drafts


def _denominators(cells: Cells, draft: _Draft) -> pd.DataFrame:
    """Return the denominators that go for public: of all municipalities, and of those that are merged."""
    columns = [*cells.by, "nevner"]
    own = cells.frame.astype(dict.fromkeys(cells.by, str))[columns].astype({"nevner": float})
    return pd.concat([own, draft.rows[columns]]).drop_duplicates(list(cells.by))


def _cleared(
    drafts: Mapping[str, _Draft],
    previous: Mapping[str, Published],
    populations: Populations,
    rules: Rules,
    geography: Geography,
) -> tuple[dict[str, Published], dict[str, int]]:
    """Hide the cells of one family, in all its tables at once."""
    family = next(iter(drafts.values())).shown.family.name
    slabs = [Slab.of(name, draft.shown) for name, draft in drafts.items()]
    old = [Slab.of(f"{name} (forrige utgave)", table) for name, table in previous.items()]
    axes, keys = keys_of([*slabs, *old], rules, geography)
    own, earlier = (
        dict(zip(drafts, keys, strict=False)),
        dict(zip(previous, keys[len(drafts) :], strict=True)),
    )
    sums = _sums(drafts, own, [k for n, k in earlier.items() if adds_up(previous[n])], geography, axes)
    value = _values(sums, drafts, own)
    implied = np.isnan(value)
    public, revised = _public(sums, value, previous, earlier, populations, rules)
    value = completed(sums.equations, np.where(np.isnan(value), revised, value))
    primary = np.zeros(len(value), dtype=bool)
    place = {
        name: np.array([sums.index.get(key, -1) for key in own[name]], dtype=np.int64) for name in drafts
    }
    for name, draft in drafts.items():
        primary[place[name][draft.few & (place[name] >= 0)]] = True
    table = Table(family, sums.equations, value, (value <= CLOSE) | public, implied & ~primary, _levels(sums))
    result = suppress(table, primary, public, rules.width, rules.small(family))
    remainder = tuple(axes[number] for number in sums.remainder)
    done = {
        name: _published(draft, place[name], primary, result.hidden, remainder)
        for name, draft in drafts.items()
    }
    statuses = pd.concat([table.frame["status"] for table in done.values()])
    return done, {
        "cells": len(statuses),
        "primary": int((statuses == Status.PRIMARY).sum()),
        "secondary": int((statuses == Status.SECONDARY).sum()),
        "merged": len({m for slab in slabs for members in slab.merged.values() for m in members}),
        "exposed": result.exposed,
        "programmes": result.programmes,
    }


def _sums(
    drafts: Mapping[str, _Draft],
    own: Mapping[str, list[Key]],
    earlier: list[list[Key]],
    geography: Geography,
    axes: list[str],
) -> System:
    """Set up the sums, with a remainder where the parts of a total do not make it up.

    Raises
    ------
    DataFeil
        If parts are more than their sum, or a county is not the sum of its municipalities.
    """
    keys = [key for name, draft in drafts.items() if adds_up(draft.shown) for key in own[name]]
    keys += [key for of_table in earlier for key in of_table]
    remainder: set[int] = set()
    for _ in range(2):
        sums = system(keys, geography.whole, remainder)
        value = _values(sums, drafts, own)
        unknown = np.asarray(abs(sums.equations) @ np.isnan(value).astype(float)) > 0
        left = np.asarray(sums.equations @ np.nan_to_num(value))
        slack = CLOSE * np.maximum(1, np.asarray(abs(sums.equations) @ np.nan_to_num(value)))
        wrong = (left < -slack) & ~unknown | (left > slack) & ~unknown & ~sums.total
        if wrong.any():
            names = sorted({axes[axis] for axis in sums.axis[wrong]})
            where = next(iter(drafts.values())).shown.family.name
            raise DataFeil(
                f"{int(wrong.sum())} summer stemmer ikke med delene ({', '.join(names)})",
                where=where,
                hint="Er verdiene overlappende, før dem opp under ikke_sum i personvern.yml.",
            )
        short = set(sums.axis[(left > slack) & ~unknown & sums.total].tolist())
        if not short:
            break
        remainder |= short
    return sums


def _values(sums: System, drafts: Mapping[str, _Draft], own: Mapping[str, list[Key]]) -> np.ndarray:
    """Return the numerator of every cell; NaN where no table has it."""
    value = np.full(len(sums.keys), np.nan)
    for name, draft in drafts.items():
        if not adds_up(draft.shown):
            continue
        place = np.array([sums.index[key] for key in own[name]], dtype=np.int64)
        given = draft.rows["teller"].to_numpy()
        apart = np.abs(value[place] - given) > CLOSE * np.maximum(1, given)
        if apart.any():
            raise DataFeil(
                f"{int(apart.sum())} celler har en annen teller i en annen tabell av familien", where=name
            )
        value[place] = np.where(np.isnan(given), value[place], given)
    return value


def _public(
    sums: System,
    value: np.ndarray,
    previous: Mapping[str, Published],
    earlier: Mapping[str, list[Key]],
    populations: Populations,
    rules: Rules,
) -> tuple[np.ndarray, np.ndarray]:
    """Tell which cells the last edition shows as they still are, and the values of those only it has."""
    public, only = np.zeros(len(value), dtype=bool), np.full(len(value), np.nan)
    for name, table in previous.items():
        if not adds_up(table):
            continue
        place = np.array([sums.index[key] for key in earlier[name]], dtype=np.int64)
        low, high = interval(table, populations.get(name))
        close = high - low < rules.width
        place, low, high = place[close], low[close], high[close]
        slack = CLOSE * np.maximum(1, low)
        public[place[(value[place] >= low - slack) & (value[place] <= high + slack)]] = True
        new = np.isnan(value[place])
        only[place[new]] = (low + high)[new] / 2
    told = np.flatnonzero(~np.isnan(only))
    least, most = np.where(np.isnan(value), 0, value), np.where(np.isnan(value), np.inf, value)
    holds = consistent(sums.equations, least, most, told, only[told], only[told])
    only[told[~holds]] = np.nan
    public[told[holds]] = True
    return public, only


def _levels(sums: System) -> np.ndarray:
    """Return in how many dimensions each cell is a sum; half a one for a county among municipalities."""
    level = np.array([float(sum(part == TOTAL for part in key)) for key in sums.keys])
    parents = sums.equations.indices[sums.equations.indptr[:-1]]
    level[np.unique(parents[~sums.total])] += 0.5
    return level


def _published(
    draft: _Draft, place: np.ndarray, primary: np.ndarray, hidden: np.ndarray, remainder: tuple[str, ...]
) -> Published:
    frame = draft.shown.frame
    # A table without sums is not in the system: its place is −1, where nothing is hidden.
    few, other = draft.few | np.append(primary, False)[place], np.append(hidden, False)[place]
    status = np.select(
        [few, other, frame["verdi"].isna().to_numpy()],
        [Status.PRIMARY, Status.SECONDARY, Status.MISSING],
        Status.SHOWN,
    )
    shown = frame["verdi"].where(~(few | other)).astype(float)
    kept = frame.assign(verdi=shown, status=pd.Series(status, index=frame.index, dtype=object))
    return replace(draft.shown, frame=kept.reset_index(drop=True), remainder=remainder)
