"""The same quantity at two places of the prose, with different numbers or for different times."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from analysis_lib.audit.claims.claim import in_words
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.statement import Statement
from analysis_lib.audit.claims.words import covered, kin
from analysis_lib.audit.findings import Finding, Verdict

_ALIKE, _SUBJECT = 0.6, 6.0
_CLOSE = 5 / 4
_TELLING = 100


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
    by_line: dict[int, list[Statement]] = defaultdict(list)
    for one in statements:
        if one.period and one.explicit and one.quantity.upper is None:
            by_line[one.line].append(one)
    for (_, first), (_, second) in combinations(sorted(by_line.items()), 2):
        shared = {_print(a) for a in first} & {_print(b) for b in second}
        topic = sum(number >= _TELLING for _, number, _ in shared) > 1
        for a in first:
            for b in second:
                if _print(a) not in shared and _print(b) not in shared:
                    yield from _compared(a, b, words, topic)


def _print(one: Statement) -> tuple[str, Fraction, Period | None]:
    return one.quantity.unit, one.quantity.number, one.period


def _compared(a: Statement, b: Statement, words: Words, topic: bool) -> Iterator[Finding]:
    said, other = a.quantity, b.quantity
    if (said.unit, a.kind, a.per) != (other.unit, b.kind, b.per) or min(said.number, other.number) < 1:
        return
    alike = words.alike(a.near, b.near)
    if topic and said.number == other.number >= _TELLING and a.period != b.period:
        yield _finding(a, b, "Samme tall er sagt om ulik tid", alike)
    elif (
        a.period == b.period
        and alike >= _ALIKE
        and words.weight(a.near) >= _SUBJECT
        and said.interval.intersect(other.interval) is None
    ):
        ratio = max(said.number, other.number) / min(said.number, other.number)
        if 1 < ratio <= _CLOSE:
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
