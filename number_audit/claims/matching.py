"""Statements matched to cells, and their numbers held against what the cells give.

A number is of the nearest candidate that gives it. What a paragraph's reproduced numbers are of tells what
its others are of. A number that no cell gives is a contradiction only where the words of a label are all in
the sentence, the year is named, the unit is the same, no other cell fits as well, and the paragraph refers to
the table or takes another number from it: precision goes first.

Else it may be doubtful, where one slip would make it what a cell gives: a digit, a sign, a unit. A slip of
one digit is easily imagined, so its cell must be among those that the words fit best, and the fewer figures
a number has, the more must speak for the cell.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.quantities import allowed_by
from number_audit.claims.candidates import Candidate, Derivation, Library
from number_audit.claims.statements import ClaimVerdict, Statement, shown, stated
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
    """The best candidate of a statement, and whether its number agrees."""

    statement: Statement
    verdict: ClaimVerdict
    candidate: Candidate | None = None
    why: str = ""


def agrees(statement: Statement, candidate: Candidate) -> bool:
    """Tell whether a candidate allows what is stated; a change without a word of direction is a size."""
    interval = candidate.interval
    if statement.change and not statement.sign and interval.high < 0:
        interval = Interval(-interval.high, -interval.low, interval.high_open, interval.low_open)
    return stated(statement).intersect(interval) is not None


class RankedCandidates:
    """A statement with its candidates, sorted into where they stand: shown tables, the chapter's, and all."""

    def __init__(self, statement: Statement, library: Library, main: int) -> None:
        self.statement = statement
        self._library, self._main = library, main
        self.candidates = library.candidates(statement)
        # Said of no time of its own: it may be of the year that the text is mostly about.
        assumed = [] if statement.explicit else library.candidates(replace(statement, period=Period(main)))
        chapter = statement.section.partition(".")[0]
        shown = library.numbers & statement.tables
        own = library.by_chapter.get(chapter, set()) if chapter else set()
        nearby = shown | own or library.numbers
        self.nearby = [one for one in self.candidates if one.table in nearby]
        clean = [one for one in assumed if not one.strays and row_in(statement.around, one)]
        # A chapter with tables of its own takes a number from another only where its clause names the row.
        far = [one for one in self.candidates if not one.strays and (not own or row_in(statement.near, one))]
        self.by_distance = [
            (_NEARBY, [one for one in self.candidates if one.table in shown]),
            (_NEARBY, [one for one in self.candidates if one.table in own]),
            (_NEARBY, [one for one in clean if one.table in nearby and chapter]),
            (_ANYWHERE, far),
            (_ANYWHERE + _PRECISION, clean),
        ]

    def but_for(self, statement: Statement) -> RankedCandidates:
        """Return another statement, seen in the same tables."""
        return RankedCandidates(statement, self._library, self._main)


def nearest_match(seen: RankedCandidates) -> Match | None:
    """Return the nearest candidate that gives the number, None where there is none."""
    statement = seen.statement
    if too_small(statement) or (statement.period is None and statement.quantity.vague in _LIMITS):
        return None
    more = demand(statement)
    best = max((candidate.score for candidate in seen.nearby if not candidate.strays), default=0.0)
    for least, found in seen.by_distance:
        for candidate in found:
            unlikely = more >= 0 and candidate.score < best - _FAR_BEHIND
            if candidate.score >= least + more and not unlikely and agrees(statement, candidate):
                return Match(statement, agreement(statement, candidate), candidate)
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


def agreement(statement: Statement, candidate: Candidate) -> ClaimVerdict:
    """Tell a number that is printed as it rounds from one that needs a vague word or trailing zeros."""
    quantity = statement.quantity
    step = quantity.step if quantity.step < 1 or quantity.unit == "kroner" else Fraction(1)
    plain = allowed_by(abs(quantity.number), step)
    low, high = sorted((abs(candidate.interval.low), abs(candidate.interval.high)))
    exact = not quantity.vague and quantity.upper is None and plain.low <= high and low < plain.high
    return ClaimVerdict.REPRODUCED if exact else ClaimVerdict.WITHIN


def row_in(words: frozenset[str], candidate: Candidate) -> bool:
    """Tell whether words hold the whole label of a row."""
    return all(covered(word, words) for word in candidate.series.words)


def named(statement: Statement, candidate: Candidate) -> bool:
    """Tell whether a sentence names a row in full, and its table too where the label is one word or none."""
    words = candidate.series.words
    said = statement.around | statement.context if words else statement.around
    caption = candidate.series.caption - (_BASIS - said)
    half = 2 * sum(covered(word, said) for word in caption) >= len(caption)
    return row_in(statement.around, candidate) and (len(words) >= _ENOUGH_WORDS or half)


