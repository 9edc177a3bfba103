"""Which time a statement is about: the years that a sentence names, and how it relates them.

Periods named in words: years, months, quarters, and from when to when.

What headers and labels say of a number: its year or period, that it is a sum, a share, a change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from analysis_lib.data.periods import MONTHS, YEAR
from number_audit.document import Grid, GridColumn, GridRow
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


_MONTH = r"(?:\w+ (?:av )?|des\. |kv\.? ?\d )?"
_YEAR = r"((?:19|20)\d\d)"
_SPAN = re.compile(
    rf"(?:fra|mellom|perioden|årene)?\s*{_MONTH}{_YEAR}(?:\s*[–-]\s*|\s+(?:til|og)\s+(?:med\s+)?){_MONTH}{_YEAR}(?!\d)",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"(?:fra|enn i|mot|sammenlignet med|i forhold til|siden|mot i|enn)\s+(?:\w+ av |i )?$", re.IGNORECASE
)


def mentions(text: str) -> list[NamedPeriod]:
    """Return the periods that a text names, in order.

    >>> [str(m.period) for m in mentions("Fra 2019 til 2025 økte tallet, og mest i 2022")]
    ['2019–2025', '2022']
    """
    found: list[NamedPeriod] = []
    taken: list[tuple[int, int]] = []
    for match in _SPAN.finditer(text):
        first, last = int(match[1]), int(match[2])
        listed = " og " in match[0] and not re.match(r"\s*mellom", match[0], re.IGNORECASE)
        if first < last and not listed:
            found.append(NamedPeriod(match.start(1), match.end(), Period(last, first)))
            taken.append((match.start(1), match.end()))
    for match in YEARS.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            before = text[max(0, match.start() - 30) : match.start()]
            found.append(
                NamedPeriod(match.start(), match.end(), Period(int(match[0][:4])), bool(_BASE.search(before)))
            )
    return sorted(found, key=lambda mention: mention.position)


def years_in(text: str) -> tuple[int, ...]:
    """Return every year that a header or label names, in order; a span gives its ends.

    >>> years_in("Endring 2019- 2025 Kv4"), years_in("Totalt")
    ((2019, 2025), ())
    """
    return tuple(int(year) for year in YEAR.findall(text))


_SHORT = [name[:3] for name in MONTHS]
_MONTH_NAME = rf"(?:{'|'.join(_SHORT)})[a-zæøå]*\.?"
_YEAR_NAME = r"(?:19|20)\d\d"
# «2019 = 100» is a base, «2000 innbyggere» a number.
_BASE_YEAR = re.compile(
    rf"{_YEAR_NAME}\s*=\s*\d+|(?<![\d.]){_YEAR_NAME}\s+(?:innb|liste|pas|leg|plass|kron)\w*",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.|\b(?P<month>{_MONTH_NAME})\s*)?(?<![\d,])(?P<year>{_YEAR_NAME})(?![\d,]\d|\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:{_MONTH_NAME}\s*)?(?<!\d){_YEAR_NAME}\s*(?:[-–—]|til(?: og med)?|t\.o\.m\.)\s*(?:{_MONTH_NAME}\s*)?{_YEAR_NAME}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A year, and the month from 1 to 12 where one is named (0 else)."""

    year: int
    month: int = 0

    def __str__(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)


def moments(text: str) -> list[Moment]:
    """Return the points in time that a text names.

    Examples
    --------
    >>> [str(moment) for moment in moments("Desember 2019 til 2025, samt per mai 2026. 2019 = 100.")]
    ['desember 2019', '2025', 'mai 2026']
    """
    found = []
    for match in _MOMENT.finditer(_BASE_YEAR.sub(" ", text)):
        month = int(match["number"]) if match["number"] else 0
        if match["month"]:
            month = _SHORT.index(match["month"].lower()[:3]) + 1
        found.append(Moment(int(match["year"]), month if month <= 12 else 0))
    return found


def span(text: str) -> tuple[Moment, Moment] | None:
    """Return the first «from – to» that a text names.

    >>> [str(end) for end in span("i perioden mai 2020 til mars 2026")]
    ['mai 2020', 'mars 2026']
    """
    match = _RANGE.search(_BASE_YEAR.sub(" ", text))
    ends = moments(match[0]) if match else []
    return (ends[0], ends[-1]) if len(ends) >= 2 else None


PERIOD = re.compile(r"((?:19|20)\d\d)\s*[-–—]\s*((?:19|20)\d\d)")
TOTAL = re.compile(r"\W*(?:(?:del)?sum|totalt?|i alt|samlet|hele landet|til sammen|alle)\b", re.IGNORECASE)
PERCENT = re.compile(r"prosent|%|andel", re.IGNORECASE)
CHANGE = re.compile(r"endr|vekst|netto", re.IGNORECASE)
WHOLE = re.compile(r"unike|totalt|samlet|i alt", re.IGNORECASE)
INDEX = re.compile(r"indeks", re.IGNORECASE)


def year_of(text: str) -> int | None:
    """Return the only year that a header names.

    >>> year_of("2025 Kv4"), year_of("2024-2025"), year_of("Endr. siste år")
    (2025, None, None)
    """
    years = YEAR.findall(text)
    return int(years[0]) if len(years) == 1 else None


def period_of(text: str) -> tuple[int, int] | None:
    """Return the two years that a header runs between.

    >>> period_of("Endring 2024- 2025 Kv4")
    (2024, 2025)
    """
    found = PERIOD.search(text)
    return (int(found[1]), int(found[2])) if found else None


def level_columns(grid: Grid) -> dict[int, int]:
    """Return the columns of levels by their year; a year that several columns name is not among them."""
    years: dict[int, list[int]] = {}
    for j, column in enumerate(grid.columns):
        year = year_of(column.header)
        if year is not None and not CHANGE.search(column.header) and not PERCENT.search(said(column)):
            years.setdefault(year, []).append(j)
    return {year: columns[0] for year, columns in years.items() if len(columns) == 1}


def said(column: GridColumn) -> str:
    """Return all that is printed over a column."""
    return f"{column.group} {column.header}"


def is_total(label: str) -> bool:
    """Tell whether a label calls its number a sum.

    >>> is_total("Sum refusjoner"), is_total("Totalt"), is_total("Summer")
    (True, True, False)
    """
    return TOTAL.match(label) is not None


def is_heading(row: GridRow) -> bool:
    """Tell whether a row heads those below: at least half of its cells hold no number."""
    return 2 * sum(cell.number is not None for cell in row.cells) < len(row.cells)


def plain(label: str) -> str:
    """Return a label's words, without marks, hyphens and case, so that two tables' rows can be matched.

    >>> plain("+ Utjamnings-tilskudd*")
    'utjamningstilskudd'
    """
    return re.sub(r"[\W\d_]+", "", label).lower() or label.strip()
