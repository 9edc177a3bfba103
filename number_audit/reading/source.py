"""From a file to lines: text in one encoding or several, PDF, HTML; too large a file is refused.

A web page becomes a line for each heading, paragraph and row; a page of a PDF is set out as printed, so that
columns stand under each other, and where its text is in two columns the left one is read to its end first.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from io import BytesIO
from itertools import groupby
from pathlib import Path

from analysis_lib.errors import DataFeil, nearest
from number_audit.document import Skipped
from number_audit.reading.columns import GAP, MOST_COLUMNS

# Taller than any table of a report; a page may claim any number.
MOST_ROWS = 1000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)

_BREAKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "table", "caption", "figcaption"}
    | {"div", "section", "article", "details", "summary"}
)
_SILENT = frozenset({"script", "style", "svg", "template", "nav", "head", "dialog", "noscript", "button"})
# What is meant for screen readers alone is not printed.
_HIDDEN = frozenset({"skjult", "sr-only", "visually-hidden"})


def html_lines(page: str) -> list[str]:
    r"""Return a page's text as lines.

    Examples
    --------
    >>> html_lines("<p>Én <b>to</b></p><table><tr><th>År<td>2025<tr><td>Leger<td>12</table>")
    ['Én to', '', 'År\t2025', 'Leger\t12', '']
    """
    page = _COMMENT.sub("", page)
    # A tag that is not closed is no text; the parser would try every part of it anew.
    last = page.rfind(">") + 1
    reader = _Reader()
    reader.feed(page[:last] + page[last:].partition("<")[0])
    reader.close()
    reader.end_line()
    return reader.lines


def span(text: str | None, most: int) -> int:
    """Return how many columns or rows a cell reaches over: one where the page says nothing of sense.

    >>> span("2", 100), span("abc", 100), span("-3", 100), span("100000000", 100)
    (2, 1, 1, 100)
    """
    told = re.fullmatch(r"\s*([0-9]{1,9})\s*", text or "")
    return min(max(int(told[1]), 1), most) if told else 1


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.text = ""
        self.silent: list[str] = []
        self.row: list[str] | None = None
        self.spans: dict[int, int] = {}
        self.wide = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = tag == "span" and _HIDDEN & set((dict(attrs).get("class") or "").split())
        if tag in _SILENT or hidden or (self.silent and tag == self.silent[-1]):
            self.silent.append(tag)
        elif tag == "tr":
            self.end_row()
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.end_cell()
            self.begin_cell(dict(attrs))
        elif tag in _BREAKS and self.row is None:
            self.end_line()
        elif tag == "br":
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        elif tag in ("tr", "table"):
            self.end_row()
            if tag == "table":
                self.end_line()
                self.spans = {}
        elif tag in ("td", "th"):
            self.end_cell()
        elif tag in _BREAKS and self.row is None:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text += data

    def begin_cell(self, attrs: dict[str, str | None]) -> None:
        """Leave room for the cells above that reach down, and remember how far this one reaches."""
        assert self.row is not None
        while self.spans.get(len(self.row), 0) > 0 and len(self.row) < MOST_COLUMNS:
            self.spans[len(self.row)] -= 1
            self.row.append("")
        self.wide, tall = span(attrs.get("colspan"), MOST_COLUMNS), span(attrs.get("rowspan"), MOST_ROWS)
        for column in range(len(self.row), len(self.row) + self.wide):
            self.spans[column] = tall - 1
        self.text = ""

    def end_cell(self) -> None:
        if self.row is not None and self.wide:
            self.row += [" ".join(self.text.split()), *[""] * (self.wide - 1)]
        self.text, self.wide = "", 0

    def end_row(self) -> None:
        self.end_cell()
        if self.row is not None and any(self.row):
            self.lines.append("\t".join(self.row))
        self.row = None

    def end_line(self) -> None:
        text = " ".join(self.text.split())
        if text:
            self.lines.append(text)
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.text = ""


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
        pages = [
            page.extract_text(extraction_mode="layout", layout_mode_scale_weight=_SCALE)
            for page in reader.pages
        ]
    except pikepdf.PasswordError:
        raise DataFeil("PDF-en er låst med passord", where=path, hint="Lever den uten passord.") from None
    except (*stumbles, pikepdf.PdfError) as error:
        raise DataFeil(
            f"PDF-en kan ikke leses: {error}", where=path, hint="Lever teksten som .txt."
        ) from error
    bare = _without_heads([page.splitlines() for page in pages])
    return [line for page in bare for line in [*in_reading_order(page), ""]]


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


MAX_BYTES = 20_000_000
# Longer than any line, word or row of dots that somebody has written; what is beyond only costs time.
MOST_IN_LINE = 10_000
_LONG_WORD = re.compile(r"(\w{200})\w+")
_LONG_ROW = re.compile(r"(([^\w])\2{399})\2+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\u00ad\ufeff\x0c\x00"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")


def read_lines(path: Path) -> tuple[list[str], list[Skipped]]:
    """Return the lines of a report, and those that were not in the file's own encoding.

    Raises
    ------
    DataFeil
        A file that is missing, empty, larger than `MAX_BYTES`, no text, or in an unknown encoding.
    """
    if not path.is_file():
        siblings = [item.name for item in path.parent.glob("*")] if path.parent.is_dir() else []
        raise DataFeil("filen finnes ikke", where=path, hint=nearest(path.name, siblings))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataFeil(
            f"filen er på {size / 1e6:.0f} MB; grensen er {MAX_BYTES / 1e6:.0f} MB",
            where=path,
            hint="Del den, eller lever teksten uten bilder.",
        )
    skipped: list[Skipped] = []
    if path.suffix.lower() == ".pdf":
        lines = pdf_lines(path)
    else:
        lines, skipped = decode(path.read_bytes(), str(path))
        if path.suffix.lower() in (".html", ".htm"):
            lines = html_lines("\n".join(lines))
    lines = [line.translate(_INVISIBLE).translate(_SPACES).rstrip(" ") for line in lines]
    shorter = [shortened(line) for line in lines]
    skipped += [
        Skipped(number, line[:60], f"linjen er på {len(line)} tegn; {len(short)} er lest")
        for number, (line, short) in enumerate(zip(lines, shorter, strict=True), start=1)
        if len(short) < len(line)
    ]
    lines = shorter
    if not any(line.strip() for line in lines):
        raise DataFeil("filen er tom, eller har ikke tekst som kan leses", where=path)
    return lines, skipped


def shortened(line: str) -> str:
    """Return a line without what is too long in it: endless words, rows of one sign, and its end.

    >>> len(shortened("a" * 1000 + " " * 1000 + "b")), shortened("Leger ........ 12")
    (601, 'Leger ........ 12')
    """
    return _LONG_ROW.sub(r"\1", _LONG_WORD.sub(r"\1", line))[:MOST_IN_LINE]


def decode(raw: bytes, where: str) -> tuple[list[str], list[Skipped]]:
    r"""Decode line by line: UTF-8, and Windows-1252 for a line that is not.

    Examples
    --------
    >>> decode("på\n".encode() + "år".encode("cp1252"), "x.txt")[0]
    ['på', 'år']
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16").splitlines(), []
    if b"\0" in raw[:4096]:
        raise DataFeil("filen er ikke tekst", where=where, hint="Lever teksten som .txt, .html eller .pdf.")
    lines: list[str] = []
    foreign: list[Skipped] = []
    beyond_ascii = 0
    for number, line in enumerate(raw.splitlines(), start=1):
        beyond_ascii += not line.isascii()
        try:
            lines.append(line.decode())
        except UnicodeDecodeError as error:
            lines.append(_windows(line, f"{where}, linje {number}"))
            byte = f"byte 0x{line[error.start]:02X} på plass {error.start + 1}"
            foreign.append(
                Skipped(number, lines[-1].strip()[:60], f"ikke UTF-8 ({byte}); lest som Windows-1252")
            )
    if foreign and len(foreign) == beyond_ascii:
        why = f"ikke UTF-8; alle {beyond_ascii} linjer med særtegn er lest som Windows-1252"
        foreign = [Skipped(foreign[0].line, "hele filen", why)]
    return lines, foreign


def _windows(line: bytes, where: str) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{line[error.start]:02X} på plass {error.start + 1}"
        raise DataFeil(f"{byte} er verken UTF-8 eller Windows-1252", where=where) from None
