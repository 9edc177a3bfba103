"""The references of a text, «tabell 8.4 og 8.5», «kapittel 19 om …», and what they can point to.

A reference that points to nothing is wrong. It is held against the words of its sentence, too: where another
target fits them far better than the one that is cited, it is doubtful.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from analysis_lib.data.norwegian import sentences
from number_audit.document import Document, TargetKind
from number_audit.findings import CheckKind, Finding, at_line
from number_audit.language.words import shared, stems
from number_audit.reading.lines import chapter_of

_TITLE_WEIGHT = 3.0


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
        for target in self.all:
            self._of[target.kind, ""].append(target)
            self._of[target.kind, target.number].append(target)
        spread = Counter(word for target in self.all for word in target.words | target.content)
        self._rarity = {word: math.log(1 + len(self.all) / count) for word, count in spread.items()}

    def of(self, kind: str, number: str = "") -> list[Target]:
        """Return the targets of a kind, or those that bear one number."""
        return self._of.get((kind, number), [])

    def neighbours(self, kind: TargetKind, line: int) -> set[int]:
        """Return the lines of the captions of a kind next before and next after a line."""
        lines = self._lines[kind]
        return {*lines[bisect_right(lines, line) - 1 :][:1], *lines[bisect_left(lines, line) :][:1]}

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


_NEAR = 20
_CLAUSE = re.compile(r"[,;:.–]")


def check_pointing(document: Document, found: Sequence[CrossReference], targets: Targets) -> list[Finding]:
    """Return the references whose target is missing, and those whose topic is another.

    Kinds of target that a document does not have are another report's, and passed over; so are other
    chapters in a document that is a single one, and a chapter of which only sections are there.
    """
    listed = {entry.number for entry in document.contents}
    chapters = {chapter_of(target.number) for target in targets.all} - {0}
    alike: dict[tuple[str, str], list[CrossReference]] = defaultdict(list)
    for mention in found:
        alike[mention.before, mention.after].append(mention)
    findings = []
    for mention in found:
        cited = targets.of(mention.kind, mention.number)
        if not cited and (
            len(targets.of(mention.kind)) < 2
            or (len(chapters) <= 1 and chapter_of(mention.number) not in {0, *chapters})
            or any(target.number.startswith(f"{mention.number}.") for target in targets.of(mention.kind))
        ):
            continue
        if not cited and not (mention.kind is TargetKind.CHAPTER and mention.number in listed):
            findings.append(_missing(mention, alike[mention.before, mention.after], targets))
        elif cited and (better := _better(mention, cited, targets)):
            findings.append(_elsewhere(mention, cited[0], better))
    return findings


def _missing(mention: CrossReference, alike: Sequence[CrossReference], targets: Targets) -> Finding:
    suggestion = _twin(mention, alike, targets)
    if not suggestion:
        meant = _meant(mention, targets)
        if meant is not None:
            suggestion = f"Trolig menes {meant.name}: {meant.title[:90]}."
    last = max(chapter_of(target.number) for target in targets.of(mention.kind))
    beyond = chapter_of(mention.number) > last
    return at_line(
        CheckKind.MISSING_TARGET,
        mention.line,
        mention.name,
        f"Henvisningen til {mention.name} peker ikke på noe. {suggestion}".strip(),
        sure=0.95,
        cause=f"henvisninger til kapitler etter {last}" if beyond else f"{mention.name} finnes ikke",
    )


def _meant(mention: CrossReference, targets: Targets) -> Target | None:
    """Return the target that a sentence is about; of a chapter it often gives the title."""
    chapter = mention.kind is TargetKind.CHAPTER
    named = words_of(" ".join(mention.after.split()[:9]) if chapter else _clause(mention))
    words = named | words_of(mention.paragraph) if chapter else named
    depth = mention.number.count(".")

    def ruled_out(target: Target) -> bool:
        beside = not chapter and f"{target.kind} {target.number}" in mention.paragraph.lower()
        apart = target.number.count(".") != depth or not shared(named, target.words)
        return beside or apart or _own(mention, target)

    return targets.best(mention.kind, words, ruled_out)


def _twin(mention: CrossReference, alike: Sequence[CrossReference], targets: Targets) -> str:
    """Return a hint where the same sentence stands elsewhere with a number that exists."""
    for other in alike:
        if other.number != mention.number and targets.of(other.kind, other.number):
            return f"Den samme setningen viser til {other.name} på linje {other.line}."
    return ""


def _better(mention: CrossReference, cited: Sequence[Target], targets: Targets) -> Target | None:
    """Return the target that a sentence is about, where that is clearly not the one it cites."""
    if (
        not mention.alone
        or len(mention.sentence.split()) < 5
        or any(_beside(mention, target, targets) for target in cited)
    ):
        return None
    words = words_of(_clause(mention))
    if mention.kind is not TargetKind.CHAPTER or len(words) < 3:
        title = targets.titles.get(mention.section, "")
        words = words | words_of(f"{mention.paragraph} {title}")
    if any(shared(words, target.words) for target in cited):
        return None
    best = targets.best(mention.kind, words, lambda target: target in cited or _own(mention, target))
    if best is None:
        return None
    fit, cited_fit = targets.fit(words, best), max(targets.fit(words, target) for target in cited)
    named = len(shared(words, best.words))
    return best if (named >= 2 and fit >= 2 * cited_fit) or (named and fit >= 5 * cited_fit) else None


def _elsewhere(mention: CrossReference, cited: Target, better: Target) -> Finding:
    return at_line(
        CheckKind.WRONG_TOPIC,
        mention.line,
        mention.name,
        f"Setningen handler om noe annet enn {mention.name}, «{cited.title[:90]}». "
        f"{better.name.capitalize()} ligger nærmere: «{better.title[:90]}».",
        sure=0.6,
        cells=(f"linje {mention.line} = {mention.name}", f"linje {cited.line} = {cited.title}"),
    )


def _clause(mention: CrossReference) -> str:
    """Return what a reference is about: the words before its parenthesis, else the sentence."""
    opened = mention.before.find("(", mention.before.rfind(")") + 1)
    return mention.sentence if opened < 0 else _CLAUSE.split(mention.before[:opened])[-1]


def _beside(mention: CrossReference, target: Target, targets: Targets) -> bool:
    """Return whether a table or figure stands next to the text that mentions it."""
    if mention.kind is TargetKind.CHAPTER:
        return False
    near = abs(target.line - mention.line) <= _NEAR
    return near or target.line in targets.neighbours(target.kind, mention.line)


def _own(mention: CrossReference, target: Target) -> bool:
    """Return whether a chapter holds the mention itself: it would not point to itself."""
    inside = mention.section == target.number or mention.section.startswith(f"{target.number}.")
    return target.kind is TargetKind.CHAPTER and inside


# «figur 1–999» is no list of figures.
MOST_BETWEEN = 50
# How much of a sentence around a reference tells what it is about.
_AROUND = 500
_KINDS = {
    "tabell": TargetKind.TABLE,
    "figur": TargetKind.FIGURE,
    "kap": TargetKind.CHAPTER,
    "avsnitt": TargetKind.CHAPTER,
    "delkap": TargetKind.CHAPTER,
}
_NUMBER = r"[A-Z]?\d{1,3}(?:\.\d{1,2}){0,5}(?:\.[A-Z](?![a-zæøå])|[a-z](?![a-zæøå]))?(?![\d/])(?!,\d)"
_WORD = r"tabell(?:en|ene)?|figur(?:en|ene)?|(?:del)?kapitt?el|kapitlene|kap\.|avsnitt(?:ene)?"
_LIST = re.compile(
    rf"\b(?P<word>{_WORD})\s+(?P<numbers>{_NUMBER}(?:\s*(?:,|og|eller|til|–|-)\s*(?:(?:{_WORD})\s+)?{_NUMBER})*)",
    re.IGNORECASE,
)
_STEP = re.compile(
    rf"(?P<join>,|og|eller|til|–|-)?\s{{0,9}}(?:(?P<word>{_WORD})\s+)?(?P<number>{_NUMBER})", re.IGNORECASE
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

    kind: TargetKind
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
            TargetKind.CHAPTER, match["number"], line, section, sentence, text, before, after, not lists
        )


def _around(sentence: str, start: int, end: int) -> tuple[str, str]:
    return sentence[max(0, start - _AROUND) : start], sentence[end : end + _AROUND]


def _targets(word: str, numbers: str) -> Iterator[tuple[TargetKind, str]]:
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


def _kind(word: str) -> TargetKind:
    return next(kind for start, kind in _KINDS.items() if word.lower().startswith(start))
