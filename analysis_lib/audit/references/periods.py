"""Periods named in words: years, months, quarters, and from when to when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis_lib.data.periods import MONTHS

_SHORT = [name[:3] for name in MONTHS]
_MONTH = rf"(?:{'|'.join(_SHORT)})[a-zæøå]*\.?"
_YEAR = r"(?:19|20)\d\d"
# «2019 = 100» is a base, «2000 innbyggere» a number.
_BASE = re.compile(
    rf"{_YEAR}\s*=\s*\d+|(?<![\d.]){_YEAR}\s+(?:innb|liste|pas|leg|plass|kron)\w*", re.IGNORECASE
)
_MOMENT = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.|\b(?P<month>{_MONTH})\s*)?(?<![\d,])(?P<year>{_YEAR})(?![\d,]\d|\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:{_MONTH}\s*)?(?<!\d){_YEAR}\s*(?:[-–—]|til(?: og med)?|t\.o\.m\.)\s*(?:{_MONTH}\s*)?{_YEAR}",
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
    for match in _MOMENT.finditer(_BASE.sub(" ", text)):
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
    match = _RANGE.search(_BASE.sub(" ", text))
    ends = moments(match[0]) if match else []
    return (ends[0], ends[-1]) if len(ends) >= 2 else None
