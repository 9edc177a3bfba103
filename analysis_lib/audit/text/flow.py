"""What only shows in the flow of a text: which headings are none, and where a paragraph goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis_lib.audit.text.forms import chapter_of, ends_sentence
from analysis_lib.audit.text.items import Item, Kind
from analysis_lib.audit.text.style import Style


def real_headings(items: Sequence[Item], style: Style) -> list[Item]:
    """Turn into text what only looks like a heading.

    A chapter's number follows the one before it («1 LIS1» in chapter 7 is a line of a list), and a
    title is not followed by the rest of a sentence.
    """
    found: list[Item] = []
    chapter = 0
    for before, item, following in zip([None, *items], items, [*items[1:], None], strict=False):
        if item.kind is Kind.HEADING:
            if style.knows(item.number, item.text) or _follows(item, before, following, chapter):
                chapter = chapter_of(item.number)
            else:
                item = replace(item, kind=Kind.TEXT, text=f"{item.number} {item.text}", number="")
        cut = following is not None and following.kind is Kind.TEXT and following.text[:1].islower()
        if item.kind is Kind.TITLE and cut and not item.text.isupper():
            item = replace(item, kind=Kind.TEXT)
        found.append(item)
    return found


def _follows(item: Item, before: Item | None, following: Item | None, chapter: int) -> bool:
    """Return whether a heading may come after a chapter; a run of single numbers is a list."""
    first = chapter_of(item.number)
    if "." in item.number:
        return chapter <= first <= chapter + 2 or not chapter
    listed = any(
        other is not None and other.kind is Kind.HEADING and other.number == str(number)
        for other, number in ((before, first - 1), (following, first + 1))
    )
    return (chapter < first <= chapter + 2 or not chapter) and not listed


def goes_on_from(before: str, text: str) -> bool:
    """Return whether a paragraph that a page's end cut goes on here.

    >>> goes_on_from("Tallene er hentet", "fra registeret."), goes_on_from("Slik er det.", "og mer")
    (True, False)
    """
    return not ends_sentence(before) and (text[:1].islower() or before[-1] in ",-–")
