"""What the indicators share: points in time, places, margins, and the way from an expression to cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

import ibis
import numpy as np
import pandas as pd

from analysis_lib.errors import ParameterFeil, nearest
from registers import geography
from registers.cells import MEASURES, TOTAL, Cells, Measure
from registers.deliveries import Rows

T = TypeVar("T")
POINTS = {"desember": (12,), "kvartal": (3, 6, 9, 12), "måned": tuple(range(1, 13))}
AGES = (0, 6, 16, 20, 30, 40, 50, 67, 80)


def months(rows: Rows, naar: str | Sequence[str]) -> list[date]:
    """Return the first days of months at which is counted, in order.

    Parameters
    ----------
    naar : str or sequence of str
        «desember», «kvartal» and «måned», each with the last month that is delivered; «første», «siste»,
        «utgave» (December of the edition's year), «slutt» (the Decembers alone) or a month, «2019-12».
        What repeats can begin later: «måned fra 2022-01».

    Raises
    ------
    ParameterFeil
        For another word.
    """
    years = rows.years_of("liste")
    newest = rows.table("liste", years[-1])
    last = pd.Timestamp(rows.fetch(newest.agg(maaned=newest.maaned.max())).maaned[0]).date()
    every = [date(y, m, 1) for y in years for m in range(1, 13) if date(y, m, 1) <= last]
    found: set[date] = set()
    for text in [naar] if isinstance(naar, str) else naar:
        word, _, begin = text.partition(" fra ")
        start = month(begin) if begin else every[0]
        if word in POINTS:
            found |= {m for m in every if m.month in POINTS[word] and m >= start} | {last}
        elif word in ("første", "siste", "utgave"):
            found.add({"første": every[0], "siste": last, "utgave": date(rows.year, 12, 1)}[word])
        elif word == "slutt":
            found |= {m for m in every if m.month == 12 and m >= start}
        else:
            found.add(month(word))
    return sorted(found)


def month(word: str) -> date:
    """Return the first day of a month, «2019-12»."""
    try:
        return date.fromisoformat(f"{word}-01")
    except ValueError:
        known = [*POINTS, "første", "siste", "utgave", "slutt"]
        raise ParameterFeil(
            f"«{word}» er ikke et tidspunkt", where="naar", hint=nearest(word, known)
        ) from None


def whole(rows: Rows, table: ibis.Table, by: Sequence[str], delaar: bool = False) -> ibis.Table:
    """Return the rows of years delivered whole; with `delaar` also the last, which is not.

    Without `aar` in `by` the edition's year alone: what happens in a year is never summed over years.
    """
    if "aar" not in by:
        return table.filter(table.aar == rows.year)
    return table if delaar else table.filter(table.aar <= rows.year)


def newest(rows: Rows, name: str) -> ibis.Table:
    """Return the last delivery of a table that holds everything up to its year."""
    return rows.table(name, rows.years_of(name)[-1])


def place(rows: Rows, table: ibis.Table, by: Sequence[str], column: str = "kommuneNr") -> ibis.Table:
    """Return the table, which has `aar`, with the places of `by` that its municipality belongs to."""
    wanted = [name for name in geography.DIMENSIONS if name in by]
    if not wanted:
        return table
    known = pd.concat([geography.places(year).assign(aar=year) for year in rows.years], ignore_index=True)
    if "storrelse" in wanted:
        known = known.merge(_sizes(rows), on=["aar", "kommuneNr"], how="left")
    known = known.assign(fylke=known.fylkesnavn, sentralitet=known.sentralitet.astype(str))
    kinds = {"aar_": "int16", "kommuneNr_": "int32", **dict.fromkeys(wanted, "string")}
    known = known.rename(columns={"aar": "aar_", "kommuneNr": "kommuneNr_"})[list(kinds)]
    places = ibis.memtable(known, schema=kinds)
    joined = table.left_join(places, [table.aar == places.aar_, table[column] == places.kommuneNr_])
    return joined.drop("aar_", "kommuneNr_").fill_null(dict.fromkeys(wanted, geography.UNKNOWN_LABEL))


def _sizes(rows: Rows) -> pd.DataFrame:
    people = rows.all("befolkning").group_by("aar", "kommuneNr").agg(antall=lambda t: t.antall.sum())
    frame = rows.fetch(people)
    return frame.assign(storrelse=frame.antall.map(geography.size_group)).drop(columns="antall")


def county_names(rows: Rows) -> Mapping[str, str]:
    """Return the name of each county by its number."""
    frame = geography.places(rows.year)
    return dict(zip(frame.fylke, frame.fylkesnavn, strict=True))


def list_places(rows: Rows) -> ibis.Table:
    """Return the municipality of each list in each year: where its patients go, wherever they live."""
    return rows.all("liste").group_by("aar", "liste_lnr").agg(kommuneNr=lambda t: t.kommuneNr.max())


def with_margins(table: ibis.Table, totaler: Sequence[str]) -> ibis.Table:
    """Return the rows once more under `TOTAL` of each dimension, so that what is distinct stays distinct."""
    for name in totaler:
        table = table.union(table.mutate(ibis.literal(TOTAL).cast(table[name].type()).name(name)))
    return table


def age_group(age: ibis.Value, limits: Sequence[int] = AGES) -> ibis.Value:
    """Return the label of the age group: «0–5», …, «80+»."""
    labels = [f"{low}–{high - 1}" for low, high in pairwise(limits)]
    pairs = [(age < high, label) for high, label in zip(limits[1:], labels, strict=True)]
    return ibis.cases(*pairs, else_=f"{limits[-1]}+")


def pointwise(by: tuple[str, ...]) -> tuple[str, ...]:
    """Return `by` with the month: a count at a point in time is never summed over months."""
    return by if "maaned" in by else (*by, "maaned")


def divided(table: ibis.Table, by: Sequence[str]) -> Any:
    """Return the table grouped by the dimensions of `by`.

    Raises
    ------
    ParameterFeil
        If it has no such dimension, with the nearest that it has.
    """
    for name in by:
        if name not in table.columns:
            raise ParameterFeil(
                f"inndelingen «{name}» finnes ikke her", where="by", hint=nearest(name, table.columns)
            )
    return table.group_by(list(by))


def cells(
    rows: Rows,
    expr: ibis.Table,
    by: tuple[str, ...],
    measure: Measure,
    unit: str,
    *,
    per: float = 1.0,
    within: str | None = None,
    endring: str | None = None,
) -> Cells:
    """Run the expression and return its cells.

    Parameters
    ----------
    expr : ibis.Table
        One row a cell: its dimensions (and `maaned` where `by` lacks it), `teller`, and where they exist
        `nevner`, `pasienter`, `leger`.
    per : float
        `verdi` = `teller` / `nevner` x `per`; without a denominator it is `teller`.
    within : str, optional
        The denominator is the sum of `teller` over this dimension.
    endring : str, optional
        Show the change from this month («2019-12», «første») or from the month before it («forrige»).
    """
    frame = rows.fetch(expr)
    if within:
        rest = [name for name in (pointwise(by) if "maaned" in frame else by) if name != within]
        total = frame.teller.sum()
        frame["nevner"] = frame.groupby(rest).teller.transform("sum") if rest else total
    if "nevner" in frame:
        frame["verdi"] = frame.teller / frame.nevner.where(frame.nevner != 0) * per
    else:
        frame["verdi"] = frame.teller
    return shaped(frame, by, measure, unit, endring)


def shaped(
    frame: pd.DataFrame, by: tuple[str, ...], measure: Measure, unit: str, endring: str | None = None
) -> Cells:
    """Return the cells of a frame: all measures there, in order, without cells that have no number."""
    frame = frame.assign(**{name: np.nan for name in MEASURES if name not in frame})
    dims = pointwise(by) if "maaned" in frame else by
    frame = frame.dropna(subset=["verdi"]) if len(frame) else frame
    if "maaned" in frame:
        frame["maaned"] = pd.to_datetime(frame["maaned"]).dt.strftime("%Y-%m")
    frame = frame.sort_values(list(dims), key=_order, ignore_index=True) if dims else frame
    if endring is not None:
        frame = changed(frame, [d for d in dims if d != "maaned"], endring)
        measure = Measure.MEAN  # with no numerator: a change is no part of a sum
    if "maaned" not in by and "maaned" in frame:
        # A year's point is its last month; without a year the last of all is shown, never a sum over months.
        last = frame.groupby("aar").maaned.transform("max") if "aar" in by else frame.maaned.max()
        frame = frame[frame.maaned == last]
    frame = frame[[*by, *MEASURES]].reset_index(drop=True)
    for name in MEASURES:
        frame[name] = frame[name].astype("Int64" if name in ("pasienter", "leger") else "float64")
    return Cells(frame, by, measure, unit)


def _order(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return the ranks to sort by: numbers by size, «under» before them, «over» after, the margin last."""

    def key(label: object) -> tuple[float, str]:
        text = str(label)
        number = re.match(r"\d[\d ]*", text)
        if number and not text.startswith("0"):
            return float(number[0].replace(" ", "")), text
        first = {"under": 0.0, "over": 1e9}.get(text.partition(" ")[0], 1e8)
        return (1e10 if text == TOTAL else 0.0 if text.startswith("0") else first), text

    rank = {label: n for n, label in enumerate(sorted(column.unique(), key=key))}
    return column.map(rank)


def changed(frame: pd.DataFrame, dims: list[str], endring: str) -> pd.DataFrame:
    """Return the change of `verdi`; behind it stand no more persons than behind either end."""
    groups = frame.groupby(dims, sort=False) if dims else frame.groupby(lambda _: 0)
    if endring == "forrige":
        base = groups[["verdi", "pasienter", "leger"]].shift()
    else:
        start = str(frame.maaned.min()) if endring == "første" else endring
        at_start = frame[frame.maaned == start]
        if at_start.empty:
            raise ParameterFeil(f"måneden {start} er ikke levert", where="endring")
        columns = ["verdi", "pasienter", "leger"]
        base = (
            frame[dims].merge(at_start[[*dims, *columns]], on=dims, how="left")[columns]
            if dims
            else pd.DataFrame({c: [at_start[c].iloc[0]] * len(frame) for c in columns})
        )
    frame = frame.assign(verdi=frame.verdi - base.verdi.to_numpy(), teller=np.nan, nevner=np.nan)
    for name in ("pasienter", "leger"):
        frame[name] = np.minimum(frame[name].astype(float), base[name].to_numpy(dtype=float))
    return frame.dropna(subset=["verdi"])


def exact_sum(value: ibis.Value) -> ibis.Value:
    """Return a sum of decimals by way of millionths, which the order of adding does not change."""
    return (value * 1e6).round().cast("int64").sum() / 1e6


def choose(word: str, options: Mapping[str, T], where: str) -> T:
    """Return what a word of the bindings stands for.

    Raises
    ------
    ParameterFeil
        If it stands for nothing, with the nearest that does.
    """
    if word not in options:
        raise ParameterFeil(f"«{word}» finnes ikke", where=where, hint=nearest(word, options))
    return options[word]


def weighted_median(values: Sequence[float], counts: Sequence[int]) -> float:
    """Return the median of values that stand `counts` times each; of an even number, the middle two's mean.

    Examples
    --------
    >>> weighted_median([2, 10, 4], [1, 1, 2])
    4.0
    """
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    value, running = np.asarray(values, dtype=float)[order], np.cumsum(np.asarray(counts)[order])
    middle = np.searchsorted(running, [(running[-1] - 1) // 2, running[-1] // 2], side="right")
    return float(value[middle].mean())


def medians(
    rows: Rows,
    table: ibis.Table,
    by: tuple[str, ...],
    x: str,
    unit: str,
    *,
    endring: str | None = None,
    per: float = 1.0,
    **counts: ibis.Deferred,
) -> Cells:
    """Return the median of `x` / `per` in each cell, exactly and alike on every engine.

    The engine counts how often each value stands; the median is found in that small table. `counts` are
    the aggregates `pasienter` and `leger`.
    """
    dims = list(pointwise(by) if "maaned" in table.columns else by)
    found = rows.fetch(divided(table.filter(table[x].notnull()), [*dims, x]).agg(antall=ibis._.count()))
    behind = rows.fetch(divided(table.filter(table[x].notnull()), dims).agg(**counts))
    groups = found.groupby(dims, sort=False) if dims else [((), found)]
    middle = [
        (
            *(key if isinstance(key, tuple) else (key,)),
            weighted_median(part[x].tolist(), part.antall.tolist()),
        )
        for key, part in groups
    ]
    frame = pd.DataFrame(middle, columns=[*dims, "verdi"])
    frame["verdi"] = frame.verdi / per
    frame = frame.merge(behind, on=dims) if dims else frame.join(behind)
    return shaped(frame, by, Measure.MEDIAN, unit, endring)
