"""The table of contents of a report: which lines it is, and the headings that it promises."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis_lib.audit.document import Heading
from analysis_lib.audit.text.forms import CONTENTS, CONTENTS_TITLE, HEADING

_LEADER = re.compile(r"[_.…·]{4,}\s*\d{1,3}$")
_OUTLINE = re.compile(r"\t\S[^\t]*")


def find_contents(lines: Sequence[str]) -> tuple[list[Heading], set[int]]:
    """Return the entries, and the numbers of the lines that they and their title take up.

    An entry is a title and a page number: under «Innhold», or anywhere with dots or a line
    between them. A bookmark list, one tab and a title on each line, is passed over too.
    """
    entries: list[Heading] = []
    used: set[int] = set()
    under_title = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if CONTENTS_TITLE.fullmatch(line.strip()):
            under_title = True
            used.add(number)
            continue
        match = CONTENTS.fullmatch(line)
        if match and (under_title or _LEADER.search(line)):
            entries.append(Heading(match["number"] or "", " ".join(match["title"].split()), number))
            used.add(number)
        else:
            under_title = False
            if _OUTLINE.fullmatch(line) and HEADING.fullmatch(line.strip()):
                used.add(number)
    return entries, used
