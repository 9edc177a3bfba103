"""Numbers of the text against each other, and against what a table says of all its years or of a whole.

Within sentences: parts and whole, count and share, from, to and change. Said of every year: «gjennom hele
perioden», «årlig 24–27», «aldri høyere enn». Between paragraphs: 141 of the 1 070 of a table is 13 per cent.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact
from number_audit.claims.candidates import Candidate, Library
from number_audit.claims.matching import Reproduced, agrees, named
from number_audit.claims.statements import CheckedClaim, ClaimVerdict, Statement, in_words, shown, stated
from number_audit.claims.table_series import Point, TableSeries
from number_audit.language.periods import Period
from number_audit.language.words import alike, covered, stem

_PARTS = re.compile(
    r"\bhvorav\b|\btil sammen\b|\bav disse\b|\bresten\b|^av \w+ på\b|\btotalt\b", re.IGNORECASE
)
_WHOLE_BEFORE = re.compile(
    r"^\s*av \w+ på\s*$|\b(?:totalt|i alt|til sammen)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_WHOLE_AFTER = re.compile(r"^[^,.;(]{0,30}(?:til sammen|i alt|totalt|hvorav)\b", re.IGNORECASE)
_FROM = re.compile(r"\bfra\s+(?:\w+\.?\s){0,2}$", re.IGNORECASE)
_OF = re.compile(r"^\)?\s*av\s+(?:alle\s+|de\s+)?(\w+)", re.IGNORECASE)
_CLOSE = Fraction(1, 20)


def check_sentences(statements: Sequence[Statement]) -> Iterator[CheckedClaim]:
    """Yield what the numbers of each sentence say of each other."""
    for _, group in groupby(statements, key=lambda one: (one.line, one.sentence)):
        said = [one for one in group if one.quantity.printed[0].isdigit() or one.quantity.unit]
        for check in (parts_and_whole, count_and_share, from_and_to):
            yield from check(said) if said else ()
    for _, group in groupby(statements, key=lambda one: one.section):
        yield from shares_of_hundred(list(group))


def parts_and_whole(said: Sequence[Statement]) -> Iterator[CheckedClaim]:
    """Check «av veksten på 30 kom 20 i A og 10 i B»: the parts must give the whole."""
    counts = [one for one in said if not one.quantity.unit and not one.quantity.upper]
    text = said[0].text
    if len(counts) <= 2 or not _PARTS.search(text):
        return
    wholes = [
        one
        for one in counts
        if _WHOLE_BEFORE.search(text[: one.quantity.start]) or _WHOLE_AFTER.search(text[one.quantity.end :])
    ]
    if len(wholes) != 1:
        return
    parts = [one for one in counts if one is not wholes[0]]
    total = sum((one.quantity.interval for one in parts), Interval.exact(0))
    formula = " + ".join(one.quantity.printed for one in parts)
    yield from _judged(wholes[0], total, "sum", formula, "delene gir ikke summen")


def count_and_share(said: Sequence[Statement]) -> Iterator[CheckedClaim]:
    """Check «av 164 oppga 32 (19,5 prosent)»: the count of the whole must give the share."""
    text = said[0].text
    for whole, count, share in zip(said, said[1:], said[2:], strict=False):
        between = text[count.quantity.end : share.quantity.start]
        is_whole = re.search(r"\bav\s+$", text[: whole.quantity.start], re.IGNORECASE)
        if is_whole and share.quantity.unit == "prosent" and between.strip() == "(":
            if whole.quantity.unit or count.quantity.unit or whole.quantity.number <= count.quantity.number:
                continue
            computed = Interval.exact(100 * count.quantity.number / whole.quantity.number)
            formula = f"{count.quantity.printed} av {whole.quantity.printed}"
            yield from _judged(share, computed, "andel", formula, "antallet gir en annen andel")


def from_and_to(said: Sequence[Statement]) -> Iterator[CheckedClaim]:
    """Check «fra A i fjor til B i år, en økning på C»: two of them give the third."""
    levels = [one for one in said if not one.change and one.period]
    changes = [one for one in said if one.change]
    if len(levels) != 2 or len(changes) != 1 or levels[0].quantity.unit != levels[1].quantity.unit:
        return
    first, last = sorted(levels, key=lambda one: one.period or (0, 0))
    change = changes[0]
    spans = (None, Period(last.period.end, first.period.end)) if first.period and last.period else ()
    if first.period == last.period or change.period not in spans or first.quantity.interval.low <= 0:
        return
    a, b = first.quantity.interval, last.quantity.interval
    points, relative = b - a, (b / a - 1) * 100
    formula = f"fra {first.quantity.printed} til {last.quantity.printed}"
    both_percent = first.quantity.unit == "prosent" and change.quantity.unit == "prosent"
    if both_percent and not _FROM.search(first.text[: first.quantity.start]):
        return
    if both_percent and not stated(change).intersect(relative) and stated(change).intersect(points):
        yield _claim(
            change,
            points,
            ClaimVerdict.DOUBTFUL,
            "prosent og prosentpoeng",
            formula,
            "endringen er i prosentpoeng, men kalles prosent",
        )
    elif change.quantity.unit == "prosent":
        yield from _judged(change, relative, "fra og til", formula, "endringen følger ikke av nivåene")
    elif change.quantity.unit in ("prosentpoeng", first.quantity.unit):
        yield from _judged(change, points, "fra og til", formula, "endringen følger ikke av nivåene")


def shares_of_hundred(said: Sequence[Statement]) -> Iterator[CheckedClaim]:
    """Find a share too many: where two shares of one whole are 100 per cent, a third has no room."""
    shares = [
        (one, stem(match[1]))
        for one in said
        if not one.change and one.quantity.unit == "prosent" and not one.quantity.vague
        if (match := _OF.match(one.text[one.quantity.end :]))
    ]
    places: dict[Fraction, list[int]] = defaultdict(list)
    for i, (one, _) in enumerate(shares):
        places[one.quantity.number].append(i)
    for i, (first, noun) in enumerate(shares):
        rest = places.get(100 - first.quantity.number, [])
        for second, other in (shares[k] for k in rest[bisect_right(rest, i) :]):
            if not alike(noun, other) or first.period != second.period:
                continue
            for extra, third in shares:
                unplaced = not extra.explicit or extra.period == first.period
                if (
                    extra not in (first, second)
                    and unplaced
                    and alike(noun, third)
                    and extra.line >= second.line
                ):
                    total = first.quantity.interval + second.quantity.interval + extra.quantity.interval
                    formula = f"{first.quantity.printed} og {second.quantity.printed} er alt"
                    why = "andelene av det samme hele blir mer enn 100 prosent"
                    yield _claim(extra, total, ClaimVerdict.DOUBTFUL, "andeler", formula, why)
            return


def _judged(one: Statement, computed: Interval, kind: str, formula: str, why: str) -> Iterator[CheckedClaim]:
    """Yield a claim where the computed number agrees, or is near enough to be meant."""
    said = stated(one)
    if not one.sign and computed.high < 0:
        computed = 0 - computed
    if said.intersect(computed) is not None:
        yield _claim(one, computed, ClaimVerdict.REPRODUCED, kind, formula, "")
    elif abs(computed.middle - said.middle) <= (_CLOSE if kind == "sum" else 1) * abs(said.middle):
        yield _claim(one, computed, ClaimVerdict.CONTRADICTION, kind, formula, why)


def _claim(
    one: Statement, computed: Interval, verdict: ClaimVerdict, kind: str, formula: str, why: str
) -> CheckedClaim:
    middle = one.quantity.interval.middle
    error = abs((computed.middle - middle) / middle) if middle else Fraction(0)
    return CheckedClaim(
        line=one.line,
        statement=f"{in_words(one)} ({kind})",
        printed=one.quantity.printed,
        computed=shown(computed, one.quantity),
        verdict=verdict,
        cells=(f"{formula} = {format_exact(computed.middle / 10**one.quantity.power, 2)}",),
        why=why,
        kind=kind,
        weight=float(error),
    )


_THROUGHOUT = re.compile(r"hele (?:måle)?perioden|(?:alle|hvert av) årene|hvert år\b", re.IGNORECASE)
_NEVER_ABOVE = re.compile(r"aldri (?:\w+ )?(?:høyere|mer|større|over)\b[^,.]*$", re.IGNORECASE)


def is_of_every_year(statement: Statement) -> bool:
    """Tell whether a number is said of every year of a period, and not of one."""
    return _every_year(statement) or _never_above(statement)


def _every_year(statement: Statement) -> bool:
    ranged = statement.quantity.upper is not None and statement.quantity.unit in ("", "prosent")
    spanned = statement.change and statement.period is not None and statement.period.start is not None
    return ranged and (spanned or bool(_THROUGHOUT.search(statement.text)))


def _never_above(statement: Statement) -> bool:
    return bool(_NEVER_ABOVE.search(statement.text[: statement.quantity.start]))


def check_every_year(
    statements: Sequence[Statement], library: Library, reproduced: Reproduced
) -> Iterator[CheckedClaim]:
    """Yield a claim for each number that is said of every year."""
    for statement in statements:
        if is_of_every_year(statement):
            yield _checked(statement, library, reproduced)


def _checked(statement: Statement, library: Library, reproduced: Reproduced) -> CheckedClaim:
    meant = [years for years in _by_series(statement, library) if _is_meant(statement, years)]
    if not meant:
        return _every_year_claim(statement, [], ClaimVerdict.UNCHECKABLE, "ingen tabell har hele forløpet")
    best = meant[0]
    outside = [candidate for candidate in best if not _allowed(statement, candidate)]
    if not outside:
        nearest = max(best, key=lambda candidate: candidate.interval.high)
        return _every_year_claim(statement, [nearest], ClaimVerdict.WITHIN, "")
    sure = reproduced.table(statement, best[0]) or _has_both_ends(statement, best)
    verdict = ClaimVerdict.CONTRADICTION if sure else ClaimVerdict.DOUBTFUL
    return _every_year_claim(statement, outside, verdict, "minst ett år ligger utenfor det som sies om alle")


def _by_series(statement: Statement, library: Library) -> list[list[Candidate]]:
    """Return the candidates of each series nearby, one for each year, best agreement first."""
    chapter = statement.section.partition(".")[0]
    period = statement.period
    years = library.years
    if statement.change and period is not None and period.start is not None:
        years = [year for year in years if period.start <= year <= period.end]
    found: dict[tuple[int, str], list[Candidate]] = {}
    for year in years:
        then = Period(year, year - 1) if statement.change else Period(year)
        for candidate in library.candidates(replace(statement, period=then)):
            if candidate.table.partition(".")[0] == chapter:
                found.setdefault((id(candidate.series), candidate.how), []).append(candidate)
    return sorted(
        (candidates for candidates in found.values() if len(candidates) > 1),
        key=lambda candidates: -candidates[0].score,
    )


def _is_meant(statement: Statement, years: list[Candidate]) -> bool:
    """Tell whether a series is the one that is spoken of: named, or with both ends of the range in it."""
    return (named(statement, years[0]) and not years[0].strays) or _has_both_ends(statement, years)


def _has_both_ends(statement: Statement, years: list[Candidate]) -> bool:
    said = statement.quantity
    sizes = [(abs(candidate.interval.low), abs(candidate.interval.high)) for candidate in years]
    return said.upper is not None and all(
        any(min(size) <= end <= max(size) for size in sizes) for end in (abs(said.number), said.upper)
    )


def _allowed(statement: Statement, candidate: Candidate) -> bool:
    return (
        candidate.interval.low <= stated(statement).high
        if _never_above(statement)
        else agrees(statement, candidate)
    )


def _every_year_claim(
    statement: Statement, candidates: list[Candidate], verdict: ClaimVerdict, why: str
) -> CheckedClaim:
    series = candidates[0].series if candidates else None
    computed = "; ".join(shown(candidate.interval, statement.quantity) for candidate in candidates)
    return CheckedClaim(
        line=statement.line,
        statement=in_words(statement, f"tabell {series.grid.number}, {series.name}" if series else "")
        + ", hvert år",
        printed=statement.quantity.printed,
        computed=computed,
        verdict=verdict,
        cells=tuple(cell for candidate in candidates for cell in candidate.cells),
        why=why,
        kind="hvert år",
        weight=0.1 if verdict in (ClaimVerdict.CONTRADICTION, ClaimVerdict.DOUBTFUL) else 0.0,
    )


_SHARE_OF = re.compile(r"^\s*av\s+(?:alle\s+|de\s+)?(\w+)", re.IGNORECASE)
# A part and a share of one thing are nearly right; what is further off is of something else.
_NEAR, _SMALLEST_WHOLE = Fraction(1, 5), 100


def check_table_shares(statements: Sequence[Statement], library: Library) -> Iterator[CheckedClaim]:
    """Yield a claim for each share of a whole that a table has, where its section gives the part in number.

    Part and share must have their time and, beyond what names the whole, a word in common.
    """
    parts: dict[tuple[str, Period | None], list[Statement]] = defaultdict(list)
    for one in statements:
        if one.section and not one.change and not one.quantity.unit and not one.per:
            parts[one.section, one.period].append(one)
    for share in statements:
        noun = _SHARE_OF.match(share.text[share.quantity.end :])
        if not share.change and share.quantity.unit == "prosent" and noun:
            wholes = list(_denominators(share, stem(noun[1]), library))
            found = [
                _share_claim(share, part, *whole)
                for whole in wholes
                for part in parts.get((share.section, share.period), ())
                if _same_subject(share, part, whole[0]) and _near(share, part, whole[1])
            ]
            yield from found if len(found) == 1 else ()


def _denominators(share: Statement, noun: str, library: Library) -> Iterator[tuple[TableSeries, Point]]:
    """Yield the counts that are named by what a share is said to be of."""
    for series in library.series:
        named = covered(noun, series.words) and all(covered(word, share.near) for word in series.words)
        point = series.points.get(share.period)
        count = not series.unit and not series.change and not series.per
        if named and count and point and point.interval.low >= _SMALLEST_WHOLE:
            yield series, point


def _same_subject(share: Statement, part: Statement, whole: TableSeries) -> bool:
    beyond = share.near - whole.words - whole.caption
    return part.line != share.line and any(word in part.near for word in beyond)


def _near(share: Statement, part: Statement, whole: Point) -> bool:
    if part.quantity.number >= whole.interval.low:
        return False
    computed = (part.quantity.interval * 100 / whole.interval).middle
    return abs(computed - share.quantity.number) <= _NEAR * share.quantity.number


def _share_claim(share: Statement, part: Statement, whole: TableSeries, point: Point) -> CheckedClaim:
    computed = part.quantity.interval * 100 / point.interval
    right = share.quantity.interval.intersect(computed) is not None
    return CheckedClaim(
        line=share.line,
        statement=f"{in_words(share)} (andel)",
        printed=share.quantity.printed,
        computed=shown(computed, share.quantity),
        verdict=ClaimVerdict.REPRODUCED if right else ClaimVerdict.DOUBTFUL,
        cells=(
            f"linje {part.line}, {in_words(part)} = {part.quantity.printed}",
            f"{whole.grid.place(point.ref)} = {point.printed}",
        ),
        why="" if right else "antallet og tabellens helhet gir en annen andel",
        kind="andel",
        weight=0.0 if right else float(abs(1 - computed.middle / share.quantity.number)),
    )
