"""Periods as the data write them: ``2024``, ``2025-07``, ``2026-01-01``, and spans with an en dash."""

from __future__ import annotations

import calendar
import re
from datetime import date

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
_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def _parts(period: str) -> list[int]:
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"«{period}» er ikke et år, en måned eller en dato (2024, 2025-07, 2026-01-01)")
    return [int(part) for part in match.groups() if part is not None]


def first_day(period: str) -> date:
    """Return the first day of a period.

    >>> first_day("2025-07"), first_day("2019–2022")
    (datetime.date(2025, 7, 1), datetime.date(2019, 1, 1))
    """
    year, month, day = (*_parts(period.split("–")[0]), 1, 1)[:3]
    return date(year, month, day)


def last_day(period: str) -> date:
    """Return the last day of a period.

    >>> last_day("2024-02"), last_day("2019–2022")
    (datetime.date(2024, 2, 29), datetime.date(2022, 12, 31))
    """
    parts = _parts(period.split("–")[-1])
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def in_words(period: str) -> str:
    """Return a period as Norwegian prose writes it.

    >>> in_words("2024"), in_words("2026-01-01"), in_words("2025-07–2025-12")
    ('2024', '1. januar 2026', 'juli–desember 2025')
    """
    first, dash, last = period.partition("–")
    if dash:
        shared = f" {first[:4]}" if first[:4] == last[:4] and "-" in first else ""
        return f"{in_words(first).removesuffix(shared)}–{in_words(last)}"
    year, *rest = _parts(period)
    words = [f"{rest[1]}."] if len(rest) > 1 else []
    return " ".join([*words, *([MONTHS[rest[0] - 1]] if rest else []), str(year)])


def grain(period: str) -> str:
    """Return what a period is: «år», «måned» or «dag»; «spenn» from one to another.

    >>> grain("2024"), grain("2025-07"), grain("2019–2022")
    ('år', 'måned', 'spenn')
    """
    return "spenn" if "–" in period else ("år", "måned", "dag")[len(_parts(period)) - 1]
