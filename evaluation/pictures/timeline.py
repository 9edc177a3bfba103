"""A time axis of whole years or months: where a period has its point, and where a day falls between them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.errors import NotatbokFeil
from analysis_lib.present.charts.labels import text_width, width_of, year_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = (1, 2, 3, 6, 12, 24, 60)
SHORT = ("jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des.")


@dataclass(frozen=True)
class Timeline:
    """Periods as consecutive whole numbers: years as they are, or months since the year 0.

    A period's point stands at its number, and the period reaches half a step to each side.
    """

    months: bool

    def number(self, period: str) -> int:
        """Return a period's number."""
        day = first_day(period)
        return 12 * day.year + day.month - 1 if self.months else day.year

    def edge(self, day: date) -> float:
        """Return where a day begins.

        >>> Timeline(months=False).edge(date(2025, 1, 1)), Timeline(months=True).edge(date(2025, 4, 16))
        (2024.5, 24303.0)
        """
        if self.months:
            length = calendar.monthrange(day.year, day.month)[1]
            return 12 * day.year + day.month - 1.5 + (day.day - 1) / length
        return day.year - 0.5 + (day - date(day.year, 1, 1)).days / (365 + calendar.isleap(day.year))

    def reach(self, period: str) -> tuple[float, float]:
        """Return where a mark begins and ends: alike unless its period is longer than a step of the axis."""
        start, end = first_day(period), last_day(period)
        step = last_day(f"{start:%Y-%m}" if self.months else f"{start:%Y}")
        return self.edge(start), self.edge(end + timedelta(days=1)) if end > step else self.edge(start)

    def period(self, number: int) -> str:
        """Return a number's period as the data write it."""
        return f"{number // 12}-{number % 12 + 1:02d}" if self.months else str(number)

    def words(self, first: int, last: int | None = None) -> str:
        """Return a period, or the span from one to another, as prose writes it.

        >>> Timeline(months=True).words(12 * 2026), Timeline(months=True).words(12 * 2026, 12 * 2026 + 4)
        ('januar 2026', 'januar–mai 2026')
        """
        span = dict.fromkeys(self.period(number) for number in (first, first if last is None else last))
        return in_words("–".join(span)) if self.months else "–".join(span)

    def short(self, number: int) -> str:
        """Return a period as an axis writes it: «jan. 2026».

        >>> Timeline(months=True).short(12 * 2026), Timeline(months=False).short(2026)
        ('jan. 2026', '2026')
        """
        return f"{SHORT[number % 12]} {number // 12}" if self.months else str(number)


def timeline(periods: Iterable[object]) -> Timeline:
    """Return the axis that all the periods fit on: years (``2026``) or months (``2026-01``).

    Raises
    ------
    NotatbokFeil
        For anything else, or years and months together.
    """
    steps = {len(readable(period)) for period in periods}
    if not steps <= {len("2026"), len("2026-01")} or len(steps) > 1:
        raise NotatbokFeil("tidsaksen skal ha enten år (2026) eller måneder (2026-01)")
    return Timeline(months=steps == {len("2026-01")})


def readable(period: object) -> str:
    """Return a period as text, or refuse what is none.

    Raises
    ------
    NotatbokFeil
    """
    text = str(period)
    try:
        first_day(text), last_day(text)
    except ValueError:
        raise NotatbokFeil(
            f"«{text}» er ikke et år, en måned eller en dato (2024, 2025-07, 2026-01-01)"
        ) from None
    return text


def period_ticks(axes: Axes, shown: Sequence[int], axis: Timeline) -> None:
    """Write the periods, as many as there is room for; months at even steps from the turn of a year."""
    axes.set(xlabel="", ylabel="")
    if not axis.months:
        year_ticks(axes, shown)
        return
    low, high = axes.get_xlim()
    wide = text_width(axis.short(shown[-1]), weight="normal") + 8
    room = wide * (high - low) / width_of(axes)
    step = next((step for step in STEPS if step >= room), STEPS[-1])
    every = [number for number in range(shown[0], shown[-1] + 1) if number % step == 0] or [shown[0]]
    axes.set_xticks(every, [axis.short(number) for number in every])
