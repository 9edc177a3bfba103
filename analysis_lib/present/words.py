"""Words that the data choose: rank, superlatives, lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from analysis_lib.data.periods import in_words
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.series import (
    Series,
    andel,
    andeler,
    differanse,
    endring,
    indeks,
    rate,
    rater,
    sum_av,
    toppverdi,
)
from analysis_lib.indicators.values import Value, in_one_unit
from analysis_lib.present.binding import Words, compared, navn
from analysis_lib.present.numbers import as_shown

K = TypeVar("K")


def tied(values: Mapping[K, Value], *, smallest_first: bool = False) -> list[list[K]]:
    """Return the names from the largest to the smallest, those together that are as large as shown.

    Two numbers are as large where they round to the same in the coarser of their own two precisions. One
    number missing makes every rank unsure: there is then no order.
    """
    if any(value.point is None for value in values.values()):
        return []
    size = dict(zip(values, (value.point or 0 for value in in_one_unit(values.values())), strict=True))
    rest = sorted(values, key=lambda name: size[name], reverse=not smallest_first)
    groups = []
    while rest:
        alike = {name for name in rest if len({*as_shown((values[rest[0]], values[name]))}) == 1}
        groups.append([name for name in values if name in alike])
        rest = [name for name in rest if name not in alike]
    return groups


def listing(words: Sequence[str]) -> str:
    """Join words the Norwegian way.

    >>> listing(["a", "b", "c"])
    'a, b og c'
    """
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} og {words[-1]}"


def _extreme(values: Mapping[str, Value], *, smallest: bool) -> Words:
    groups = tied(values, smallest_first=smallest)
    return Words(listing(groups[0]) if groups else "", tuple(values.values()))


def størst(values: Mapping[str, Value]) -> Words:
    """Name the largest of several values; ties are all named."""
    return _extreme(values, smallest=False)


def minst(values: Mapping[str, Value]) -> Words:
    """Name the smallest of several values; ties are all named."""
    return _extreme(values, smallest=True)


def rangert(values: Mapping[str, Value]) -> Words:
    """List the names from the largest to the smallest, those together that are equal as shown.

    >>> from analysis_lib.indicators.values import found
    >>> values = {name: found(n, name, how="", formula="", terms=()) for name, n in zip("abcd", (1, 3, 2, 3))}
    >>> rangert(values).text
    'b og d likt, deretter c, deretter a'
    """
    groups = [listing(names) + (" likt" if names[1:] else "") for names in tied(values)]
    ties = len(groups) < len(values)
    text = ", deretter ".join(groups) if ties else listing(groups)
    return Words(text, tuple(values.values()))


def sammenlign(value: Value, other: Value, words: str) -> Words:
    """Choose between «more|less|as much» by comparing two values as they are shown.

    >>> from analysis_lib.indicators.edition import Edition
    >>> cell = Edition(2025).value
    >>> lis1, legevakt = cell("8.1", "lis1", 2025), cell("8.1", "legevakt", 2025)
    >>> sammenlign(lis1, legevakt, "mer enn|mindre enn|like mye som").text
    'mindre enn'
    """
    choices = words.split("|")
    in_one_unit((value, other))
    if value.point is None or other.point is None:
        return Words("", (value, other))
    if len(choices) != 3:
        raise NotatbokFeil(f"«{words}» skal ha tre alternativer: mer|mindre|likt")
    a, b = as_shown((value, other))
    return Words(compared(a, b, choices), (value, other), tuple(choices))


def toppår(series: Series) -> Words:
    """Name the period in which a series is at its highest; those that tie as shown are all named."""
    known = {in_words(period): value for period, value in series.kjente.items()}
    return størst(known) if known else Words("", tuple(series.verdier.values()))


# What every text cell may use without importing it.
VOCABULARY = {
    "andel": andel,
    "andeler": andeler,
    "differanse": differanse,
    "endring": endring,
    "indeks": indeks,
    "rate": rate,
    "rater": rater,
    "sum_av": sum_av,
    "toppverdi": toppverdi,
    "minst": minst,
    "navn": navn,
    "rangert": rangert,
    "sammenlign": sammenlign,
    "størst": størst,
    "toppår": toppår,
}
