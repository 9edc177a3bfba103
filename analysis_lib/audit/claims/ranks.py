"""Words of rank: «høyest», «færrest», «størst vekst», held against the rows of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from analysis_lib.audit.claims.claim import Claim, ClaimVerdict
from analysis_lib.audit.claims.periods import Period, mentions
from analysis_lib.audit.claims.sentences import clauses, sentences, shown_tables
from analysis_lib.audit.claims.series import Series
from analysis_lib.audit.claims.ties import Library
from analysis_lib.audit.claims.words import content, covered
from analysis_lib.audit.document import Document

_RANK = re.compile(
    r"\b(?:(?P<high>høyest\w*|størst\w*|flest)|(?P<low>lavest\w*|færrest))\b"
    r"(?P<growth> (?:\w*vekst|økning))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:nest|tredje|fjerde|femte) ?(?:høyest|størst|lavest)", re.IGNORECASE)
_FEWEST = 3


def check_ranks(document: Document, library: Library, main: int) -> Iterator[Claim]:
    """Yield a claim for each clause that ranks rows of a table that its paragraph refers to.

    The rows must be named in full in the clause, and there must be others beside them. A sentence
    without a year is read for `main`.
    """
    for paragraph in document.paragraphs:
        tables = shown_tables(paragraph.text)
        for sentence in sentences(paragraph.text) if tables else []:
            named = mentions(sentence)
            period = named[0].period if len(named) == 1 else Period(main)
            for clause in clauses(sentence):
                rank = _RANK.search(clause)
                if rank and not _NUMBERED.search(clause):
                    found = list(_rankings(content(clause), rank, period, library, tables))
                    if len(found) == 1:
                        yield _claim(found[0], rank, period, paragraph.line)


def _rankings(
    words: frozenset[str], rank: re.Match[str], period: Period, library: Library, tables: frozenset[str]
) -> Iterator[tuple[list[Series], list[Series]]]:
    """Yield, for each column with rows that are named, these rows and as many from the top of the column."""
    columns: dict[tuple[object, ...], dict[str, tuple[Fraction, Series]]] = defaultdict(dict)
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


def _value(series: Series, period: Period, *, growth: bool) -> Fraction | None:
    point = series.points.get(Period(period.end))
    if not growth:
        return point.interval.middle if point else None
    base = series.points.get(Period(period.start or period.end - 1))
    return point.interval.middle / base.interval.middle if point and base and base.interval.low > 0 else None


def _claim(found: tuple[list[Series], list[Series]], rank: re.Match[str], period: Period, line: int) -> Claim:
    named, first = found
    right = {series.row for series in named} == {series.row for series in first}
    growth = " vekst" if rank["growth"] else ""
    grid = named[0].grid
    return Claim(
        place=f"linje {line}",
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
