"""The theme before anything is made of it: each file is there, and has what a renderer needs of it."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.data.formats import read_bytes, read_text
from analysis_lib.data.inputs import relative
from analysis_lib.errors import RenderFeil, raised_as

# What each file must say, or the pages and the PDF lose their content, their numbers or their looks.
_NEEDED = {
    "page.html": (
        "$body$",
        "$rapport.title$",
        "assets/report.css",
        "assets/fragments.css",
        "assets/report.js",
    ),
    "report.typ": ("$body$", "$rapport.title$", "#let rapport-tabell", "#let rapport-figur", "#let tall("),
    "filter.lua": ("return {", "CodeBlock", "Header", "Span"),
    "report.css": ("@font-face", "Source Sans 3", "main"),
    "report.js": ("tallregister",),
}
_FONT = b"wOF2"


def check_theme(theme: Path) -> None:
    """Refuse a theme that a renderer would take without a word, and publish a report without content.

    Raises
    ------
    RenderFeil
        Names the file, and what it lacks.
    """
    for name, needed in _NEEDED.items():
        with raised_as(RenderFeil):
            text = read_text(theme / name)
        where = relative(theme / name)
        if not text.strip():
            raise RenderFeil("temafilen er tom", where=where, hint=_hint(name))
        if lacking := [item for item in needed if item not in text]:
            raise RenderFeil(f"temafilen mangler «{lacking[0]}»", where=where, hint=_hint(name))
    _check_fonts(theme)


def _check_fonts(theme: Path) -> None:
    """Refuse a style sheet whose fonts are not there: a browser would take another without a word."""
    style = read_text(theme / "report.css")
    for part in style.split("url(")[1:]:
        path = theme / part.partition(")")[0].strip("\"'")
        with raised_as(RenderFeil):
            font = read_bytes(path)
        if not font.startswith(_FONT):
            raise RenderFeil("skriften er skadet", where=relative(path), hint=_hint(f"fonts/{path.name}"))


def _hint(name: str) -> str:
    return f"Hent den tilbake: git checkout reports/theme/{name}"
