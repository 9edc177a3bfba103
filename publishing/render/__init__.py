"""Renderers: the same book to HTML pages and one PDF, through Quarto or through pandoc and typst."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.errors import RenderFeil, nearest

RENDERERS = ("auto", "quarto", "pandoc")


def choose(renderer: str) -> tuple[str, str]:
    """Return the renderer to use, and how it names itself in the manifest.

    Raises
    ------
    RenderFeil
        For an unknown renderer, or Quarto asked for and missing or too old.
    """
    if renderer not in RENDERERS:
        raise RenderFeil(f"ukjent renderer «{renderer}»", hint=nearest(renderer, RENDERERS))
    if renderer == "pandoc":
        return "pandoc", "pandoc"
    from publishing.render import quarto

    command = quarto.find()
    version = quarto.version(command) if command else None
    if version is not None and version >= quarto.OLDEST:
        return "quarto", f"quarto {'.'.join(map(str, version))}"
    if renderer == "quarto":
        found = f"fant {command} {version}" if command else "fant ikke kommandoen «quarto»"
        raise RenderFeil(
            f"Quarto {'.'.join(map(str, quarto.OLDEST))} eller nyere trengs; {found}",
            hint="Installer Quarto, sett QUARTO_PATH, eller bruk --renderer pandoc.",
        )
    return "pandoc", "pandoc"


def render(renderer: str, book: Path, pages: list[str], html: Path, pdf: Path, theme: Path) -> str:
    """Render a written book.

    Parameters
    ----------
    renderer : {"quarto", "pandoc"}
        From `choose`.
    book : Path
        Folder of Markdown pages.
    pages : list of str
        Names of the HTML pages.
    html, pdf : Path
        Folder and file to write.
    theme : Path
        Templates, style and filter.

    Returns
    -------
    str
        The renderer with its version.
    """
    if renderer == "quarto":
        from publishing.render import quarto

        return quarto.render(book, pages, html, pdf, theme)
    from publishing.render import pandoc

    return pandoc.render(book, pages, html, pdf, theme)
