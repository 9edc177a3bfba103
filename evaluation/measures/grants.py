"""Grants: what the basic grant's growth consists of, who has ALIS grants, and the grant by need of care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from analysis_lib.data.periods import Frequency, Period
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute, found
from evaluation.basis.requirements import Reason, at_least, refuse
from evaluation.basis.said import Said, joined, moved, say, written
from evaluation.measures.known_numbers import Known, need, periods
from evaluation.methods.decomposition import shapley
from evaluation.methods.its_continuous import its_continuous
from evaluation.verdicts.from_results import of_its_continuous
from evaluation.verdicts.verdict import Design, Measure, Verdict

PARTS = ("Priser", "Folketall", "Tilskudd per innbygger i faste priser")


def basic_grant(measure: Measure, known: Known) -> Verdict:
    """Return the change in the amount as the sum of three parts, over the period and year by year.

    Parameters
    ----------
    known : mapping
        ``basis`` and ``basis_fast``: the amount in current and in constant prices, by year;
        ``folketall``: inhabitants, by year.

    Notes
    -----
    Amount = (current / constant prices) × inhabitants × (constant prices / inhabitants), split by
    Shapley's rule: the mean over all orders in which the three could have changed. Seven points a year
    apart carry no interrupted time series, so no step is looked for.
    """
    years = [
        year for year in known["basis"] if all(year in known[name] for name in ("basis_fast", "folketall"))
    ]
    at_least(len(years), 2, "år")
    first, last = years[0], years[-1]
    before = [one.year < measure.begins.year for one in periods(years, measure)]
    change, *parts = _split(known, first, last)
    price, people, rate = parts
    yearly = [_split(known, a, b) for a, b in pairwise(years)]
    rows = {f"{a}–{b}": _row(split) for (a, b), split in zip(pairwise(years), yearly, strict=True)}
    return Verdict(
        measure=measure,
        design=Design.DECOMPOSITION,
        said=say(
            "{outcome} {moved} med {change} mill. kroner fra {first} til {last}: endrede priser utgjør "
            "{price}, endret folketall {people} og endret tilskudd per innbygger i faste priser {rate}.",
            outcome=measure.outcome,
            moved=moved(float(change)),
            change=change,
            first=first,
            last=last,
            price=price,
            people=people,
            rate=rate,
        ),
        points_before=sum(before),
        points_after=len(before) - sum(before),
        se_rule="ingen: en regneidentitet uten tilfeldig feil",
        reason="en oppdeling viser hva beløpet består av, ikke hvorfor det endret seg",
        caveats=(
            "folketallet 1. januar står i stedet for listeinnbyggere, som ikke er oppgitt hvert år",
            "beløpenes avrunding tillater om lag én mill. kroner på hver del; hver del er avrundet for seg",
            *_no_sums(parts, [split[1:] for split in yearly], f"{first}–{last}"),
        ),
        details={"Endring i basisfinansieringen": {**rows, f"{first}–{last}": _row((change, *parts))}},
    )


def _no_sums(whole: Sequence[Value], yearly: Sequence[Sequence[Value]], span: str) -> tuple[Said, ...]:
    """Say why the parts of the whole period are not the sums of the years' parts, where they are not."""
    sums = [
        compute(
            arith.total,
            years,
            how="sum",
            formula=_sum(0, len(years)),
            unit="mill. kroner",
            label=f"Basisfinansiering {span}: {name.lower()}, sum av årene",
        )
        for name, years in zip(PARTS, zip(*yearly, strict=True), strict=True)
    ]
    pairs = joined(
        say("{name} {part} mot {total}", name=name.lower(), part=part, total=total)
        for name, part, total in zip(PARTS, whole, sums, strict=True)
        if written(part) != written(total)
    )
    if not pairs:
        return ()
    return (
        say(
            "delene for hele perioden er regnet under ett og er ikke summen av årenes deler ({pairs}): "
            "regelen veier hver del med nivået på de to andre, og det er et annet over hele perioden enn fra "
            "år til år",
            pairs=pairs,
        ),
    )


def _row(values: Sequence[Value]) -> dict[str, Value]:
    return dict(zip(("Endring", *PARTS), values, strict=True))


