"""I10–I12: how long doctor and person have had each other, who waits, who changes doctor, and why.

Source: FLO. A change is a spell that begins, and spells begin on the first of a month, so a change on 1
January belongs to the year that begins. Places are those of the list, as in `lists`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import ibis
import pandas as pd
from ibis import _

from registers import geography
from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.indicators.basis import (
    cells,
    choose,
    divided,
    list_places,
    medians,
    months,
    place,
    pointwise,
    whole,
    with_margins,
)
from registers.indicators.lists import lists_at
from registers.indicators.workforce import agreements

COUNT, SHARE, RATE = Measure.COUNT, Measure.SHARE, Measure.RATE
CHOSEN = ("selvvalgt direkte", "selvvalgt venteliste")
NEW = "ny i ordningen"
WAITED = (30, 90, 180, 365, 730)
ELSEWHERE, HERE = "fastlege i en annen kommune", "fastlege i samme kommune"


def relasjonsvarighet(rows: Rows, *, by: tuple[str, ...] = ("aar",), delaar: bool = False) -> Cells:
    """Return how many years doctor and person have had each other: the median.

    Population: pairs of a spell on a list and an agreement for that list, as far as both were in force, some
    time in the year; those that ended to their end, the others to the last day of the year. Time without a
    doctor is no relation. Source: FLO; the directorate's quality indicator, report figure 11.19.
    """
    spells = whole(rows, rows.all("tilknytning"), by, delaar).select(
        "aar", "kpr_lnr", "liste_lnr", "fra", "til"
    )
    deals = agreements(rows, by, delaar)
    pairs = spells.inner_join(deals, ["aar", "liste_lnr"]).mutate(
        start=ibis.greatest(_.fra, _.avtale_fra),
        stopp=ibis.least(_.til.coalesce(_.status), _.slutt),
    )
    pairs = place(rows, pairs.mutate(dager=_.stopp.delta(_.start, unit="day")), by)
    pairs = pairs.filter(_.dager > 0, _.stopp.year() == _.aar)
    counts = {"pasienter": _.kpr_lnr.nunique(), "leger": _.lege_lnr.nunique()}
    return medians(rows, pairs, by, "dager", "år", per=365.25, **counts)


def venteliste(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    per: float | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count persons who wait for another doctor.

    Numerator: distinct persons put on a waiting list on or before the day and not allotted a place by then,
    by the municipality of the list they want, and by where the doctor they have is (`legens_kommune`).
    Denominator (`per`): persons on lists of that place. Source: FLO; report figures 11.27, 11.28, 11.30,
    11.31 and 11.37.
    """
    expr = _waiting(rows, by, months(rows, naar), totaler)
    if not per:
        return cells(rows, expr, by, COUNT, "personer")
    shared = [name for name in pointwise(by) if name != "legens_kommune"]
    people = lists_at(rows, by, naar, [m for m in totaler if m in shared])
    people = people.group_by(shared).agg(nevner=_.listelengde.sum())
    return cells(rows, expr.inner_join(people, shared), by, RATE, f"per {per:g} listeinnbyggere", per=per)


def _waiting(rows: Rows, by: tuple[str, ...], days: Sequence[date], totaler: Sequence[str]) -> ibis.Table:
    """Return the persons who wait on each day; a year at a time, so that memory does not grow with years."""
    found = []
    for year in sorted({day.year for day in days}):
        table = rows.table("venteliste", year).mutate(aar=ibis.literal(year, "int16"))
        of_year = [day for day in days if day.year == year]
        points = ibis.memtable({"maaned": of_year}, schema={"maaned": "date"})
        waiting = [
            table.satt_opp <= points.maaned,
            table.tildelt.isnull() | (table.tildelt > points.maaned),
        ]
        table = place(rows, table.inner_join(points, waiting), by)
        table = table.mutate(legens_kommune=ibis.ifelse(_.fra_kommune == _.kommuneNr, HERE, ELSEWHERE))
        persons = _.kpr_lnr.nunique()
        expr = divided(with_margins(table, totaler), pointwise(by)).agg(teller=persons, pasienter=persons)
        found.append(rows.fetch(expr))
    return ibis.memtable(pd.concat(found, ignore_index=True), schema=expr.schema())


def changes(rows: Rows, by: Sequence[str], delaar: bool) -> ibis.Table:
    """Return the spells that began in the year of their delivery, but for persons new to the scheme."""
    table = whole(rows, rows.all("tilknytning"), by, delaar).drop("kommuneNr")
    table = table.filter(_.fra.year() == _.aar, _.inn_aarsak != NEW)
    kind = ibis.ifelse(table.inn_aarsak.isin(CHOSEN), "selvvalgt", "ikke selvvalgt")
    table = table.mutate(valg=kind).rename(aarsak="inn_aarsak")
    if any(name in by for name in geography.DIMENSIONS):
        table = place(rows, table.inner_join(list_places(rows), ["aar", "liste_lnr"]), by)
    return table


