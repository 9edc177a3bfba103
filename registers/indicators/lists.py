"""I5, I6, I9 and I11: lists, doctors, persons on lists, vacant lists, and room on lists.

Source: FLO, one row a list and month; a count is a count on the first of a month. A list belongs to the
municipality that runs it, so persons of the six municipalities that another serves are counted with that one,
in numerators and denominators alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ibis
from ibis import _

from registers import geography
from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.indicators.basis import (
    AGES,
    age_group,
    cells,
    choose,
    divided,
    list_places,
    medians,
    months,
    newest,
    place,
    pointwise,
    shaped,
    with_margins,
)

COUNT, SHARE, RATE = Measure.COUNT, Measure.SHARE, Measure.RATE
PERSONS = "listeinnbyggere"


def lists_at(
    rows: Rows,
    by: Sequence[str],
    naar: str | Sequence[str],
    totaler: Sequence[str] = (),
    fast_lege: bool | None = None,
) -> ibis.Table:
    """Return the lists at the points in time `naar`, with the places of `by` and under its margins."""
    table = rows.all("liste")
    table = place(rows, table.filter(table.maaned.isin(months(rows, naar))), by)
    if fast_lege is not None:
        table = table.filter(table.lege_lnr.notnull() == fast_lege)
    return with_margins(table, totaler)


def lister(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    driftsform: str | None = None,
    status: str | None = None,
    fast_lege: bool | None = None,
    ubesatt_over_aar: bool = False,
    andel: bool = False,
    endring: str | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count lists, or the share of lists that have something.

    Numerator: lists of that `driftsform` and `status`, with (True) or without (False) a doctor, vacant for
    more than a year. Denominator (`andel`): lists of the cell with or without a doctor as asked. Population:
    all lists, those without a doctor included. Source: FLO; report table 11.1.
    """
    table = lists_at(rows, by, naar, totaler, fast_lege if andel else None)
    hit = ibis.literal(True)
    if fast_lege is not None:
        hit &= table.lege_lnr.notnull() == fast_lege
    if driftsform:
        hit &= table.driftsform == driftsform
    if status:
        hit &= table.status == status
    if ubesatt_over_aar:
        hit &= _long_vacant(table)
    grouped = divided(table.mutate(hit=hit.cast("int32")), pointwise(by))
    if andel:
        expr = grouped.agg(teller=_.hit.sum(), nevner=_.count())
        return cells(rows, expr, by, SHARE, "prosent", per=100, endring=endring)
    return cells(rows, grouped.agg(teller=_.hit.sum()), by, COUNT, "lister", endring=endring)


def _long_vacant(table: ibis.Table) -> ibis.BooleanValue:
    long = table.ubesatt_fra < table.maaned - ibis.interval(years=1)
    return (table.lege_lnr.isnull() & long).fill_null(False)


