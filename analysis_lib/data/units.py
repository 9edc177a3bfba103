"""Units and their scales: how many ones each counts, and the units that amounts are shown in.

The one table of the kind: what a relation multiplies by, what a text is written in, and what a check
reads back, are the same numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Amounts of money by how many kroner they count; only these can be divided on inhabitants.
AMOUNTS = {"mrd. kroner": 10**9, "mill. kroner": 10**6, "1000 kroner": 10**3, "kroner": 1}
KRONER = AMOUNTS | {"kroner per innbygger": 1}
HEADCOUNTS = {"1000 personer": 10**3, "personer": 1}
# Powers of ten by the words that name them, which may be shortened with a point.
SCALES = {"tusen": 3, "mill": 6, "million": 6, "millioner": 6, "mrd": 9, "milliard": 9, "milliarder": 9}
_THOUSANDS = re.compile(r"\b1[ \u00a0\u202f]?000(?= (?:kr|kroner|personer)\b)")
_SCALED = re.compile(rf"\b(?:{'|'.join(SCALES)})\b", re.IGNORECASE)
# What counts the same by another name: a place on a list is for one person, a consultation is a contact.
_SAME = {"innbyggere": "personer", "listeinnbyggere": "personer", "plasser": "personer"}
_SAME |= {"konsultasjoner": "kontakter"}
_PER = re.compile(r"\bper (\d+(?:[ \u00a0]\d{3})*)\b")
_RATE = re.compile(r"\bper \d.*")


def measure(unit: str) -> tuple[int, str]:
    r"""Return how many ones a unit counts, and what it counts; units of one kind count the same.

    >>> measure("mill. kroner"), measure("1 000 personer"), measure("prosent")
    ((1000000, 'kroner'), (1000, 'personer'), (1, 'prosent'))
    >>> measure("årsverk per 10 000 innbyggere") == measure("per 10\u00a0000 innbyggere")
    True
    """
    if (rate := _RATE.search(unit)) and "kroner" not in unit[: rate.start()]:
        # What a rate counts is often said by its title alone: «per 10 000 innbyggere».
        return 1, rate[0].replace("\u00a0", " ")
    first, _, rest = re.sub(r"^1[ \u00a0\u202f]?000\b", "tusen", unit).partition(" ")
    power = SCALES.get(first.removesuffix("."), 0) if rest else 0
    return 10**power, _SAME.get(rest if power else unit, rest if power else unit)


def power_in(text: str) -> int:
    r"""Return the largest power of ten that a text says that its numbers are in.

    >>> power_in("Utgifter i mill. kroner"), power_in("1\u00a0000 personer"), power_in("Antall kommuner")
    (6, 3, 0)
    """
    words = _SCALED.findall(_THOUSANDS.sub("tusen", text))
    return max((SCALES[word.lower()] for word in words), default=0)


def per(unit: str) -> int:
    r"""Return for how many of its denominator a unit counts: a thousand in «per 1000 innbyggere».

    >>> per("bytter per 1000 listeinnbyggere"), per("per 10\u00a0000 innbyggere"), per("kroner per innbygger")
    (1000, 10000, 1)
    """
    found = _PER.search(unit)
    return int(re.sub(r"\D", "", found[1])) if found else 1


def countable(unit: str) -> bool:
    """Tell whether a unit counts something, so that there can be so many for each of another.

    >>> [countable(unit) for unit in ("leger", "mill. kroner", "prosent", "indeks, 2019 = 100")]
    [True, True, False, False]
    """
    return not unit.startswith(("prosent", "indeks", "forholdstall"))


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit that a text may show a number in: its scale, the words behind the number, usual decimals."""

    scale: int
    words: str
    decimals: int


# By the name of the format that an analyst types: ``{utgift:mrd}``.
SHOWN_UNITS = {
    "mrd": ShownUnit(10**9, "mrd.\u00a0kroner", 1),
    "mill": ShownUnit(10**6, "mill.\u00a0kroner", 0),
    "kroner": ShownUnit(1, "kroner", 0),
    "millioner": ShownUnit(10**6, "millioner", 1),
}


def scale_shown(text: str, unit: str) -> int:
    r"""Return how many ones a text with a number counts in: as its words say, else as the value's unit.

    >>> scale_shown("18,6\u00a0mrd.\u00a0kroner", "mill. kroner"), scale_shown("18\u00a0572", "mill. kroner")
    (1000000000, 1000000)
    """
    named = [shown.scale for shown in SHOWN_UNITS.values() if text.endswith(f"\u00a0{shown.words}")]
    return named[0] if named else KRONER.get(unit, 1)
