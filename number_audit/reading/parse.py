"""Reading a report: `read_document` takes any extracted text apart into what the audit checks.

Some of it only shows in the flow of the text: which lines are the table of contents, which headings are
none, and where a paragraph goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from number_audit.document import Caption, Document, Footnote, Grid, Heading, Passage, Skipped, TargetKind
from number_audit.reading.columns import RawTable, continued, find_tables, split_columns
from number_audit.reading.grid import build_grid
from number_audit.reading.lines import (
    CONTENTS_TITLE,
    HEADING,
    NUMBER,
    Item,
    ItemKind,
    Style,
    chapter_of,
    ends_sentence,
    is_matter,
    items_of,
)
from number_audit.reading.source import read_lines

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


def real_headings(items: Sequence[Item], style: Style) -> list[Item]:
    """Turn into text what only looks like a heading.

    A chapter's number follows the one before it («1 LIS1» in chapter 7 is a line of a list), and a
    title is not followed by the rest of a sentence.
    """
    found: list[Item] = []
    chapter = 0
    for before, item, following in zip([None, *items], items, [*items[1:], None], strict=False):
        if item.kind is ItemKind.HEADING:
            if style.knows(item.number, item.text) or _follows(item, before, following, chapter):
                chapter = chapter_of(item.number)
            else:
                item = replace(item, kind=ItemKind.TEXT, text=f"{item.number} {item.text}", number="")
        cut = following is not None and following.kind is ItemKind.TEXT and following.text[:1].islower()
        if item.kind is ItemKind.TITLE and cut and not item.text.isupper():
            item = replace(item, kind=ItemKind.TEXT)
        found.append(item)
    return found


def _follows(item: Item, before: Item | None, following: Item | None, chapter: int) -> bool:
    """Return whether a heading may come after a chapter; a run of single numbers is a list."""
    first = chapter_of(item.number)
    if "." in item.number:
        return chapter <= first <= chapter + 2 or not chapter
    listed = any(
        other is not None and other.kind is ItemKind.HEADING and other.number == str(number)
        for other, number in ((before, first - 1), (following, first + 1))
    )
    return (chapter < first <= chapter + 2 or not chapter) and not listed


def goes_on_from(before: str, text: str) -> bool:
    """Return whether a paragraph that a page's end cut goes on here.

    >>> goes_on_from("Tallene er hentet", "fra registeret."), goes_on_from("Slik er det.", "og mer")
    (True, False)
    """
    return not ends_sentence(before) and (text[:1].islower() or before[-1] in ",-–")


# Longer than any paragraph: a text without blank lines is taken in pieces.
_MOST_LINES, _MOST_SIGNS = 200, 10_000

_FIGURE = re.compile(r"[+−-]?\d[\d ,]*\s+[^\W\d]|[+−-]?\d[\d ,]*\s*%")

Part = Item | RawTable


def read_document(path: Path) -> Document:
    """Read a report's text (.txt, .pdf or .html) into headings, paragraphs, captions and tables.

    What cannot be read is left out, or kept as text, and told in `Document.skipped`.

    Raises
    ------
    DataFeil
        A file that is missing, empty, too large, no text, or in an unknown encoding.
    """
    lines, skipped = read_lines(path)
    return parse_document(lines, path.name, skipped)


def parse_document(lines: Sequence[str], file: str, skipped: Sequence[Skipped] = ()) -> Document:
    """Take the lines of a report apart; `read_document` without the file."""
    contents, used = find_contents(lines)
    rest = ["" if number in used else line for number, line in enumerate(lines, start=1)]
    tables = find_tables(rest)
    style = Style(rest, {entry.number: entry.title for entry in contents})
    parts = _without_echoes(_whole_tables(_parts(rest, tables, style)))
    captions = _captions(parts)
    grids, ragged = _grids(parts, captions, file)
    none = [] if grids else [Skipped(1, "tabeller", "teksten har ingen tabell som kan leses")]
    headings, paragraphs, notes, footnotes, loose = _prose(parts, style)
    return Document(
        file=file,
        lines=len(lines),
        headings=tuple(headings),
        paragraphs=tuple(paragraphs),
        captions=tuple(captions.values()),
        footnotes=tuple(footnotes),
        grids=tuple(grids),
        skipped=tuple(sorted([*skipped, *ragged, *loose, *none], key=lambda item: item.line)),
        notes=tuple(notes),
        contents=tuple(contents),
    )


def _parts(lines: Sequence[str], tables: Sequence[RawTable], style: Style) -> list[Part]:
    """Return tables and pieces of text, in the order in which they stand."""
    inside = {number for table in tables for number in range(table.line, table.end + 1)}
    starts = {table.line: table for table in tables}
    parts: list[Part] = []
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        of_text = bool(line.strip()) and number not in inside
        if block and (not of_text or len(block) == _MOST_LINES):
            first = number - len(block)
            parts += _labels_only(parts[-1:], first, block) or _texts(first, block, style)
            block = []
        if of_text:
            block.append(line)
        elif number in starts:
            parts.append(starts[number])
    return parts


def _whole_tables(parts: Sequence[Part]) -> list[Part]:
    """Join a table that goes on after the end of a page; footnotes and page numbers may stand between."""
    whole: list[Part] = []
    last = -1
    for part in parts:
        if isinstance(part, RawTable):
            before = whole[last] if last >= 0 else None
            joined = continued(before, part) if isinstance(before, RawTable) else None
            if joined is not None:
                whole[last] = joined
                continue
            last = len(whole)
        elif part.kind not in (ItemKind.FOOTNOTE, ItemKind.LOOSE):
            last = -1
        whole.append(part)
    return whole


def _texts(first: int, block: Sequence[str], style: Style) -> list[Item]:
    """Return the pieces of a block; where it is set in columns, of one column after the other.

    In columns, as key figures are set, a line that begins with a number says something new.
    """
    items: list[Item] = []
    columns = split_columns(block)
    for column in columns:
        start = 0
        for i, line in enumerate([*column, ""]):
            anew = len(columns) > 1 and i > start and _FIGURE.match(line.strip())
            if not line.strip() or anew:
                items += items_of(first + start, column[start:i], style) if i > start else []
                start = i if anew else i + 1
    return items


def _labels_only(before: Sequence[Part], first: int, block: Sequence[str]) -> list[Part]:
    """Return a block right under a table's caption as a table of one column, where each line is an entry."""
    entries = len(block) >= 3 and all(line.strip()[:1].isupper() for line in block)
    under = before and isinstance(before[0], Item) and before[0].target is TargetKind.TABLE
    return (
        [RawTable(tuple((first + i, (line,)) for i, line in enumerate(block)))] if entries and under else []
    )