def fastleger(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    kjennetegn: str | None = None,
    andel: bool = False,
    per: float | None = None,
    endring: str | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count doctors: all, or those with a `kjennetegn`: «spesialist», «kvinne», «fast ansatt».

    Numerator: distinct doctors with a list; a doctor with two lists is one doctor, in each cell where a list
    lies. Denominator: with `andel` all distinct doctors of the cell; with `per` persons on all lists of the
    cell, vacant ones too. Exclusions: none. A specialist is one on the day of the count. Source: FLO, HPR;
    report table 11.1.
    """
    table = lists_at(rows, by, naar, totaler)
    if kjennetegn in ("spesialist", "kvinne"):
        doctors = newest(rows, "lege").select("lege_lnr", "kjonn", "spesialist_fra")
        table = table.left_join(doctors, "lege_lnr").drop("lege_lnr_right")
    marks = {
        "spesialist": lambda t: t.spesialist_fra <= t.maaned,
        "kvinne": lambda t: t.kjonn == 2,
        "fast ansatt": lambda t: t.driftsform == "fast ansatt",
    }
    hit = choose(kjennetegn, marks, "kjennetegn")(table) if kjennetegn else ibis.literal(True)
    table = table.mutate(hit=hit.fill_null(False))
    found = {"teller": _.lege_lnr.nunique(where=_.hit), "leger": _.lege_lnr.nunique(where=_.hit)}
    grouped = divided(table, pointwise(by))
    if andel:
        expr = grouped.agg(**found, nevner=_.lege_lnr.nunique())
        return cells(rows, expr, by, SHARE, "prosent", per=100, endring=endring)
    if per:
        expr = grouped.agg(**found, nevner=_.listelengde.sum())
        return cells(rows, expr, by, RATE, f"per {per:g} listeinnbyggere", per=per, endring=endring)
    return cells(rows, grouped.agg(**found), by, COUNT, "fastleger", endring=endring)


def listelengde(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    av: str = "listelengde",
    maal: str = "gjennomsnitt",
    fast_lege: bool | None = True,
    delt_paa: float = 1,
    endring: str | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Return length or cap of lists (`av`): «gjennomsnitt», «median» or «sum» (divided by `delt_paa`).

    Numerator: persons on lists, or places that are agreed on. Denominator: lists. Population: lists with a
    doctor; with `fast_lege: null` all. Source: FLO; report tables 11.1 and 11.2.
    """
    table = lists_at(rows, by, naar, totaler, fast_lege)
    persons = {"pasienter": _.listelengde.sum()} if av == "listelengde" else {}
    if maal == "median":
        counts = {**persons, "leger": _.lege_lnr.nunique()}
        return medians(rows, table, by, av, f"{PERSONS} per liste", endring=endring, **counts)
    grouped = divided(table, pointwise(by))
    if maal == "sum":
        expr = grouped.agg(teller=_[av].sum() / delt_paa, **persons)
        return cells(rows, expr, by, COUNT, "personer", endring=endring)
    expr = grouped.agg(teller=_[av].sum(), nevner=_.count(), leger=_.lege_lnr.nunique(), **persons)
    return cells(rows, expr, by, Measure.MEAN, f"{PERSONS} per liste", endring=endring)


def listeinnbyggere(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    aldersgrupper: Sequence[int] = AGES,
    andel_innen: str | None = None,
    endring: str | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count persons on lists by age (`aldersgrupper`: where groups begin).

    Numerator: persons whose spell on a list was in force that day; their age is the one they reach in the
    year of the day before, so that 1 January counts as the end of the old year. Denominator: with
    `andel_innen` («alder») the persons of the cell over all its groups. Source: FLO; report figures 11.2 and
    11.3.
    """
    table = spells_at(rows, naar)
    day_before = table.maaned - ibis.interval(days=1)
    table = table.mutate(alder=age_group(day_before.year() - table.fodselsaar, aldersgrupper))
    if any(name in by for name in geography.DIMENSIONS):
        home = list_places(rows).rename(kommune_liste="kommuneNr")
        table = place(rows, table.inner_join(home, ["aar", "liste_lnr"]), by, "kommune_liste")
    table = with_margins(table, totaler)
    expr = divided(table, pointwise(by)).agg(teller=_.count(), pasienter=_.count())
    if andel_innen:
        return cells(rows, expr, by, SHARE, "prosent", per=100, within=andel_innen, endring=endring)
    return cells(rows, expr, by, COUNT, "personer", endring=endring)


def spells_at(rows: Rows, naar: str | Sequence[str]) -> ibis.Table:
    """Return the spells in force on the points in time `naar`, each from the delivery of its year."""
    parts = []
    for month in months(rows, naar):
        table, day = rows.table("tilknytning", month.year), ibis.literal(month)
        current = table.filter((table.fra <= day) & (table.til.isnull() | (table.til > day)))
        parts.append(current.mutate(aar=ibis.literal(month.year, "int16"), maaned=day))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def listevekst(rows: Rows, *, by: tuple[str, ...] = ("aar", "kalendermaaned")) -> Cells:
    """Return how many more persons are on lists than in December the year before, month by month.

    Persons on all lists. The first year delivered has no December before it, and grows from its January.
    Source: FLO; report figure 11.1.
    """
    table = lists_at(rows, (), "måned")
    frame = rows.fetch(table.group_by("maaned").agg(antall=_.listelengde.sum())).sort_values("maaned")
    when = frame.maaned.astype("datetime64[s]").dt
    frame = frame.assign(aar=when.year, kalendermaaned=when.month)
    december = {
        y + 1: n for y, m, n in zip(frame.aar, frame.kalendermaaned, frame.antall, strict=True) if m == 12
    }
    first = dict(zip(frame.aar[::-1], frame.antall[::-1], strict=True))
    base = frame.aar.map({**first, **december})
    frame = frame.assign(verdi=frame.antall - base, pasienter=frame.antall).drop(columns="maaned")
    return shaped(frame, by, Measure.MEAN, "personer")


def ubesatt(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    over_aar: bool = False,
    uten_vikar: bool = False,
    andel: bool = False,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count persons on lists without a doctor; with `andel` in per cent of persons on all lists of the cell.

    Numerator: persons on lists without a doctor (vacant for more than a year; without a substitute that day).
    Source: FLO; report figures 11.22 and 11.24–11.26.
    """
    table = lists_at(rows, by, naar, totaler)
    hit = _long_vacant(table) if over_aar else table.lege_lnr.isnull()
    if uten_vikar:
        table = table.mutate(hit=hit)
        table = with_substitute(rows, table)
        hit = table.hit & (table.vikar == 0)
    persons = table.listelengde.sum(where=hit)
    found = {"teller": persons.fill_null(0), "pasienter": persons.fill_null(0)}
    grouped = divided(table, pointwise(by))
    if andel:
        return cells(rows, grouped.agg(**found, nevner=_.listelengde.sum()), by, SHARE, "prosent", per=100)
    return cells(rows, grouped.agg(**found), by, COUNT, "personer")


def with_substitute(rows: Rows, table: ibis.Table) -> ibis.Table:
    """Return lists at points in time with `vikar`: 1 where a substitute had an agreement that day."""
    deals = rows.all("vikaravtale").select("aar", "liste_lnr", "fra", "til")
    held = [
        table.aar == deals.aar,
        table.liste_lnr == deals.liste_lnr,
        deals.fra <= table.maaned,
        deals.til >= table.maaned,
    ]
    covered = table.semi_join(deals, held).mutate(vikar=1)
    return covered.union(table.anti_join(deals, held).mutate(vikar=0))


def ledige_plasser(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    lister: str = "alle",
    per: float | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count free places (cap less length) on lists: «alle», «med fast lege», «åpne».

    Numerator: on all lists, or those with a doctor, the sum, to which lists above their cap count negatively;
    on open lists with a doctor what can be chosen, so that lists above their cap are left out. By
    `listestatus` likewise, list by list. Denominator (`per`): persons on all lists, or those with a doctor.
    Source: FLO; report tables 11.1 and figures 11.27–11.31.
    """
    table = lists_at(rows, by, naar, totaler, fast_lege=True if lister == "med fast lege" else None)
    table = table.mutate(listestatus=table.status)
    free = table.listetak - table.listelengde
    chosen = {
        "alle": lambda: free if "listestatus" not in by else ibis.greatest(free, 0),
        "med fast lege": lambda: free,
        "åpne": lambda: ibis.ifelse(
            (table.status == "åpen") & table.lege_lnr.notnull(), ibis.greatest(free, 0), 0
        ),
    }
    grouped = divided(table.mutate(ledige=choose(lister, chosen, "lister")()), pointwise(by))
    if per:
        expr = grouped.agg(teller=_.ledige.sum(), nevner=_.listelengde.sum())
        return cells(rows, expr, by, RATE, f"per {per:g} listeinnbyggere", per=per)
    return cells(rows, grouped.agg(teller=_.ledige.sum()), by, COUNT, "plasser")


INDICATORS: dict[str, Callable[..., Cells]] = {
    one.__name__: one
    for one in (lister, fastleger, listelengde, listeinnbyggere, listevekst, ubesatt, ledige_plasser)
}
