"""The municipal net doctor: rates by tariff, and what the text lets each place have had."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.indicators.values import Value, found
from evaluation.basis.refusal import Reason, refuse
from evaluation.basis.said import KI, between, say, with_interval
from evaluation.measures.values import Known, need
from evaluation.methods.rates import garwood
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict

# «I overkant av fire» is more than four and less than five; «i underkant av to» less than two, more than one.
ABOVE, BELOW = Interval(Fraction(0), Fraction(1), True, True), Interval(Fraction(-1), Fraction(0), True, True)
SAID = {"Kristiansand": ABOVE, "Arendal": BELOW}


def online_doctor(measure: Measure, known: Known) -> Verdict:
    """Return consultations per open day with exact intervals, and the bounds for the two places.

    Parameters
    ----------
    known : mapping
        ``takst``: consultations by tariff and ``total``; ``per_dag``: what the text says of each place.

    Notes
    -----
    The two places' numbers sum to the total, so each bound on one is a bound on the other. Nothing is
    said of other services: no number of theirs is in the sources.
    """
    spec = measure.of("takst")
    day, evening, total = need(known["takst"], ("dag", "kveld", "total"), "antall konsultasjoner")
    said = dict(zip(SAID, need(known["per_dag"], SAID, "konsultasjoner per dag"), strict=True))
    assert spec.period is not None
    open_days = {
        start.place: _open(start.place, first_day(start.when), last_day(spec.period))
        for start in measure.start
        if start.place in SAID
    }
    both = list(open_days.values())
    exposure = sum(float(value) for value in both)
    rates = {
        label: with_interval(
            garwood(int(float(count)), exposure),
            f"Konsultasjoner hos nettlegen per åpen dag, {label.lower()}",
            how="rate",
            formula="{0} / ({1} + {2})",
            terms=(count, *both),
            unit="konsultasjoner per åpen dag",
        )
        for label, count in (("Dagtakst", day), ("Kveldstakst", evening), ("I alt", total))
    }
    ends = _bounds(total, said, open_days)
    rate, low, high = rates["I alt"]
    (k_low, k_high), (a_low, a_high) = ends["Kristiansand"], ends["Arendal"]
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.DESCRIPTION,
        said=say(
            "Nettlegen hadde {total} konsultasjoner i {period}, {rate} per åpen dag og sted ({ki} {ends}); "
            "slik teksten oppgir aktiviteten per dag, hadde Kristiansand mellom {k_low} og {k_high} av dem "
            "og Arendal mellom {a_low} og {a_high}.",
            total=total,
            period=in_words(spec.period),
            rate=rate,
            ki=KI,
            ends=between(low, high),
            k_low=k_low,
            k_high=k_high,
            a_low=a_low,
            a_high=a_high,
        ),
        points_before=0,
        points_after=1,
        exposure=exposure,
        se_rule=garwood(1).rule,
        estimate=garwood(int(float(total)), exposure),
        reason="ingen tall fra før, fra andre kommuner eller for andre tjenester",
        caveats=(
            "intervallet regner konsultasjonene som uavhengige; hvor mye dagene varierer, er ikke oppgitt",
            "«i overkant av» og «i underkant av» er lest som inntil én mer og inntil én mindre",
            "ingenting sies om andre tjenester",
        ),
        details={
            "Konsultasjoner per åpen dag og sted": {
                label: {"Rate": value, "Nedre grense": lower, "Øvre grense": upper}
                for label, (value, lower, upper) in rates.items()
            },
            "Grenser for de to stedene": {
                place: {"Åpne dager": open_days[place], "Færrest": fewest, "Flest": most}
                for place, (fewest, most) in ends.items()
            },
        },
    )


def _open(place: str, first: date, last: date) -> Value:
    if first > last:
        refuse(Reason.START_OUTSIDE, f"nettlegen i {place} åpnet etter perioden som tallene gjelder")
    return found(
        (last - first).days + 1,
        f"Åpne dager for nettlegen i {place}",
        how="kalender",
        formula=f"alle dager fra {in_words(first.isoformat())} til {in_words(last.isoformat())}",
        terms=(),
        unit="dager",
        decimals=0,
    )


def _bounds(total: Value, said: dict[str, Value], days: dict[str, Value]) -> dict[str, tuple[Value, Value]]:
    """Return the fewest and the most whole consultations that each place can have had."""
    assert total.point is not None
    own = {place: (_point(said[place]) + SAID[place]) * _point(days[place]) for place in SAID}
    ends = {}
    for place, other in (tuple(SAID), tuple(SAID)[::-1]):
        allowed = own[place].intersect(total.point - own[other])
        if allowed is None:
            refuse(Reason.INVALID_VALUE, "teksten om de to stedene motsier summen for begge")
        terms = (total, said[place], days[place], said[other], days[other])
        fewest = math.floor(allowed.low) + 1 if allowed.low_open else math.ceil(allowed.low)
        most = math.ceil(allowed.high) - 1 if allowed.high_open else math.floor(allowed.high)
        ends[place] = (_end(place, "færrest", fewest, terms), _end(place, "flest", most, terms))
    return ends


def _end(place: str, name: str, count: int, terms: tuple[Value, ...]) -> Value:
    return found(
        count,
        f"Nettlegekonsultasjoner i {place}, {name}",
        how="grense fra tekst og sum",
        formula="{0} i alt; {1} per dag i {2} dager her, {3} per dag i {4} dager det andre stedet",
        terms=terms,
        unit="konsultasjoner",
        decimals=0,
    )


def _point(value: Value) -> Fraction:
    assert value.point is not None
    return value.point
