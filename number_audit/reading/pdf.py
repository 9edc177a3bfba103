"""The lines of a PDF, set out as printed, where a small raised digit behind a number is a mark and no digit.

Columns stand under each other; where a page's text is in two columns, the left one is read to its end first.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis_lib.errors import DataFeil
from number_audit.reading.columns import GAP
from number_audit.reading.lines import raised

if TYPE_CHECKING:
    from pypdf import PageObject

_GUTTER = 3
# Fewer lines may stand beside each other by chance, as in a table or the key figures of a chapter.
_LEAST_LINES = 10
_WORD = re.compile(r"[^\W\d_]{2,}")


def in_reading_order(lines: Sequence[str]) -> list[str]:
    """Return the lines of a page with the right column under the left one; of other pages as they are.

    A page is set in columns where many lines leave the same place blank, near the middle, with
    prose on both sides of it and columns of about one width. A table has words on one side at most.

    Examples
    --------
    >>> page = ["de fleste kattene sov inne       mens noen hunder sto ute"] * 10
    >>> in_reading_order(page)[9:12]
    ['de fleste kattene sov inne', '', 'mens noen hunder sto ute']
    """
    width = max(map(len, lines), default=0)
    places = range(width * 3 // 10, width * 7 // 10)
    runs = [(run, place) for place in places for run in _open_runs(lines, place)]
    if not runs:
        return list(lines)
    most = max(_beside(lines[slice(*run)], place) for run, place in runs)
    best = [(run, place) for run, place in runs if _beside(lines[slice(*run)], place) == most]
    (start, end), place = best[len(best) // 2]
    left = [line[:place].rstrip() for line in lines[start:end]]
    right = [line[place:].strip() for line in lines[start:end]]
    narrow, wide = sorted(max(map(len, column)) for column in (left, right))
    alike = narrow * 3 >= wide * 2
    if most < _LEAST_LINES or not (alike and _is_prose(left) and _is_prose(right)):
        return list(lines)
    return [*lines[:start], *left, "", *right, "", *lines[end:]]


def _open_runs(lines: Sequence[str], place: int) -> list[tuple[int, int]]:
    """Return start and end of each run of lines that leave a gutter blank at a place."""
    numbered = enumerate(not line[place : place + _GUTTER].strip() for line in lines)
    runs = [[number for number, _ in run] for blank, run in groupby(numbered, lambda pair: pair[1]) if blank]
    return [(run[0], run[-1] + 1) for run in runs]


def _beside(lines: Sequence[str], place: int) -> int:
    """Return how many lines have text on both sides of a place."""
    return sum(bool(line[:place].strip()) and bool(line[place:].strip()) for line in lines)


def _is_prose(column: Sequence[str]) -> bool:
    """Return whether half the lines of a column hold several words and no wide gap."""
    told = [line for line in column if line.strip()]
    wordy = sum(len(_WORD.findall(line)) >= 3 and not GAP.search(line) for line in told)
    return wordy * 2 >= len(told)


# Wide enough that a bold number does not run into the next column.
_SCALE = 2.0


def pdf_lines(path: Path) -> list[str]:
    """Return the lines of all pages, with a blank line between pages.

    Raises
    ------
    DataFeil
        A file that is no PDF, is damaged, or asks for a password.
    """
    # Only a PDF needs the libraries: whoever audits a text does not wait for them.
    import pikepdf
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # On a damaged file pypdf stumbles over whatever it meets: a missing key, a name where a number should be.
    stumbles = (PyPdfError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
    try:
        try:
            reader = PdfReader(path)
        except DependencyError:  # encrypted in a way that pypdf alone does not know
            reader = PdfReader(_unlocked(path))
        pages = [_page_lines(page) for page in reader.pages]
    except pikepdf.PasswordError:
        raise DataFeil("PDF-en er låst med passord", where=path, hint="Lever den uten passord.") from None
    except (*stumbles, pikepdf.PdfError) as error:
        raise DataFeil(
            f"PDF-en kan ikke leses: {error}", where=path, hint="Lever teksten som .txt."
        ) from error
    bare = _without_heads(pages)
    return [line for page in bare for line in [*in_reading_order(page), ""]]


# Shares of the height of the text before it: a mark is smaller, and stands off its line.
_SMALLER, _OFF_LINE, _LONGEST = 0.85, 0.1, 3
# The raised digit of a font is as wide as this share of the plain one.
_LEAST_WIDE, _MOST_WIDE = 0.56, 0.8


class _Marks:
    """The pieces of a page's text as pypdf shows them, row by row, and which of them are marks.

    A mark behind a number is a piece of its own: smaller and off the line, or made of the raised signs of
    its font, which are narrower than the others that stand for the same sign. Behind a word it is left as it
    is: the footnotes of a PDF are known there by their plain digits.
    """

    def __init__(self, page: PageObject) -> None:
        self._codes = b""
        self._size = self._y = 0.0
        self._behind = ""
        self._narrow: dict[str, frozenset[bytes]] = {}
        self._rows: dict[float, list[tuple[float, str, bool]]] = defaultdict(list)
        page.extract_text(visitor_operand_before=self._operand, visitor_text=self._piece)
        self._known = {
            "".join(text for _, text, _ in row): [mark for _, text, mark in row for _ in text]
            for row in map(sorted, self._rows.values())
            if any(mark for _, _, mark in row)
        }

    def _operand(self, operator: bytes, operands: Any, _cm: object, _tm: object) -> None:
        if operator in (b"Tj", b"TJ"):
            parts = operands[0] if operator == b"TJ" else operands
            self._codes = b"".join(part for part in parts if isinstance(part, bytes))

    def _piece(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        shown = "".join(text.split())
        if not shown:
            return
        x, y = (tm[4] * cm[i] + tm[5] * cm[i + 2] + cm[i + 4] for i in (0, 1))
        height = abs(size * tm[3] * cm[3])
        away = abs(y - self._y)
        small = height < _SMALLER * self._size and _OFF_LINE * self._size < away < self._size
        beside = self._behind.isdigit() and shown.strip("()[]").isalnum() and len(shown) <= _LONGEST
        mark = beside and (small or (away < _OFF_LINE * self._size and self._is_narrow(font)))
        if not mark:
            self._size, self._y = height, y
        self._behind = shown[-1]
        self._rows[round(self._y, 1)].append((x, shown, mark))

    def _is_narrow(self, font: Any) -> bool:
        name = str(font.get("/BaseFont")) if font else ""
        if name not in self._narrow:
            self._narrow[name] = _narrow_codes(font) if font else frozenset()
        codes = [self._codes[i : i + 2] for i in range(0, len(self._codes), 2)]
        return any(code in self._narrow[name] for code in codes)

    def raised(self, line: str) -> str:
        """Return a line of the page with its marks as marks, where they stand close to their number."""
        if (marks := self._known.get("".join(line.split()))) is None:
            return line
        found, flags = "", iter(marks)
        for sign in line:
            mark = not sign.isspace() and next(flags)
            found += raised(sign) if mark and found[-1:].strip() else sign
        return found


def _narrow_codes(font: Any) -> frozenset[bytes]:
    """Return the codes of a font whose signs are narrower than others for the same letter or digit."""
    if "/DescendantFonts" not in font or "/ToUnicode" not in font:
        return frozenset()
    told = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    same: dict[str, list[int]] = defaultdict(list)
    for first, last, sign in re.findall(r"^<(\w{4})>\s*(?:<(\w{4})>\s*)?<(\w{4})>\s*$", told, re.MULTILINE):
        for step, code in enumerate(range(int(first, 16), int(last or first, 16) + 1)):
            same[chr(int(sign, 16) + step)].append(code)
    wide = _widths(font["/DescendantFonts"].get_object()[0].get_object().get("/W", []))
    return frozenset(
        code.to_bytes(2, "big")
        for sign, codes in same.items()
        for code in codes
        if sign.isalnum()
        and any(
            _LEAST_WIDE < wide.get(code, 0) / wide[other] < _MOST_WIDE for other in codes if wide.get(other)
        )
    )


def _widths(array: Any) -> dict[int, float]:
    """Return the width of each code in the array of a font: `first [w w …]` and `first last w`."""
    widths: dict[int, float] = {}
    items = [item.get_object() for item in array.get_object()] if hasattr(array, "get_object") else array
    while items:
        first, following, *rest = items
        if isinstance(following, list):
            widths |= {int(first) + step: float(width) for step, width in enumerate(following)}
            items = rest
        else:
            widths |= dict.fromkeys(range(int(first), int(following) + 1), float(rest[0]))
            items = rest[1:]
    return widths


def _page_lines(page: PageObject) -> list[str]:
    text = page.extract_text(extraction_mode="layout", layout_mode_scale_weight=_SCALE)
    marks = _Marks(page)
    return [marks.raised(line) for line in text.splitlines()]


def _unlocked(path: Path) -> BytesIO:
    """Return a PDF that anyone may open, but not copy from or change, without that lock."""
    import pikepdf

    free = BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(free)
    free.seek(0)
    return free


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Leave out running heads and feet: first and last lines that begin alike on three pages or more."""
    pages = [page for lines in pages if (page := "\n".join(lines).strip("\n").splitlines())]
    heads = Counter(_beginning(page[0]) for page in pages)
    feet = Counter(_beginning(page[-1]) for page in pages)
    kept = []
    for page in pages:
        start = 1 if heads[_beginning(page[0])] >= 3 else 0
        end = len(page) - 1 if feet[_beginning(page[-1])] >= 3 else len(page)
        kept.append(page[start:end])
    return kept


def _beginning(line: str) -> str:
    return re.sub(r"[\d\W]", "", line)[:20]
