"""Statements tied to cells, and their numbers held against what the cells give.

Precision goes first. A contradiction is said only where the words of a label are all in the sentence,
the year is named, the unit is the same, no other cell fits as well, and the paragraph refers to the
table or takes another number from it.

What the numbers that tables bear out say of the others beside them.

The cell that a statement takes its number from: the nearest tie that gives it.

A number that no cell gives, but that one would give but for a small slip: a digit, a sign, a unit.

A slip of one digit is easily imagined, so its cell must be among those that the words fit best, and the
fewer figures a number has, the more must speak for the cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.quantities import allowed_by
from number_audit.claims.candidates import SHARE, Library, Tie
from number_audit.claims.claim import ClaimVerdict, shown
from number_audit.claims.statements import Kind, Statement, stated
from number_audit.language.periods import Period
from number_audit.language.words import covered

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

    def taken_up(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the paragraph is from the series, and this one's clause names its row."""
        return bool(tie.series.words) and self.near(statement, tie) and row_in(statement.near, tie)


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


_SURE, _MARGIN = 0.65, 0.1
_CLOSE = Fraction(3, 2)


def main_year(statements: Iterable[Statement]) -> int:
    """Return the year that a text is mostly about, 0 where it names none."""
    years = Counter(statement.period.end for statement in statements if statement.period)
    return years.most_common(1)[0][0] if years else 0


def match_statements(statements: Sequence[Statement], library: Library) -> list[Match]:
    """Tie statements to the tables, and hold their numbers against the cells."""
    main = main_year(statements)
    seen = [Seen(statement, library, main) for statement in statements]
    hits = {i: hit for i, one in enumerate(seen) if (hit := hit_of(one))}
    beside = {(hit.statement.line, hit.statement.sentence): hit for hit in hits.values()}
    for i, one in enumerate(seen):
        said = one.statement
        if i not in hits and (hit := _same_subject(one, beside.get((said.line, said.sentence)))):
            hits[i] = hit
    anchors = Anchors(list(hits.values()))
    matches = [hits.get(i) or _missed(one, anchors) for i, one in enumerate(seen)]
    return [_with_others(match, matches) for match in matches]


def _with_others(match: Match, matches: Iterable[Match]) -> Match:
    """Doubt a contradiction where another number of the sentence, said of the same, has no cell either."""
    said, tie = match.statement, match.tie
    if match.verdict is not ClaimVerdict.CONTRADICTION or tie is None:
        return match
    for other in (one.statement for one in matches if one.verdict is ClaimVerdict.UNCHECKABLE):
        beside = other is not said and (other.line, other.sentence) == (said.line, said.sentence)
        alike = (other.quantity.unit, other.kind, other.per) == (said.quantity.unit, said.kind, said.per)
        if beside and alike and row_in(other.near, tie) and row_in(said.near, tie):
            return replace(
                match,
                verdict=ClaimVerdict.DOUBTFUL,
                why="et annet tall i setningen finnes heller ikke i tabellen",
            )
    return match


def _same_subject(seen: Seen, beside: Match | None) -> Match | None:
    """Return a match with the series that another number of the sentence is from."""
    if beside is None or beside.tie is None or too_small(seen.statement):
        return None
    for tie in seen.ties:
        if tie.series is beside.tie.series and not tie.strays and agrees(seen.statement, tie):
            return Match(seen.statement, agreement(seen.statement, tie), tie, "")
    return None


def _missed(seen: Seen, anchors: Anchors) -> Match:
    """Decide what it means that no cell gives the number: nothing, a doubt, or a contradiction."""
    if too_small(seen.statement):
        return _silent(seen.statement, "et lite antall uten enhet sier for lite til å finne cellen")
    match = _against_the_best(seen, anchors)
    return match if match.tie else nearly(seen, anchors) or match


def _against_the_best(seen: Seen, anchors: Anchors) -> Match:
    """Hold a statement against the cell that its words fit best."""
    statement = seen.statement
    found = [
        tie
        for tie in seen.nearby
        if not tie.strays
        and not anchors.given(statement, tie)
        and not _a_term(statement, tie)
        and (named(statement, tie) or anchors.beside(statement, tie) or anchors.taken_up(statement, tie))
    ]
    if not found:
        return _silent(
            statement, "ingen tid er nevnt" if statement.period is None else "ingen tabell har størrelsen"
        )
    anchored = [tie for tie in found if anchors.near(statement, tie)]
    best = (anchored or found)[0]
    if not anchored and any(_rivals(best, tie) for tie in found[1:]):
        return _silent(statement, "flere celler kan være ment, og ingen gir tallet")
    if agrees(statement, best):
        return _silent(statement, "ordene peker ikke klart nok på cellen som gir tallet")
    if not _close(stated(statement), best.interval):
        return _silent(statement, "den nærmeste cellen er av en annen størrelsesorden")
    if not statement.explicit:
        return Match(statement, ClaimVerdict.DOUBTFUL, best, "setningen nevner ingen tid")
    if anchored or (anchors.table(statement, best) and best.score >= _SURE):
        return Match(statement, ClaimVerdict.CONTRADICTION, best, "")
    return Match(statement, ClaimVerdict.DOUBTFUL, best, "avsnittet viser ikke til tabellen")


def _silent(statement: Statement, why: str) -> Match:
    return Match(statement, ClaimVerdict.UNCHECKABLE, None, why)


def _rivals(best: Tie, other: Tie) -> bool:
    return other.score > best.score - _MARGIN and other.interval.intersect(best.interval) is None


def _a_term(statement: Statement, tie: Tie) -> bool:
    """Tell whether a number is printed in one of the cells that another would be computed from."""
    said = stated(statement)
    return len(tie.points) > 1 and any(said.intersect(point.interval) for point in tie.points)


def _close(said: Interval, computed: Interval) -> bool:
    """Tell whether two numbers are of a size, so that one may be a slip for the other."""
    a, b = abs(said.middle), abs(computed.middle)
    return min(a, b) > 0 and max(a, b) <= _CLOSE * min(a, b)
