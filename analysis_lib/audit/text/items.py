"""The pieces of a text between its tables: captions, headings, footnotes, notes, bullets, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis_lib.audit.text.forms import (
    BULLET,
    CAPTION,
    DIGITS,
    FOOTNOTE,
    HEADING,
    SOURCE,
    captions_in,
    chapter_of,
    ends_sentence,
)
from analysis_lib.audit.text.style import Style

_LOOSE = re.compile(
    r"[\d\s.,%()/+−–-]*|(?:<?https?://\S+>?\s*)+|(?:side\s+)?\d+(?:\s+av\s+\d+)?", re.IGNORECASE
)


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
    if style.footnote(line):
        return style.footnote(lines[0]) is not None
    caption = bool(captions_in(line)) and (i == len(lines) - 1 or bool(SOURCE.match(above)))
    alone = i == 1 and above[:1].isupper() and not re.search(r"[.:;,!]$", above) and not captions_in(above)
    mid_sentence = style.full(above) and not ends_sentence(above)
    return (
        (alone and line[:1].isupper() and style.broken_early(above, line))
        or ((caption or _heading(line, style) is not None) and not mid_sentence)
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
    if footnote := FOOTNOTE.fullmatch(text) or style.footnote(text):
        mark = footnote["mark"].translate(DIGITS)
        return [Item(Kind.FOOTNOTE, first, end, footnote["text"], mark)]
    if SOURCE.match(text):
        return [Item(Kind.NOTE, first, end, text)]
    if len(lines) == 1 and (heading := _heading(text, style)):
        return [Item(Kind.HEADING, first, end, heading[1], heading[0])]
    if bullet := BULLET.match(text):
        return [Item(Kind.BULLET, first, end, text[bullet.end() :])]
    titled = alone and len(lines) == 1 and len(text) <= 110 and text[:1].isupper() and text[-1] != ","
    if titled and (text.endswith("?") or not ends_sentence(text)):
        return [Item(Kind.TITLE, first, end, text)]
    return [Item(Kind.TEXT, first, end, text)]


def _heading(line: str, style: Style) -> tuple[str, str] | None:
    """Return number and title of a numbered heading, or None.

    «8.2 Utgifter» is one wherever it stands alone; «8 Utgifter» and «8. Utgifter» only where the
    line is short and no sentence, since a list or a footnote may begin the same way.
    """
    match = HEADING.fullmatch(line.strip())
    if match is None or len(line) > 140:
        return None
    number, title = match["number"], match["title"].strip()
    if CAPTION.match(title) or SOURCE.match(title):
        return None
    deep = "." in number
    if deep or style.knows(number, title):
        return number, title
    plain = not ends_sentence(title) and "http" not in title and not re.search(r"\b(?:19|20)\d\d\b", title)
    return (number, title) if plain and chapter_of(number) <= 40 and len(line) < 100 else None
