"""Counted elsewhere: approvals and LIS1, rounds of applications, ALIS, nursing homes, basic grants."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ibis
from ibis import _

from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.indicators.basis import (
    cells,
    choose,
    county_names,
    divided,
    month,
    newest,
    place,
    whole,
    with_margins,
)

COUNT, SHARE = Measure.COUNT, Measure.SHARE
SCHEMES = {"ny": "ny ordning", "gammel": "gammel ordning", "utland": "godkjent i utlandet"}


def godkjenninger(
    rows: Rows,
    *,
    by: tuple[str, ...],
    slag: str = "spesialist",
    dato: str = "vedtak",
    fra_aar: int = 0,
    andel_innen: str | None = None,
) -> Cells:
    """Count approvals of specialists, or finished LIS1 («LIS1»), by `aar`, `kvartal`, `ordning`.

    Numerator: rows of that `slag` with a decision («vedtak») or an application («søknad») in the period.
    Denominator: with `andel_innen` the cell's sum over it. The last year is in progress. Source: HPR; report
    figures 10.1, 10.2, 10.4.
    """
    column = choose(dato, {"vedtak": "vedtaksdato", "søknad": "soknadsdato"}, "dato")
    table = newest(rows, "godkjenning").filter(_.slag == slag, _[column].notnull())
    table = table.mutate(
        aar=table[column].year(), kvartal=ibis.literal("K") + table[column].quarter().cast("string")
    )
    table = table.filter(_.aar >= fra_aar)
    names = ibis.cases(
        *((table.ordning == code, name) for code, name in SCHEMES.items()), else_="ukjent ordning"
    )
    leger = {"leger": _.lege_lnr.nunique()} if slag == "LIS1" else {}
    expr = divided(table.mutate(ordning=names), by).agg(teller=_.count(), **leger)
    if andel_innen:
        return cells(rows, expr, by, SHARE, "prosent", per=100, within=andel_innen)
    return cells(rows, expr, by, COUNT, "leger" if slag == "LIS1" else "godkjenninger")


def soeknadsrunde(rows: Rows, *, by: tuple[str, ...] = ("runde",), andel: bool = False) -> Cells:
    """Return doctors employed in LIS1 posts by round; with `andel` in per cent of the applicants.

    `runde` is «2025H1» for spring, `halvaar` «vår» or «høst», `aar` the year. Source: Helsedirektoratets
    stillingsportal; report figure 10.3.
    """
    table = newest(rows, "soeknadsrunde")
    spring, year = table.runde.month() <= 6, table.runde.year()
    table = table.mutate(
        aar=year,
        halvaar=ibis.ifelse(spring, "vår", "høst"),
        navn=year.cast("string") + ibis.ifelse(spring, "H1", "H2"),
    )
    table = table.drop("runde").rename(runde="navn")
    grouped = divided(table, by)
    if andel:
        expr = grouped.agg(teller=_.ansatte.sum(), nevner=_.soekere.sum())
        return cells(rows, expr, by, SHARE, "prosent", per=100)
    return cells(rows, grouped.agg(teller=_.ansatte.sum()), by, COUNT, "leger")


def alis(
    rows: Rows,
    *,
    by: tuple[str, ...],
    avtaletype: str | None = None,
    maal: str = "leger",
    totaler: Sequence[str] = (),
) -> Cells:
    """Count what the ALIS grant goes to: «leger», «kommuner», «avtaler», «belop» (million kroner).

    Numerator: distinct doctors (of one `avtaletype`: «ALIS» or «veiledning»), municipalities, agreements. A
    doctor with agreements in two places counts in both, once in the margin. The year is that of the delivery,
    an application round. Source: Helsedirektoratet; report tables 10.1, 10.3 and 10.4, figure 10.A.
    """
    table = whole(rows, rows.all("alis"), by)
    table = with_margins(place(rows, table, by), totaler)
    hit = table.type == avtaletype if avtaletype else ibis.literal(True)
    table = table.mutate(hit=hit)
    leger = _.lege_lnr.nunique(where=_.hit)
    found = {
        "leger": (leger, "leger"),
        "kommuner": (_.kommuneNr.nunique(where=_.hit), "kommuner"),
        "avtaler": (_.hit.cast("int32").sum(), "avtaler"),
        "belop": (_.belop.sum(where=_.hit).fill_null(0) / 100 / 1e6, "mill. kroner"),
    }
    teller, unit = choose(maal, found, "maal")
    return cells(rows, divided(table, by).agg(teller=teller, leger=leger), by, COUNT, unit)


def prevalens(rows: Rows, *, by: tuple[str, ...] = ("maaned",), totaler: Sequence[str] = ()) -> Cells:
    """Return the share of residents of nursing homes who had an antibiotic on the day of measurement.

    Numerator: residents with at least one (without metenamin). Denominator: residents of the homes that took
    part. Source: NOIS; report figure 14.1.
    """
    table = rows.all("prevalens").mutate(maaned=_.maaledag.truncate("M"))
    if "fylke" in by:
        table = table.mutate(fylke=_.fylke.cases(*county_names(rows).items(), else_="ukjent"))
    treated = _.med_antibiotika.sum()
    table = with_margins(table, totaler)
    expr = divided(table, by).agg(teller=treated, nevner=_.beboere.sum(), pasienter=treated)
    return cells(rows, expr, by, SHARE, "prosent", per=100)


def grunntilskudd(rows: Rows, *, by: tuple[str, ...] = ("maaned",), fra: str = "2020-05") -> Cells:
    """Return the number of basic grants to self-employed doctors by month, from when there were any.

    Source: FLO; report figure 8.5.
    """
    table = rows.all("grunntilskudd").filter(_.maaned >= month(fra))
    return cells(rows, divided(table, by).agg(teller=_.antall.sum()), by, COUNT, "grunntilskudd")


INDICATORS: dict[str, Callable[..., Cells]] = {
    one.__name__: one for one in (godkjenninger, soeknadsrunde, alis, prevalens, grunntilskudd)
}
