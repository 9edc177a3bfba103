"""I7, I8, I10, I15: doctors who start and stop, substitutes, length of agreements, full-time equivalents.

Sources: FLO (lists and agreements), KOSTRA and the A-ordning by Statistics Norway.
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
    exact_sum,
    list_places,
    medians,
    months,
    place,
    pointwise,
    shaped,
    whole,
    with_margins,
)
from registers.indicators.lists import lists_at, with_substitute
from registers.indicators.workdays import working_days

COUNT, SHARE, RATE = Measure.COUNT, Measure.SHARE, Measure.RATE
STARTED, STOPPED, NET = "startet", "sluttet", "netto"


def tilgang(
    rows: Rows,
    *,
    by: tuple[str, ...],
    retning: str | None = None,
    andel: str | None = None,
    delaar: bool = False,
) -> Cells:
    """Count doctors who started or stopped in a year (`retning`), or their difference («netto»).

    Numerator: doctors with an agreement this month and none the month before (started), and the reverse
    (stopped, in the month after their last); who does so twice, is counted twice, so that the difference is
    the change of the number of doctors since December. Denominator: with `andel` («fast ansatt») those who
    started or stopped. Exclusions: with `delaar` false years where one of the twelve comparisons is lacking:
    the first delivered, which has no month before it, and one in progress. Source: FLO; report figures 11.4
    and 11.15.
    """
    moved = _moves(rows, delaar)
    leger = _.lege_lnr.nunique()
    if retning == NET:
        signed = divided(moved.mutate(tegn=ibis.ifelse(_.retning == STARTED, 1, -1)), by)
        return shaped(rows.fetch(signed.agg(verdi=_.tegn.sum(), leger=leger)), by, Measure.MEAN, "fastleger")
    if retning:
        moved = moved.filter(_.retning == choose(retning, {STARTED: STARTED, STOPPED: STOPPED}, "retning"))
    if andel:
        choose(andel, {"fast ansatt": True}, "andel")
        leger = _.lege_lnr.nunique(where=_.fast == 1)
        expr = divided(moved, by).agg(teller=_.fast.sum(), nevner=_.count(), leger=leger)
        return cells(rows, expr, by, SHARE, "prosent", per=100)
    return cells(rows, divided(moved, by).agg(teller=_.count(), leger=leger), by, COUNT, "fastleger")


def _moves(rows: Rows, delaar: bool) -> ibis.Table:
    """Return who started or stopped when: `lege_lnr`, `aar`, `retning`, `fast` (1 on a salary)."""
    table = rows.all("liste").filter(_.lege_lnr.notnull())
    table = table.mutate(
        nr=_.maaned.year() * 12 + _.maaned.month() - 1, fast=(_.driftsform == "fast ansatt").cast("int32")
    )
    here = table.group_by("lege_lnr", "nr").agg(fast=_.fast.max())
    after = here.mutate(nr=_.nr + 1)
    bounds = rows.fetch(here.agg(low=_.nr.min(), high=_.nr.max()))
    low, high = int(bounds.low[0]), int(bounds.high[0])
    started = here.anti_join(after, ["lege_lnr", "nr"]).mutate(retning=ibis.literal(STARTED))
    stopped = after.anti_join(here, ["lege_lnr", "nr"]).mutate(retning=ibis.literal(STOPPED))
    moved = started.union(stopped).filter((_.nr > low) & (_.nr <= high)).mutate(aar=_.nr // 12)
    return moved if delaar else moved.filter((_.aar * 12 > low) & (_.aar * 12 + 11 <= high))


def vikarer(
    rows: Rows,
    *,
    by: tuple[str, ...],
    naar: str | Sequence[str] = "desember",
    kompetanse: str | None = None,
    grunn: str | None = None,
    maal: str = "leger",
    andel_innen: str | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count substitutes that day, or their full positions (`maal`: «leger», «stillinger»).

    Numerator: distinct substitutes with an agreement in force, or the sum of stillingsprosent over 100; of
    one `kompetanse` or `grunn`. Denominator: with `andel_innen` the cell's sum over that dimension. Source:
    FLO, HPR; report figures 11.8, 10.5 and 10.6.
    """
    table = _substitutes(rows, by)
    points = ibis.memtable({"maaned": months(rows, naar)}, schema={"maaned": "date"})
    table = table.inner_join(
        points,
        [table.fra <= points.maaned, table.til >= points.maaned, table.aar == points.maaned.year()],
    )
    for name, value in (("kompetanse", kompetanse), ("grunn", grunn)):
        table = table.filter(table[name] == value) if value else table
    found = {"leger": _.vikar_lnr.nunique(), "stillinger": exact_sum(_.stillingsprosent) / 100}
    teller = choose(maal, found, "maal")
    expr = divided(with_margins(table, totaler), pointwise(by)).agg(teller=teller, leger=found["leger"])
    if andel_innen:
        return cells(rows, expr, by, SHARE, "prosent", per=100, within=andel_innen)
    return cells(rows, expr, by, COUNT, "vikarer" if maal == "leger" else "årsverk")


def _substitutes(rows: Rows, by: Sequence[str]) -> ibis.Table:
    table = rows.all("vikaravtale")
    if any(name in by for name in geography.DIMENSIONS):
        table = place(
            rows,
            table.left_join(list_places(rows), ["aar", "liste_lnr"]).drop(_.aar_right, _.liste_lnr_right),
            by,
        )
    return table