def _captions(parts: Sequence[Part]) -> dict[int, Caption]:
    """Return the captions by their place among `parts`; a number used before gets a key of its own."""
    seen: Counter[tuple[TargetKind, str]] = Counter()
    captions: dict[int, Caption] = {}
    for place, part in enumerate(parts):
        if isinstance(part, Item) and part.target is not None:
            seen[part.target, part.number] += 1
            before = seen[part.target, part.number]
            key = part.number if before == 1 else f"{part.number} ({before})"
            captions[place] = Caption(part.target, part.number, part.text, part.line, key)
    return captions


def _without_echoes(parts: list[Part]) -> list[Part]:
    """Turn into text what begins like a caption but has no table, where another with its number has one."""
    captions = _captions(parts)
    owned = set(_owners(parts, captions).values())
    numbers = {captions[place].number for place in owned}
    return [
        replace(
            part,
            kind=ItemKind.TEXT,
            text=f"Tabell {captions[place].number}: {part.text}",
            number="",
            target=None,
        )
        if isinstance(part, Item)
        and place in captions
        and captions[place].kind is TargetKind.TABLE
        and place not in owned
        and captions[place].number in numbers
        else part
        for place, part in enumerate(parts)
    ]


def _grids(
    parts: Sequence[Part], captions: dict[int, Caption], file: str
) -> tuple[list[Grid], list[Skipped]]:
    grids: list[Grid] = []
    skipped: list[Skipped] = []
    owners = _owners(parts, captions)
    owning = set(owners.values())
    for place, part in enumerate(parts):
        if isinstance(part, Item):
            continue
        if place in owners:
            caption = captions[owners[place]]
            grid, told = build_grid(part, caption.key, caption.number, caption.text, file, caption.line)
        else:
            name = f"på linje {part.line}"
            grid, told = build_grid(part, name, name, "", file, part.line)
        grids.append(grid)
        skipped += told
    skipped += [
        Skipped(caption.line, f"tabell {caption.number}", "ingen tabell som kan leses står ved teksten")
        for place, caption in captions.items()
        if caption.kind is TargetKind.TABLE and place not in owning
    ]
    return grids, skipped


