"""Norwegian public holidays and working days, computed for any year."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
from pandas.tseries.holiday import AbstractHolidayCalendar, Holiday
from pandas.tseries.offsets import Day, Easter

_FIXED = {
    "1. nyttårsdag": (1, 1),
    "1. mai": (5, 1),
    "17. mai": (5, 17),
    "1. juledag": (12, 25),
    "2. juledag": (12, 26),
}
_FROM_EASTER = {
    "skjærtorsdag": -3,
    "langfredag": -2,
    "2. påskedag": 1,
    "Kristi himmelfartsdag": 39,
    "2. pinsedag": 50,
}  # Easter Day and Whit Sunday are Sundays


class NorwegianHolidays(AbstractHolidayCalendar):
    """Public holidays by the Acts on public holidays (1995) and on 1 and 17 May (1947)."""

    rules = [  # noqa: RUF012
        *(Holiday(name, month=month, day=day) for name, (month, day) in _FIXED.items()),
        *(Holiday(name, month=1, day=1, offset=[Easter(), Day(days)]) for name, days in _FROM_EASTER.items()),
    ]


@cache
def working_days(year: int) -> tuple[date, ...]:
    """Return the days from Monday to Friday of a year that are no public holidays.

    Examples
    --------
    >>> len(working_days(2025))
    252
    """
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    free = NorwegianHolidays().holidays(first, last)
    return tuple(day.date() for day in pd.bdate_range(first, last) if day not in free)
