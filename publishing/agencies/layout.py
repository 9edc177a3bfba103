"""Where a table stands in a grid: titles, headers, labels, cells, notes; a tidy file is turned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis_lib.data.periods import Period
from analysis_lib.errors import DataFeil, ParameterFeil
from publishing.agencies.grid import Grid, Row
from publishing.agencies.printed import is_number, is_sign, split_period, unit_of, without_mark

_NOTE = re.compile(
    r"(?:kilder?|merk(?:nad)?(?:er)?|noter?|fotnoter?|anm|(?:sist )?oppdatert|publisert|kontakt|"
    r"tegnforklaring|standardtegn|enhet|måleenhet)\s*:|©|\*{1,9}\)?(?:\s|$)|\d{1,2}\)|[a-e]\)|[¹²³⁴-⁹]",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:år|aar|år og .*|tid|periode|kvartal|måned|year|ar)$", re.IGNORECASE)
_CODE = re.compile(r"(?:kode|nummer|nr\.?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its header as printed, what stands above it, its period, and its unit if printed."""

    header: str
    group: str = ""
    words: str = ""
    period: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its label, its cells as they stand in the file (a heading's are blank), and where it stands.

    `labels` are the texts of its columns of labels, of which `label` is made.
    """

    label: str
    cells: tuple[str, ...]
    number: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a table; `marks` says which footnote mark stood where."""

    above: tuple[str, ...]
    stub: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    below: tuple[str, ...]
    remarks: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]


def find_layout(grid: Grid, where: str, header_lines: str = "") -> Layout:
    """Find the parts of the table in a grid.

    Raises
    ------
    DataFeil
        If a line is ragged or has no label, a column no header, or the file more than one table.
    ParameterFeil
        If it cannot be told which lines are headers; names the option.
    """
    start, first = _find_header(grid.rows, where, header_lines)
    header = [[cell.strip() for cell in cells] for _, cells in grid.rows[start:first]]
    body, last = _body(grid.rows, first, header, where)
    remarks = ["gjentatte overskriftsrader er tatt bort"] if len(body) <= last - first else []
    stubs = _count_stubs(header, [row.cells for row in body if _wide(row.cells)])
    _check_times(header, stubs, body, where)
    heads, marks = _heads(header, stubs, grid.merged, where)
    labels = [[without_mark(cell) for cell in row.cells[:stubs]] for row in body]
    marks += [(label.mark, label.text) for own in labels for label in own if label.mark]
    names = [without_mark(next((row[at] for row in header[::-1] if row[at]), "")).text for at in range(stubs)]
    texts = [[label.text for label in own] for own in labels]
    if _fill_down(texts):
        remarks.append("tomme felter i forspalten er fylt fra raden over")
    rows = zip(texts, body, strict=True)
    lines = [Line("", row.cells[stubs:], row.number, tuple(own)) for own, row in rows]
    _check_labels(lines, where)
    above, below = (
        tuple(_joined(row.cells, grid.delimiter) for row in part)
        for part in (grid.rows[:start], grid.rows[last + 1 :])
    )
    empty = Layout(above, "", heads, (), below, tuple(remarks), tuple(marks))
    return _arranged(empty, names, lines, where)


def _body(rows: Sequence[Row], first: int, header: list[list[str]], where: str) -> tuple[list[Row], int]:
    """Return the table's rows without repeated headers, and where the last of them stands."""
    width = len(header[0])
    told = [at for at, row in enumerate(rows) if _wide(row.cells) and not _is_note(row.cells)]
    last = max(at for at in told if len(rows[at].cells) >= width or _has_value(rows[at].cells))
    fitted = [_fitted(row, width, where) for row in rows[first : last + 1]]
    body = [row for row in fitted if list(row.cells) not in header]
    again = [own[1:] for own in header if any(own[1:])]
    if other := next((row for row in body if list(row.cells[1:]) in again), None):
        raise _several(other.cells[0], f"{where}, linje {other.number}")
    return body, last


def _check_labels(lines: list[Line], where: str) -> None:
    """Refuse a row without a label, and two of one label under the same heading."""
    if not any(any(line.cells) for line in lines):
        raise DataFeil("fant ingen kolonner med tall", where=where)
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        place = f"{where}, linje {line.number}"
        if not any(line.labels):
            raise DataFeil("raden har ingen etikett", where=place, hint="Skriv den i filen.")
        seen = seen if any(line.cells) else set()
        if line.labels in seen:
            told = f"to rader heter «{', '.join(line.labels)}»"
            raise DataFeil(told, where=place, hint="Skriv hva som skiller dem.")
        seen.add(line.labels)


