"""What the references of a text can point to: tables, figures, chapters, and which of them words fit best."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from number_audit.document import Document, TargetKind
from number_audit.language.words import Vocabulary, marked, stems
from number_audit.reading.lines import chapter_of

_TITLE_WEIGHT = 3.0
# A word of more targets of a kind than this says nothing of which is meant.
MOST_TARGETS = 100


@dataclass(frozen=True, slots=True)
class Target:
    """A table, figure or chapter: what it is called, and the stems of its title and of what it holds."""

    kind: TargetKind
    number: str
    key: str
    title: str
    line: int
    words: frozenset[str]
    content: frozenset[str]

    @property
    def name(self) -> str:
        """For the reader: «tabell 16.1 (2)»."""
        return f"{self.kind} {self.key}"


class Targets:
    """All targets of a document, and the best for the words of a sentence.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self.all = [*_captioned(document), *_chapters(document)]
        self.titles = {heading.number: heading.title for heading in reversed(document.headings)}
        self._lines = {
            kind: sorted(caption.line for caption in document.captions if caption.kind == kind)
            for kind in TargetKind
        }
        self._of: dict[tuple[str, str], list[Target]] = defaultdict(list)
        self._holding: dict[tuple[str, str], list[Target]] = defaultdict(list)
        self._above: set[tuple[str, str]] = set()
        for target in self.all:
            self._of[target.kind, ""].append(target)
            self._of[target.kind, target.number].append(target)
            self._above.update((target.kind, above) for above in _above(target.number))
            for word in target.words | target.content:
                self._holding[target.kind, word].append(target)
        self._last = {
            kind: max((chapter_of(target.number) for target in self.of(kind)), default=0)
            for kind in TargetKind
        }
        # What only marks the beginning of words is no word of its own.
        spread = Counter(chain.from_iterable(target.words | target.content for target in self.all))
        self._rarity = {word: math.log(1 + len(self.all) / count) for word, count in spread.items()}
        self._vocabulary = Vocabulary(spread)
        self._reached: dict[tuple[str, str], list[Target]] = {}

    def of(self, kind: str, number: str = "") -> list[Target]:
        """Return the targets of a kind, or those that bear one number."""
        return self._of.get((kind, number), [])

    def neighbours(self, kind: TargetKind, line: int) -> set[int]:
        """Return the lines of the captions of a kind next before and next after a line."""
        lines = self._lines[kind]
        return {*lines[bisect_right(lines, line) - 1 :][:1], *lines[bisect_left(lines, line) :][:1]}

    def has_below(self, kind: str, number: str) -> bool:
        """Tell whether a target bears a number below this one: 8.1 below 8."""
        return (kind, number) in self._above

    def last_chapter(self, kind: TargetKind) -> int:
        """Return the chapter of the last target of a kind."""
        return self._last[kind]

    def titled(self, words: AbstractSet[str], target: Target) -> set[str]:
        """Return the words that are `shared` with the title of a target."""
        return self._shared(words, target.words)

    def fit(self, words: AbstractSet[str], target: Target) -> float:
        """Return how well words fit a target: rare words count most, those of its title three times."""
        titled = self.titled(words, target)
        held = self._shared(words - titled, target.content)
        return _TITLE_WEIGHT * self._weight(titled) + self._weight(held)

    def best(self, kind: str, words: AbstractSet[str], besides: Callable[[Target], bool]) -> Target | None:
        """Return the target whose title the words fit best, among those that `besides` does not rule out.

        Looked at are those that have a word which at most `MOST_TARGETS` have, so that thousands of
        targets with one word in common are not all compared with each sentence.
        """
        within = {id(target): target for word in words for target in self._reaching(kind, word)}
        open_to = [target for target in within.values() if not besides(target)]
        return max(open_to, key=lambda target: (self.fit(words, target), target.key), default=None)

    def _shared(self, words: AbstractSet[str], own: frozenset[str]) -> set[str]:
        return {word for word in words if not self._vocabulary.related(word).isdisjoint(own)}

    def _reaching(self, kind: str, word: str) -> list[Target]:
        """Return the targets of a kind that a word is shared with, those of the rarest words first."""
        if (kind, word) not in self._reached:
            holding = [self._holding.get((kind, other), []) for other in self._vocabulary.related(word)]
            few = sorted((held for held in holding if len(held) <= MOST_TARGETS), key=len)
            found: dict[int, Target] = {}
            for held in few:
                found.update((id(target), target) for target in held)
                if len(found) > MOST_TARGETS:
                    break
            self._reached[kind, word] = list(found.values())
        return self._reached[kind, word]

    def _weight(self, words: Iterable[str]) -> float:
        return math.fsum(self._rarity.get(word, 1.0) for word in words)


def _above(number: str) -> Iterable[str]:
    """Return the numbers that a number is below: 8.1 and 8 of 8.1.2."""
    parts = number.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts)))


@lru_cache(maxsize=256)  # a paragraph is asked for once for each reference in it
def words_of(text: str) -> frozenset[str]:
    """Return the stems of a text, the words of references left out."""
    return frozenset(stems(re.sub(r"\b(?:tabell|figur|kapittel|avsnitt)\w*", " ", text, flags=re.IGNORECASE)))


def _captioned(document: Document) -> list[Target]:
    held = {grid.line: grid for grid in document.grids}
    targets = []
    for caption in document.captions:
        grid = held.get(caption.line)
        labels = " ".join([*(c.header for c in grid.columns), *(r.label for r in grid.rows)]) if grid else ""
        targets.append(
            Target(
                caption.kind,
                caption.number,
                caption.key,
                caption.text,
                caption.line,
                marked(stems(caption.text)),
                marked(stems(labels)),
            )
        )
    return targets


def _chapters(document: Document) -> list[Target]:
    texts: dict[str, set[str]] = {}
    for paragraph in document.paragraphs:
        found = stems(paragraph.text)
        section = paragraph.section
        while section:
            texts.setdefault(section, set()).update(found)
            section = section.rpartition(".")[0]
    seen: set[str] = set()
    targets = []
    for heading in document.headings:
        if heading.number and heading.number not in seen:
            seen.add(heading.number)
            words = marked(stems(heading.title))
            content = marked(texts.get(heading.number, set()))
            targets.append(
                Target(
                    TargetKind.CHAPTER,
                    heading.number,
                    heading.number,
                    heading.title,
                    heading.line,
                    words,
                    content,
                )
            )
    return targets
