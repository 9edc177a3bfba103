"""Finding the rows of a table in lines of text: tabs, bars, semicolons, or columns of blanks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis_lib.audit.text.aligned import GAP, fields_of, read_aligned
from analysis_lib.audit.text.cell import is_number
from analysis_lib.audit.text.forms import HEADING, captions_in

_BULLET_TAB = re.compile(r"\s*(?:[-–•‒▪●·*]|\uf0b7|\d{1,2}[.)])\t")
_RULE = re.compile(r"[\s|:+=_-]*")


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows of fields as they stand: line number and fields, not yet of the same length."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def line(self) -> int:
        """Line of the first row."""
        return self.rows[0][0]

    @property
    def end(self) -> int:
        """Line of the last row."""
        return self.rows[-1][0]


def continued(first: RawTable, second: RawTable) -> RawTable | None:
    """Return both tables as one where the second repeats the header of the first, as on a new page.

    >>> head, katter, hunder = ("Dyr", "2024", "2025"), ("Katter", "1", "2"), ("Hunder", "3", "4")
    >>> continued(RawTable(((1, head), (2, katter))), RawTable(((9, head), (10, hunder)))).rows[2]
    (10, ('Hunder', '3', '4'))
    """
    heads = [max(table.rows[:2], key=lambda row: sum(map(bool, row[1]))) for table in (first, second)]
    if heads[0][1] != heads[1][1] or sum(map(bool, heads[0][1])) < 3:
        return None
    return RawTable((*first.rows, *second.rows[second.rows.index(heads[1]) + 1 :]))


def find_tables(lines: Sequence[str]) -> list[RawTable]:
    """Return the tables among `lines`, in order; line numbers count from 1."""
    found: list[RawTable] = []
    start = 0
    while start < len(lines):
        table, end = _table_at(lines, start)
        if table is not None:
            found.append(table)
        start = max(end, start + 1)
    return found


def _table_at(lines: Sequence[str], start: int) -> tuple[RawTable | None, int]:
    for separator in ("\t", "|", ";"):
        end = start
        while end < len(lines) and _has(lines[end], separator):
            end += 1
        if end > start:
            return _separated(lines, start, end, separator), end
    line = " ".join(lines[start].split())
    if not (GAP.search(lines[start]) or _spans(lines, start)) or captions_in(line) or HEADING.fullmatch(line):
        return None, start + 1
    rows, end = read_aligned(lines, start)
    return RawTable(tuple(rows)) if rows else None, end


def _spans(lines: Sequence[str], start: int) -> bool:
    """Return whether a line is a header that spans columns: a few words that stand inside the line below."""
    fields, below = fields_of(lines[start]), fields_of("".join(lines[start + 1 : start + 2]))
    return (
        len(fields) == 1
        and len(below) >= 3
        and fields[0].start > below[0].end
        and fields[0].end <= below[-1].end
        and any(map(str.isalpha, fields[0].text))
    )


def split_columns(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of text set in columns, one column after the other; other lines as they are."""
    told = [line for line in lines if GAP.search(line)]
    edges = _columns(lines) if len(told) >= 2 else []
    if len(edges) < 2 or min(b[0] - a[1] for a, b in pairwise(edges)) < 3:
        return [list(lines)]
    return [[line[start:end] for line in lines] for start, end in edges]


def _has(line: str, separator: str) -> bool:
    if separator == "\t":
        return "\t" in line and not _BULLET_TAB.match(line)
    return line.count(separator) >= 2


def _separated(lines: Sequence[str], start: int, end: int, separator: str) -> RawTable | None:
    rows = []
    for number in range(start, end):
        line = lines[number]
        if separator == "|":
            if _RULE.fullmatch(line):
                continue
            line = line.strip().removeprefix("|").removesuffix("|") if line.strip()[0] == "|" else line
        rows.append((number + 1, tuple(field.strip() for field in line.split(separator))))
    told = [sum(map(bool, fields)) for _, fields in rows]
    if max(told, default=0) < 2 or (len(rows) < 2 and len(rows[0][1]) < 3):
        return None
    if separator == ";" and not _regular(rows):
        return None
    return RawTable(tuple(rows))


def _regular(rows: Sequence[tuple[int, tuple[str, ...]]]) -> bool:
    """Return whether lines with semicolons are no sentences: alike in length, and with numbers."""
    (_, most), *_ = Counter(len(fields) for _, fields in rows).most_common(1)
    numbers = sum(is_number(field) for _, fields in rows for field in fields)
    return len(rows) >= 3 and most >= 0.6 * len(rows) and numbers >= len(rows)


def _columns(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return start and end of each column: where every line is blank, twice or more, one column ends."""
    width = max(map(len, lines))
    used = [any(i < len(line) and line[i] != " " for line in lines) for i in range(width)]
    text = "".join("x" if mark else " " for mark in used)
    return [match.span() for match in re.finditer(r"x+(?: x+)*", text)]
