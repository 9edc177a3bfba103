"""Periods as the data write them: a year, half-year, quarter, month, day or school year, and spans of them.

``2024``, ``2024H1``, ``2024K3`` (also ``2024Q3``), ``2025-07`` (also ``2025M07``), ``2026-01-01`` and
``2024/2025``; a span has an en dash: ``2019–2022``, a hyphen where it is a key: ``2024K1-2025K4``.
This is the one reader of them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
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
# What print says beside a year: «3. kvartal», «Q3», «første halvår», «mai».
_PART = re.compile(
    r"(?P<q>[1-4])\. ?kv(?:artal|\.)?|(?:k|q|kv\.? ?|kvartal )(?P<k>[1-4])"
    r"|(?:h(?P<h>[12])|(?P<half>1|2|første|andre)\.? halvår)"
    rf"|(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)})\.?"
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

    @property
    def starts(self) -> int:
        """How many months into the year the first of them begins."""
        return _SCHOOL_START - 1 if self is Frequency.SCHOOL_YEAR else 0


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

    @classmethod
    def printed(cls, text: str) -> Period | None:
        """Read a period in any of the ways that print has, None where it is none; not a single day.

        >>> [str(Period.printed(text)) for text in ("3. kvartal 2024", "Mai 2025", "2020_2020", "1204")]
        ['2024K3', '2025-05', '2020', 'None']
        """
        plain = re.sub(r"^(\d{4})_\1$", r"\1", " ".join(text.lower().split()))
        with suppress(ValueError):
            key = cls.read(plain.removeprefix("skoleåret ").upper())
            return key if YEAR.match(str(key)) and key.frequency is not Frequency.DAY else None
        before, year, after = (plain, "", "") if not (at := YEAR.search(plain)) else _around(plain, at)
        match = _PART.fullmatch(before.rstrip(" ,") + after.lstrip(" ,-"))
        if not year or match is None:
            return None
        if name := match["month"]:
            number = [month[:3] for month in MONTHS].index(name[:3]) + 1
            return cls(date(int(year), number, 1), Frequency.MONTH)
        if half := match["h"] or match["half"]:
            return cls.read(f"{year}H{1 if half in ('1', 'første') else 2}")
        return cls.read(f"{year}K{match['q'] or match['k']}")

    @classmethod
    def at(cls, day: date, frequency: Frequency) -> Period:
        """Return the period of a frequency that a day falls in.

        >>> str(Period.at(date(2025, 3, 9), Frequency.QUARTER))
        '2025K1'
        """
        if frequency is Frequency.DAY:
            return cls(day, frequency)
        months = 12 * day.year + day.month - 1 - frequency.starts
        year, month = divmod(months - months % frequency.months + frequency.starts, 12)
        return cls(date(year, month + 1, 1), frequency)

    @property
    def ordinal(self) -> int:
        """Its number among those of its frequency, one apart; a year's is the year."""
        if self.frequency is Frequency.DAY:
            return self.first.toordinal()
        return (12 * self.first.year + self.first.month - 1) // self.frequency.months

    @property
    def year_before(self) -> Period:
        """The same period a year before."""
        return Period(_months_later(self.first, -12), self.frequency)

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


def _around(text: str, at: re.Match[str]) -> tuple[str, str, str]:
    return text[: at.start()], at[0], text[at.end() :]


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


# What a series is keyed by: a year is its number, every other period itself.
When = int | Period


def when(key: int | str | Period) -> When:
    """Return the key of a series.

    >>> when("2024"), str(when("2025M05"))
    (2024, '2025-05')
    """
    period = Period.read(key) if isinstance(key, str) else key
    return period.year if isinstance(period, Period) and period.frequency is Frequency.YEAR else period


def frequency_of(key: When) -> Frequency:
    """Return how long a key of a series is."""
    return key.frequency if isinstance(key, Period) else Frequency.YEAR


def step(key: When, steps: int = 1) -> When:
    """Return the key so many periods later; earlier where negative."""
    return key.after(steps) if isinstance(key, Period) else key + steps


def ordinal(key: When) -> int:
    """Return where a key stands on an axis: periods of a frequency are one apart."""
    return key.ordinal if isinstance(key, Period) else key


def without_gaps(keys: Iterable[When]) -> list[When]:
    """Return keys in order; between periods shorter than a year those that lack, so that gaps show."""
    known = sorted(set(keys), key=ordinal)
    if not known or isinstance(known[0], int):
        return known
    return [step(known[0], steps) for steps in range(ordinal(known[-1]) - ordinal(known[0]) + 1)]


def key_of(column: int | str | Period) -> str:
    """Return a key as the project writes it: a period by its one name, anything else as it is.

    >>> key_of("2024Q3"), key_of(2024), key_of("alis")
    ('2024K3', '2024', 'alis')
    """
    with suppress(ValueError):
        return str(Period.read(str(column)))
    return str(column)


def span(text: str) -> tuple[Period, Period]:
    """Read a period, or a span of them with an en dash or a hyphen, as its first and its last.

    >>> [str(end) for end in span("2024-01-2024-12")], [str(end) for end in span("2024-05")]
    (['2024-01', '2024-12'], ['2024-05', '2024-05'])

    Raises
    ------
    ValueError
        If it is neither.
    """
    with suppress(ValueError):
        return (Period.read(text), Period.read(text))
    for dash in re.finditer("[–-]", text):
        with suppress(ValueError):
            return Period.read(text[: dash.start()]), Period.read(text[dash.end() :])
    Period.read(text)
    raise AssertionError("what is no period was refused")


def each(text: str) -> list[Period]:
    """Return every period of a span of one frequency.

    >>> [str(period) for period in each("2024K3-2025K1")]
    ['2024K3', '2024K4', '2025K1']
    """
    first, last = span(text)
    if first.frequency is not last.frequency or last < first:
        raise ValueError(f"«{text}» er ikke første og siste periode av samme slag, som 2024K1-2025K4")
    return [first.after(steps) for steps in range(last.ordinal - first.ordinal + 1)]


def first_day(period: str) -> date:
    """Return the first day of a period or span.

    >>> first_day("2025-07"), first_day("2019–2022")
    (datetime.date(2025, 7, 1), datetime.date(2019, 1, 1))
    """
    return span(period)[0].first


def last_day(period: str) -> date:
    """Return the last day of a period or span.

    >>> last_day("2024-02"), last_day("2019–2022"), last_day("2024/25")
    (datetime.date(2024, 2, 29), datetime.date(2022, 12, 31), datetime.date(2025, 7, 31))
    """
    return span(period)[1].last


def in_words(written: str | When) -> str:
    """Return a period or span as Norwegian prose writes it.

    >>> in_words("2024"), in_words("2026-01-01"), in_words("2025-07–2025-12"), in_words("2024K1–2024K3")
    ('2024', '1. januar 2026', 'juli–desember 2025', '1. kvartal–3. kvartal 2024')
    """
    first, last = span(str(written))
    if first == last:
        return first.words
    shared = f" {first.year}" if first.year == last.year and first.words != str(first.year) else ""
    return f"{first.words.removesuffix(shared)}–{last.words}"


def grain(period: str) -> str:
    """Return what a period is: «år», «måned» or «dag» …; «spenn» from one to another.

    >>> grain("2024"), grain("2025-07"), grain("2019–2022")
    ('år', 'måned', 'spenn')
    """
    return "spenn" if "–" in period else Period.read(period).frequency.value
