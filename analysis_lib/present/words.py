"""Words that the data choose: rank, superlatives, lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

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
from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import round_half_up
from analysis_lib.present.prose import Words, navn


def _ranked(values: Mapping[str, Value]) -> list[tuple[str, Value]]:
    if len({value.unit for value in values.values()}) > 1:
        raise NotatbokFeil("tall med ulike enheter kan ikke rangeres")
    # One number missing makes every rank unsure: the sentence is then not said at all.
    return sorted(values.items(), key=lambda item: item[1].point or 0, reverse=True)


def listing(words: Sequence[str]) -> str:
    """Join words the Norwegian way.

    >>> listing(["a", "b", "c"])
    'a, b og c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def _extreme(ranked: list[tuple[str, Value]]) -> Words:
    """Name the first, and all that tie with it as shown."""
    first = ranked[0][1]
    if any(value.point is None for _, value in ranked):
        return Words("", tuple(value for _, value in ranked))
    level = round_half_up(first.point or Fraction(0), first.decimals)
    tied = [n for n, v in ranked if round_half_up(v.point or Fraction(0), first.decimals) == level]
    return Words(listing(tied), tuple(value for _, value in ranked))


def størst(values: Mapping[str, Value]) -> Words:
    """Name the largest of several values; ties are all named."""
    return _extreme(_ranked(values))


def minst(values: Mapping[str, Value]) -> Words:
    """Name the smallest of several values; ties are all named."""
    return _extreme(_ranked(values)[::-1])


def rangert(values: Mapping[str, Value]) -> Words:
    """List the names from the largest to the smallest."""
    ranked = _ranked(values)
    return Words(listing([name for name, _ in ranked]), tuple(value for _, value in ranked))


def sammenlign(value: Value, other: Value, words: str) -> Words:
    """Choose between «more|less|as much» by comparing two values as they are shown.

    >>> from analysis_lib.indicators.edition import Edition
    >>> cell = Edition(2025).value
    >>> lis1, legevakt = cell("8.1", "lis1", 2025), cell("8.1", "legevakt", 2025)
    >>> sammenlign(lis1, legevakt, "mer enn|mindre enn|like mye som").text
    'mindre enn'
    """
    choices = words.split("|")
    if len(choices) != 3 or value.point is None or other.point is None:
        if value.point is None or other.point is None:
            return Words("", (value, other))
        raise NotatbokFeil(f"«{words}» skal ha tre alternativer: mer|mindre|likt")
    decimals = min(value.decimals, other.decimals)
    a, b = round_half_up(value.point, decimals), round_half_up(other.point, decimals)
    return Words(choices[0 if a > b else 1 if a < b else 2], (value, other))


def toppår(series: Series) -> Words:
    """Name the year in which a series is at its highest."""
    known = series.kjente
    if not known:
        return Words("", tuple(series.verdier.values()))
    peak = max(known, key=lambda year: known[year].point or 0)
    return Words(in_words(peak), tuple(known.values()))


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