def _joined(cells: Sequence[str], delimiter: str) -> str:
    unique = [*dict.fromkeys(cell.strip() for cell in cells if cell.strip())]
    return (f"{delimiter} " if delimiter.strip() else " ").join(unique)


def _wide(cells: Sequence[str]) -> bool:
    """Tell whether a row is more than a line of text; one merged over all columns stands in each of them."""
    told = {cell.strip() for cell in cells} - {""}
    return any(cell.strip() for cell in cells[1:]) and not (
        len(cells) > 2 and cells[0].strip() and len(told) == 1
    )


def _is_value(text: str) -> bool:
    return is_sign(text) or (is_number(text) and not Period.printed(without_mark(text).text))


def _is_note(cells: Sequence[str]) -> bool:
    rest = [cell for cell in cells[1:] if cell.strip()]
    return bool(_NOTE.match(cells[0].strip())) and not (rest and all(map(_is_value, rest)))


def _has_value(cells: Sequence[str]) -> bool:
    return any(map(_is_value, cells[1:])) and not _is_note(cells)


def _find_header(rows: Sequence[Row], where: str, lines: str) -> tuple[int, int]:
    """Return where the header begins, and what follows it."""
    if lines:
        own = [at for at, row in enumerate(rows) if row.number in _span(lines) and _wide(row.cells)]
        if not own or own[-1] + 1 == len(rows):
            raise _ask_header(f"linje {lines} er ikke en overskrift med rader under", where)
        return own[0], own[-1] + 1
    first = next((at for at, row in enumerate(rows) if _has_value(row.cells)), None)
    if first is None:
        raise DataFeil("fant ingen rader med tall", where=where)
    width = len(rows[first].cells)
    fits = [_wide(row.cells) and len(row.cells) == width for row in rows]
    if True not in fits[:first]:
        raise _ask_header("fant ingen kolonneoverskrifter over tallene", where)
    end = first - fits[:first][::-1].index(True)
    start = end - 1
    while start and fits[start - 1]:
        start -= 1
    # Two names for the labels: a header, and a row of numbers that look like years.
    if len({row.cells[0].strip() for row in rows[start:end]} - {""}) > 1:
        raise _ask_header(f"linje {rows[start + 1].number} kan være overskrift eller tall", where)
    numbered = [cell.strip() for cell in rows[first].cells[1:]]
    if len(numbered) > 2 and numbered == [str(at) for at in range(1, len(numbered) + 1)]:
        raise _ask_header(f"linje {rows[first].number} kan være overskrift eller tall", where)
    return start, end


def _span(text: str) -> range:
    match = re.fullmatch(r"(\d+)(?:[-–](\d+))?", text)
    if match is None:
        raise ParameterFeil(f"«{text}» er ikke linjer", where="--header", hint="Skriv som 3 eller 3-4.")
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _ask_header(message: str, where: str) -> ParameterFeil:
    return ParameterFeil(
        message, where=where, hint="Oppgi overskriftens linjer i filen: --header 3 eller 3-4."
    )


def _several(text: str, place: str) -> DataFeil:
    hint = "Har filen flere tabeller, del den."
    return DataFeil(f"«{text[:40]}» står midt i tabellen", where=place, hint=hint)


def _fitted(row: Row, width: int, where: str) -> Row:
    """Return a row of the table with as many cells as the header; a heading has its label alone."""
    cells = tuple(cell.strip() for cell in row.cells)
    place = f"{where}, linje {row.number}"
    if not _wide(cells):
        if _NOTE.match(cells[0]):
            raise _several(cells[0], place)
        return Row(row.number, (cells[0], *[""] * (width - 1)))
    if len(cells) < width or any(cells[width:]):
        raise DataFeil(f"linjen har {len(cells)} felter, overskriften {width}", where=place)
    return Row(row.number, cells[:width])


def _count_stubs(header: list[list[str]], rows: list[tuple[str, ...]]) -> int:
    """Return how many of the first columns are labels: text, codes or, in a tidy file, periods."""
    for at in range(1, len(header[0])):
        name = header[-1][at]
        told = [cells[at] for cells in rows if cells[at]]
        words = (
            told
            and not any(_is_value(text) or Period.printed(text) for text in told)
            and not split_period(name)[1]
        )
        if not (words or _CODE.search(name) or _is_time(name, told)):
            return at
    return len(header[0])


def _check_times(header: list[list[str]], stubs: int, body: list[Row], where: str) -> None:
    """Refuse a column of years among the numbers."""
    for at in range(stubs, len(header[0])):
        told = [row.cells[at] for row in body if row.cells[at]]
        if told and _is_time(header[-1][at], told):
            hint = "Flytt den foran tallene."
            raise DataFeil(f"kolonnen «{header[-1][at]}» er perioder, ikke tall", where=where, hint=hint)