def vikaraarsverk(
    rows: Rows,
    *,
    by: tuple[str, ...],
    grunn: str | None = None,
    delaar: bool = False,
    totaler: Sequence[str] = (),
) -> Cells:
    """Return the full-time equivalents of substitutes in a year.

    Numerator: working days (Monday to Friday, no public holiday) of agreements, in the year, weighted by
    stillingsprosent. Denominator: the working days of the year. Exclusions: none, so that agreements of one
    person that overlap count twice, as the report says of its own. Source: FLO; report table 11.1 and figures
    11.9–11.10.
    """
    table = whole(rows, _substitutes(rows, by), by, delaar)
    if grunn:
        table = table.filter(table.grunn == grunn)
    days = [(y, day, len(working_days(y))) for y in rows.years for day in working_days(y)]
    frame = pd.DataFrame(days, columns=["dagens_aar", "dag", "virkedager"])
    calendar = ibis.memtable(frame, schema={"dagens_aar": "int16", "dag": "date", "virkedager": "int32"})
    held = [table.aar == calendar.dagens_aar, calendar.dag >= table.fra, calendar.dag <= table.til]
    table = with_margins(table.inner_join(calendar, held), totaler)
    teller = exact_sum(_.stillingsprosent) / 100 / _.virkedager.max()
    expr = divided(table, by).agg(teller=teller, leger=_.vikar_lnr.nunique())
    return cells(rows, expr, by, COUNT, "årsverk")


def vikardekning(
    rows: Rows, *, by: tuple[str, ...], naar: str | Sequence[str] = "måned", totaler: Sequence[str] = ()
) -> Cells:
    """Return the share of lists without a doctor that have a substitute.

    Numerator: those with an agreement in force that day. Denominator: lists without a doctor. Source: FLO;
    report figure 11.23.
    """
    table = with_substitute(rows, lists_at(rows, by, naar, totaler, fast_lege=False))
    expr = divided(table, pointwise(by)).agg(teller=_.vikar.sum(), nevner=_.count())
    return cells(rows, expr, by, SHARE, "prosent", per=100)


def avtalevarighet(rows: Rows, *, by: tuple[str, ...] = ("aar",), delaar: bool = False) -> Cells:
    """Return how many years a doctor's agreement has lasted: the median.

    Population: agreements in force some time in the year, those that ended to their end, the others to the
    last day of the year. Source: FLO; the directorate's quality indicator, report figure 11.19.
    """
    table = place(rows, agreements(rows, by, delaar), by)
    table = table.mutate(dager=table.slutt.delta(table.avtale_fra, unit="day"))
    return medians(rows, table, by, "dager", "år", per=365.25, leger=_.lege_lnr.nunique())


def agreements(rows: Rows, by: Sequence[str], delaar: bool) -> ibis.Table:
    """Return agreements by year, with `slutt`: their end, or the last day of the year where they go on.

    One that is not told to end, ends when it is no longer seen: the month after its last.
    """
    table = whole(rows, rows.all("liste"), by, delaar).filter(_.lege_lnr.notnull(), _.avtale_fra.notnull())
    table = table.group_by("aar", "liste_lnr", "lege_lnr", "avtale_fra").agg(
        avtale_til=_.avtale_til.max(), kommuneNr=_.kommuneNr.max(), siste=_.maaned.max()
    )
    table = table.inner_join(year_ends(rows), "aar")
    gone = ibis.ifelse(_.siste < _.status.truncate("M"), _.siste + ibis.interval(months=1), _.status)
    return table.mutate(slutt=ibis.least(ibis.coalesce(_.avtale_til, gone.cast("date")), _.status))


def year_ends(rows: Rows) -> ibis.Table:
    """Return the last day that each year's delivery tells of: 31 December, or the last month's first day."""
    end = months(rows, "siste")[0]
    days = [(y, date(y, 12, 31) if y < end.year else end) for y in rows.years]
    frame = pd.DataFrame(days, columns=["aar", "status"])
    return ibis.memtable(frame, schema={"aar": "int16", "status": "date"})


def aarsverk(
    rows: Rows,
    *,
    by: tuple[str, ...],
    kilde: str = "aarsverk",
    per: float | None = None,
    folketall: str = "samme år",
    andel_innen: str | None = None,
    totaler: Sequence[str] = (),
) -> Cells:
    """Return full-time equivalents: of doctors («aarsverk», KOSTRA) or by education («yrkesaarsverk»).

    Denominator: with `per` the population on 1 January («samme år», as table 9.2; «året etter», as table 9.1
    and KOSTRA); with `andel_innen` («utdanning») the cell's sum over that dimension. Population: all
    municipalities that have reported. Source: Statistics Norway, tables 11996 and 07459, A-ordningen.
    """
    table = with_margins(place(rows, whole(rows, rows.all(kilde), by), by), totaler)
    grouped = divided(table, by).agg(teller=exact_sum(_.aarsverk))
    if andel_innen:
        return cells(rows, grouped, by, SHARE, "prosent", per=100, within=andel_innen)
    if not per:
        return cells(rows, grouped, by, COUNT, "årsverk")
    shift = choose(folketall, {"samme år": 0, "året etter": 1}, "folketall")
    # Codes are those of their own year: first the place, then the year that the people are counted for.
    people = place(rows, rows.all("befolkning"), by).mutate(aar=(_.aar - shift).cast("int16"))
    people = whole(rows, people, by)
    shared = [name for name in by if name in ("aar", *geography.DIMENSIONS)]
    people = with_margins(people, [m for m in totaler if m in shared])
    people = people.group_by(shared).agg(nevner=_.antall.sum())
    expr = grouped.inner_join(people, shared)
    return cells(rows, expr, by, RATE, f"årsverk per {per:g} innbyggere", per=per)


INDICATORS: dict[str, Callable[..., Cells]] = {
    one.__name__: one for one in (tilgang, vikarer, vikaraarsverk, vikardekning, avtalevarighet, aarsverk)
}
