"""One cell of a table in a text: a number in any common form, a sign, or words."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis_lib.data.cells import Cell, Kind, parse_cell
from analysis_lib.data.norwegian import SUPERSCRIPTS

_NOTHING = {"-", "–", "—", "−"}
_UNIT = re.compile(
    r"\s*(?:%|prosent|pst\.?|kr\.?|kroner|mill\.?|mrd\.?)(?:\s*kr(?:oner)?\.?)?$", re.IGNORECASE
)
_CURRENCY = re.compile(r"^kr\.?\s*(?=[\d−-])", re.IGNORECASE)
_MARKS = re.compile(rf"(?<=[\d%.])\s*[{SUPERSCRIPTS}†‡]+$")
_POINTS = re.compile(r"[+−-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_POINT = re.compile(r"[+−-]?\d+\.\d+")


def read_cell(text: str, line: int = 0) -> Cell:
    """Read a printed cell; what no rule reads keeps its text and has no number.

    Accepted beyond `parse_cell`: a unit behind («241,9 mill.», «19,6 %») or «kr» before, a
    footnote mark, points between groups of three («73.000»), a decimal point («18.6»), and a dash
    for nothing.

    Examples
    --------
    >>> [str(read_cell(text).number) for text in ("241,9 mill.", "73.000", "18.6", "12 %", "5³¹")]
    ['2419/10', '73000', '93/5', '12', '5']
    >>> read_cell("–").kind.value, read_cell("4 79").kind.value
    ('blank', 'text')
    """
    plain = _CURRENCY.sub("", _UNIT.sub("", _MARKS.sub("", text.strip())))
    if not plain:  # a unit alone, as in a header
        plain = text.strip()
    if plain in _NOTHING:
        return Cell(Kind.BLANK, text, line=line)
    if _POINTS.fullmatch(plain):
        plain = plain.replace(".", "")
    elif _POINT.fullmatch(plain):
        plain = plain.replace(".", ",")
    try:
        return replace(parse_cell(plain), printed=text, line=line)
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
