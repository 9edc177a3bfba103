"""Words of direction and rank without a number, «økte», «uendret», «høyest», held against the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact
from number_audit.claims.candidates import DIRECTION, Candidate, Library
from number_audit.claims.matching import Reproduced, named
from number_audit.claims.statements import CheckedClaim, ClaimVerdict, Statement
from number_audit.claims.table_series import TableSeries
from number_audit.document import Document
from number_audit.language.periods import Period, named_periods
from number_audit.language.quantities import Quantity
from number_audit.language.words import clauses, content, covered, sentences, shown_tables

_UP = re.compile(
    r"\b(?:øk(?:t|te|er|ende)|vokst?e?|steg|stiger|gått opp|gikk opp|i vekst|har vekst)\b", re.IGNORECASE
)
_DOWN = re.compile(
    r"\b(?:redusert|(?:gått|gikk|går) (?:\w+ ){0,8}?ned|sank|synker|falt?|avta(?:r|tt)|avtok|nedgang)\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"\b(?:uendret|stabil(?:t|e)?)\b", re.IGNORECASE)
_LAST_YEAR = re.compile(r"siste år(?:et)?\b|året før|foregående år", re.IGNORECASE)
_TOLD = ((_UP, ("opp", 1)), (_DOWN, ("ned", -1)), (_SAME, ("uendret", 0)))
_OTHERS = re.compile(r"\b(?:andre|øvrige|enkelte|noen|eller)\b", re.IGNORECASE)
# «uendret» is not contradicted by a change of less than this share.
_UNCHANGED = Fraction(1, 20)
_MARGIN = 0.1
_ANY = Quantity(0, 0, "", Fraction(0), Interval.exact(0), DIRECTION)


def check_directions(
    directed: Iterable[tuple[str, Statement]], library: Library, reproduced: Reproduced
) -> Iterator[CheckedClaim]:
    """Yield a claim for each word of direction that can be matched to one series and two years."""
    for word, said in directed:
        yield from _checked(said, word, library, reproduced)


def read_directions(document: Document, main: int) -> Iterator[tuple[str, Statement]]:
    """Yield the words of direction that stand without a percentage, each with what its clause says.

    A sentence without a time is read as the last year before `main`, and is not explicit.
    """
    titles = {heading.number: content(heading.title) for heading in document.headings}
    for paragraph in document.paragraphs:
        context = titles.get(paragraph.section, frozenset())
        tables = shown_tables(paragraph.text)
        last: Period | None = None
        for i, sentence in enumerate(sentences(paragraph.text)):
            for clause in clauses(sentence):
                word = _direction(clause)
                period = _period(clause, sentence)
                last = period or last
                if word and not re.search(r"\d+(?:,\d+)? ?(?:prosent|%)", clause):
                    yield (
                        word[0],
                        Statement(
                            _ANY,
                            True,
                            word[1],
                            period or last or Period(main, main - 1),
                            period is not None,
                            near=content(clause),
                            around=content(sentence),
                            context=context,
                            tables=tables,
                            sentence=i,
                            line=paragraph.line,
                            section=paragraph.section,
                            text=sentence,
                        ),
                    )
            context |= content(sentence)


def _direction(clause: str) -> tuple[str, int] | None:
    """Return a clause's direction and its sign; None where there is no single one, or «de andre» go there."""
    found = [told for pattern, told in _TOLD for _ in pattern.finditer(clause)]
    return found[0] if len(found) == 1 and not _OTHERS.search(clause) else None


def _period(clause: str, sentence: str) -> Period | None:
    """Return the two years of a clause: named in it, or before it in its sentence."""
    if re.search(r"\bperioden\b", clause, re.IGNORECASE) and not named_periods(clause):
        return None
    for text in (clause, sentence[: sentence.find(clause)]):
        named_here = [mention.period for mention in named_periods(text)]
        spans = [period for period in named_here if period.start is not None]
        if spans:
            return spans[0] if len(spans) == 1 else None
        if len(named_here) == 1 and _LAST_YEAR.search(text):
            return Period(named_here[0].end, named_here[0].end - 1)
        if named_here:
            return None
    return None


def _checked(said: Statement, word: str, library: Library, reproduced: Reproduced) -> Iterator[CheckedClaim]:
    found = [candidate for candidate in library.candidates(said) if not candidate.strays]
    beside = [candidate for candidate in found if reproduced.beside(said, candidate)]
    clear = [
        candidate
        for candidate in found
        if said.explicit and reproduced.table(said, candidate) and _in_clause(said, candidate)
    ]
    if not beside and not clear:
        return
    best = (beside or clear)[0]
    if not beside and any(
        _sign(candidate) != _sign(best) for candidate in clear if candidate.score > best.score - _MARGIN
    ):
        return
    if _agrees(said.sign, best):
        verdict = ClaimVerdict.REPRODUCED
    else:
        verdict = ClaimVerdict.CONTRADICTION if said.explicit and clear else ClaimVerdict.DOUBTFUL
    yield _claim(said, word, best, verdict)


