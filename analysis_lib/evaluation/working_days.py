"""Norwegian working days: the exposure of what happens in office hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from analysis_lib.evaluation.checks import whole
from analysis_lib.evaluation.refusal import Reason, refuse


def easter_sunday(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar (Meeus 1991, chapter 8).

    >>> easter_sunday(2026)
    datetime.date(2026, 4, 5)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of Norway, Sundays not counted as such."""
    easter = easter_sunday(year)
    movable = (easter + timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50))
    fixed = (date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)))
    return frozenset((*movable, *fixed))


def working_days(year: int, month: int) -> int:
    """Return Mondays to Fridays less public holidays; half-days before holidays count as whole.

    Raises
    ------
    AnalyseAvvist
        INVALID_VALUE if there is no such month.

    Examples
    --------
    >>> [working_days(2026, month) for month in range(1, 7)]
    [21, 20, 22, 19, 18, 22]
    """
    year, month = whole(year, "året", least=1900), whole(month, "måneden", least=1)
    if month > 12 or year > 2999:
        refuse(Reason.INVALID_VALUE, f"måned {month} i {year} finnes ikke i kalenderen")
    day, closed, count = date(year, month, 1), public_holidays(year), 0
    while day.month == month:
        count += day.weekday() < 5 and day not in closed
        day += timedelta(days=1)
    return count


def working_days_of(months: Sequence[tuple[int, int]]) -> list[int]:
    """Return the working days of each (year, month).

    >>> working_days_of([(2025, 12), (2026, 1)])
    [21, 21]
    """
    return [working_days(year, month) for year, month in months]
