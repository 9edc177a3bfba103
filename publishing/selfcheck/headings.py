"""What the book says that every page and the PDF must show: headings and captions, without their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from analysis_lib.present.markdown import headings
from analysis_lib.present.payload import FigurePayload, MarkdownPayload, MissingTablePayload, TablePayload
from publishing.book.assemble import ChapterPage

_ATTRIBUTES = re.compile(r"\s{0,9}\{#[^\s{}]+(?: number=\"([^\"]*)\")?\}$")
_TARGET = re.compile(r"\]\([^)\]]*\)|\[\^[^\[\]]*\]|<[^<>]*>")
# A formula and code are set in other signs than they are typed in.
_SET = re.compile(r"[$`]")


def letters(text: str) -> str:
    """Return the letters and figures of a text, which every format shows alike.

    >>> letters("8.1\u2003*Samlede* utgifter") == letters("8.1 Samlede utgifter")
    True
    """
    return re.sub(r"[\W_]+", "", text)


def said_headings(chapter: ChapterPage) -> Iterator[tuple[int, str]]:
    """Yield level and text of the headings of a chapter, with their numbers."""
    for payload in chapter.payloads(MarkdownPayload):
        for heading in headings(payload.markdown):
            match = _ATTRIBUTES.search(heading.text)
            number = (match[1] or "") if match else ""
            text = heading.text[: match.start()] if match else heading.text
            if not _SET.search(text):
                yield heading.level, f"{number} {unescape(_TARGET.sub('', text))}".strip()


def said_captions(chapter: ChapterPage) -> Iterator[str]:
    """Yield the captions of a chapter's tables and figures."""
    for block in chapter.blocks:
        if isinstance(block.payload, TablePayload | MissingTablePayload | FigurePayload):
            yield f"{block.payload.place('')} {block.payload.title}"
