"""The pieces of a text between its tables: captions, headings, footnotes, notes, bullets, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis_lib.audit.text.forms import (
    BULLET,
    DIGITS,
    FOOTNOTE,
    HEADING,
    SOURCE,
    captions_in,
    ends_sentence,
)

_LOOSE = re.compile(
    r"[\d\s.,%()/+−–-]*|(?:<?https?://\S+>?\s*)+|(?:side\s+)?\d+(?:\s+av\s+\d+)?", re.IGNORECASE
)
_PLAIN_FOOTNOTE = re.compile(r"(?P<mark>\d{1,2})\s+(?P<text>[A-ZÆØÅ0-9].{24,})", re.DOTALL)
_PLAIN_MARK = re.compile(r"(?:[^\W\d_][.,)\]”\"»]{0,2}|(?<=\d{4})\.)(\d{1,2})(?=[\s,.]|$)")
_WORD = re.compile(r"[^\W\d_]+")
_WRAPPED = 160


class Kind(StrEnum):
    """What a piece is."""

    CAPTION = "caption"
    HEADING = "heading"
    TITLE = "title"  # a heading without a number
    FOOTNOTE = "footnote"
    NOTE = "note"
    BULLET = "bullet"
    TEXT = "text"
    LOOSE = "loose"  # page numbers, labels of a chart, bare addresses


@dataclass(frozen=True, slots=True)
class Item:
    """A piece: kind, first and last line, the number that it bears, its text."""

    kind: Kind
    line: int
    end: int
    text: str
    number: str = ""


class Style:
    """How a document is set: whether its lines are wrapped, how wide, and which words it has.

    Parameters
    ----------
    lines : sequence of str
        The whole document.
    numbered : container of str
        Numbers of the headings in its table of contents.
    """

    def __init__(self, lines: Sequence[str], numbered: Container[str] = ()) -> None:
        lengths = sorted(len(line.strip()) for line in lines if line.strip())
        self.width = lengths[len(lengths) * 9 // 10] if lengths else 0
        self.wrapped = self.width <= _WRAPPED
        self.marks = _plain_marks(lines) if self.wrapped else set()
        self.words = {word.lower() for line in lines for word in _WORD.findall(line)}
        self.numbered = numbered

    def full(self, text: str) -> bool:
        """Return whether a line fills the page, so that the next may go on with it."""
        return self.wrapped and len(text.strip()) >= 0.75 * self.width

    def broken_early(self, text: str, following: str) -> bool:
        """Return whether the first word of the next line would have fitted: the line is a heading."""
        word = following.split(maxsplit=1)[0]
        return self.wrapped and len(text) + 1 + len(word) <= self.width

    def join(self, lines: Iterable[str]) -> str:
        """Join the lines of a paragraph; a hyphen at an end goes where the document knows the whole word."""
        joined = ""
        for line in (" ".join(line.split()) for line in lines):
            split = joined.endswith("-") and line[:1].islower() and not re.match(r"(?:og|eller|til)\b", line)
            if not split:
                joined = f"{joined} {line}".strip()
                continue
            whole = re.search(r"[^\W\d_]*-$", joined)[0][:-1] + _WORD.match(line)[0]  # type: ignore[index]
            joined = (joined[:-1] if whole.lower() in self.words else joined) + line
        return joined


def _plain_marks(lines: Sequence[str]) -> set[str]:
    """Return the numbers of footnotes set in plain digits: «slik.3» in the text, «3 Kilden» under it.

    One whose mark is not found is known by its number, which follows the one before.
    """
    marks = {mark for line in lines for mark in _PLAIN_MARK.findall(line)}
    last = 0
    for line in lines:
        match = _PLAIN_FOOTNOTE.fullmatch(line.strip())
        if match and (match["mark"] in marks or (last >= 3 and int(match["mark"]) == last + 1)):
            last = int(match["mark"])
            marks.add(match["mark"])
    return marks


def items_of(first: int, lines: Sequence[str], style: Style) -> list[Item]:
    """Take a block of lines without a blank apart; `first` is the number of its first line."""
    starts = [i for i in range(len(lines)) if i == 0 or _begins(lines, i, style)]
    pieces = zip(starts, [*starts[1:], len(lines)], strict=True)
    alone = style.wrapped or len(starts) == 1
    return [item for a, b in pieces for item in _items(first + a, lines[a:b], style, alone=alone)]


def _begins(lines: Sequence[str], i: int, style: Style) -> bool:
    """Return whether line `i` begins something new, though no blank line stands before it."""
    line, above = lines[i].strip(), lines[i - 1].strip()
    if FOOTNOTE.match(line) or SOURCE.match(line) or BULLET.match(line) or not style.wrapped:
        return True
    if plain_footnote(line, style):
        return plain_footnote(lines[0], style) is not None
    alone = i == 1 and above[:1].isupper() and not re.search(r"[.:;,!]$", above) and not captions_in(above)
    mid_sentence = style.full(above) and not ends_sentence(above)
    return (
        (alone and line[:1].isupper() and style.broken_early(above, line))
        or (bool(captions_in(line)) and not mid_sentence)
        or (_heading(line, style) is not None and not mid_sentence)
        or _heading(above, style) is not None
    )


def _items(first: int, lines: Sequence[str], style: Style, *, alone: bool) -> list[Item]:
    text, end = style.join(lines), first + len(lines) - 1
    if _LOOSE.fullmatch(text):
        return [Item(Kind.LOOSE, first, end, text)]
    captions = captions_in(text)
    if captions:
        return [
            Item(Kind.CAPTION, first, end, caption, f"{kind} {number}") for kind, number, caption in captions
        ]
    if footnote := FOOTNOTE.fullmatch(text) or plain_footnote(text, style):
        mark = footnote["mark"].translate(DIGITS)
        return [Item(Kind.FOOTNOTE, first, end, footnote["text"], mark)]
    if SOURCE.match(text):
        return [Item(Kind.NOTE, first, end, text)]
    if len(lines) == 1 and (heading := _heading(text, style)):
        return [Item(Kind.HEADING, first, end, heading[1], heading[0])]
    if bullet := BULLET.match(text):
        return [Item(Kind.BULLET, first, end, text[bullet.end() :])]
    titled = alone and len(lines) == 1 and len(text) <= 110 and text[:1].isupper()
    if titled and not re.search(r"[.:;,!]$", text):
        return [Item(Kind.TITLE, first, end, text)]
    return [Item(Kind.TEXT, first, end, text)]


def plain_footnote(text: str, style: Style) -> re.Match[str] | None:
    """Return the match of a footnote that begins with a plain digit, where the text has such a mark."""
    match = _PLAIN_FOOTNOTE.fullmatch(text.strip())
    return match if match is not None and match["mark"] in style.marks else None


def _heading(line: str, style: Style) -> tuple[str, str] | None:
    """Return number and title of a numbered heading, or None.

    «8.2 Utgifter» is one wherever it stands alone; «8 Utgifter» and «8. Utgifter» only where the
    line is short and no sentence, since a list or a footnote may begin the same way.
    """
    match = HEADING.fullmatch(line.strip())
    if match is None or len(line) > 140:
        return None
    number, title = match["number"], match["title"].strip()
    known = number in style.numbered
    deep = "." in number
    if known or deep:
        return number, title
    plain = not ends_sentence(title) and "http" not in title and not re.search(r"\b(?:19|20)\d\d\b", title)
    return (number, title) if plain and not deep and int(number) <= 40 and len(line) < 100 else None
