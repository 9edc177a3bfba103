"""The cell that a statement takes its number from: the nearest tie that gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.audit.claims.claim import ClaimVerdict
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.statement import Kind, Statement, stated
from analysis_lib.audit.claims.ties import Library, Tie
from analysis_lib.audit.claims.vagueness import allowed_by
from analysis_lib.audit.claims.words import covered
from analysis_lib.data.interval import Interval

# Least agreement of words for a match, in a table that is near and in any; see `demand` for the third.
_NEARBY, _ANYWHERE, _PRECISION = 0.35, 0.5, 0.15
_FAR_BEHIND = 0.3
AGREED = (ClaimVerdict.REPRODUCED, ClaimVerdict.WITHIN)
_BASIS = frozenset({"løpend", "fast", "pris"})
# «under 1200 innbyggere», said of no time, is the limit of a rule.
_LIMITS = ("over", "least", "under", "most")
_SMALLEST_COUNT, _ENOUGH_WORDS = 13, 2


@dataclass(frozen=True, slots=True)
class Match:
    """The best tie of a statement, and whether its number agrees."""

    statement: Statement
    verdict: ClaimVerdict
    tie: Tie | None
    why: str


def agrees(statement: Statement, tie: Tie) -> bool:
    """Tell whether a tie allows what is stated; a change without a word of direction is a size."""
    interval = tie.interval
    if statement.kind is Kind.CHANGE and not statement.sign and interval.high < 0:
        interval = Interval(-interval.high, -interval.low, interval.high_open, interval.low_open)
    return stated(statement).intersect(interval) is not None


class Seen:
    """A statement with its ties, sorted into where they stand: shown tables, the chapter's, and all."""

    def __init__(self, statement: Statement, library: Library, main: int) -> None:
        self.statement = statement
        self._library, self._main = library, main
        self.ties = library.ties(statement)
        # Said of no time of its own: it may be of the year that the text is mostly about.
        assumed = [] if statement.explicit else library.ties(replace(statement, period=Period(main)))
        chapter = statement.section.partition(".")[0]
        shown = library.numbers & statement.tables
        own = {number for number in library.numbers if chapter and number.partition(".")[0] == chapter}
        nearby = shown | own or library.numbers
        self.nearby = [tie for tie in self.ties if tie.series.grid.number in nearby]
        clean = [tie for tie in assumed if not tie.strays and row_in(statement.around, tie)]
        # A chapter with tables of its own takes a number from another only where its clause names the row.
        far = [tie for tie in self.ties if not tie.strays and (not own or row_in(statement.near, tie))]
        self.by_distance = [
            (_NEARBY, [tie for tie in self.ties if tie.series.grid.number in shown]),
            (_NEARBY, [tie for tie in self.ties if tie.series.grid.number in own]),
            (_NEARBY, [tie for tie in clean if tie.series.grid.number in nearby and chapter]),
            (_ANYWHERE, far),
            (_ANYWHERE + _PRECISION, clean),
        ]

    def but_for(self, statement: Statement) -> Seen:
        """Return another statement, seen in the same tables."""
        return Seen(statement, self._library, self._main)


def hit_of(seen: Seen) -> Match | None:
    """Return the nearest tie that gives the number, None where there is none."""
    statement = seen.statement
    if too_small(statement) or (statement.period is None and statement.quantity.vague in _LIMITS):
        return None
    more = demand(statement)
    best = max((tie.score for tie in seen.nearby if not tie.strays), default=0.0)
    for least, found in seen.by_distance:
        for tie in found:
            unlikely = more >= 0 and tie.score < best - _FAR_BEHIND
            if tie.score >= least + more and not unlikely and agrees(statement, tie):
                return Match(statement, agreement(statement, tie), tie, "")
    return None


def demand(statement: Statement) -> float:
    """Return how much more the words must agree: a number of few figures is easily matched by chance."""
    interval = statement.quantity.interval
    blur = interval.width / abs(interval.middle) if interval.middle else Fraction(1)
    return -_PRECISION if blur < Fraction(1, 100) else _PRECISION if blur > Fraction(1, 5) else 0.0


def too_small(statement: Statement) -> bool:
    """Tell whether a number says too little to find its cell: a small count without a unit."""
    quantity = statement.quantity
    return (
        not quantity.unit and not statement.per and quantity.number < _SMALLEST_COUNT and quantity.step == 1
    )


def agreement(statement: Statement, tie: Tie) -> ClaimVerdict:
    """Tell a number that is printed as it rounds from one that needs a vague word or trailing zeros."""
    quantity = statement.quantity
    step = quantity.step if quantity.step < 1 or quantity.unit == "kroner" else Fraction(1)
    plain = allowed_by(abs(quantity.number), step)
    low, high = sorted((abs(tie.interval.low), abs(tie.interval.high)))
    exact = not quantity.vague and quantity.upper is None and plain.low <= high and low < plain.high
    return ClaimVerdict.REPRODUCED if exact else ClaimVerdict.WITHIN


def row_in(words: frozenset[str], tie: Tie) -> bool:
    """Tell whether words hold the whole label of a row."""
    return all(covered(word, words) for word in tie.series.words)


def named(statement: Statement, tie: Tie) -> bool:
    """Tell whether a sentence names a row in full, and its table too where the label is one word or none."""
    words = tie.series.words
    said = statement.around | statement.context if words else statement.around
    caption = tie.series.caption - (_BASIS - said)
    half = 2 * sum(covered(word, said) for word in caption) >= len(caption)
    return row_in(statement.around, tie) and (len(words) >= _ENOUGH_WORDS or half)
