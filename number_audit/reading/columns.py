"""Finding the tables in lines of text: tabs, bars, semicolons, or columns of blanks.

In a table set with blanks, as text and PDF have them, fields go to columns by their order, else by their
place; a header that spans columns goes to those that it stands over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median

from number_audit.reading.cells import is_number
from number_audit.reading.lines import HEADING, ONE_YEAR, PERIOD, SOURCE, captions_in


def spanned(
    middles: Sequence[float], edges: Sequence[tuple[float, float]], headers: Sequence[str]
) -> list[int]:
    """Return the first column of each header that spans columns; none where nobody knows.

    Parameters
    ----------
    middles : sequence of float
        The middle of each header, in characters from the left.
    edges : sequence of (float, float)
        Left and right edge of each column.
    headers : sequence of str
        The headers of the columns themselves, which tell the groups where they repeat or change kind.

    Examples
    --------
    >>> years = ["2024", "2025", "2024", "2025"]
    >>> spanned([15.0, 33.0], [(10, 14), (20, 24), (30, 34), (40, 44)], years)
    [0, 2]
    >>> spanned([42.0], [(10, 14), (20, 24), (30, 34), (40, 44)], ["2023", "2024", "2025", "Endring"])
    []
    """
    if len(headers) == len(edges) and len(starts := _groups(headers, len(middles))) == len(middles) > 1:
        return starts
    if len(middles) == 1:
        width = (edges[-1][1] - edges[0][0]) / len(edges)
        return [0] if abs(middles[0] - (edges[0][0] + edges[-1][1]) / 2) <= width else []
    return _nearest_groups(middles, edges)


def _groups(headers: Sequence[str], count: int) -> list[int]:
    """Return where groups begin: where headers begin anew, else where years give way to periods."""
    size, rest = divmod(len(headers), count)
    if not rest and list(headers) == list(headers[:size]) * count:
        return list(range(0, len(headers), size))
    if not all(map(PERIOD.fullmatch, headers)):
        return []
    single = [bool(ONE_YEAR.fullmatch(header)) for header in headers]
    return [k for k, year in enumerate(single) if k == 0 or year != single[k - 1]]


def _nearest_groups(middles: Sequence[float], edges: Sequence[tuple[float, float]]) -> list[int]:
    """Return the groups of columns whose middles lie nearest to those of the headers."""
    centres = [(start + end) / 2 for start, end in edges]

    def distance(start: int, end: int, middle: float) -> float:
        return abs((centres[start] + centres[end - 1]) / 2 - middle)

    # By the last column that the headers so far reach: their least distance, and where each begins.
    reached: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number, middle in enumerate(middles, start=1):
        reached = {
            end: min(
                (before + distance(start, end, middle), (*starts, start))
                for start, (before, starts) in reached.items()
                if start < end
            )
            for end in range(number, len(centres) + 1)
        }
    return list(reached[len(centres)][1])


GAP = re.compile(r"\S {2,}\S")
_FIELD = re.compile(r"\S+(?: \S+)*")
_CLASS = re.compile(r"\d{1,2}")
_LABEL_WORDS = 8
# Wider than any page: text in columns, or noise.
MOST_COLUMNS = 100

Row = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """A piece of a line between wide gaps: where it starts and ends, and its text."""

    start: int
    end: int
    text: str


def read_aligned(lines: Sequence[str], start: int) -> tuple[list[Row], int]:
    """Return the rows of a table that begins at `lines[start]`, and where it ends; none where it is no table.

    Rows of the usual number of fields are read in order, so a bold row that drifts does no harm;
    where fields are blank, each goes to the column whose edge is nearest.
    """
    # A header that spans columns has no gap of its own.
    end = _end(lines, start if GAP.search(lines[start]) else start + 1)
    body = _body([fields_of(line) for line in lines[start:end]], start)
    if len(body) < 2 and not _one_row(lines, start, body):
        return [], end
    edges = _edges(fields_of(lines[body[0] - 1]), [fields_of(lines[number]) for number in body])
    if len(edges) > MOST_COLUMNS:
        return [], end
    last = body[-1]
    while last + 1 < end and _partly_told(fields_of(lines[last + 1])):
        last += 1
    rows: list[Row] = []
    width = max(fields[0].end for number in range(body[0], last + 1) if (fields := fields_of(lines[number])))
    for number in range(start, last + 1):
        fields = fields_of(lines[number])
        below = [field.text for field in fields_of("".join(lines[number + 1 : number + 2]))]
        if fields:
            rows.append((number + 1, _placed(fields, edges, below if number < body[0] else None)))
        if number >= body[0] and len(rows) > 1:
            rows[-2:] = _whole_label(rows[-2], rows[-1], width)
    return rows, last + 1


def _whole_label(above: Row, row: Row, width: int) -> list[Row]:
    """Join the label of a row with its beginning, which filled the line above."""
    begun, label = above[1][0], row[1][0]
    if any(above[1][1:]) or not any(row[1][1:]) or not (label[:1].islower() or label[:1] == "("):
        return [above, row]
    # Letters are not of one width: a line is full at about seven eighths of the longest.
    full = (len(begun) + 1 + len(label.split()[0])) * 8 > width * 7
    if not full and begun.count("(") == begun.count(")"):
        return [above, row]
    whole = begun[:-1] + label if begun.endswith("-") and label[0].islower() else f"{begun} {label}"
    return [(row[0], (whole, *row[1][1:]))]


def fields_of(line: str) -> list[Field]:
    """Split a line at its wide gaps.

    >>> [field.text for field in fields_of("Leger i alt   1 234    5,6")]
    ['Leger i alt', '1 234', '5,6']
    """
    return [Field(*match.span(), match[0]) for match in _FIELD.finditer(line)]


def _end(lines: Sequence[str], start: int) -> int:
    """Return where a table ends: at a caption, a source, or where no row follows within two lines."""
    end = start
    while end < len(lines):
        line = lines[end].strip()
        if captions_in(line) or SOURCE.match(line):
            break
        soon = lines[end : end + 3]
        most = _LABEL_WORDS * 2 if any(_is_data(fields_of(other)) for other in soon[1:2]) else _LABEL_WORDS
        label = len(line.split()) <= most and not line.endswith(".")
        if not (GAP.search(line) or (label and any(_is_data(fields_of(other)) for other in soon))):
            break
        end += 1
    return end


def _body(lines: Sequence[Sequence[Field]], start: int) -> list[int]:
    """Return the places of the rows with numbers, those of classes that are numbered 1, 2, 3 … with them."""
    classes = [
        int(fields[0].text)
        if len(fields) >= 3 and _CLASS.fullmatch(fields[0].text) and all(is_number(f.text) for f in fields)
        else None
        for fields in lines
    ]
    counted = {
        place
        for first, second in pairwise(range(len(lines)))
        for place in (first, second)
        if classes[first] is not None and classes[second] == (classes[first] or 0) + 1
    }
    return [start + place for place, fields in enumerate(lines) if place in counted or _is_data(fields)]


def _partly_told(fields: Sequence[Field]) -> bool:
    """Return whether a line at the end of a table may be a row that leaves cells blank: it holds a number."""
    return len(fields) >= 3 and any(is_number(field.text) for field in fields[1:])


def _one_row(lines: Sequence[str], start: int, body: Sequence[int]) -> bool:
    """Return whether a single row of numbers is a table: each of them stands under a year of its own."""
    if not body or body[0] == start:
        return False
    head, row = fields_of(lines[body[0] - 1]), fields_of(lines[body[0]])
    years = sum(bool(ONE_YEAR.fullmatch(field.text)) for field in head)
    return years >= 3 and years >= len(head) - 1 and len(row) in (years, years + 1)


def _is_data(fields: Sequence[Field]) -> bool:
    """Return whether a line is a label and then numbers, with wide gaps between them."""
    if len(fields) < 2:
        return False
    label, *rest = (field.text for field in fields)
    numbers = sum(map(is_number, rest))
    if PERIOD.fullmatch(label):
        return numbers == len(rest) and not all(map(ONE_YEAR.fullmatch, rest))
    years = all(map(ONE_YEAR.fullmatch, rest))
    enough = numbers * 2 >= len(rest) if len(rest) >= 4 else numbers * 5 >= len(rest) * 3
    return bool(re.search(r"[^\W\d]", label)) and not is_number(label) and enough and not years


def _edges(head: Sequence[Field], rows: Sequence[Sequence[Field]]) -> list[tuple[float, float]]:
    """Return the left and right edge of each column: of the fullest rows, or of a header that has more."""
    counts = Counter(len(row) for row in rows)
    full = max(count for count, times in counts.items() if times > 1 or len(counts) == len(rows))
    columns = list(zip(*(row for row in rows if len(row) == full), strict=True))
    edges = [(median(f.start for f in column), median(f.end for f in column)) for column in columns]
    if not head:
        return edges
    shown = [(float(field.start), float(field.end)) for field in head]
    if head[0].start > edges[0][0] + 1:
        shown = [edges[0], *shown]
    return shown if len(shown) > full else edges


def _placed(
    fields: Sequence[Field], edges: Sequence[tuple[float, float]], below: Sequence[str] | None
) -> tuple[str, ...]:
    """Return the cells of a row; for a header, `below` holds the texts of the row under it."""
    head = below is not None
    texts = [field.text for field in fields]
    indented = fields[0].start >= edges[0][1] - 1 or fields[0].end > edges[1][0]
    if len(fields) == len(edges):
        return tuple(texts)
    if head and indented and len(fields) == len(edges) - 1:
        return ("", *texts)
    if head and indented and len(fields) < len(edges) - 1:
        middles = [(field.start + field.end) / 2 for field in fields]
        headers = (below or [])[-len(edges) + 1 :]
        places = spanned(middles, edges[1:], headers)
        return ("", *(texts[places.index(k)] if k in places else "" for k in range(len(edges) - 1)))
    cells = [""] * len(edges)
    for place, field in zip(_nearest_columns(fields, edges), fields, strict=True):
        cells[place] = f"{cells[place]} {field.text}".strip()
    return tuple(cells)


def _nearest_columns(fields: Sequence[Field], edges: Sequence[tuple[float, float]]) -> list[int]:
    """Return the column of each field: the one whose edge is nearest, to the right of the field before.

    Where two numbers would share the last column so, each gets a column of its own, as near as can be.
    """
    places: list[int] = []
    for field in fields:
        first = min(places[-1] + 1, len(edges) - 1) if places else 0
        places.append(min(range(first, len(edges)), key=lambda k: _away(field, edges[k])))
    shared = [f.text for f, place in zip(fields, places, strict=True) if place == len(edges) - 1]
    if len(fields) > len(edges) or len(shared) < 2 or not all(map(is_number, shared)):
        return places
    ways = combinations(range(1, len(edges)), len(fields) - 1)
    return [0, *min(ways, key=lambda way: sum(map(_away, fields[1:], (edges[k] for k in way))))]


def _away(field: Field, edge: tuple[float, float]) -> float:
    return min(abs(field.start - edge[0]), abs(field.end - edge[1]))


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
