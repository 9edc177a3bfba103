"""Whether numbers may be compared over time: on which side of its series' registered breaks each stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from analysis_lib.data.breaks import Break, Side
from analysis_lib.errors import AnalyseAvvist
from analysis_lib.indicators.values import Value

REASON = "brudd i serien"
Handling = Literal["avvis", "vis"]


def crossed(values: Iterable[Value]) -> tuple[Break, ...]:
    """Return the breaks that some of the values stand before, and some after.

    >>> from analysis_lib.indicators.edition import Edition
    >>> cell = Edition(2025).value
    >>> [str(at.id) for at in crossed([cell("10.1", "alis", 2024), cell("10.1", "alis", 2025)])]
    ['alis_runde_2025']
    """
    found = dict.fromkeys(side for value in values if value.known for side in value.sides)
    return tuple(side.at for side in found if side.after and Side(side.at, False) in found)


def compared(result: Value, terms: Iterable[Value], brudd: Handling) -> Value:
    """Return a comparison over time, refused over a registered break unless it is to be shown.

    Raises
    ------
    AnalyseAvvist
        If the terms' periods are not equally long; or they stand on both sides of a break and `brudd` is not
        ``"vis"``. With ``"vis"`` the break is noted on the number.
    """
    terms = tuple(terms)
    _refuse_lengths(terms, result.label)
    breaks = refuse_breaks(terms, brudd, result.label)
    return replace(result, note=" ".join(f"Brudd i serien, {at}." for at in breaks)) if breaks else result


def _refuse_lengths(terms: tuple[Value, ...], what: str) -> None:
    """Refuse a month beside a year; a single day is a moment, and may be held against either."""
    told = {term.period.frequency.months: term.period.words for term in terms if term.known and term.period}
    told.pop(0, None)
    if len(told) > 1:
        raise AnalyseAvvist(
            f"{' og '.join(told.values())} er ikke like lange og kan ikke sammenlignes ({what})",
            reason="ulike perioder",
            hint="Sammenlign perioder av samme slag.",
        )


def refuse_breaks(values: Iterable[Value], brudd: Handling, what: str) -> tuple[Break, ...]:
    """Return the breaks that the values cross, or refuse them; see `compared`."""
    breaks = crossed(values)
    if breaks and brudd != "vis":
        raise AnalyseAvvist(
            f"serien har et registrert brudd, {'; '.join(map(str, breaks))} ({what})",
            reason=REASON,
            where="breaks.yml",
            hint='Del perioden, eller skriv brudd="vis" og si i teksten at serien er brutt.',
        )
    return breaks
