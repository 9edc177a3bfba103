"""How a document is set: whether its lines are wrapped, how wide, and which words and marks it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

# «5 720 fastleger» is no footnote 5.
_PLAIN_FOOTNOTE = re.compile(
    r"(?P<mark>\d{1,2})(?:\s+|(?=[A-ZÆØÅ]))(?P<text>(?!\d{3}(?!\d))[A-ZÆØÅ0-9].{24,})", re.DOTALL
)
_PLAIN_MARK = re.compile(r"(?:[^\W\d_][.,)\]”\"»]{0,2}|(?<=\d{4})\.)(\d{1,2})(?=[\s,.]|$)")
_WORD = re.compile(r"[^\W\d_]+")
_CONTINUED = re.compile(r"(?!(?:og|eller|til)\b)[^\W\d_]+")
_LAST_WORD = re.compile(r"([^\W\d_]*)-$")
_WRAPPED = 160


class Style:
    """How a document is set: whether its lines are wrapped, how wide, and which words it has.

    Parameters
    ----------
    lines : sequence of str
        The whole document.
    listed : mapping of str to str
        Number and title of each entry of its table of contents.
    """

    def __init__(self, lines: Sequence[str], listed: Mapping[str, str]) -> None:
        lengths = sorted(len(" ".join(line.split())) for line in lines if line.strip())
        self.width = lengths[len(lengths) * 9 // 10] if lengths else 0
        self.wrapped = self.width <= _WRAPPED
        self.marks = _plain_marks(lines) if self.wrapped else set()
        self.words = {word.lower() for line in lines for word in _WORD.findall(line)}
        self.listed = listed

    def footnote(self, text: str) -> re.Match[str] | None:
        """Return the match of a footnote that begins with a plain digit, where the text has such a mark.

        What the contents list with that number is a chapter's heading.
        """
        match = _PLAIN_FOOTNOTE.fullmatch(text.strip())
        if match is None or match["mark"] not in self.marks or self.knows(match["mark"], match["text"]):
            return None
        return match

    def full(self, text: str) -> bool:
        """Return whether a line fills the page, so that the next may go on with it."""
        return self.wrapped and len(text.strip()) >= 0.75 * self.width

    def knows(self, number: str, title: str) -> bool:
        """Return whether the contents list a heading with this number and the beginning of this title."""
        listed, found = (re.sub(r"\W", "", text).lower() for text in (self.listed.get(number, ""), title))
        return bool(listed) and found[:8] == listed[:8]

    def broken_early(self, text: str, following: str) -> bool:
        """Return whether the first word of the next line would have fitted: the line is a heading."""
        word = following.split(maxsplit=1)[0]
        return self.wrapped and len(text) + 1 + len(word) <= self.width

    def join(self, lines: Iterable[str]) -> str:
        """Join the lines of a paragraph; a hyphen at an end goes where the document knows the whole word."""
        joined: list[str] = []
        for line in (" ".join(line.split()) for line in lines):
            before, first = joined[-1] if joined else "", _CONTINUED.match(line)
            if before.endswith("-") and first is not None and line[0].islower():
                whole = _LAST_WORD.search(before[-_WRAPPED:])[1] + first[0]  # type: ignore[index]
                joined[-1] = (before[:-1] if whole.lower() in self.words else before) + line
            elif line:
                joined.append(line)
        return " ".join(joined)


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