def _split(known: Known, first: str, last: str) -> tuple[Value, Value, Value, Value]:
    """Return the change from `first` to `last`, and its three parts."""
    terms = [known[name][year] for year in (first, last) for name in ("basis", "basis_fast", "folketall")]
    old, new = (_factors(*terms[place : place + 3]) for place in (0, 3))
    result = shapley(old, new)
    span = f"{first}–{last}"

    def value(amount: Fraction, label: str) -> Value:
        return found(
            amount,
            f"Basisfinansiering {span}: {label.lower()}",
            how=f"oppdeling etter {result.rule}, tre faktorer",
            formula="beløp = ({0} / {1}) × {2} × ({1} / {2}) → ({3} / {4}) × {5} × ({4} / {5})",
            terms=terms,
            unit="mill. kroner",
            decimals=0,
        )

    price, people, rate = (value(part, name) for part, name in zip(result.parts, PARTS, strict=True))
    return value(result.change, "endring"), price, people, rate


def _factors(current: Value, constant: Value, inhabitants: Value) -> tuple[Fraction, Fraction, Fraction]:
    assert current.point is not None
    assert constant.point is not None
    assert inhabitants.point is not None
    return current.point / constant.point, inhabitants.point, constant.point / inhabitants.point


CLASSES = ("1", "2", "3", "4", "5", "6")
LEAST_CENTRAL = ("5", "6")


def alis(measure: Measure, known: Known) -> Verdict:
    """Return the share in the two least central classes in each round, as a description.

    Parameters
    ----------
    known : mapping
        A series a round (``2024`` …): doctors by centrality class; ``varighet``: months by round.

    Notes
    -----
    The same doctors may stand in both rounds, and the rounds are of unequal length, so no test of
    independence is made and no change in number is read as growth.
    """
    rounds = [name for name in known if name.isdigit() and known[name]]
    if len(rounds) < 2:
        refuse(Reason.TOO_FEW_POINTS, "det finnes ikke to runder med tall etter sentralitet")
    shares = {name: _share(name, known[name], LEAST_CENTRAL) for name in rounds}
    old, new = rounds[0], rounds[-1]
    before, after = need(known["varighet"], (old, new), "avtaleperiodens lengde")
    change = float(shares[new]) - float(shares[old])
    return Verdict(
        measure=measure,
        design=Design.DESCRIPTION,
        said=say(
            "{outcome} {moved} som andel av legene i alle seks klassene, fra {first} til {last} prosent "
            "mellom rundene i {old} og {new}, som varte {before} og {after} måneder.",
            outcome=measure.outcome,
            moved=moved(change),
            first=shares[old],
            last=shares[new],
            old=old,
            new=new,
            before=before,
            after=after,
        ),
        points_before=0,
        points_after=len(rounds),
        se_rule="ingen: tallene omfatter alle, og mange leger står i begge rundene",
        reason="ingen runder fra før ordningen og ingen kommuner uten den",
        caveats=(
            "avtaleperiodene er av ulik lengde, så antallene kan ikke leses som vekst",
            "en lege kan ha avtale i flere kommuner og telles da i hver klasse, så summen av klassene er "
            "større enn antallet leger",
        ),
        details={
            "Leger med ALIS-avtale etter sentralitet": {
                f"Klasse {name}": {
                    **{f"Leger {round_}": known[round_][name] for round_ in rounds},
                    **{f"Prosent {round_}": _share(round_, known[round_], (name,)) for round_ in rounds},
                }
                for name in CLASSES
            }
        },
    )


def _share(name: str, doctors: Mapping[str, Value], classes: tuple[str, ...]) -> Value:
    everyone = need(doctors, CLASSES, f"leger med ALIS-avtale i runden {name},")
    some = [doctors[key] for key in classes]
    return compute(
        lambda *terms: arith.share_pct(arith.total(*terms[: len(some)]), arith.total(*terms[len(some) :])),
        (*some, *everyone),
        how="andel i prosent",
        formula=f"({_sum(0, len(some))}) / ({_sum(len(some), len(everyone))}) × 100",
        unit="prosent",
        decimals=1,
        label=f"Leger med ALIS-avtale i klasse {' og '.join(classes)}, andel i runden {name}",
    )


def _sum(first: int, count: int) -> str:
    return " + ".join(f"{{{place}}}" for place in range(first, first + count))


def capitation(measure: Measure, known: Known) -> Verdict:
    """Return the step in list length at the start of the measure, or refuse a series with holes.

    Parameters
    ----------
    known : mapping
        ``listelengde``: mean list length by year.
    """
    lists = known["listelengde"]
    when = periods(lists, measure, Frequency.YEAR)
    start = Period.at(measure.begins, Frequency.YEAR)
    result = its_continuous([float(value) for value in lists.values()], when, start)
    return of_its_continuous(measure, result, unit="listeinnbyggere", decimals=0)
