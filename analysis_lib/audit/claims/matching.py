"""Statements tied to cells, and their numbers held against what the cells give.

Precision goes first. A contradiction is said only where the words of a label are all in the sentence,
the year is named, the unit is the same, no other cell fits as well, and the paragraph refers to the
table or takes another number from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.audit.claims.claim import ClaimVerdict
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.statement import Kind, Statement, stated
from analysis_lib.audit.claims.ties import Library, Tie
from analysis_lib.audit.claims.vagueness import allowed_by
from analysis_lib.audit.claims.words import covered
from analysis_lib.data.interval import Interval

# Least agreement of words for a match, in a table that is near and in any; see `_demand` for the third.
_NEARBY, _ANYWHERE, _PRECISION = 0.35, 0.5, 0.15
_SURE, _MARGIN, _FAR_BEHIND = 0.65, 0.1, 0.3
_CLOSE = Fraction(3, 2)
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


def main_year(statements: Iterable[Statement]) -> int:
    """Return the year that a text is mostly about, 0 where it names none."""
    years = Counter(statement.period.end for statement in statements if statement.period)
    return years.most_common(1)[0][0] if years else 0


def match_statements(statements: Sequence[Statement], library: Library) -> list[Match]:
    """Tie statements to the tables, and hold their numbers against the cells."""
    main = main_year(statements)
    seen = [_Seen(statement, library, main) for statement in statements]
    hits = {i: hit for i, one in enumerate(seen) if (hit := _hit(one))}
    beside = {(hit.statement.line, hit.statement.sentence): hit for hit in hits.values()}
    for i, one in enumerate(seen):
        said = one.statement
        if i not in hits and (hit := _same_subject(one, beside.get((said.line, said.sentence)))):
            hits[i] = hit
    anchors = Anchors(list(hits.values()))
    return [hits.get(i) or _miss(one, anchors) for i, one in enumerate(seen)]


class Anchors:
    """What the reproduced numbers of a paragraph and of a sentence say of its other numbers."""

    def __init__(self, hits: Sequence[Match]) -> None:
        ties = [(hit.statement, hit.tie.series) for hit in hits if hit.tie]
        self._tables = {(said.line, series.grid.key) for said, series in ties}
        self._series = {(said.line, id(series)) for said, series in ties}
        self._beside = {(said.line, said.sentence, id(series)) for said, series in ties}
        self._given = {(hit.statement.line, hit.tie.points, hit.tie.how) for hit in hits if hit.tie}

    def beside(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the sentence is from the same series."""
        return (statement.line, statement.sentence, id(tie.series)) in self._beside

    def given(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the paragraph is what these cells give, so this one is about something else."""
        return (statement.line, tie.points, tie.how) in self._given

    def near(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the paragraph is from the same series."""
        return (statement.line, id(tie.series)) in self._series

    def table(self, statement: Statement, tie: Tie) -> bool:
        """Refer to the table in the paragraph, or take another number from it."""
        number = tie.series.grid.number
        return number in statement.tables or (statement.line, tie.series.grid.key) in self._tables


class _Seen:
    """A statement with its ties, sorted into where they stand: shown tables, the chapter's, and all."""

    def __init__(self, statement: Statement, library: Library, main: int) -> None:
        self.statement = statement
        self.ties = library.ties(statement)
        # Said of no time of its own: it may be of the year that the text is mostly about.
        assumed = [] if statement.explicit else library.ties(replace(statement, period=Period(main)))
        chapter = statement.section.partition(".")[0]
        shown = library.numbers & statement.tables
        own = {number for number in library.numbers if chapter and number.partition(".")[0] == chapter}
        nearby = shown | own or library.numbers
        self.nearby = [tie for tie in self.ties if tie.series.grid.number in nearby]
        clean = [tie for tie in assumed if not tie.strays and _row_in(statement.around, tie)]
        # A chapter with tables of its own takes a number from another only where its clause names the row.
        far = [tie for tie in self.ties if not tie.strays and (not own or _row_in(statement.near, tie))]
        self.by_distance = [
            (_NEARBY, [tie for tie in self.ties if tie.series.grid.number in shown]),
            (_NEARBY, [tie for tie in self.ties if tie.series.grid.number in own]),
            (_NEARBY, [tie for tie in clean if tie.series.grid.number in nearby and chapter]),
            (_ANYWHERE, far),
            (_ANYWHERE + _PRECISION, clean),
        ]


def _hit(seen: _Seen) -> Match | None:
    """Return the nearest tie that gives the number, None where there is none."""
    statement = seen.statement
    if _too_small(statement) or (statement.period is None and statement.quantity.vague in _LIMITS):
        return None
    demand = _demand(statement)
    best = max((tie.score for tie in seen.nearby if not tie.strays), default=0.0)
    for least, found in seen.by_distance:
        for tie in found:
            unlikely = demand >= 0 and tie.score < best - _FAR_BEHIND
            if tie.score >= least + demand and not unlikely and agrees(statement, tie):
                return Match(statement, _agreement(statement, tie), tie, "")
    return None


def _same_subject(seen: _Seen, beside: Match | None) -> Match | None:
    """Return a match with the series that another number of the sentence is from."""
    if beside is None or beside.tie is None or _too_small(seen.statement):
        return None
    for tie in seen.ties:
        if tie.series is beside.tie.series and not tie.strays and agrees(seen.statement, tie):
            return Match(seen.statement, _agreement(seen.statement, tie), tie, "")
    return None


def _demand(statement: Statement) -> float:
    """Return how much more the words must agree: a number of few figures is easily matched by chance."""
    interval = statement.quantity.interval
    blur = interval.width / abs(interval.middle) if interval.middle else Fraction(1)
    return -_PRECISION if blur < Fraction(1, 100) else _PRECISION if blur > Fraction(1, 5) else 0.0


def _too_small(statement: Statement) -> bool:
    """Tell whether a number says too little to find its cell: a small count without a unit."""
    quantity = statement.quantity
    return (
        not quantity.unit and not statement.per and quantity.number < _SMALLEST_COUNT and quantity.step == 1
    )


def _agreement(statement: Statement, tie: Tie) -> ClaimVerdict:
    """Tell a number that is printed as it rounds from one that needs a vague word or trailing zeros."""
    quantity = statement.quantity
    step = quantity.step if quantity.step < 1 or quantity.unit == "kroner" else Fraction(1)
    plain = allowed_by(abs(quantity.number), step)
    low, high = sorted((abs(tie.interval.low), abs(tie.interval.high)))
    exact = not quantity.vague and quantity.upper is None and plain.low <= high and low < plain.high
    return ClaimVerdict.REPRODUCED if exact else ClaimVerdict.WITHIN


def _miss(seen: _Seen, anchors: Anchors) -> Match:
    """Decide what it means that no cell gives the number: nothing, a doubt, or a contradiction."""
    statement = seen.statement
    if _too_small(statement):
        return _silent(statement, "et lite antall uten enhet sier for lite til å finne cellen")
    found = [
        tie
        for tie in seen.nearby
        if not tie.strays
        and not anchors.given(statement, tie)
        and (named(statement, tie) or anchors.beside(statement, tie) or _taken_up(statement, tie, anchors))
    ]
    if not found:
        return _silent(
            statement, "ingen tid er nevnt" if statement.period is None else "ingen tabell har størrelsen"
        )
    anchored = [tie for tie in found if anchors.near(statement, tie)]
    best = (anchored or found)[0]
    if not anchored and any(_rivals(best, tie) for tie in found[1:]):
        return _silent(statement, "flere celler kan være ment, og ingen gir tallet")
    if not _close(stated(statement), best.interval):
        return _silent(statement, "den nærmeste cellen er av en annen størrelsesorden")
    if not statement.explicit:
        return Match(statement, ClaimVerdict.DOUBTFUL, best, "setningen nevner ingen tid")
    if anchored or (anchors.table(statement, best) and best.score >= _SURE):
        return Match(statement, ClaimVerdict.CONTRADICTION, best, "")
    return Match(statement, ClaimVerdict.DOUBTFUL, best, "avsnittet viser ikke til tabellen")


def _taken_up(statement: Statement, tie: Tie, anchors: Anchors) -> bool:
    """Tell whether the paragraph has spoken of the series before, and the clause names its row."""
    return bool(tie.series.words) and anchors.near(statement, tie) and _row_in(statement.near, tie)


def _row_in(words: frozenset[str], tie: Tie) -> bool:
    """Tell whether words hold the whole label of a row."""
    return all(covered(word, words) for word in tie.series.words)


def _silent(statement: Statement, why: str) -> Match:
    return Match(statement, ClaimVerdict.UNCHECKABLE, None, why)


def named(statement: Statement, tie: Tie) -> bool:
    """Tell whether a sentence names a row in full, and its table too where the label is one word or none."""
    words = tie.series.words
    said = statement.around | statement.context if words else statement.around
    caption = tie.series.caption - (_BASIS - said)
    half = 2 * sum(covered(word, said) for word in caption) >= len(caption)
    return _row_in(statement.around, tie) and (len(words) >= _ENOUGH_WORDS or half)


def _rivals(best: Tie, other: Tie) -> bool:
    return other.score > best.score - _MARGIN and other.interval.intersect(best.interval) is None


def _close(said: Interval, computed: Interval) -> bool:
    """Tell whether two numbers are of a size, so that one may be a slip for the other."""
    a, b = abs(said.middle), abs(computed.middle)
    return min(a, b) > 0 and max(a, b) <= _CLOSE * min(a, b)
