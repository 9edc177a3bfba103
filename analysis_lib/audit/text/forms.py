"""The forms of a line: caption, heading, footnote, source, bullet, entry of the contents."""

from __future__ import annotations

import re

from analysis_lib.data.sentences import SUPERSCRIPTS

# The mark of a footnote: no report has ten thousand.
RAISED = rf"[{SUPERSCRIPTS}]{{1,4}}(?![{SUPERSCRIPTS}])"
DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")
NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,5}(?:\.[A-Z]|[a-zA-Z])?(?![\w-])"

# A year, or from one to another: «2025», «2019–2025», «2019/20».
PERIOD = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d))?")

CAPTION = re.compile(
    rf"(?P<kind>[Tt]abell|[Ff]igur)\s+(?P<number>[A-Z]?{NUMBER})(?P<mark>[.:]?)\s*(?P<text>.*)"
)
# A sentence about the table, and not its caption, goes on with one of these.
_SENTENCE = re.compile(
    r"(?:[,;)]|og\b|til\b|i\b|viser|vise|gir|gis|er\b|har\b|kan\b|illustrerer|framstiller|fremstiller|beskriver|"
    r"presenterer|oppsummerer|sammenligner|inneholder|omfatter|bygger|angir|tyder|nedenfor|ovenfor|under\b|"
    r"over\b|ble\b|var\b|svarer|framgår|fremgår|må\b|skal\b|ser\b|[-–]\s*\d)"
)
_NEXT_CAPTION = re.compile(rf"\s+(?:og|,)\s+(?=figur\s+{NUMBER}|tabell\s+{NUMBER})", re.IGNORECASE)
HEADING = re.compile(rf"(?P<number>{NUMBER})\.?\s+(?P<title>[A-ZÆØÅ«\"].*)")
FOOTNOTE = re.compile(rf"(?P<mark>{RAISED})\s*(?P<text>.+)")
SOURCE = re.compile(r"(?:Kilde(?:r)?\b(?!n)|\*+\)?\s*\w|[†‡]\s*\w|Merknad:|Note:)")
BULLET = re.compile(r"(?:[-–—•‒▪●◦·]|\uf0b7|o)\s+(?=\S)|\d{1,2}[.)]\s+(?=[A-ZÆØÅ])|[a-z]\)\s+")
CONTENTS_TITLE = re.compile(r"(?:innhold(?:sfortegnelse|soversikt)?|contents)\s*", re.IGNORECASE)
_MATTER = re.compile(
    r"(?:del [1-9IVX]+\b.*|vedlegg\b.*|sammendrag|forord|innledning|referanser|litteratur.*)",
    re.IGNORECASE,
)
_ENDED = re.compile(rf"[.!?:;…][)\]»”\"'*]*[{SUPERSCRIPTS}\d]{{0,3}}$")


def captions_in(line: str) -> list[tuple[str, str, str]]:
    """Return kind, number and text of each caption in a line; none where it is a sentence.

    Examples
    --------
    >>> captions_in("Tabell 8.1 Utgifter per år. Mill. kroner.")
    [('tabell', '8.1', 'Utgifter per år. Mill. kroner.')]
    >>> captions_in("Figur 2.1 Antall vikarer og figur 2.2 årsverk")
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
            found.append((inner["kind"].lower(), inner["number"], inner["text"].strip()))
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
