"""Tables set with blanks, as text and PDF have them: fields by their order, else by their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from analysis_lib.audit.text.cell import is_number
from analysis_lib.audit.text.forms import SOURCE, captions_in

GAP = re.compile(r"\S {2,}\S")
_FIELD = re.compile(r"\S+(?: \S+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
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
    end = _end(lines, start)
    body = [number for number in range(start, end) if _is_data(fields_of(lines[number]))]
    if len(body) < 2:
        return [], end
    edges = _edges(fields_of(lines[body[0] - 1]), [fields_of(lines[number]) for number in body])
    if len(edges) > MOST_COLUMNS:
        return [], end
    rows = []
    for number in range(start, body[-1] + 1):
        fields = fields_of(lines[number])
        if fields:
            rows.append((number + 1, _placed(fields, edges, head=number < body[0])))
    return rows, body[-1] + 1


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
        label = len(line.split()) <= _LABEL_WORDS and not line.endswith(".")
        if not (GAP.search(line) or (label and any(_is_data(fields_of(other)) for other in soon))):
            break
        end += 1
    return end


def _is_data(fields: Sequence[Field]) -> bool:
    """Return whether a line is a label and then numbers, with wide gaps between them."""
    if len(fields) < 2:
        return False
    label, *rest = (field.text for field in fields)
    numbers = sum(map(is_number, rest))
    if _YEAR.fullmatch(label):
        return numbers == len(rest) and not all(map(_YEAR.fullmatch, rest))
    years = all(map(_YEAR.fullmatch, rest))
    return bool(re.search(r"[^\W\d]", label)) and numbers * 5 >= len(rest) * 3 and not years


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


def _placed(fields: Sequence[Field], edges: Sequence[tuple[float, float]], *, head: bool) -> tuple[str, ...]:
    texts = [field.text for field in fields]
    indented = fields[0].start >= edges[0][1] - 1 or fields[0].end > edges[1][0]
    if len(fields) == len(edges):
        return tuple(texts)
    if head and indented and len(fields) == len(edges) - 1:
        return ("", *texts)
    if head and indented and len(fields) < len(edges) - 1:
        return ("", *_spanning(fields, edges[1:]))
    cells = [""] * len(edges)
    last = -1
    for field in fields:
        open_to = range(min(last + 1, len(edges) - 1), len(edges))
        last = min(open_to, key=lambda k: min(abs(field.start - edges[k][0]), abs(field.end - edges[k][1])))
        cells[last] = f"{cells[last]} {field.text}".strip()
    return tuple(cells)


def _spanning(fields: Sequence[Field], edges: Sequence[tuple[float, float]]) -> list[str]:
    """Place headers that span columns: the groups whose middles lie nearest to those of the headers."""
    middles = [(start + end) / 2 for start, end in edges]

    def distance(start: int, end: int, field: Field) -> float:
        return abs((middles[start] + middles[end - 1]) / 2 - (field.start + field.end) / 2)

    # By the last column that the headers so far reach: their least distance, and where each begins.
    reached: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number, field in enumerate(fields, start=1):
        reached = {
            end: min(
                (before + distance(start, end, field), (*starts, start))
                for start, (before, starts) in reached.items()
                if start < end
            )
            for end in range(number, len(middles) + 1)
        }
    cells = [""] * len(middles)
    for place, field in zip(reached[len(middles)][1], fields, strict=True):
        cells[place] = field.text
    return cells
