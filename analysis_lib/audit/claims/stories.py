"""One event or course told twice: dates that differ, directions that differ, «hver måned» that was not so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise

from analysis_lib.audit.claims.directions import read_directions
from analysis_lib.audit.claims.masks import MONTHS
from analysis_lib.audit.claims.numerals import read_quantities
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.repeats import Words
from analysis_lib.audit.claims.sentences import sentences
from analysis_lib.audit.claims.statement import Statement
from analysis_lib.audit.claims.words import content
from analysis_lib.audit.document import Document
from analysis_lib.audit.findings import Finding, Verdict

# Least information in common: of two sentences on one event, two clauses on one course, two on one topic.
_EVENT, _COURSE, _TOPIC = 6.0, 4.5, 2.5
_MOST_OF = 0.6
_DATE = re.compile(rf"\bfra (?:og med )?(\d{{1,2}}\. ?(?:{MONTHS})\w*) ((?:19|20)\d\d)", re.IGNORECASE)
_MONTHLY = re.compile(r"\b(økt|gått ned|redusert)\b[^.]*\bhver måned", re.IGNORECASE)
_IN_MONTH = re.compile(rf"\bi (?:{MONTHS})\b", re.IGNORECASE)
_FEWEST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class _Sentence:
    line: int
    section: str
    text: str
    words: frozenset[str]


def _read(document: Document) -> list[_Sentence]:
    return [
        _Sentence(paragraph.line, paragraph.section, sentence, content(sentence))
        for paragraph in document.paragraphs
        for sentence in sentences(paragraph.text)
    ]


def told_twice(document: Document, words: Words, main: int) -> Iterator[Finding]:
    """Yield what two sentences tell of one event, or of one course, in different ways."""
    read = _read(document)
    yield from _dates(read, words)
    yield from _months(read, words)
    yield from _courses(document, words, main)


def _dates(read: Sequence[_Sentence], words: Words) -> Iterator[Finding]:
    """Find one event that begins on the same day of two years."""
    dated = [(one, match[1].lower(), int(match[2])) for one in read for match in _DATE.finditer(one.text)]
    for (a, day, year), (b, other_day, other_year) in combinations(dated, 2):
        if day == other_day and year != other_year and words.shared(a.words, b.words) >= _EVENT:
            yield _finding(
                a, b, f"{day} {year}", f"{day} {other_year}", "Samme hendelse er datert til to ulike år"
            )


def _months(read: Sequence[_Sentence], words: Words) -> Iterator[Finding]:
    """Find «hver måned» where the months are listed elsewhere, and one went the other way."""
    listed = [one for one in read if len(_IN_MONTH.findall(one.text)) >= _FEWEST_MONTHS]
    for one in read:
        match = _MONTHLY.search(one.text)
        for other in listed if match else []:
            numbers = [quantity.number for quantity in read_quantities(other.text)][
                : len(_IN_MONTH.findall(other.text))
            ]
            up = match is not None and match[1].lower() == "økt"
            broken = [(a, b) for a, b in pairwise(numbers) if (b <= a if up else b >= a)]
            if broken and words.shared(one.words, other.words) >= _TOPIC:
                printed = f"{match[1] if match else ''} hver måned"
                text = f"{int(broken[0][0])} og så {int(broken[0][1])}"
                yield _finding(one, other, printed, text, "Utviklingen gikk ikke samme vei hver måned")


def _courses(document: Document, words: Words, main: int) -> Iterator[Finding]:
    """Find one quantity that goes two ways in the same two years."""
    told: dict[tuple[str, Period | None], list[tuple[str, Statement]]] = defaultdict(list)
    for word, said in read_directions(document, main):
        if said.section:
            told[said.section.partition(".")[0], said.period].append((word, said))
    for (word, a), (other, b) in chain.from_iterable(combinations(alike, 2) for alike in told.values()):
        if a.sign != b.sign and a.line != b.line:
            smaller, larger = sorted((a.near, b.near), key=len)
            shared = words.shared(smaller, larger)
            if (a.explicit or b.explicit) and shared >= max(_COURSE, _MOST_OF * words.weight(smaller)):
                one = _Sentence(a.line, a.section, "", a.near)
                yield _finding(
                    one,
                    _Sentence(b.line, b.section, "", b.near),
                    f"{word}, {a.period}",
                    f"{other}, {b.period}",
                    "Samme utvikling er beskrevet på to måter",
                )


def _finding(a: _Sentence, b: _Sentence, printed: str, other: str, what: str) -> Finding:
    return Finding(
        kind="same_quantity",
        where=f"linje {a.line}, avsnitt {a.section}" if a.section else f"linje {a.line}",
        cells=(f"linje {a.line} = {printed}", f"linje {b.line} = {other}"),
        printed=printed,
        verdict=Verdict.DOUBTFUL,
        explanation=f"{what}: {printed} i linje {a.line}, men {other} i linje {b.line}.",
        confidence=0.6,
        cause=f"linje {a.line} mot linje {b.line}",
    )
