"""Numbers that are said of every year: «gjennom hele perioden», «årlig 24–27», «aldri høyere enn»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis_lib.audit.claims.anchors import Anchors
from analysis_lib.audit.claims.claim import Claim, ClaimVerdict, in_words, shown
from analysis_lib.audit.claims.hits import agrees, named
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.statement import Kind, Statement, stated
from analysis_lib.audit.claims.ties import Library, Tie

_THROUGHOUT = re.compile(r"hele (?:måle)?perioden|(?:alle|hvert av) årene|hvert år\b", re.IGNORECASE)
_NEVER_ABOVE = re.compile(r"aldri (?:\w+ )?(?:høyere|mer|større|over)\b[^,.]*$", re.IGNORECASE)


def is_course(statement: Statement) -> bool:
    """Tell whether a number is said of every year of a period, and not of one."""
    return _every_year(statement) or _never_above(statement)


def _every_year(statement: Statement) -> bool:
    ranged = statement.quantity.upper is not None and statement.quantity.unit in ("", "prosent")
    spanned = (
        statement.kind is Kind.CHANGE and statement.period is not None and statement.period.start is not None
    )
    return ranged and (spanned or bool(_THROUGHOUT.search(statement.text)))


def _never_above(statement: Statement) -> bool:
    return bool(_NEVER_ABOVE.search(statement.text[: statement.quantity.start]))


def check_courses(statements: Sequence[Statement], library: Library, anchors: Anchors) -> Iterator[Claim]:
    """Yield a claim for each number that is said of every year."""
    for statement in statements:
        if is_course(statement):
            yield _checked(statement, library, anchors)


def _checked(statement: Statement, library: Library, anchors: Anchors) -> Claim:
    courses = [course for course in _courses(statement, library) if _is_meant(statement, course)]
    if not courses:
        return _claim(statement, [], ClaimVerdict.UNCHECKABLE, "ingen tabell har hele forløpet")
    best = courses[0]
    outside = [tie for tie in best if not _allowed(statement, tie)]
    if not outside:
        nearest = max(best, key=lambda tie: tie.interval.high)
        return _claim(statement, [nearest], ClaimVerdict.WITHIN, "")
    sure = anchors.table(statement, best[0]) or _has_both_ends(statement, best)
    verdict = ClaimVerdict.CONTRADICTION if sure else ClaimVerdict.DOUBTFUL
    return _claim(statement, outside, verdict, "minst ett år ligger utenfor det som sies om alle")


def _courses(statement: Statement, library: Library) -> list[list[Tie]]:
    """Return the ties of each series nearby, one for each year, best agreement first."""
    chapter = statement.section.partition(".")[0]
    period = statement.period
    years = library.years
    if statement.kind is Kind.CHANGE and period is not None and period.start is not None:
        years = [year for year in years if period.start <= year <= period.end]
    found: dict[tuple[int, str], list[Tie]] = {}
    for year in years:
        then = Period(year, year - 1) if statement.kind is Kind.CHANGE else Period(year)
        for tie in library.ties(replace(statement, period=then)):
            if tie.series.grid.number.partition(".")[0] == chapter:
                found.setdefault((id(tie.series), tie.how), []).append(tie)
    return sorted((ties for ties in found.values() if len(ties) > 1), key=lambda ties: -ties[0].score)


def _is_meant(statement: Statement, course: list[Tie]) -> bool:
    """Tell whether a series is the one that is spoken of: named, or with both ends of the range in it."""
    return (named(statement, course[0]) and not course[0].strays) or _has_both_ends(statement, course)


def _has_both_ends(statement: Statement, course: list[Tie]) -> bool:
    said = statement.quantity
    sizes = [(abs(tie.interval.low), abs(tie.interval.high)) for tie in course]
    return said.upper is not None and all(
        any(min(size) <= end <= max(size) for size in sizes) for end in (abs(said.number), said.upper)
    )


def _allowed(statement: Statement, tie: Tie) -> bool:
    return tie.interval.low <= stated(statement).high if _never_above(statement) else agrees(statement, tie)


def _claim(statement: Statement, ties: list[Tie], verdict: ClaimVerdict, why: str) -> Claim:
    series = ties[0].series if ties else None
    computed = "; ".join(shown(tie.interval, statement.quantity) for tie in ties)
    return Claim(
        place=f"linje {statement.line}",
        statement=in_words(statement, f"tabell {series.grid.number}, {series.name}" if series else "")
        + ", hvert år",
        printed=statement.quantity.printed,
        computed=computed,
        verdict=verdict,
        cells=tuple(cell for tie in ties for cell in tie.cells),
        why=why,
        kind="hvert år",
        weight=0.1 if verdict in (ClaimVerdict.CONTRADICTION, ClaimVerdict.DOUBTFUL) else 0.0,
    )
