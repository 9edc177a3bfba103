"""What the theme must hold before a build begins: files that can be read, none of them empty."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.data.formats import read_bytes, read_text
from analysis_lib.data.inputs import relative
from analysis_lib.errors import RenderFeil, raised_as

NEEDED = ("filter.lua", "page.html", "report.css", "report.js", "report.typ")
FONTS = "fonts"


def check_theme(theme: Path) -> None:
    """Read every file of the theme that a page is made with.

    Raises
    ------
    RenderFeil
        If one is missing, no file, no text or empty.
    """
    with raised_as(RenderFeil):
        for name in NEEDED:
            if not read_text(theme / name).strip():
                raise RenderFeil("filen er tom", where=relative(theme / name))
        if not (theme / FONTS).is_dir():
            raise RenderFeil("mappen med skrifter finnes ikke", where=relative(theme / FONTS))
        for path in sorted((theme / FONTS).rglob("*")):
            if not path.is_dir() and not read_bytes(path):
                raise RenderFeil("filen er tom", where=relative(path))