def _owners(parts: Sequence[Part], captions: dict[int, Caption]) -> dict[int, int]:
    """Return the caption of each table, by places: the one before it, or where tables come first, behind."""
    before = _nearest(parts, captions, -1)
    behind = _nearest(parts, captions, 1)
    chosen, other = (before, behind) if len(before) >= len(behind) else (behind, before)
    taken = set(chosen.values())
    free = {place: owner for place, owner in other.items() if owner not in taken}
    return {**free, **chosen}


def _nearest(parts: Sequence[Part], captions: dict[int, Caption], step: int) -> dict[int, int]:
    """Return the caption next to each table in one direction; only sources and notes may stand between."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for place, part in enumerate(parts):
        if isinstance(part, Item):
            continue
        other = place + step
        while 0 <= other < len(parts) and _between(parts[other]):
            other += step
        caption = captions.get(other)
        if caption is not None and caption.kind is TargetKind.TABLE and other not in taken:
            found[place] = other
            taken.add(other)
    return found


def _between(part: Part) -> bool:
    return isinstance(part, Item) and part.kind in (ItemKind.NOTE, ItemKind.LOOSE, ItemKind.FOOTNOTE)


def _prose(
    parts: Sequence[Part], style: Style
) -> tuple[list[Heading], list[Passage], list[Passage], list[Footnote], list[Skipped]]:
    headings: list[Heading] = []
    paragraphs: list[Passage] = []
    notes: list[Passage] = []
    footnotes: list[Footnote] = []
    loose: list[Skipped] = []
    section, fresh = "", True
    for part in real_headings([part for part in parts if isinstance(part, Item)], style):
        match part.kind:
            case ItemKind.HEADING | ItemKind.TITLE:
                number = part.number if part.kind is ItemKind.HEADING else ""
                headings.append(Heading(number, part.text, part.line))
                section = "" if is_matter(part.text) and not number else number or section
                fresh = True
            case ItemKind.FOOTNOTE:
                footnotes.append(Footnote(part.number, part.text, part.line))
            case ItemKind.NOTE:
                notes.append(Passage(part.text, part.line, section))
            case ItemKind.LOOSE:
                loose.append(Skipped(part.line, part.text[:60], "løse tall, sidetall eller adresse"))
            case ItemKind.BULLET | ItemKind.TEXT:
                goes_on = (
                    not fresh
                    and part.kind is ItemKind.TEXT
                    and len(paragraphs[-1].text) < _MOST_SIGNS
                    and goes_on_from(paragraphs[-1].text, part.text)
                )
                if goes_on:
                    before = paragraphs.pop()
                    paragraphs.append(
                        Passage(style.join([before.text, part.text]), before.line, before.section)
                    )
                else:
                    paragraphs.append(Passage(part.text, part.line, section))
                fresh = False
    return headings, paragraphs, notes, footnotes, loose
