"""Digital services: the municipal net doctor, the tools of the surgeries, and the requirement of video."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute, found
from evaluation.basis.requirements import Reason, refuse
from evaluation.basis.said import KI, Said, between, say, with_interval
from evaluation.measures.known_numbers import Known, need, periods
from evaluation.methods.few_points import Extrapolation, extrapolate
from evaluation.methods.rates import garwood
from evaluation.verdicts.verdict import Design, Measure, Verdict

# «I overkant av fire» is more than four and less than five; «i underkant av to» less than two, more than one.
ABOVE, BELOW = Interval(Fraction(0), Fraction(1), True, True), Interval(Fraction(-1), Fraction(0), True, True)
SAID = {"Kristiansand": ABOVE, "Arendal": BELOW}
# Arendal opened after the surgeries' hours, at 15.
DAYTIME = "Kristiansand"


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
    rows = {
        "Dagtakst": _per_open_day("dagtakst", day, [open_days[DAYTIME]]),
        "Kveldstakst": _per_open_day("kveldstakst", evening, both),
        "I alt": _per_open_day("i alt", total, both),
    }
    ends = _bounds(total, said, open_days)
    _, rate, low, high = rows["I alt"].values()
    exposure = sum(map(float, both))
    (k_low, k_high), (a_low, a_high) = ends["Kristiansand"], ends["Arendal"]
    return Verdict(
        measure=measure,
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
        estimate=garwood(float(total), exposure),
        reason="ingen tall fra før, fra andre kommuner eller for andre tjenester",
        caveats=(
            "konsultasjonene på dagtid er delt bare på dagene i Kristiansand, for Arendal åpnet etter "
            "fastlegenes åpningstid; kilden sier ikke når kveldstaksten begynner",
            "intervallet regner konsultasjonene som uavhengige; hvor mye dagene varierer, er ikke oppgitt",
            "«i overkant av» og «i underkant av» er lest som inntil én mer og inntil én mindre",
            "ingenting sies om andre tjenester",
        ),
        details={
            "Konsultasjoner per åpen dag og sted": rows,
            "Grenser for de to stedene": {
                place: {"Åpne dager": open_days[place], "Færrest": fewest, "Flest": most}
                for place, (fewest, most) in ends.items()
            },
        },
    )


def _per_open_day(tariff: str, count: Value, days: list[Value]) -> dict[str, Value]:
    """Return the days that a tariff could be used, place by place, and its rate with the two limits."""
    open_days = compute(
        arith.total,
        days,
        how="sum",
        formula=" + ".join(f"{{{place}}}" for place in range(len(days))),
        unit="dager",
        label=f"Åpne dager for nettlegen, {tariff}",
    )
    rate, low, high = with_interval(
        garwood(float(count), float(open_days)),
        f"Konsultasjoner hos nettlegen per åpen dag, {tariff}",
        how="rate",
        formula="{0} / ({1} + {2})" if len(days) > 1 else "{0} / {1}",
        terms=(count, *days),
        unit="konsultasjoner per åpen dag",
    )
    return {"Åpne dager": open_days, "Rate": rate, "Nedre grense": low, "Øvre grense": high}


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


EVERYBODY = 100.0


@dataclass(frozen=True, slots=True)
class _Path:
    """One tool's extrapolation, with its curves as values."""

    result: Extrapolation
    curves: dict[str, Value]
    when: str

    @property
    def span(self) -> Said:
        ranked = sorted(self.curves.values(), key=float)
        return between(ranked[0], ranked[-1])


