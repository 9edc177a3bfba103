"""Sentences that turn when a report rolls forward: another sign, another rank, or no longer sayable.

Such words come from the data, so the sentence is right in both reports. It is listed because a reader who
knew the old one, or an editor who wrote around it, must look at it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from analysis_lib.data.norwegian import sentence_starts
from analysis_lib.present.pieces import Part, PieceKind
from publishing.book.ledger import SentenceEntry
from publishing.diff.records import without_years

KINDS = {PieceKind.DIRECTION: "fortegn", PieceKind.WORDS: "rang", PieceKind.PLAIN: "ord"}
SILENT, SAID = "kan ikke lenger sies", "kan nå sies"


@dataclass(frozen=True, slots=True)
class Flip:
    """A word that turned, or a paragraph that fell silent or began to be said."""

    kind: str
    chapter: str
    place: str
    old: str
    new: str
    sentence: str


def flips(old: Iterable[SentenceEntry], new: Iterable[SentenceEntry]) -> list[Flip]:
    """Return what turned between two reports, in the order of the newer one.

    Paragraphs are known by chapter and template: one that has been rewritten is another paragraph.

    Examples
    --------
    >>> def told(word):
    ...     parts = (Part(text="De "), Part(text=word, kind="direction"), Part(text="."))
    ...     return SentenceEntry(chapter="utgifter", place="avsnitt 8.1", template="De {x}.", parts=parts)
    >>> [(flip.kind, flip.old, flip.new) for flip in flips([told("økte")], [told("falt")])]
    [('fortegn', 'økte', 'falt')]
    """
    before = dict(keyed(old))
    return [flip for key, sentence in keyed(new) if key in before for flip in _turned(before[key], sentence)]


def keyed(sentences: Iterable[SentenceEntry]) -> Iterator[tuple[str, SentenceEntry]]:
    """Yield each paragraph with a key of its own: chapter, template, and which of several alike."""
    seen: dict[str, int] = {}
    for sentence in sentences:
        name = f"{sentence.chapter}/{sentence.template}"
        seen[name] = seen.get(name, 0) + 1
        yield f"{name}/{seen[name]}", sentence


def _turned(old: SentenceEntry, new: SentenceEntry) -> Iterator[Flip]:
    if bool(old.lacks) != bool(new.lacks):
        kind = SILENT if new.lacks else SAID
        text = first_words(_text(old.parts or new.parts))
        yield Flip(kind, new.chapter, new.place, old.lacks, new.lacks, text)
    pairs = zip(old.parts, new.parts, strict=False)
    for position, (a, b) in enumerate(pairs):
        if b.kind in KINDS and without_years(a.text) != without_years(b.text):
            yield Flip(
                KINDS[b.kind], new.chapter, new.place, a.text, b.text, sentence_at(new.parts, position)
            )


def sentence_at(pieces: tuple[Part, ...], position: int) -> str:
    """Return the sentence that a piece stands in.

    >>> sentence_at((Part(text="Ja. De "), Part(text="økte", kind="direction"), Part(text=". Nei.")), 1)
    'De økte.'
    """
    piece = pieces[position]
    return next(text for text, inside in sentences_of(pieces) if any(item is piece for item in inside))


def sentences_of(pieces: tuple[Part, ...]) -> list[tuple[str, list[Part]]]:
    """Split a paragraph into sentences, each with its pieces; only typed text is cut.

    >>> found = sentences_of((Part(text="Ja. De "), Part(text="3", kind="number")))
    >>> [(text, len(inside)) for text, inside in found]
    [('Ja.', 1), ('De 3', 2)]
    """
    starts = sentence_starts(_text(pieces))
    found: list[list[Part]] = [[]]
    begin = 0
    for piece in pieces:
        end = begin + len(piece.text)
        cuts = [start for start in starts if begin < start < end and piece.kind is PieceKind.TEXT]
        for a, b in pairwise([begin, *cuts, end]):
            if a in starts and a < b:
                found.append([])
            found[-1].append(
                piece.model_copy(update={"text": piece.text[a - begin : b - begin]}) if cuts else piece
            )
        begin = end
    return [(" ".join(_text(inside).split()), inside) for inside in found if _text(inside).strip()]


def _text(pieces: Iterable[Part]) -> str:
    return "".join(piece.text for piece in pieces)


def skeleton(pieces: Iterable[Part]) -> str:
    """Return the typed words of a sentence, with a gap for what the data give; "" where nothing is typed.

    >>> skeleton([Part(text="De "), Part(text="økte", kind="direction"), Part(text=".")])
    'De … .'
    """
    words = [piece.text if piece.kind is PieceKind.TEXT else " … " for piece in pieces]
    return " ".join("".join(words).split()) if any(word.strip(" …") for word in words) else ""


def first_words(text: str, count: int = 12) -> str:
    """Return the beginning of a text.

    >>> first_words("a b c d", 2)
    'a b …'
    """
    words = text.split()
    return " ".join(words[:count]) + (" …" if len(words) > count else "")
