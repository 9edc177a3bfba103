"""What a reference can point to, and which target a sentence speaks of."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from analysis_lib.audit.document import Document
from analysis_lib.audit.references.stems import shared, stems

_TITLE_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Target:
    """A table, figure or chapter: what it is called, and the stems of its title and of what it holds."""

    kind: str
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
        spread = Counter(word for target in self.all for word in target.words | target.content)
        self._rarity = {word: math.log(1 + len(self.all) / count) for word, count in spread.items()}

    def of(self, kind: str, number: str = "") -> list[Target]:
        """Return the targets of a kind, or those that bear one number."""
        return [item for item in self.all if item.kind == kind and number in ("", item.number)]

    def fit(self, words: AbstractSet[str], target: Target) -> float:
        """Return how well words fit a target: rare words count most, those of its title three times."""
        titled = shared(words, target.words)
        held = shared(words - titled, target.content)
        return _TITLE_WEIGHT * self._weight(titled) + self._weight(held)

    def best(self, kind: str, words: AbstractSet[str], besides: Callable[[Target], bool]) -> Target | None:
        """Return the target whose title the words fit best, among those that `besides` does not rule out."""
        open_to = [target for target in self.of(kind) if not besides(target)]
        return max(open_to, key=lambda target: (self.fit(words, target), target.key), default=None)

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._rarity.get(word, 1.0) for word in words)


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
                frozenset(stems(caption.text)),
                frozenset(stems(labels)),
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
            words = frozenset(stems(heading.title))
            content = frozenset(texts.get(heading.number, set()))
            targets.append(
                Target(
                    "kapittel", heading.number, heading.number, heading.title, heading.line, words, content
                )
            )
    return targets