class Reproduced:
    """What the reproduced numbers of a paragraph and of a sentence say of its other numbers."""

    def __init__(self, found: Sequence[Match]) -> None:
        candidates = [(match.statement, match.candidate.series) for match in found if match.candidate]
        self._tables = {(said.line, series.grid.key) for said, series in candidates}
        self._series = {(said.line, id(series)) for said, series in candidates}
        self._beside = {(said.line, said.sentence, id(series)) for said, series in candidates}
        self._given = {
            (match.statement.line, match.candidate.points, match.candidate.how)
            for match in found
            if match.candidate
        }

    def beside(self, statement: Statement, candidate: Candidate) -> bool:
        """Another number of the sentence is from the same series."""
        return (statement.line, statement.sentence, id(candidate.series)) in self._beside

    def given(self, statement: Statement, candidate: Candidate) -> bool:
        """Another number of the paragraph is what these cells give, so this one is about something else."""
        return (statement.line, candidate.points, candidate.how) in self._given

    def near(self, statement: Statement, candidate: Candidate) -> bool:
        """Another number of the paragraph is from the same series."""
        return (statement.line, id(candidate.series)) in self._series

    def table(self, statement: Statement, candidate: Candidate) -> bool:
        """Refer to the table in the paragraph, or take another number from it."""
        return (
            candidate.table in statement.tables or (statement.line, candidate.series.grid.key) in self._tables
        )

    def taken_up(self, statement: Statement, candidate: Candidate) -> bool:
        """Another number of the paragraph is from the series, and this one's clause names its row."""
        return (
            bool(candidate.series.words)
            and self.near(statement, candidate)
            and row_in(statement.near, candidate)
        )


# How far behind the best a cell may be; the agreement that a number of two figures, or of three, needs.
_BEST, _SURE, _SURE_UNNAMED = 0.03, 0.65, 0.7
# How many times as wide as print the numbers may be that the cells allow.
_COARSER = 5
_POINTS = {"prosent": "prosentpoeng", "prosentpoeng": "prosent"}
_NUMERAL = re.compile(r"\d[\d \u00a0\u202f.,]*")


def nearly(seen: RankedCandidates, reproduced: Reproduced) -> Match | None:
    """Return what a statement would be matched to but for one slip; None where nothing is that near."""
    statement = seen.statement
    for other, why in _other_words(statement):
        match = nearest_match(seen.but_for(other))
        if (
            match
            and match.candidate
            and _tells(statement, match.candidate)
            and not reproduced.given(statement, match.candidate)
        ):
            return Match(statement, ClaimVerdict.DOUBTFUL, match.candidate, why)
    candidate = next(
        (candidate for candidate in _best(seen) if _but_for_a_digit(statement, candidate, reproduced)), None
    )
    return (
        Match(statement, ClaimVerdict.DOUBTFUL, candidate, "ett siffer skiller tallet fra tabellen")
        if candidate
        else None
    )


def _other_words(statement: Statement) -> Iterator[tuple[Statement, str]]:
    """Yield a change with the opposite direction, and with points for per cent."""
    if not statement.change:
        return
    if statement.sign:
        yield replace(statement, sign=-statement.sign), "tallet stemmer, men tabellen går en annen vei"
    if statement.quantity.unit in _POINTS:
        other = _POINTS[statement.quantity.unit]
        quantity = replace(statement.quantity, unit=other)
        yield replace(statement, quantity=quantity), f"tallet stemmer i {other}"


def _best(seen: RankedCandidates) -> Iterator[Candidate]:
    """Yield the candidates whose words agree as well as any nearby; a share only where its table is near."""
    more = demand(seen.statement)
    best = max((candidate.score for candidate in seen.nearby if not candidate.strays), default=0.0)
    for least, found in seen.by_distance:
        for candidate in found:
            near = candidate.how is not Derivation.SHARE or candidate in seen.nearby
            if near and not candidate.strays and candidate.score >= max(least + more, best - _BEST):
                yield candidate


def _but_for_a_digit(statement: Statement, candidate: Candidate, reproduced: Reproduced) -> bool:
    quantity = statement.quantity
    figures = _figures(quantity.printed)
    wrong_way = statement.sign * candidate.interval.middle < 0
    if quantity.vague or quantity.upper or wrong_way or reproduced.given(statement, candidate):
        return False
    if not _tells(statement, candidate) or not one_slip(
        figures, _figures(shown(candidate.interval, quantity, more=0))
    ):
        return False
    if reproduced.beside(statement, candidate) or reproduced.taken_up(statement, candidate):
        return True
    if len(figures) == 2:
        table = statement.explicit and reproduced.table(statement, candidate)
        return table and named(statement, candidate) and candidate.score >= _SURE
    alone = statement.explicit and candidate.score >= _SURE_UNNAMED and candidate.how is not Derivation.SHARE
    return alone or named(statement, candidate)


def _tells(statement: Statement, candidate: Candidate) -> bool:
    """Tell whether cells give about as many figures as the text; coarser ones give many numbers."""
    return candidate.interval.width <= _COARSER * statement.quantity.interval.width


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
    neighbours = len(apart) == 2 and apart[1] == apart[0] + 1
    return len(apart) == 1 or (neighbours and a[apart[0] : apart[1] + 1] == b[apart[0] : apart[1] + 1][::-1])


_MARGIN = 0.1
_CLOSE = Fraction(3, 2)


