"""Statements tied to cells, and their numbers held against what the cells give.

Precision goes first. A contradiction is said only where the words of a label are all in the sentence,
the year is named, the unit is the same, no other cell fits as well, and the paragraph refers to the
table or takes another number from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from analysis_lib.audit.claims.anchors import Anchors
from analysis_lib.audit.claims.claim import ClaimVerdict
from analysis_lib.audit.claims.hits import Match, Seen, agreement, agrees, hit_of, named, row_in, too_small
from analysis_lib.audit.claims.nearly import nearly
from analysis_lib.audit.claims.statement import Statement, stated
from analysis_lib.audit.claims.ties import Library, Tie
from analysis_lib.data.interval import Interval

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
