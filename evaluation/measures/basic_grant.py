"""The basic grant: what part of its growth is prices, what part inhabitants, and what part a higher grant."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from analysis_lib.indicators.values import Value, found
from evaluation.basis.checks import at_least
from evaluation.basis.said import moved, say
from evaluation.measures.values import Known
from evaluation.methods.decomposition import shapley
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict

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
    change, *parts = _split(known, first, last)
    price, people, rate = parts
    rows = {f"{a}–{b}": _row(_split(known, a, b)) for a, b in pairwise(years)}
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
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
        points_before=sum(int(year) < measure.begins.year for year in years),
        points_after=sum(int(year) >= measure.begins.year for year in years),
        se_rule="ingen: en regneidentitet uten tilfeldig feil",
        reason="en oppdeling viser hva beløpet består av, ikke hvorfor det endret seg",
        caveats=(
            "folketallet 1. januar står i stedet for listeinnbyggere, som ikke er oppgitt hvert år",
            "beløpenes avrunding tillater om lag én mill. kroner på hver del; hver del er avrundet for seg",
        ),
        details={"Endring i basisfinansieringen": {**rows, f"{first}–{last}": _row((change, *parts))}},
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
