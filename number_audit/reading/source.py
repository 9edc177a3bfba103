"""From a file to lines: text in one encoding or several, PDF, HTML; too large a file is refused.

A web page becomes a line for each heading, paragraph and row. What is raised or lowered on it becomes the
raised and lowered signs that there are, and what such a mark links to begins with it, as a footnote.
"""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from analysis_lib.data.formats import read_bytes
from analysis_lib.data.norwegian import SUPERSCRIPTS
from analysis_lib.errors import DataFeil
from number_audit.document import Skipped
from number_audit.reading.columns import MOST_COLUMNS
from number_audit.reading.lines import raised
from number_audit.reading.pdf import pdf_lines

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
    >>> html_lines('120<sup><a href="#n">1</a></sup><li id="n"><p>Anslag')
    ['120¹', '', '¹ Anslag', '']
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
        self.off_line: list[str] = []
        self.link = self.mark = ""
        self.notes: dict[str, str] = {}
        self.row: list[str] | None = None
        self.spans: dict[int, int] = {}
        self.wide = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        hidden = tag == "span" and _HIDDEN & set((told.get("class") or "").split())
        if tag in _SILENT or hidden or (self.silent and tag == self.silent[-1]):
            self.silent.append(tag)
        elif tag == "tr":
            self.end_row()
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.end_cell()
            self.begin_cell(told)
        elif tag in _BREAKS and self.row is None:
            self.end_line()
        elif tag == "br":
            self.text += " "
        styled = "vertical-align:su" in re.sub(r"\s", "", told.get("style") or "")
        if tag in ("sup", "sub", *self.off_line[-1:]) or styled:
            self.off_line.append(tag)
        if tag == "a":
            self.link = (told.get("href") or "").partition("#")[2]
        self.mark = self.notes.pop(told.get("id") or "", self.mark)

    def handle_endtag(self, tag: str) -> None:
        if self.off_line and tag == self.off_line[-1]:
            self.off_line.pop()
        if tag == "a":
            self.link = ""
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
        if self.silent:
            return
        if not self.off_line:
            self.text += data
            return
        shown = raised(data, lowered=self.off_line[-1] == "sub")
        self.text += shown
        if self.link and (digits := "".join(filter(SUPERSCRIPTS.__contains__, shown))):
            self.notes.setdefault(self.link, digits)

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
        self.text, self.wide, self.off_line = "", 0, []

    def end_row(self) -> None:
        self.end_cell()
        if self.row is not None and any(self.row):
            self.lines.append("\t".join(self.row))
        self.row = None

    def end_line(self) -> None:
        text = " ".join(self.text.split())
        if text:
            self.lines.append(f"{self.mark} {text}" if self.mark else text)
            self.mark = ""
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.text, self.off_line = "", []


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
    raw = read_bytes(path, str(path))
    size = len(raw)
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
        lines, skipped = decode(raw, str(path))
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
        try:
            return raw.decode("utf-16").splitlines(), []
        except UnicodeDecodeError as error:
            raise DataFeil(f"filen er ikke UTF-16, som den sier (byte {error.start})", where=where) from None
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
