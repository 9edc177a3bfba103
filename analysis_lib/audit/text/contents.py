"""The table of contents of a report: which lines it is, and the headings that it promises."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis_lib.audit.document import Heading
from analysis_lib.audit.text.forms import CONTENTS_TITLE, HEADING, NUMBER

_PAGE = re.compile(r"\d{1,3}$")
_NUMBERED = re.compile(rf"(?P<number>{NUMBER})\.?\s+(?P<title>\S.*)")
_LEADER = re.compile(r"[_.…·]{4}\s*\d{1,3}$")
# The contents may go on after the head of the next page.
_PATIENCE = 4
_OUTLINE = re.compile(r"\t\S[^\t]*")


def find_contents(lines: Sequence[str]) -> tuple[list[Heading], set[int]]:
    """Return the entries, and the numbers of the lines that they and their title take up.

    An entry is a title and a page number: under «Innhold», or anywhere with dots or a line
    between them. A bookmark list, one tab and a title on each line, is passed over too.
    """
    entries: list[Heading] = []
    used: set[int] = set()
    patience = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if CONTENTS_TITLE.fullmatch(line.strip()):
            patience = _PATIENCE
            used.add(number)
            continue
        entry = entry_of(line)
        if entry and (patience or _LEADER.search(line)):
            entries.append(Heading(*entry, number))
            used.add(number)
            patience = _PATIENCE
            continue
        patience = max(0, patience - 1)
        if _OUTLINE.fullmatch(line) and HEADING.fullmatch(line.strip()):
            used.add(number)
    return entries, used


def entry_of(line: str) -> tuple[str, str] | None:
    r"""Return number and title of an entry: a title, then dots, blanks or a tab, then a page number.

    >>> entry_of("2.1 Rekruttering ........ 17"), entry_of("5.3\tUtredning\t28"), entry_of("Det var 28")
    (('2.1', 'Rekruttering'), ('5.3', 'Utredning'), None)
    """
    page = _PAGE.search(line.rstrip())
    if page is None:
        return None
    left = line[: page.start()]
    title = left.rstrip(" \t_.…·")
    leader = left[len(title) :]
    if not title.strip() or (len(leader) < 3 and "\t" not in leader):
        return None
    numbered = _NUMBERED.fullmatch(" ".join(title.split()))
    return (numbered["number"], numbered["title"]) if numbered else ("", " ".join(title.split()))