def _is_time(name: str, told: Sequence[str]) -> bool:
    return bool(_TIME.match(name)) and all(map(Period.printed, told))


def _heads(
    header: list[list[str]], stubs: int, merged: bool, where: str
) -> tuple[tuple[Head, ...], list[tuple[str, str]]]:
    rows = [row[:] for row in header]
    if not merged:
        # In text a header over several columns stands over the first of them.
        for row in rows[:-1]:
            for at in range(stubs + 1, len(row)):
                row[at] = row[at] or row[at - 1]
    heads, marks = [], []
    for at in range(stubs, len(header[0])):
        parts = [without_mark(row[at]) for row in rows if row[at]]
        texts = [*dict.fromkeys(part.text for part in parts)]
        if not texts:
            raise DataFeil(f"kolonne {at + 1} har ingen overskrift", where=where, hint="Skriv den i filen.")
        split = [split_period(text) for text in texts]
        words = " ".join(word for word, _ in split if word)
        when = next((key for _, key in split[::-1] if key), "")
        unit = next((unit for text in [*texts, *(word for word, _ in split)] if (unit := unit_of(text))), "")
        heads.append(Head(texts[-1], ", ".join(texts[:-1]), words, when, unit))
        marks += [(part.mark, part.text) for part in parts if part.mark]
    if twice := next((head for head in heads if heads.count(head) > 1), None):
        told = f"to kolonner heter «{' '.join(filter(None, (twice.group, twice.header)))}»"
        raise DataFeil(told, where=where, hint="Skriv i filen hva som skiller dem.")
    return tuple(heads), marks


def _fill_down(labels: list[list[str]]) -> bool:
    """Repeat a label that is printed once for several rows; tell whether there was any."""
    filled = False
    for above, own in pairwise(labels):
        for at, text in enumerate(own[:-1]):
            if not text and any(own[at + 1 :]):
                own[at] = above[at]
                filled = True
    return filled


def _arranged(found: Layout, names: list[str], lines: list[Line], where: str) -> Layout:
    """Join the labels of each row; a column of periods becomes a column a period."""
    told = [[line.labels[at] for line in lines if any(line.cells)] for at in range(len(names))]
    time = next((at for at, name in enumerate(names) if _is_time(name, told[at])), None)
    kept = [at for at in range(len(names)) if at != time]
    varying = [at for at in kept if len(set(told[at])) > 1] or kept[:1]
    same = tuple(f"{names[at]} er «{told[at][0]}» i alle rader" for at in kept if at not in varying)
    made = []
    for line in lines:
        label = ", ".join(line.labels[at] for at in varying if line.labels[at])
        # «0301 Oslo» is a code and its name.
        made.append(replace(line, label=re.sub(r"^(\d+), ", r"\1 ", label)))
    stub = ", ".join(names[at] for at in varying if names[at])
    found = replace(found, stub=stub, lines=tuple(made), remarks=(*found.remarks, *same))
    return found if time is None else _pivoted(found, time, names[time], where)


def _pivoted(found: Layout, time: int, name: str, where: str) -> Layout:
    alone = not any(line.label for line in found.lines)
    cells: dict[str, dict[tuple[int, str], str]] = {}
    first: dict[str, int] = {}
    printed: dict[str, str] = {}
    for line in found.lines:
        text = line.labels[time]
        key = str(Period.printed(text) or "")
        printed.setdefault(key, text.partition("_")[0])
        for at, (head, value) in enumerate(zip(found.heads, line.cells, strict=True)):
            # Where the period is the only label, each content is a row.
            row, place = (line.label, (at, key)) if line.label else (head.header, (0, key))
            first.setdefault(row, line.number)
            if place in cells.setdefault(row, {}) or not key:
                what = f"«{row}» står to ganger for {text}" if key else "raden har ingen periode"
                raise DataFeil(what, where=f"{where}, linje {line.number}")
            cells[row][place] = value
    places = sorted({place for own in cells.values() for place in own})
    heads = [
        replace(found.heads[at], header=printed[key], group=found.heads[at].header, period=key)
        for at, key in places
    ]
    if alone or len(found.heads) == 1:
        heads = [replace(head, group="", words="", unit="" if alone else head.unit) for head in heads]
    missing = sum(place not in own for own in cells.values() for place in places)
    remarks = [*found.remarks, "én rad per celle er gjort til én kolonne per periode"]
    remarks += [f"{missing} celler finnes ikke i filen og er tomme"] if missing else []
    lines = (
        Line(row, tuple(own.get(place, "") for place in places), first[row]) for row, own in cells.items()
    )
    stub = found.stub or name
    return replace(found, stub=stub, heads=tuple(heads), lines=tuple(lines), remarks=tuple(remarks))