def main_year(statements: Iterable[Statement]) -> int:
    """Return the year that a text is mostly about, 0 where it names none."""
    years = Counter(statement.period.end for statement in statements if statement.period)
    return years.most_common(1)[0][0] if years else 0


def match_statements(statements: Sequence[Statement], library: Library) -> list[Match]:
    """Candidate statements to the tables, and hold their numbers against the cells."""
    main = main_year(statements)
    seen = [RankedCandidates(statement, library, main) for statement in statements]
    found = {i: match for i, one in enumerate(seen) if (match := nearest_match(one))}
    beside = {(match.statement.line, match.statement.sentence): match for match in found.values()}
    for i, one in enumerate(seen):
        said = one.statement
        if i not in found and (match := _same_subject(one, beside.get((said.line, said.sentence)))):
            found[i] = match
    reproduced = Reproduced(list(found.values()))
    matches = [found.get(i) or _missed(one, reproduced) for i, one in enumerate(seen)]
    silent: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    for match in matches:
        if match.verdict is ClaimVerdict.UNCHECKABLE:
            silent[match.statement.line, match.statement.sentence].append(match.statement)
    return [_with_others(match, silent[match.statement.line, match.statement.sentence]) for match in matches]


def _with_others(match: Match, silent: Iterable[Statement]) -> Match:
    """Doubt a contradiction where another number of the sentence, said of the same, has no cell either."""
    said, candidate = match.statement, match.candidate
    if match.verdict is not ClaimVerdict.CONTRADICTION or candidate is None:
        return match
    for other in silent:
        alike = (other.quantity.unit, other.change, other.per) == (said.quantity.unit, said.change, said.per)
        if other is not said and alike and row_in(other.near, candidate) and row_in(said.near, candidate):
            return replace(
                match,
                verdict=ClaimVerdict.DOUBTFUL,
                why="et annet tall i setningen finnes heller ikke i tabellen",
            )
    return match


def _same_subject(seen: RankedCandidates, beside: Match | None) -> Match | None:
    """Return a match with the series that another number of the sentence is from."""
    if beside is None or beside.candidate is None or too_small(seen.statement):
        return None
    for candidate in seen.candidates:
        if (
            candidate.series is beside.candidate.series
            and not candidate.strays
            and agrees(seen.statement, candidate)
        ):
            return Match(seen.statement, agreement(seen.statement, candidate), candidate)
    return None


def _missed(seen: RankedCandidates, reproduced: Reproduced) -> Match:
    """Decide what it means that no cell gives the number: nothing, a doubt, or a contradiction."""
    if too_small(seen.statement):
        return _silent(seen.statement, "et lite antall uten enhet sier for lite til å finne cellen")
    match = _against_the_best(seen, reproduced)
    return match if match.candidate else nearly(seen, reproduced) or match


def _against_the_best(seen: RankedCandidates, reproduced: Reproduced) -> Match:
    """Hold a statement against the cell that its words fit best."""
    statement = seen.statement
    found = [
        candidate
        for candidate in seen.nearby
        if not candidate.strays
        and not reproduced.given(statement, candidate)
        and not _a_term(statement, candidate)
        and (
            named(statement, candidate)
            or reproduced.beside(statement, candidate)
            or reproduced.taken_up(statement, candidate)
        )
    ]
    if not found:
        return _silent(
            statement, "ingen tid er nevnt" if statement.period is None else "ingen tabell har størrelsen"
        )
    known = [candidate for candidate in found if reproduced.near(statement, candidate)]
    best = (known or found)[0]
    if not known and any(_rivals(best, candidate) for candidate in found[1:]):
        return _silent(statement, "flere celler kan være ment, og ingen gir tallet")
    if agrees(statement, best):
        return _silent(statement, "ordene peker ikke klart nok på cellen som gir tallet")
    if not _close(stated(statement), best.interval):
        return _silent(statement, "den nærmeste cellen er av en annen størrelsesorden")
    if not statement.explicit:
        return Match(statement, ClaimVerdict.DOUBTFUL, best, "setningen nevner ingen tid")
    if known or (reproduced.table(statement, best) and best.score >= _SURE):
        return Match(statement, ClaimVerdict.CONTRADICTION, best)
    return Match(statement, ClaimVerdict.DOUBTFUL, best, "avsnittet viser ikke til tabellen")


def _silent(statement: Statement, why: str) -> Match:
    return Match(statement, ClaimVerdict.UNCHECKABLE, None, why)


def _rivals(best: Candidate, other: Candidate) -> bool:
    return other.score > best.score - _MARGIN and other.interval.intersect(best.interval) is None


def _a_term(statement: Statement, candidate: Candidate) -> bool:
    """Tell whether a number is printed in one of the cells that another would be computed from."""
    said = stated(statement)
    return len(candidate.points) > 1 and any(said.intersect(point.interval) for point in candidate.points)


def _close(said: Interval, computed: Interval) -> bool:
    """Tell whether two numbers are of a size, so that one may be a slip for the other."""
    a, b = abs(said.middle), abs(computed.middle)
    return min(a, b) > 0 and max(a, b) <= _CLOSE * min(a, b)
