"""The text of a web page: a line for each heading, paragraph and row; a tab between cells."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from number_audit.reading.columns import MOST_COLUMNS

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
