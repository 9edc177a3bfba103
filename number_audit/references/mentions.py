"""References in a text: «tabell 8.4 og 8.5», «figur 11.1–11.3», «kapittel 19 om …».

The kinds of findings about references: what each weighs for the reader, and how one is made.

What a reference can point to, and which target a sentence speaks of.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from analysis_lib.data.norwegian import sentences
from number_audit.document import Document
from number_audit.findings import Finding, Judgement
from number_audit.language.words import shared, stems

# «figur 1–999» is no list of figures.
MOST_BETWEEN = 50
# How much of a sentence around a reference tells what it is about.
_AROUND = 500
_KINDS = {
    "tabell": "tabell",
    "figur": "figur",
    "kap": "kapittel",
    "avsnitt": "kapittel",
    "delkap": "kapittel",
}
_NUMBER = r"[A-Z]?\d{1,3}(?:\.\d{1,2}){0,5}(?:\.[A-Z](?![a-zæøå])|[a-z](?![a-zæøå]))?(?![\d/])(?!,\d)"
_WORD = r"tabell(?:en|ene)?|figur(?:en|ene)?|(?:del)?kapitt?el|kapitlene|kap\.|avsnitt(?:ene)?"
_LIST = re.compile(
    rf"\b(?P<word>{_WORD})\s+(?P<numbers>{_NUMBER}(?:\s*(?:,|og|eller|til|–|-)\s*(?:(?:{_WORD})\s+)?{_NUMBER})*)",
    re.IGNORECASE,
)
_STEP = re.compile(
    rf"(?P<join>,|og|eller|til|–|-)?\s*(?:(?P<word>{_WORD})\s+)?(?P<number>{_NUMBER})", re.IGNORECASE
)
# «beskrevet i 6.2.3»: a number of three parts is a chapter even without the word.
_BARE = re.compile(
    r"\b(?:se|beskrevet i|omtalt i|jf\.?|jamfør|pkt\.?|punkt)\s+"
    r"(?P<number>\d{1,2}\.\d{1,2}\.\d{1,2})\b(?!\.\d)"
)
# Chapters of a law, or tables of another work, are not this report's.
_ELSEWHERE = re.compile(
    r"\s*(?:i|fra|hos)\s+(?:\w+\s+){0,3}?"
    r"(?:NOU|Meld|SSB|statistikkbanken|\w*(?:lov|forskrift|melding|rapport(?:en)? (?:for|fra))\w*)"
)
_LAW = re.compile(
    r"(?:(?:lov|forskrift)\w*,?\s*(?:§+\s*[\d-]+,?\s*)?"
    r"|(?:rapport|plan|melding|uttalelse|undersøkelse)(?:en)?(?:\s+(?:[^.;:]{0,50}\s)?\d{4}(?:[–-]\d{4})?)?,\s*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CrossReference:
    """One reference: kind of target, its number, where it stands, its sentence and paragraph.

    `before` and `after` are the sentence around it; `alone` where the sentence has no other.
    """

    kind: str
    number: str
    line: int
    section: str
    sentence: str
    paragraph: str
    before: str
    after: str
    alone: bool

    @property
    def name(self) -> str:
        """For the reader: «tabell 8.3»."""
        return f"{self.kind} {self.number}"


def cross_references(document: Document) -> list[CrossReference]:
    """Return every reference of a document's prose, notes and footnotes, in order."""
    texts = [(part.text, part.line, part.section) for part in (*document.paragraphs, *document.notes)]
    texts += [(note.text, note.line, "") for note in document.footnotes]
    found = [
        mention
        for text, line, section in texts
        for sentence in sentences(text)
        for mention in _of_sentence(sentence, text, line, section)
    ]
    return sorted(found, key=lambda mention: mention.line)


