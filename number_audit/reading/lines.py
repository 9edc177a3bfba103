"""The pieces of a text between its tables: captions, headings, footnotes, notes, bullets, paragraphs.

A piece is known by the form of its line and by how the document is set: whether its lines are wrapped, how
wide, and which words and marks it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis_lib.data.norwegian import SUPERSCRIPTS
from number_audit.document import TargetKind

# The mark of a footnote: no report has ten thousand.
RAISED = rf"[{SUPERSCRIPTS}]{{1,4}}(?![{SUPERSCRIPTS}])"
DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")
_RAISED = str.maketrans("0123456789()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = _RAISED | str.maketrans("0123456789()", "₀₁₂₃₄₅₆₇₈₉₍₎")
# Raised digits and letters, but no raised minus: «10⁻³» is a power.
RAISED_SIGNS = "ªº²³¹ʰ-ʸˡ-ˣᴬ-ᵡᶛ-ᶿ⁰-⁹⁽⁾ⁱ"
_MARKS = rf"(?:\s{{0,9}}\[?[{RAISED_SIGNS}][{RAISED_SIGNS}\s,\]]*)"
# «km²» is no marked label.
LABEL_MARK = re.compile(rf"(?<!\bm)(?<!\b[ckd]m){_MARKS}$")
NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,5}(?:\.[A-Z]|[a-zA-Z])?(?![\w-])"

# A year, and a year or from one to another: «2025», «2019–2025», «2019/20»; perhaps with a footnote's mark.
ONE_YEAR = re.compile(rf"(?:19|20)\d\d{_MARKS}?")
PERIOD = re.compile(rf"(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d))?{_MARKS}?")

CAPTION = re.compile(
    rf"(?P<kind>[Tt]abell|[Ff]igur)\s+(?P<number>[A-Z]?{NUMBER})(?P<mark>[.:]?)\s*(?P<text>.*)"
)
# A sentence about the table, and not its caption, goes on with one of these.
_SENTENCE = re.compile(
    r"(?:[,;)]|og\b|til\b|i\b|viser|vise|gir|gis|er\b|har\b|kan\b|illustrerer|framstiller|fremstiller|beskriver|"
    r"presenterer|oppsummerer|sammenligner|inneholder|omfatter|bygger|angir|tyder|nedenfor|ovenfor|under\b|"
    r"over\b|ble\b|var\b|svarer|framgår|fremgår|må\b|skal\b|ser\b|[-–]\s*\d)"
)
_NEXT_CAPTION = re.compile(
    rf"\s{{1,9}}(?:og|,)\s{{1,9}}(?=figur\s+{NUMBER}|tabell\s+{NUMBER})", re.IGNORECASE
)
HEADING = re.compile(rf"(?P<number>{NUMBER})\.?\s+(?P<title>[A-ZÆØÅ«\"].*)")
FOOTNOTE = re.compile(rf"\[?(?P<mark>{RAISED})[⁾\])]?\s*(?P<text>.+)")
SOURCE = re.compile(r"(?:Kilde(?:r)?\b(?!n)|\*+\)?\s*\w|[†‡]\s*\w|Merknad:|Note:)")
BULLET = re.compile(r"(?:[-–—•‒▪●◦·]|\uf0b7|o)\s+(?=\S)|\d{1,2}[.)]\s+(?=[A-ZÆØÅ])|[a-z]\)\s+")
CONTENTS_TITLE = re.compile(r"(?:innhold(?:sfortegnelse|soversikt)?|contents)\s*", re.IGNORECASE)
_MATTER = re.compile(
    r"(?:del [1-9IVX]+\b.*|vedlegg\b.*|sammendrag|forord|innledning|referanser|litteratur.*)",
    re.IGNORECASE,
)
_ENDED = re.compile(rf"[.!?:;…][)\]»”\"'*]*[{SUPERSCRIPTS}\d]{{0,3}}$")


def raised(text: str, *, lowered: bool = False) -> str:
    """Write a text with the raised or lowered signs that there are: 120 with note 1 is not 1201.

    >>> raised("1)"), raised("a"), raised("2", lowered=True), raised("*")
    ('¹⁾', 'ᵃ', '₂', '*')
    """
    return text.lower().translate(_LOWERED if lowered else _RAISED)


def captions_in(line: str) -> list[tuple[TargetKind, str, str]]:
    """Return kind, number and text of each caption in a line; none where it is a sentence.

    Examples
    --------
    >>> [(kind.value, *told) for kind, *told in captions_in("Figur 2.1 Antall vikarer og figur 2.2 årsverk")]
    [('figur', '2.1', 'Antall vikarer'), ('figur', '2.2', 'årsverk')]
    >>> captions_in("Tabell 8.1 viser utgiftene."), captions_in("Figur 12.2 og 12.3 viser antallet")
    ([], [])
    """
    match = CAPTION.match(line)
    if match is None or _SENTENCE.match(match["text"]) or not match["text"].strip():
        return []
    if match["text"][0].islower() and (ends_sentence(line) or len(line.split()) > 14):
        return []
    found = []
    for part in _NEXT_CAPTION.split(line):
        inner = CAPTION.match(part)
        if inner is not None:
            found.append((TargetKind(inner["kind"].lower()), inner["number"], inner["text"].strip()))
    return found


def chapter_of(number: str) -> int:
    """Return the chapter that a number begins with, 0 where it begins with a letter.

    >>> chapter_of("8.2"), chapter_of("1A"), chapter_of("T1")
    (8, 1, 0)
    """
    match = re.match(r"\d+", number)
    return int(match[0]) if match else 0


def ends_sentence(text: str) -> bool:
    """Return whether a text ends where a sentence may: a stop, perhaps with a footnote mark behind it.

    >>> ends_sentence("Slik er det.²⁵"), ends_sentence("og derfor er det")
    (True, False)
    """
    return bool(_ENDED.search(text.rstrip()))


def is_matter(title: str) -> bool:
    """Return whether a heading without a number stands outside the numbered chapters.

    >>> is_matter("VEDLEGG"), is_matter("DEL 2"), is_matter("Vikarer i ordningen")
    (True, True, False)
    """
    return title.isupper() or bool(_MATTER.fullmatch(title))


# «5 720 fastleger» is no footnote 5.
_PLAIN_FOOTNOTE = re.compile(
    r"(?P<mark>\d{1,2})(?:\s+|(?=[A-ZÆØÅ]))(?P<text>(?!\d{3}(?!\d))[A-ZÆØÅ0-9].{24,})", re.DOTALL
)
_PLAIN_MARK = re.compile(r"(?:[^\W\d_][.,)\]”\"»]{0,2}|(?<=\d{4})\.)(\d{1,2})(?=[\s,.]|$)")
_WORD = re.compile(r"[^\W\d_]+")
_CONTINUED = re.compile(r"(?!(?:og|eller|til)\b)[^\W\d_]+")
_LAST_WORD = re.compile(r"([^\W\d_]{0,99})-$")
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


_LOOSE = re.compile(
    r"[\d\s.,%()/+−–-]*|(?:<?https?://\S+>?\s*)+|(?:side\s+)?\d+(?:\s+av\s+\d+)?", re.IGNORECASE
)


class ItemKind(StrEnum):
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
    """A piece: kind, first and last line, text, the number that it bears; what a caption is of."""

    kind: ItemKind
    line: int
    end: int
    text: str
    number: str = ""
    target: TargetKind | None = None


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
        return [Item(ItemKind.LOOSE, first, end, text)]
    captions = captions_in(text)
    if captions:
        return [
            Item(ItemKind.CAPTION, first, end, caption, number, kind) for kind, number, caption in captions
        ]
    if footnote := FOOTNOTE.fullmatch(text) or style.footnote(text):
        mark = footnote["mark"].translate(DIGITS)
        return [Item(ItemKind.FOOTNOTE, first, end, footnote["text"], mark)]
    if SOURCE.match(text):
        return [Item(ItemKind.NOTE, first, end, text)]
    if len(lines) == 1 and (heading := _heading(text, style)):
        return [Item(ItemKind.HEADING, first, end, heading[1], heading[0])]
    if bullet := BULLET.match(text):
        return [Item(ItemKind.BULLET, first, end, text[bullet.end() :])]
    titled = alone and len(lines) == 1 and len(text) <= 110 and text[:1].isupper() and text[-1] != ","
    if titled and (text.endswith("?") or not ends_sentence(text)):
        return [Item(ItemKind.TITLE, first, end, text)]
    return [Item(ItemKind.TEXT, first, end, text)]


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