def _in_clause(said: Statement, candidate: Candidate) -> bool:
    """Tell whether the clause itself names the row, or the table of a total."""
    words = candidate.series.words or candidate.series.caption
    return named(said, candidate) and all(covered(one, said.near) for one in words)


def _sign(candidate: Candidate) -> int:
    return (candidate.interval.low > 0) - (candidate.interval.high < 0)


def _agrees(sign: int, candidate: Candidate) -> bool:
    if sign:
        return _sign(candidate) in (0, sign)
    size = max(abs(candidate.points[0].interval.low), abs(candidate.points[0].interval.high))
    return abs(candidate.interval.middle) <= _UNCHANGED * size


def _claim(said: Statement, word: str, candidate: Candidate, verdict: ClaimVerdict) -> CheckedClaim:
    base = candidate.points[0].interval.middle
    share = candidate.interval.middle / base * 100 if base else Fraction(0)
    right = verdict is ClaimVerdict.REPRODUCED
    return CheckedClaim(
        line=said.line,
        statement=f"tabell {candidate.table}, {candidate.series.name}: retning, {said.period}",
        printed=word,
        computed=f"{format_exact(share, 1)} prosent",
        verdict=verdict,
        cells=candidate.cells,
        why="" if right else "tabellen går en annen vei" if said.explicit else "setningen nevner ingen tid",
        kind="retning",
        weight=0.0 if right else float(abs(share) / 100),
    )


_RANK = re.compile(
    r"\b(?:(?P<high>høyest\w*|størst\w*|flest)|(?P<low>lavest\w*|færrest))\b"
    r"(?P<growth> (?:\w*vekst|økning))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:nest|tredje|fjerde|femte) ?(?:høyest|størst|lavest)", re.IGNORECASE)
_FEWEST = 3


def check_ranks(document: Document, library: Library, main: int) -> Iterator[CheckedClaim]:
    """Yield a claim for each clause that ranks rows of a table that its paragraph refers to.

    The rows must be named in full in the clause, and there must be others beside them. A sentence
    without a year is read for `main`.
    """
    for paragraph in document.paragraphs:
        tables = shown_tables(paragraph.text)
        for sentence in sentences(paragraph.text) if tables else []:
            named = named_periods(sentence)
            period = named[0].period if len(named) == 1 else Period(main)
            for clause in clauses(sentence):
                rank = _RANK.search(clause)
                if rank and not _NUMBERED.search(clause):
                    found = list(_rankings(content(clause), rank, period, library, tables))
                    if len(found) == 1:
                        yield _rank_claim(found[0], rank, period, paragraph.line)


def _rankings(
    words: frozenset[str], rank: re.Match[str], period: Period, library: Library, tables: frozenset[str]
) -> Iterator[tuple[list[TableSeries], list[TableSeries]]]:
    """Yield, for each column with rows that are named, these rows and as many from the top of the column."""
    columns: dict[tuple[object, ...], dict[str, tuple[Fraction, TableSeries]]] = defaultdict(dict)
    for series in library.series:
        if series.grid.number in tables and not series.change and series.words:
            value = _value(series, period, growth=bool(rank["growth"]))
            if value is not None:
                columns[series.grid.key, series.column, series.unit, series.total][series.row] = (
                    value,
                    series,
                )
    for rows in columns.values():
        named = [series for _, series in rows.values() if all(covered(word, words) for word in series.words)]
        if named and len(rows) >= max(_FEWEST, len(named) + 1):
            ordered = sorted(rows.values(), key=lambda item: item[0], reverse=bool(rank["high"]))
            yield named, [series for _, series in ordered[: len(named)]]


def _value(series: TableSeries, period: Period, *, growth: bool) -> Fraction | None:
    point = series.points.get(Period(period.end))
    if not growth:
        return point.interval.middle if point else None
    base = series.points.get(Period(period.start or period.end - 1))
    return point.interval.middle / base.interval.middle if point and base and base.interval.low > 0 else None


def _rank_claim(
    found: tuple[list[TableSeries], list[TableSeries]], rank: re.Match[str], period: Period, line: int
) -> CheckedClaim:
    named, first = found
    right = {series.row for series in named} == {series.row for series in first}
    growth = " vekst" if rank["growth"] else ""
    grid = named[0].grid
    return CheckedClaim(
        line=line,
        statement=f"tabell {grid.number}, {' og '.join(series.row for series in named)}: rang, {period}",
        printed=f"{'høyest' if rank['high'] else 'lavest'}{growth}",
        computed=" og ".join(series.row for series in first),
        verdict=ClaimVerdict.REPRODUCED if right else ClaimVerdict.DOUBTFUL,
        cells=tuple(
            f"{grid.place(point.ref)} = {point.printed}"
            for series in first
            if (point := series.points.get(Period(period.end)))
        ),
        why="" if right else "en annen rad har den plassen i tabellen",
        kind="rang",
    )
