"""Cells as a reviewer reads them: a number in any common form, a sign or words, and its precision."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis_lib.data.cells import Cell, Kind, Rounding, parse_cell
from analysis_lib.data.interval import Interval
from number_audit.document import Grid
from number_audit.reading.lines import RAISED_SIGNS

_NOTHING = {"-", "–", "—", "−"}
_UNIT = re.compile(
    r"\s{0,9}(?:%|prosent|pst\.?|kr\.?|kroner|mill\.?|mrd\.?)(?:\s{0,9}kr(?:oner)?\.?)?$", re.IGNORECASE
)
_MONTHS = re.compile(r"\((\d+) mnd\.\)")
_CURRENCY = re.compile(r"^kr\.?\s*(?=[\d−-])", re.IGNORECASE)
_MARK = rf"[{RAISED_SIGNS}₀-₎†‡§¶]"
_MARKS = re.compile(rf"(?<=[\d%.:])\s*[\[(]?{_MARK}(?:[,;\s]*{_MARK})*[\])]?$")
_POINTS = re.compile(r"[+−-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_POINT = re.compile(r"[+−-]?\d+\.\d+")
_ALMOST = re.compile(r"[+\-−]?\d[\d ,\u00a0\u202f]*+(?:[^\W\d_][\d ,]*)?")


def read_cell(
    text: str,
    line: int = 0,
    *,
    decimals: int | None = None,
    exact: bool = False,
    rounding: Rounding | None = None,
) -> Cell:
    """Read a printed cell; what no rule reads keeps its text and has no number.

    Accepted beyond `parse_cell`: a unit behind («241,9 mill.», «19,6 %», «(10 mnd.)») or «kr» before,
    a footnote mark, points between groups of three («73.000»), a decimal point («18.6»), and a dash
    for nothing.

    Parameters
    ----------
    text : str
    line : int
        Where it stands.
    decimals, exact, rounding
        As in `parse_cell`.

    Examples
    --------
    >>> [str(read_cell(text).number) for text in ("241,9 mill.", "73.000", "18.6", "5³¹", "(10 mnd.)")]
    ['2419/10', '73000', '93/5', '5', '10']
    >>> read_cell("–").kind.value, read_cell("4 79").kind.value
    ('blank', 'text')
    """
    mark = found[0] if (found := _MARKS.search(text.strip())) else ""
    plain = _CURRENCY.sub("", _UNIT.sub("", text.strip().removesuffix(mark)))
    plain = _MONTHS.sub(r"\1", plain) or text.strip()  # a unit alone, as in a header
    if plain in _NOTHING:
        return Cell(Kind.BLANK, text, line=line)
    if _POINTS.fullmatch(plain):
        plain = plain.replace(".", "")
    elif _POINT.fullmatch(plain):
        plain = plain.replace(".", ",")
    try:
        cell = parse_cell(plain, decimals=decimals, exact=exact, rounding=rounding)
        return replace(cell, printed=text, line=line, mark=mark.strip() or cell.mark)
    except ValueError:
        return Cell(Kind.TEXT, text, line=line)


def is_number(text: str) -> bool:
    """Return whether a text is a number or one of the signs of a table.

    >>> is_number("1 234"), is_number(".."), is_number(""), is_number("A97")
    (True, True, False, False)
    """
    return bool(text.strip()) and read_cell(text).kind is not Kind.TEXT


def is_misprint(text: str) -> bool:
    """Return whether a text is mostly digits and yet no number, range, date or code.

    >>> [is_misprint(text) for text in ("4 79", "86 429d", "1O5", "2019–2025", "A97", "(10 mnd.)", "1.9.23")]
    [True, True, True, False, False, False, False]
    """
    if read_cell(text).kind is not Kind.TEXT or re.search(r"\d\s*[–/-]\s*\d|\d\.\d+\.\d|^[A-ZÆØÅ]\d", text):
        return False
    solid = re.sub(r"[\s.,*)(]", "", text)
    return bool(solid) and sum(char.isdigit() for char in solid) * 2 > len(solid)


def is_unreadable(cell: Cell) -> bool:
    """Tell whether a cell is a number but for one sign too many, or a group of digits too short.

    >>> [is_unreadable(read_cell(text)) for text in ("86 429d", "4 79", "A97", "10-15", "")]
    [True, True, False, False, False]
    """
    return cell.number is None and _ALMOST.fullmatch(cell.text.strip()) is not None


def dropped_decimals(cells: list[Cell]) -> int | None:
    """Return the decimals of a column that drops trailing zeros, or None where that is not evident.

    It is evident where at least half of the numbers have the greatest number of decimals and none
    of these ends in a zero: «2,5» and «3» in one column, but never «2,0».

    >>> dropped_decimals([parse_cell(text) for text in ("2,6", "3", "4,3")])
    1
    >>> dropped_decimals([parse_cell(text) for text in ("552", "41", "72,1")]) is None
    True
    """
    numbers = [cell for cell in cells if cell.number is not None]
    most = max((cell.decimals for cell in numbers), default=0)
    full = [cell for cell in numbers if cell.decimals == most]
    ends_in_zero = any(cell.number is not None and (cell.number * 10**most) % 10 == 0 for cell in full)
    evident = most > 0 and 2 * len(full) >= len(numbers) and not ends_in_zero and len(full) < len(numbers)
    return most if evident else None


def with_column_precision(grid: Grid) -> Grid:
    """Return a grid whose cells have the precision of their column, where the column drops zeros."""
    places = [dropped_decimals([row.cells[j] for row in grid.rows]) for j in range(len(grid.columns))]
    rows = tuple(
        replace(row, cells=tuple(_with_decimals(*item) for item in zip(row.cells, places, strict=True)))
        for row in grid.rows
    )
    return replace(grid, rows=rows)


def _with_decimals(cell: Cell, decimals: int | None) -> Cell:
    if decimals is None or cell.number is None or cell.decimals >= decimals:
        return cell
    return replace(cell, decimals=decimals, interval=Interval.rounded(cell.number, decimals))
