"""The same quantity at two places of the prose, with different numbers or for different times."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from analysis_lib.audit.claims.claim import in_words
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.statement import Kind, Statement
from analysis_lib.audit.claims.words import covered, kin
from analysis_lib.audit.findings import Finding, Verdict

_ALIKE, _SUBJECT = 0.6, 6.0
_CLOSE = Fraction(5, 4)
_TELLING = 100

_Print = tuple[str, Fraction, Period | None]
_Key = tuple[tuple[str, Kind, int], Period | Fraction | None]


class Words:
    """How much two sets of words share, rare words counting most.

    Parameters
    ----------
    paragraphs : sequence of frozenset of str
        The words of every paragraph; a word that stands in many of them says little.
    """

    def __init__(self, paragraphs: Sequence[frozenset[str]]) -> None:
        self._count = Counter(word for words in paragraphs for word in words)
        self._all = len(paragraphs) + 1

    def weight(self, words: frozenset[str]) -> float:
        """Return the information of a set of words."""
        return sum(math.log(self._all / (self._count[word] + 1)) for word in words)

    def shared(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return the information of the words of `a` that stand in `b` too, or in a compound there."""
        return self.weight(frozenset(word for word in a if kin(word, b)))

    def alike(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return the share of information that two sets have in common, from 0 to 1."""
        shared = frozenset(word for word in a if covered(word, b)) | frozenset(
            word for word in b if covered(word, a)
        )
        whole = self.weight(a | b)
        return self.weight(shared) / whole if whole > 0 else 0.0


def same_numbers(statements: Sequence[Statement], words: Words) -> Iterator[Finding]:
    """Yield numbers of one quantity that differ; two paragraphs that share two numbers are of one topic."""
    told = [one for one in statements if one.period and one.explicit and one.quantity.upper is None]
    by_line: dict[int, set[_Print]] = defaultdict(set)
    for one in told:
        by_line[one.line].add(_print(one))
    for pair in _pairs([one for one in told if one.quantity.number > 0]):
        a, b = sorted(pair, key=lambda one: one.line)
        shared = by_line[a.line] & by_line[b.line]
        topic = sum(number >= _TELLING for _, number, _ in shared) > 1
        if a.line != b.line and _print(a) not in shared and _print(b) not in shared:
            yield from _compared(a, b, words, topic)


def _print(one: Statement) -> _Print:
    return one.quantity.unit, one.quantity.number, one.period


def _pairs(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Yield what may be of one quantity: numbers near each other at one time, the same number at two."""
    at_once: dict[_Key, list[Statement]] = defaultdict(list)
    alike: dict[_Key, list[Statement]] = defaultdict(list)
    for one in sorted(statements, key=lambda one: one.quantity.number):
        of_kind = one.quantity.unit, one.kind, one.per
        at_once[of_kind, one.period].append(one)
        if one.quantity.number >= _TELLING:
            alike[of_kind, one.quantity.number].append(one)
    for group in at_once.values():
        numbers = [one.quantity.number for one in group]
        for one, number in zip(group, numbers, strict=True):
            near = group[bisect_right(numbers, number) : bisect_right(numbers, _CLOSE * number)]
            yield from ((one, other) for other in near)
    for group in alike.values():
        yield from (pair for pair in combinations(group, 2) if pair[0].period != pair[1].period)


def _compared(a: Statement, b: Statement, words: Words, topic: bool) -> Iterator[Finding]:
    if a.quantity.number < 1:
        return
    alike = words.alike(a.near, b.near)
    if a.period != b.period:
        if topic:
            yield _finding(a, b, "Samme tall er sagt om ulik tid", alike)
    elif (
        alike >= _ALIKE
        and words.weight(a.near) >= _SUBJECT
        and a.quantity.interval.intersect(b.quantity.interval) is None
    ):
        yield _finding(a, b, "Samme størrelse er sagt med ulike tall", alike)


def _finding(a: Statement, b: Statement, what: str, alike: float) -> Finding:
    return Finding(
        kind="same_quantity",
        where=f"linje {a.line}, {in_words(a)}",
        cells=tuple(f"linje {one.line}, {in_words(one)} = {one.quantity.printed}" for one in (a, b)),
        printed=a.quantity.printed,
        verdict=Verdict.DOUBTFUL,
        explanation=f"{what}, i linje {a.line} og i linje {b.line}.",
        low=b.quantity.interval.low,
        high=b.quantity.interval.high,
        confidence=0.4 + alike / 2,
        cause=f"linje {a.line} mot linje {b.line}",
        weight=float(abs(1 - a.quantity.number / b.quantity.number)),
    )