def people_by_year(rows: Rows, by: Sequence[str], totaler: Sequence[str]) -> tuple[list[str], ibis.Table]:
    """Return the dimensions that persons on lists have, and their number in December or the last month."""
    shared = [name for name in by if name in ("aar", *geography.DIMENSIONS)]
    table = lists_at(rows, by, "desember", [name for name in totaler if name in shared])
    table = whole(rows, table, by, delaar=True)
    last = rows.all("liste").group_by("aar").agg(maaned=_.maaned.max())
    return shared, table.semi_join(last, ["aar", "maaned"]).group_by(shared).agg(nevner=_.listelengde.sum())


def bytter(
    rows: Rows,
    *,
    by: tuple[str, ...],
    per: float | None = None,
    andel_innen: str | None = None,
    delaar: bool = False,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count changes of doctor by cause (`aarsak`) or whether chosen (`valg`).

    Numerator: spells on a list that began in the year, but for persons new to the scheme. Denominator: with
    `per` persons on lists in December; with `andel_innen` («aarsak», «valg») all changes of the cell. Source:
    FLO; report figures 11.32 and 11.34–11.36.
    """
    table = with_margins(changes(rows, by, delaar), totaler)
    expr = divided(table, by).agg(teller=_.count(), pasienter=_.kpr_lnr.nunique())
    if per:
        shared, people = people_by_year(rows, by, totaler)
        unit = f"bytter per {per:g} listeinnbyggere"
        return cells(rows, expr.inner_join(people, shared), by, RATE, unit, per=per)
    if andel_innen:
        return cells(rows, expr, by, SHARE, "prosent", per=100, within=andel_innen)
    return cells(rows, expr, by, COUNT, "bytter")


def byttet(
    rows: Rows,
    *,
    by: tuple[str, ...],
    antall: bool = False,
    delaar: bool = False,
    totaler: Sequence[str] = (),
) -> Cells:
    """Return the share of persons on lists who changed doctor in the year; with `antall` their number.

    Numerator: distinct persons with a change. Denominator: persons on lists in December. Who changed in two
    classes, counts in both, but once in the margin. Footnote 51 of the report counts changes, not persons, in
    the classes. Source: FLO; report figures 11.32 and 11.33.
    """
    persons = _.kpr_lnr.nunique()
    table = with_margins(changes(rows, by, delaar), totaler)
    expr = divided(table, by).agg(teller=persons, pasienter=persons)
    if antall:
        return cells(rows, expr, by, COUNT, "personer")
    shared, people = people_by_year(rows, by, totaler)
    return cells(rows, expr.inner_join(people, shared), by, SHARE, "prosent", per=100)


def tildelinger(
    rows: Rows,
    *,
    by: tuple[str, ...],
    maal: str = "antall",
    delaar: bool = False,
    totaler: Sequence[str] = (),
) -> Cells:
    """Describe the places allotted from waiting lists in the year.

    `maal` «antall»; days waited, «gjennomsnitt» and «median»; «andel» within classes of days waited
    (`ventetid`). Numerator: rows with `tildelt` in the year of the delivery; days from `satt_opp`. Source:
    FLO; report figures 11.37–11.39.
    """
    table = whole(rows, rows.all("venteliste"), by, delaar).filter(_.tildelt.year() == _.aar)
    table = place(rows, table.mutate(dager=_.tildelt.delta(_.satt_opp, unit="day")), by)
    table = with_margins(
        table.mutate(ventetid=_waited(table.tildelt.delta(table.satt_opp, unit="day"))), totaler
    )
    persons = _.kpr_lnr.nunique()
    kind = choose(maal, {name: name for name in ("antall", "andel", "gjennomsnitt", "median")}, "maal")
    if kind == "median":
        return medians(rows, table, by, "dager", "dager", pasienter=persons)
    if kind == "gjennomsnitt":
        expr = divided(table, by).agg(teller=_.dager.sum(), nevner=_.count(), pasienter=persons)
        return cells(rows, expr, by, Measure.MEAN, "dager")
    expr = divided(table, by).agg(teller=_.count(), pasienter=persons)
    if kind == "andel":
        return cells(rows, expr, by, SHARE, "prosent", per=100, within="ventetid")
    return cells(rows, expr, by, COUNT, "tildelinger")


def _waited(days: ibis.Value) -> ibis.Value:
    lows = (0, *(high + 1 for high in WAITED))
    pairs = [(days <= high, f"{low}–{high} dager") for low, high in zip(lows, WAITED, strict=False)]
    return ibis.cases(*pairs, else_=f"over {WAITED[-1]} dager")


INDICATORS: dict[str, Callable[..., Cells]] = {
    one.__name__: one for one in (relasjonsvarighet, venteliste, bytter, byttet, tildelinger)
}
