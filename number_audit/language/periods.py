"""The years and months that a text, a header or a label names, and the spans between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from analysis_lib.data.periods import MONTHS, YEAR
from number_audit.language.quantities import YEARS


class Period(NamedTuple):
    """A year, or the span from one year to another (`start` is None for a single year)."""

    end: int
    start: int | None = None

    def __str__(self) -> str:
        return str(self.end) if self.start is None else f"{self.start}–{self.end}"


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """Where a text names a period; `base` says that it is what something is compared with."""

    position: int
    end: int
    period: Period
    base: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A year, and the month from 1 to 12 where one is named (0 else)."""

    year: int
    month: int = 0

    def __str__(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)


_SHORT = [name[:3] for name in MONTHS]
_A_YEAR = r"(?:19|20)\d\d"
# Of bounded length, so that a long word or blank is not read again from each of its characters.
_WORD = r"(?:\w{1,20}\.? ?(?:av )?|kv\.? ?\d )?"
_SPAN = re.compile(
    rf"(?:fra|mellom|perioden|årene)?\s{{0,3}}{_WORD}(?<!\d)(?P<first>{_A_YEAR})"
    rf"\s{{0,3}}(?:[-–—]|(?P<og>\bog\b(?: med)?)|\btil\b(?: (?:og )?med)?|t\.o\.m\.)\s{{0,3}}"
    rf"{_WORD}(?P<last>{_A_YEAR})(?!\d)",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"(?:fra|enn i|mot|sammenlignet med|i forhold til|siden|mot i|enn)\s+(?:\w+ av |i )?$", re.IGNORECASE
)
# «2019 = 100» is a base, «2000 innbyggere» a number.
_NO_YEAR = re.compile(
    rf"{_A_YEAR}\s*=\s*\d+|(?<![\d.]){_A_YEAR}\s+(?:innb|liste|pas|leg|plass|kron)\w*", re.IGNORECASE
)
_MOMENT = re.compile(
    rf"(?:\b\d{{1,2}}\.(?P<number>\d{{1,2}})\.|\b(?P<month>{'|'.join(_SHORT)})[a-zæøå]*\.?\s*)?"
    rf"(?<![\d,])(?P<year>{_A_YEAR})(?![\d,]\d|\d)",
    re.IGNORECASE,
)


def named_periods(text: str) -> list[NamedPeriod]:
    """Return the periods that a text names, in order.

    >>> [str(named.period) for named in named_periods("Fra 2019 til 2025 økte tallet, og mest i 2022")]
    ['2019–2025', '2022']
    """
    found: list[NamedPeriod] = []
    taken: list[tuple[int, int]] = []
    for match in _SPAN.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        listed = match["og"] and not re.match(r"\s*mellom", match[0], re.IGNORECASE)
        if first < last and not listed:
            found.append(NamedPeriod(match.start("first"), match.end(), Period(last, first)))
            taken.append((match.start("first"), match.end()))
    for match in YEARS.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            before = text[max(0, match.start() - 30) : match.start()]
            year = Period(int(match[0][:4]))
            found.append(NamedPeriod(match.start(), match.end(), year, bool(_BASE.search(before))))
    return sorted(found, key=lambda named: named.position)


def moments(text: str) -> list[Moment]:
    """Return the points in time that a text names.

    Examples
    --------
    >>> [str(moment) for moment in moments("Desember 2019 til 2025, samt per mai 2026. 2019 = 100.")]
    ['desember 2019', '2025', 'mai 2026']
    """
    found = []
    for match in _MOMENT.finditer(_NO_YEAR.sub(" ", text)):
        month = int(match["number"]) if match["number"] else 0
        if match["month"]:
            month = _SHORT.index(match["month"].lower()) + 1
        found.append(Moment(int(match["year"]), month if month <= 12 else 0))
    return found


def span(text: str) -> tuple[Moment, Moment] | None:
    """Return the first «from – to» that a text names.

    >>> [str(end) for end in span("i perioden mai 2020 til mars 2026")]
    ['mai 2020', 'mars 2026']
    """
    spans = (match[0] for match in _SPAN.finditer(_NO_YEAR.sub(" ", text)) if not match["og"])
    ends = moments(next(spans, ""))
    return (ends[0], ends[-1]) if len(ends) >= 2 else None


def years_in(text: str) -> tuple[int, ...]:
    """Return every year that a header or label names, in order; a span gives its ends.

    >>> years_in("Endring 2019- 2025 Kv4"), years_in("Totalt")
    ((2019, 2025), ())
    """
    return tuple(int(year) for year in YEAR.findall(text))


def year_of(text: str) -> int | None:
    """Return the only year that a header names.

    >>> year_of("2025 Kv4"), year_of("2024-2025"), year_of("Endr. siste år")
    (2025, None, None)
    """
    years = years_in(text)
    return years[0] if len(years) == 1 else None


def period_of(text: str) -> tuple[int, int] | None:
    """Return the two years that a header runs between.

    >>> period_of("Endring 2024- 2025 Kv4")
    (2024, 2025)
    """
    ends = span(text)
    return (ends[0].year, ends[1].year) if ends else None