def digital_tools(measure: Measure, known: Known) -> Verdict:
    """Return arithmetic under several curves towards the stated ambition, called by that name.

    Parameters
    ----------
    known : mapping
        ``journaldokumenter`` and ``helsenorge``: per cent by month; ``ambisjon``: one value.
    """
    if not known["ambisjon"]:
        refuse(Reason.NOT_YET, "ambisjonen er nyere enn denne utgaven")
    (ambition,) = known["ambisjon"].values()
    records, helsenorge = (
        _path(measure, known, name, goal)
        for name, goal in (("journaldokumenter", float(ambition)), ("helsenorge", None))
    )
    return Verdict(
        measure=measure,
        design=Design.EXTRAPOLATION,
        said=say(
            "Ren framskriving under ulike kurver gir {records} prosent av legekontorene på pasientens "
            "journaldokumenter ved {then}, mot en ambisjon på omtrent {ambition}, og {helsenorge} prosent av "
            "fastlegene på Helsenorge ved {later}; det er regning og ingen prognose.",
            records=records.span,
            then=records.when,
            ambition=ambition,
            helsenorge=helsenorge.span,
            later=helsenorge.when,
        ),
        se_rule="ingen: to punkter gir ingen spredning, og spennet er mellom kurver",
        reason="to punkter og en framskriving",
        caveats=(
            _reached(records.result),
            "ambisjonen gjelder fastleger, tallene legekontor",
            "punktene er avrundet til hele prosent, og regnet fra den første i måneden",
            *_left_out("journaldokumenter", records.result),
            *_left_out("Helsenorge", helsenorge.result),
        ),
        details={
            f"{name} ved {path.when}": {
                curve.capitalize(): {"Prosent": value} for curve, value in path.curves.items()
            }
            for name, path in (
                ("Pasientens journaldokumenter", records),
                ("Helsenorge for fastleger", helsenorge),
            )
        },
    )


def _path(measure: Measure, known: Known, name: str, ambition: float | None) -> _Path:
    spec, points = measure.of(name), known[name]
    assert spec.target is not None
    when = f"utgangen av {in_words(spec.target[:4])}"
    result = extrapolate(
        [float(value) for value in points.values()],
        [_year(period.first) for period in periods(points, measure)],
        _year(last_day(spec.target) + timedelta(days=1)),
        ceiling=EVERYBODY,
        ambition=ambition,
    )
    places = ", ".join(f"{{{place}}}" for place in range(len(points)))
    curves = {
        curve: found(
            number,
            f"{spec.what} ved {when}, {curve}",
            how="framskriving, regning og ingen prognose",
            formula=f"{curve} gjennom {places}",
            terms=points.values(),
            unit="prosent",
            decimals=0,
        )
        for curve, number in result.values.items()
    }
    return _Path(result, curves, when)


def _year(day: date) -> float:
    """Return the first day of a month as years with a fraction."""
    return day.year + (day.month - 1) / 12


def _left_out(tool: str, result: Extrapolation) -> tuple[str, ...]:
    return tuple(f"{tool}, {name}: {why}" for name, why in result.left_out.items())


def _reached(result: Extrapolation) -> str:
    reaches = [name for name, there in (result.reaches_ambition or {}).items() if there]
    if reaches:
        return f"disse kurvene når ambisjonen for journaldokumenter: {', '.join(reaches)}"
    return "ingen av kurvene når ambisjonen for journaldokumenter"


def video(measure: Measure, known: Known) -> Verdict:
    """Return the share of video before the requirement.

    Parameters
    ----------
    known : mapping
        ``former``: shares of text, telephone and video.

    Notes
    -----
    The forms can be told apart only since 1 July 2025, nine months before the requirement: a monthly
    series will never have the twelve points before that an exploratory verdict needs.
    """
    spec = measure.of("former")
    assert spec.period is not None
    if measure.begins <= last_day(spec.period):
        refuse(Reason.START_OUTSIDE, f"{in_words(spec.period)} er ikke hele før kravet {measure.started}")
    text, telephone, share = need(known["former"], ("tekst", "telefon", "video"), "fordelingen på former")
    return Verdict(
        measure=measure,
        design=Design.DESCRIPTION,
        said=say(
            "I {period}, før kravet {start}, var {share} prosent av de digitale konsultasjonene på video; "
            "tall for tiden etter kravet finnes ikke i kildene.",
            period=in_words(spec.period),
            start=measure.started,
            share=share,
        ),
        points_before=1,
        points_after=0,
        se_rule="ingen: andelen gjelder alle konsultasjoner med takst",
        reason="bare et utgangspunkt",
        caveats=(
            "formene kan skilles først fra 1. juli 2025, så en månedsserie får bare ni punkter før kravet",
            "legekontor som tilbød video fra før, berøres lite av kravet",
        ),
        details={
            "Digitale konsultasjoner etter form": {
                name: {"Prosent": value}
                for name, value in (("Tekst", text), ("Telefon", telephone), ("Video", share))
            }
        },
    )
