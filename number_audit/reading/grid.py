"""From rows of fields to a grid: header and group rows, labels, cells; ragged rows and misprints told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis_lib.data.cells import Kind
from number_audit.document import Grid, GridColumn, GridRow, Skipped
from number_audit.reading.cells import is_misprint, is_number, read_cell
from number_audit.reading.columns import MOST_COLUMNS, RawTable
from number_audit.reading.lines import LABEL_MARK, PERIOD

Rows = Sequence[tuple[int, tuple[str, ...]]]


def build_grid(
    raw: RawTable, key: str, number: str, caption: str, file: str, line: int
) -> tuple[Grid, list[Skipped]]:
    """Return a table as a grid, and what in it was not read.

    A row with too few fields is padded at the end; one with too many widens the table. Columns
    beside the label that hold no number at all (codes, names) become part of the label.
    """
    rows, skipped = _even(raw.rows, key)
    heads = _header_rows(rows)
    stub = _stub_width(rows[heads:])
    columns = _columns([fields for _, fields in rows[:heads]], stub, len(rows[0][1]))
    body, above = [], ""
    for number_of_line, fields in rows[heads:]:
        above = fields[0] or above
        label = " ".join(filter(None, (above if stub > 1 else fields[0], *fields[1:stub])))
        cells = tuple(read_cell(text, number_of_line) for text in fields[stub:])
        bare, mark = _unmarked(label)
        body.append(GridRow(bare, cells, number_of_line, mark=mark))
    grid = Grid(key, number, caption, columns, tuple(body), file, line)
    skipped += [
        Skipped(cell.line, f"{cell.printed} (tabell {number}, {row.label})", "tallet kan ikke leses")
        for row in grid.rows
        for cell in row.cells
        if cell.kind is Kind.TEXT and is_misprint(cell.printed)
    ]
    return grid, skipped


def _even(rows: Rows, key: str) -> tuple[Rows, list[Skipped]]:
    """Give every row the same number of fields, and tell which had another."""
    lengths = [len(fields) for _, fields in rows]
    expected = Counter(lengths).most_common(1)[0][0]
    width = max(len(_stripped(fields)) for _, fields in rows)
    width = min(max(width, expected), MOST_COLUMNS)
    skipped = [
        Skipped(line, f"rad i tabell {key}", f"raden har {len(fields)} felter, de andre {expected}")
        for line, fields in rows
        if len(fields) != expected
    ]
    if max(lengths) > MOST_COLUMNS:
        why = f"tabellen har {max(lengths)} kolonner; {MOST_COLUMNS} er lest"
        skipped.append(Skipped(rows[0][0], f"tabell {key}", why))
    return [(line, (*fields, *[""] * width)[:width]) for line, fields in rows], skipped


def _stripped(fields: tuple[str, ...]) -> tuple[str, ...]:
    last = max((i for i, field in enumerate(fields) if field), default=0)
    return fields[: last + 1]


def _header_rows(rows: Rows) -> int:
    """Return how many rows on top are headers.

    The first is one unless it is a label with numbers that are no years. Where it leaves fields
    blank, as a group does, the next row without a label is one too.
    """
    first = rows[0][1]
    if len(first) == 1:
        return 0
    numbers = [field for field in first[1:] if is_number(field)]
    only_numbers = bool(numbers) and len(numbers) == sum(map(bool, first[1:]))
    if first[0] and only_numbers and not all(map(PERIOD.fullmatch, numbers)):
        return 0
    count = 1
    while count < len(rows) - 1 and "" in rows[count - 1][1][1:] and _is_head(rows[count][1]):
        count += 1
    return count


def _is_head(fields: tuple[str, ...]) -> bool:
    """Return whether a row under a group header is the header itself: no label, or no numbers but periods.

    Classes that count up among the words («1 (størst)», 2, 3, «4 (minst)») are no numbers either.
    """
    told = [field for field in fields[1:] if field]
    numbers = [field for field in told if is_number(field) and not PERIOD.fullmatch(field)]
    classes = len(numbers) < len(told) and _count_up(numbers)
    return not fields[0] or (len(told) > 1 and (not numbers or classes))


def _count_up(numbers: Sequence[str]) -> bool:
    """Return whether two numbers or more are 1, 2, 3 … from wherever they begin."""
    plain = [int(number) for number in numbers if number.isdecimal()]
    return len(plain) == len(numbers) > 1 and plain == list(range(plain[0], plain[0] + len(plain)))


def _stub_width(rows: Rows) -> int:
    """Return how many columns at the left are labels: the first, and those of words only that follow."""
    width = 1
    columns = list(zip(*(fields for _, fields in rows), strict=True))
    while width < len(columns) - 1 and any(columns[width]) and not any(map(_counts, columns[width])):
        width += 1
    return width


def _counts(field: str) -> bool:
    return is_number(field) or is_misprint(field)


def _columns(heads: Sequence[tuple[str, ...]], stub: int, width: int) -> tuple[GridColumn, ...]:
    if not heads:
        return tuple(GridColumn("") for _ in range(stub, width))
    groups = [_spread(row) for row in heads[:-1]]
    columns = []
    for i in range(stub, width):
        group = " ".join(dict.fromkeys(filter(None, (row[i] for row in groups))))
        header, mark = _unmarked(heads[-1][i])
        columns.append(GridColumn(header, group, mark=mark) if header else GridColumn(group))
    return tuple(columns)


def _unmarked(label: str) -> tuple[str, str]:
    """Return a label without the raised mark of a footnote, and the mark."""
    bare = LABEL_MARK.sub("", label)
    return bare, label[len(bare) :].strip()


def _spread(row: tuple[str, ...]) -> list[str]:
    """Let each group header reach to the next."""
    spread, current = [row[0]], ""
    for field in row[1:]:
        current = field or current
        spread.append(current)
    return spread
