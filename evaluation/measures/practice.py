"""Clinical practice: contacts delegated to nurses, month by month, and the prescribing of addictive drugs."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.data.periods import MONTHS, Frequency, Period, in_words
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute, found
from evaluation.basis.requirements import Reason, Vector, refuse
from evaluation.basis.said import KI, Said, as_percent, between, moved, say, with_interval
from evaluation.measures.known_numbers import Known, periods
from evaluation.methods.did import two_by_two
from evaluation.methods.few_points import Growth, growth
from evaluation.methods.time_axis import working_days
from evaluation.verdicts.from_panels import of_two_by_two
from evaluation.verdicts.from_results import of_growth
from evaluation.verdicts.verdict import Course, Measure, Verdict


def delegation(measure: Measure, known: Known) -> Verdict:
    """Return how contacts per working day have grown: never why, how far it will go, or a doubling time.

    Parameters
    ----------
    known : mapping
        ``kontakter``: contacts by month (``2026-01``).

    Notes
    -----
    With five months the test of curvature has two degrees of freedom and finds only gross slowing, so
    that growth in the last month stands beside the mean; one rate is not taken as shown.
    """
    contacts = known["kontakter"]
    months = periods(contacts, measure, Frequency.MONTH)
    early = [month for month in months if month.last < measure.begins]
    if early:
        refuse(Reason.START_OUTSIDE, f"{early[0].words} ligger før oppstarten {measure.started}")
    days = dict(zip(contacts, map(_days, months), strict=True))
    result = growth(
        [float(value) for value in contacts.values()],
        [float(value) for value in days.values()],
        months,
    )
    rates = {month: _per_day(month, contacts[month], days[month]) for month in contacts}
    first, *_, before, last = rates.values()
    latest = compute(
        arith.change_pct,
        (before, last),
        how="endring i prosent",
        formula="({1} / {0} − 1) × 100",
        unit="prosent",
        decimals=1,
        label=f"{measure.outcome}: endring den siste måneden",
    )
    mean = _growth(measure, result, [*contacts.values(), *days.values()])
    return replace(
        of_growth(measure, result),
        said=say(
            "{outcome} {moved} fra {first} i {began} til {last} i {ended}, {pace}.",
            outcome=measure.outcome,
            moved=moved(float(last) - float(first)),
            first=first,
            began=MONTHS[months[0].first.month - 1],
            last=last,
            ended=in_words(list(contacts)[-1]),
            pace=_pace(result, mean, latest),
        ),
        caveats=_caveats(measure, result, [*contacts.values(), *days.values()]),
        course=_picture(measure, result, rates, [*contacts.values(), *days.values()]),
        details={
            "Kontakter per virkedag": {
                in_words(month).capitalize(): {
                    "Kontakter": contacts[month],
                    "Virkedager": days[month],
                    "Per virkedag": rates[month],
                }
                for month in contacts
            }
        },
    )


def _picture(measure: Measure, result: Growth, rates: dict[str, Value], terms: list[Value]) -> Course:
    """Return the rates, with the fitted line and its limits over them."""
    fit = result.fit
    places = ", ".join(f"{{{place}}}" for place in range(len(terms)))

    def line(counts: Vector, name: str) -> dict[str, Value]:
        return {
            month: found(
                float(height),
                f"{measure.outcome}: {name}, {in_words(month)}",
                how=f"vekst på få punkter ({result.factor.rule})",
                formula=f"exp(a + b · måned), tilpasset av {places}",
                terms=terms,
                unit=rates[month].unit,
            )
            for month, height in zip(sorted(rates), counts / fit.exposure, strict=True)
        }

    low, high = fit.band()
    return Course(
        measure.outcome,
        rates,
        line(fit.fitted, "modellens linje"),
        line(low, "modellens nedre grense"),
        line(high, "modellens øvre grense"),
        "kvasi-Poisson med samme vekst hver måned",
        result,
    )


def _pace(result: Growth, mean: tuple[Value, Value, Value], latest: Value) -> Said:
    """Say how growth went, with «men» where the last month lies outside the interval of the mean."""
    if not result.single_rate:
        return say(
            "med en vekst som {way} underveis og var {latest} prosent den siste måneden",
            way="avtok" if result.bend < 0 else "tiltok",
            latest=latest,
        )
    change, low, high = mean
    up, alike = float(change) >= 0, float(low) <= float(latest) <= float(high)
    if up == (float(latest) >= 0):
        turn = f"{'og' if alike else 'men'} {'med' if up else 'ned'}"
    else:
        turn = "men gikk ned med" if up else "men økte med"
    return say(
        "i snitt {way} {change} prosent per måned ({ki} {ends}), {turn} {latest} prosent den siste måneden",
        way="med" if up else "ned",
        # The word has its sign.
        change=(change,),
        ki=KI,
        ends=between(low, high),
        turn=turn,
        # Where it fell, the words say so.
        latest=(latest,),
    )


def _days(month: Period) -> Value:
    return found(
        working_days(month.year, month.first.month),
        f"Virkedager i {month.words}",
        how="kalender",
        formula="mandag–fredag uten offentlige fridager",
        terms=(),
        unit="virkedager",
        decimals=0,
    )


def _per_day(month: str, contacts: Value, days: Value) -> Value:
    return compute(
        arith.ratio,
        (contacts, days),
        how="per virkedag",
        formula="{0} / {1}",
        unit="kontakter per virkedag",
        decimals=1,
        label=f"Pasientkontakter på delegering per virkedag, {in_words(month)}",
    )


def _growth(measure: Measure, result: Growth, terms: list[Value]) -> tuple[Value, Value, Value]:
    count = result.n
    contacts, days = (", ".join(f"{{{i}}}" for i in range(k, k + count)) for k in (0, count))
    return with_interval(
        as_percent(result.factor),
        f"{measure.outcome}: gjennomsnittlig vekst per måned",
        how="vekst på få punkter",
        formula="exp(b) − 1 i prosent, der log(ventet antall) = a + b · måned + log(virkedager); "
        f"antall {contacts}, virkedager {days}",
        terms=terms,
        unit="prosent",
    )


def _caveats(measure: Measure, result: Growth, terms: list[Value]) -> tuple[str | Said, ...]:
    # A line and its bend take three of the points.
    free = found(
        result.n - 3,
        f"{measure.outcome}: frihetsgrader i prøven på om veksten bøyer av",
        how="telling",
        formula="antall måneder − 3",
        terms=terms[: result.n],
        decimals=0,
    )
    p = found(
        result.curvature.p,
        f"{measure.outcome}: p-verdi for at veksten bøyer av",
        how="t-prøve",
        formula="anslaget på c over standardfeilen, der log(ventet antall) = a + b · måned + c · måned² + "
        "log(virkedager)",
        terms=terms,
        decimals=2,
    )
    return (
        "ingen framskriving, ingen øvre grense og ingen doblingstid anslås",
        say(
            "prøven på om veksten bøyer av, har {free} frihetsgrader (p = {p}) og kan ikke vise at den er "
            "jevn",
            free=free,
            p=p,
        ),
        "kilden sier ikke om den siste måneden er komplett",
    )


def prescribing(measure: Measure, known: Known) -> Verdict:
    """Return the difference in change between counties with and without, or refuse without county numbers.

    Parameters
    ----------
    known : mapping
        ``med_tiltaket`` and ``uten_tiltaket``: change in percentage points by county.
    """
    if not known["med_tiltaket"] or not known["uten_tiltaket"]:
        refuse(Reason.TOO_FEW_UNITS, "kildene har tall for landet, men ikke for fylkene hver for seg")
    changes = ([float(value) for value in known[name].values()] for name in ("med_tiltaket", "uten_tiltaket"))
    return of_two_by_two(measure, two_by_two(*changes), unit="prosentpoeng")
