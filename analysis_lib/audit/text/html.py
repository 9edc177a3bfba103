"""The text of a web page: a line for each heading, paragraph and row; a tab between cells."""

from __future__ import annotations

from html.parser import HTMLParser

_BREAKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "caption", "figcaption", "table", "div", "section"}
_SILENT = {"script", "style", "svg", "template", "nav", "head", "dialog", "noscript"}


def html_lines(page: str) -> list[str]:
    """Return a page's text as lines.

    Examples
    --------
    >>> html_lines("<p>Én <b>to</b></p><table><tr><th>År<td>2025<tr><td>Leger<td>12</table>")
    ['Én to', '', 'År\\t2025', 'Leger\\t12']
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    reader.end_line()
    return reader.lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.silent = 0
        self.in_row = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "tr":
            self.end_line(blank=False)
            self.in_row = True
            self.line = ""
        elif tag in ("td", "th"):
            self.line += "\t" if self.line or self.lines[-1:] == ["\t"] else ""
        elif tag == "br" or (tag in _BREAKS and not self.in_row):
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table":
            self.end_line()
            self.in_row = False
        elif tag in _BREAKS and not self.in_row:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.line += data

    def end_line(self, *, blank: bool = True) -> None:
        cells = [" ".join(cell.split()) for cell in self.line.split("\t")]
        text = "\t".join(cells)
        if text.strip():
            self.lines.append(text)
        if blank and self.lines and self.lines[-1]:
            self.lines.append("")
        self.line = ""