def _of_sentence(sentence: str, text: str, line: int, section: str) -> Iterator[CrossReference]:
    lists = list(_LIST.finditer(sentence))
    for match in lists:
        before, after = _around(sentence, match.start(), match.end())
        if _ELSEWHERE.match(after) or _LAW.search(before[-90:]):
            continue
        targets = list(_targets(match["word"], match["numbers"]))
        for kind, number in targets:
            alone = len(lists) == len(targets) == 1
            yield CrossReference(kind, number, line, section, sentence, text, before, after, alone)
    for match in _BARE.finditer(sentence):
        before, after = _around(sentence, match.start("number"), match.end())
        yield CrossReference(
            "kapittel", match["number"], line, section, sentence, text, before, after, not lists
        )


def _around(sentence: str, start: int, end: int) -> tuple[str, str]:
    return sentence[max(0, start - _AROUND) : start], sentence[end : end + _AROUND]


def _targets(word: str, numbers: str) -> Iterator[tuple[str, str]]:
    """Yield kind and number of each target of a list; «11.1–11.3» names those between too."""
    last = ""
    kind = _kind(word)
    for step in _STEP.finditer(numbers):
        kind = _kind(step["word"]) if step["word"] else kind
        number = step["number"]
        if last and not step["word"] and number.count(".") != last.count("."):
            continue  # «tabell 8.1 og 12 andre»
        if last and step["join"] in ("–", "-", "til"):
            yield from ((kind, between) for between in _between(last, number))
        yield kind, number
        last = number


def _between(first: str, last: str) -> Iterator[str]:
    *chapter, low = first.split(".")
    *same, high = last.split(".")
    near = low.isdecimal() and high.isdecimal() and int(high) - int(low) < MOST_BETWEEN
    if chapter == same and near:
        for number in range(int(low) + 1, int(high)):
            yield ".".join([*chapter, str(number)])


def _kind(word: str) -> str:
    return next(kind for start, kind in _KINDS.items() if word.lower().startswith(start))


# A number that cannot be read or a wrong period misleads; a word set twice does not.
WEIGHTS = {
    "unreadable_number": 0.5,
    "caption_period": 0.4,
    "header": 0.4,
    "missing_target": 0.3,
    "duplicate_number": 0.3,
    "caption_unit": 0.3,
    "wrong_topic": 0.2,
    "editors_remark": 0.2,
    "empty_reference": 0.2,
    "footnote": 0.1,
    "numbering": 0.1,
    "contents": 0.05,
    "repeated_text": 0.05,
    "never_mentioned": 0.03,
    "typography": 0.01,
}
# However sure, these mislead nobody about a number, and stop no build.
HARMLESS = frozenset({"numbering", "contents", "repeated_text", "never_mentioned", "typography"})


def slip(
    kind: str,
    line: int,
    printed: str,
    explanation: str,
    *,
    sure: float = 0.9,
    cells: tuple[str, ...] = (),
    cause: str = "",
) -> Finding:
    """Return a finding at a line; one that is harmless, or less than 0.8 sure, is doubtful."""
    certain = sure >= 0.8 and kind not in HARMLESS
    return Finding(
        kind=kind,
        where=f"linje {line}",
        cells=cells or (f"linje {line} = {printed}",),
        printed=printed,
        verdict=Judgement.CONTRADICTION if certain else Judgement.DOUBTFUL,
        explanation=explanation,
        confidence=sure,
        cause=cause,
        weight=WEIGHTS[kind],
    )


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
        self._of: dict[tuple[str, str], list[Target]] = defaultdict(list)
        for target in self.all:
            self._of[target.kind, ""].append(target)
            self._of[target.kind, target.number].append(target)
        spread = Counter(word for target in self.all for word in target.words | target.content)
        self._rarity = {word: math.log(1 + len(self.all) / count) for word, count in spread.items()}

    def of(self, kind: str, number: str = "") -> list[Target]:
        """Return the targets of a kind, or those that bear one number."""
        return self._of.get((kind, number), [])

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
