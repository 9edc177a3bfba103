"""Periods as the data write them: a year, half-year, quarter, month, day or school year, and spans of them.

``2024``, ``2024H1``, ``2024K3`` (also ``2024Q3``), ``2025-07`` (also ``2025M07``), ``2026-01-01`` and
``2024/2025``; a span has an en dash: ``2019–2022``. This is the one reader of them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
# A year in running text, a label or a key.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# School years begin in August.
_SCHOOL_START = 8
_PERIOD = re.compile(
    r"(?P<year>\d{4})"
    r"(?:H(?P<half>[12])|[KQ](?P<quarter>[1-4])|M(?P<letter>\d{2})|/(?P<school>\d{4}|\d{2})"
    r"|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"
)
_EXPECTED = "et år, et halvår, et kvartal, en måned, en dato eller et skoleår"
_EXAMPLES = "2024, 2024H1, 2024K3, 2025-07, 2026-01-01, 2024/2025"


class Frequency(StrEnum):
    """How long a period is."""

    YEAR = "år"
    SCHOOL_YEAR = "skoleår"
    HALF_YEAR = "halvår"
    QUARTER = "kvartal"
    MONTH = "måned"
    DAY = "dag"

    @property
    def months(self) -> int:
        """How many months it has; 0 for a day."""
        lengths = {"år": 12, "skoleår": 12, "halvår": 6, "kvartal": 3, "måned": 1, "dag": 0}
        return lengths[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of the calendar, by its first day and its length; in the order of time.

    Examples
    --------
    >>> third = Period.read("2024K3")
    >>> str(third), third.words, str(third.last), str(third.after(2))
    ('2024K3', '3. kvartal 2024', '2024-09-30', '2025K1')
    >>> Period.read("2025M05") == Period.read("2025-05") < Period.read("2025-06")
    True
    """

    first: date
    frequency: Frequency

    @classmethod
    def read(cls, text: str) -> Period:
        """Read one period.

        Raises
        ------
        ValueError
            If it is none, with what was expected; or if the date does not exist.
        """
        match = _PERIOD.fullmatch(text)
        if match is None or (match["school"] and not _follows(match["year"], match["school"])):
            raise ValueError(f"«{text}» er ikke {_EXPECTED} ({_EXAMPLES})")
        year, month = int(match["year"]), int(match["month"] or match["letter"] or 1)
        try:
            if match["school"]:
                return cls(date(year, _SCHOOL_START, 1), Frequency.SCHOOL_YEAR)
            if match["half"]:
                return cls(date(year, 6 * int(match["half"]) - 5, 1), Frequency.HALF_YEAR)
            if match["quarter"]:
                return cls(date(year, 3 * int(match["quarter"]) - 2, 1), Frequency.QUARTER)
            if match["day"]:
                return cls(date(year, month, int(match["day"])), Frequency.DAY)
            named = match["month"] or match["letter"]
            return cls(date(year, month, 1), Frequency.MONTH if named else Frequency.YEAR)
        except ValueError:
            raise ValueError(f"«{text}» er en ugyldig dato, den finnes ikke i kalenderen") from None

    def after(self, steps: int = 1) -> Period:
        """Return the period so many steps later; earlier where negative."""
        if self.frequency is Frequency.DAY:
            return Period(self.first + timedelta(days=steps), self.frequency)
        return Period(_months_later(self.first, steps * self.frequency.months), self.frequency)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first if self.frequency is Frequency.DAY else self.after().first - timedelta(days=1)

    @property
    def year(self) -> int:
        """The year that it begins in."""
        return self.first.year

    def __str__(self) -> str:
        year, month = f"{self.first.year:04d}", self.first.month
        return {
            Frequency.YEAR: year,
            Frequency.SCHOOL_YEAR: f"{year}/{self.first.year + 1:04d}",
            Frequency.HALF_YEAR: f"{year}H{(month + 5) // 6}",
            Frequency.QUARTER: f"{year}K{(month + 2) // 3}",
            Frequency.MONTH: f"{year}-{month:02d}",
            Frequency.DAY: self.first.isoformat(),
        }[self.frequency]

    @property
    def words(self) -> str:
        """The period as Norwegian prose writes it."""
        year, month = self.first.year, self.first.month
        return {
            Frequency.YEAR: str(year),
            Frequency.SCHOOL_YEAR: f"skoleåret {year}/{year + 1}",
            Frequency.HALF_YEAR: f"{'første' if month == 1 else 'andre'} halvår {year}",
            Frequency.QUARTER: f"{(month + 2) // 3}. kvartal {year}",
            Frequency.MONTH: f"{MONTHS[month - 1]} {year}",
            Frequency.DAY: f"{self.first.day}. {MONTHS[month - 1]} {year}",
        }[self.frequency]


def _follows(year: str, school: str) -> bool:
    return f"{int(year) + 1:04d}".endswith(school)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def of_another_year(key: str, known: Collection[str]) -> str | None:
    """Return the last of the known keys that differs from an unknown one in its years alone.

    >>> of_another_year("mai_2027", ["2025", "mai_2024", "mai_2026"])
    'mai_2026'
    """
    if key in known or not YEAR.search(key):
        return None
    return max((one for one in known if YEAR.sub("", one) == YEAR.sub("", key)), default=None)


def first_day(period: str) -> date:
    """Return the first day of a period or span.

    >>> first_day("2025-07"), first_day("2019–2022")
    (datetime.date(2025, 7, 1), datetime.date(2019, 1, 1))
    """
    return Period.read(period.split("–")[0]).first


def last_day(period: str) -> date:
    """Return the last day of a period or span.

    >>> last_day("2024-02"), last_day("2019–2022"), last_day("2024/25")
    (datetime.date(2024, 2, 29), datetime.date(2022, 12, 31), datetime.date(2025, 7, 31))
    """
    return Period.read(period.split("–")[-1]).last


def in_words(period: str) -> str:
    """Return a period or span as Norwegian prose writes it.

    >>> in_words("2024"), in_words("2026-01-01"), in_words("2025-07–2025-12"), in_words("2024K1–2024K3")
    ('2024', '1. januar 2026', 'juli–desember 2025', '1. kvartal–3. kvartal 2024')
    """
    first, *rest = (Period.read(part) for part in period.split("–"))
    if not rest:
        return first.words
    shared = f" {first.year}" if first.year == rest[-1].year and first.words != str(first.year) else ""
    return f"{first.words.removesuffix(shared)}–{rest[-1].words}"


def grain(period: str) -> str:
    """Return what a period is: «år», «måned» or «dag» …; «spenn» from one to another.

    >>> grain("2024"), grain("2025-07"), grain("2019–2022")
    ('år', 'måned', 'spenn')
    """
    return "spenn" if "–" in period else Period.read(period).frequency.value
