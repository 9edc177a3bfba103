"""A number that no cell gives, but that one would give but for a small slip: a digit, a sign, a unit.

A slip of one digit is easily imagined, so its cell must be among those that the words fit best, and the
fewer figures a number has, the more must speak for the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analysis_lib.audit.claims.anchors import Anchors
from analysis_lib.audit.claims.claim import ClaimVerdict, shown
from analysis_lib.audit.claims.hits import Match, Seen, demand, hit_of, named
from analysis_lib.audit.claims.statement import Kind, Statement
from analysis_lib.audit.claims.ties import SHARE, Tie

# How far behind the best a cell may be; the agreement that a number of two figures, or of three, needs.
_BEST, _SURE, _SURE_UNNAMED = 0.03, 0.65, 0.7
# How many times as wide as print the numbers may be that the cells allow.
_COARSER = 5
_POINTS = {"prosent": "prosentpoeng", "prosentpoeng": "prosent"}
_NUMERAL = re.compile(r"\d[\d \u00a0\u202f.,]*")


def nearly(seen: Seen, anchors: Anchors) -> Match | None:
    """Return what a statement would be tied to but for one slip; None where nothing is that near."""
    statement = seen.statement
    for other, why in _other_words(statement):
        match = hit_of(seen.but_for(other))
        if match and match.tie and _tells(statement, match.tie) and not anchors.given(statement, match.tie):
            return Match(statement, ClaimVerdict.DOUBTFUL, match.tie, why)
    tie = next((tie for tie in _best(seen) if _but_for_a_digit(statement, tie, anchors)), None)
    return (
        Match(statement, ClaimVerdict.DOUBTFUL, tie, "ett siffer skiller tallet fra tabellen")
        if tie
        else None
    )


def _other_words(statement: Statement) -> Iterator[tuple[Statement, str]]:
    """Yield a change with the opposite direction, and with points for per cent."""
    if statement.kind is not Kind.CHANGE:
        return
    if statement.sign:
        yield replace(statement, sign=-statement.sign), "tallet stemmer, men tabellen går en annen vei"
    if statement.quantity.unit in _POINTS:
        other = _POINTS[statement.quantity.unit]
        quantity = replace(statement.quantity, unit=other)
        yield replace(statement, quantity=quantity), f"tallet stemmer i {other}"


def _best(seen: Seen) -> Iterator[Tie]:
    """Yield the ties whose words agree as well as any nearby; a share only where its table is near."""
    more = demand(seen.statement)
    best = max((tie.score for tie in seen.nearby if not tie.strays), default=0.0)
    for least, found in seen.by_distance:
        for tie in found:
            near = tie.how != SHARE or tie in seen.nearby
            if near and not tie.strays and tie.score >= max(least + more, best - _BEST):
                yield tie


def _but_for_a_digit(statement: Statement, tie: Tie, anchors: Anchors) -> bool:
    quantity = statement.quantity
    figures = _figures(quantity.printed)
    wrong_way = statement.sign * tie.interval.middle < 0
    if quantity.vague or quantity.upper or wrong_way or anchors.given(statement, tie):
        return False
    if not _tells(statement, tie) or not one_slip(figures, _figures(shown(tie.interval, quantity, more=0))):
        return False
    if anchors.beside(statement, tie) or anchors.taken_up(statement, tie):
        return True
    if len(figures) == 2:
        table = statement.explicit and anchors.table(statement, tie)
        return table and named(statement, tie) and tie.score >= _SURE
    alone = statement.explicit and tie.score >= _SURE_UNNAMED and tie.how != SHARE
    return alone or named(statement, tie)


def _tells(statement: Statement, tie: Tie) -> bool:
    """Tell whether cells give about as many figures as the text; coarser ones give many numbers."""
    return tie.interval.width <= _COARSER * statement.quantity.interval.width


def _figures(text: str) -> str:
    """Return the figures of the first number of a text, without zeros in front."""
    match = _NUMERAL.search(text)
    return re.sub(r"\D", "", match[0]).lstrip("0") if match else ""


def one_slip(a: str, b: str) -> bool:
    """Tell whether two rows of at least two figures differ in one, or in two neighbours that changed places.

    >>> one_slip("186", "136"), one_slip("186", "168"), one_slip("186", "681"), one_slip("186", "86")
    (True, True, False, False)
    """
    if len(a) != len(b) or len(a) < 2:
        return False
    apart = [i for i in range(len(a)) if a[i] != b[i]]
    swapped = (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and a[apart[0]] == b[apart[1]]
        and a[apart[1]] == b[apart[0]]
    )
    return len(apart) == 1 or swapped
