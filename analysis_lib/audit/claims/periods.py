"""Which time a statement is about: the years that a sentence names, and how it relates them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from analysis_lib.audit.claims.masks import YEARS
from analysis_lib.data.periods import YEAR


class Period(NamedTuple):
    """A year, or the span from one year to another (`start` is None for a single year)."""

    end: int
    start: int | None = None

    def __str__(self) -> str:
        return str(self.end) if self.start is None else f"{self.start}–{self.end}"


@dataclass(frozen=True, slots=True)
class Mention:
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


def mentions(text: str) -> list[Mention]:
    """Return the periods that a text names, in order.

    >>> [str(m.period) for m in mentions("Fra 2019 til 2025 økte tallet, og mest i 2022")]
    ['2019–2025', '2022']
    """
    found: list[Mention] = []
    taken: list[tuple[int, int]] = []
    for match in _SPAN.finditer(text):
        first, last = int(match[1]), int(match[2])
        listed = " og " in match[0] and not re.match(r"\s*mellom", match[0], re.IGNORECASE)
        if first < last and not listed:
            found.append(Mention(match.start(1), match.end(), Period(last, first)))
            taken.append((match.start(1), match.end()))
    for match in YEARS.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            before = text[max(0, match.start() - 30) : match.start()]
            found.append(
                Mention(match.start(), match.end(), Period(int(match[0][:4])), bool(_BASE.search(before)))
            )
    return sorted(found, key=lambda mention: mention.position)


def years_in(text: str) -> tuple[int, ...]:
    """Return every year that a header or label names, in order; a span gives its ends.

    >>> years_in("Endring 2019- 2025 Kv4"), years_in("Totalt")
    ((2019, 2025), ())
    """
    return tuple(int(year) for year in YEAR.findall(text))
