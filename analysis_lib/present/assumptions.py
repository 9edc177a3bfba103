"""What a verdict assumes, item by item, as the contract lists it."""

from __future__ import annotations

from collections.abc import Iterable

from analysis_lib.data.measures import Start
from analysis_lib.data.periods import in_words
from analysis_lib.evaluation.bound import found
from analysis_lib.evaluation.contract import Verdict
from analysis_lib.indicators.values import Value

Said = list[str | Value]


def assumptions(verdict: Verdict) -> dict[str, Said]:
    """Return the contract's items by name, each as text and numbers in turn; those not computed last.

    Examples
    --------
    >>> from analysis_lib.evaluation.measures import assess
    >>> from analysis_lib.indicators.edition import Edition
    >>> assumptions(assess("video", Edition(2025)))["Oppstart"]
    ['1. april 2026']
    """
    measure = verdict.measure
    breaks = dict.fromkeys(str(side.at) for value in verdict.basis for side in value.sides)
    items = {
        "Design": _joined([str(verdict.design), verdict.reason]),
        "Oppstart": _joined(map(_start, measure.start), none="ingen fast dato"),
        "Hvem": _joined([measure.exposed]),
        "Sammenligning": _joined([measure.comparator], none="ingen uten tiltaket"),
        "Punkter": _points(verdict),
        "Eksponering": _number(verdict, verdict.exposure, "eksponering", measure.exposure_unit, 0),
        "Spredning": _number(verdict, verdict.dispersion, "spredning", "(én er tilfeldig telling)", 1),
        "Standardfeil": _joined([_rule(verdict)]),
        "Minste påviselige endring": _number(
            verdict, verdict.mde, "minste påviselige endring", verdict.mde_unit, 1
        ),
        "Samtidig": _joined(map(str, measure.co_interventions), none="ingen kjente"),
        "Brudd i serien": _joined(breaks, none="ingen registrerte"),
        "Data": _joined(map(str, measure.data)),
        "Forbehold": _joined(verdict.caveats),
    }
    lacking = [name.lower() for name, said in items.items() if not said and name != "Forbehold"]
    said = {name: said for name, said in items.items() if said}
    return said | {"Ikke aktuelt": [", ".join(lacking)]} if lacking else said


def _joined(items: Iterable[str], *, none: str = "") -> Said:
    text = "; ".join(item for item in items if item) or none
    return [text] if text else []


def _start(start: Start) -> str:
    about = start.place or start.what
    return f"{in_words(start.when)} ({about})" if about else in_words(start.when)


def _points(verdict: Verdict) -> Said:
    if verdict.points_before is None or verdict.points_after is None:
        return []
    before = _value(verdict, verdict.points_before, "punkter før", "punkter", 0)
    after = _value(verdict, verdict.points_after, "punkter etter", "punkter", 0)
    return [before, " før og ", after, " etter"]


def _number(verdict: Verdict, number: float | None, what: str, unit: str, decimals: int) -> Said:
    return [] if number is None else [_value(verdict, number, what, unit, decimals), f" {unit}".rstrip()]


def _value(verdict: Verdict, number: float, what: str, unit: str, decimals: int) -> Value:
    return found(
        number,
        f"{verdict.measure.name}: {what}",
        how=str(verdict.design),
        formula=_rule(verdict) or what,
        terms=verdict.basis,
        unit=unit,
        decimals=decimals,
    )


def _rule(verdict: Verdict) -> str:
    rule = verdict.se_rule.removeprefix("log: ")
    return rule if rule == verdict.se_rule else f"{rule}, på logaritmisk skala"
