"""Quarto as renderer: the same Markdown, templates and filter through ``quarto render``.

Quarto ends with code 0 although a reference is unresolved or a page is missing, so its log and its
output are checked here. Nothing is executed (``--no-execute``): the numbers are already in the text.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from analysis_lib.errors import RenderFeil
from publishing.render.pandoc import mark_row_headers
from publishing.run.processes import run_tool

OLDEST = (1, 9)
_TROUBLE = re.compile(r"unable to resolve|\[WARNING\]|^WARN|^ERROR", re.I | re.M)


def find() -> str | None:
    """Return the Quarto command: QUARTO_PATH (a program or its folder), then PATH."""
    if given := os.environ.get("QUARTO_PATH"):
        path = Path(given)
        return str(path / "quarto" if path.is_dir() else path)
    return shutil.which("quarto")


def version(command: str) -> tuple[int, ...] | None:
    """Return Quarto's version; None if the command does not answer like Quarto."""
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"\s*(\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    return tuple(int(part) for part in match.groups() if part) if match and not done.returncode else None


def project(pages: list[str]) -> dict[str, object]:
    """Return ``_quarto.yml``: plain documents with our own templates, and nothing that Quarto adds."""
    return {
        "project": {
            "type": "default",
            "output-dir": "_ut",
            "render": [f"{name}.md" for name in pages],
        },
        "lang": "nb-NO",
        "from": "markdown-smart",
        "execute": {"enabled": False},
        "filters": ["filter.lua"],
        "toc": True,
        "toc-depth": 3,
        "format": {
            "html": {
                "template": "page.html",
                "theme": "none",
                "minimal": True,
                "html-table-processing": "none",
                "html-math-method": "mathml",
            },
            "typst": {
                "template": "report.typ",
                "papersize": "a4",
                "pdf-standard": ["ua-1", "a-2a"],
                "font-paths": ["fonts"],
            },
        },
    }


def render(book: Path, pages: list[str], html: Path, pdf: Path, theme: Path) -> str:
    """Render the pages, then the PDF; see `publishing.render.render`."""
    from publishing.render.pandoc import font_folder

    command = find() or "quarto"
    for name in ("page.html", "report.typ", "filter.lua"):
        shutil.copy(theme / name, book / name)
    shutil.copytree(font_folder(), book / "fonts", dirs_exist_ok=True)
    html.mkdir(parents=True, exist_ok=True)
    _quarto(command, "html", pages, book)
    for name in pages:
        _fetch(book, f"{name}.html", html / f"{name}.html")
    for name in ("assets", "figurer"):
        shutil.copytree(book / name, html / name, dirs_exist_ok=True)
    _quarto(command, "typst", ["rapport"], book)
    _fetch(book, "rapport.pdf", book / "uten-radoverskrifter.pdf")
    mark_row_headers(book / "uten-radoverskrifter.pdf", pdf)
    return f"quarto {'.'.join(map(str, version(command) or ()))}"


def _quarto(command: str, target: str, pages: list[str], book: Path) -> None:
    """Render the named pages as one project; the configuration is written anew for each target."""
    configuration = json.dumps(project(pages), ensure_ascii=False, indent=1)  # JSON is YAML
    (book / "_quarto.yml").write_text(configuration, encoding="utf-8")
    done = run_tool([command, "render", ".", "--to", target, "--no-execute"], cwd=book)
    log = f"{done.stdout}\n{done.stderr}"
    if done.returncode:
        raise RenderFeil(
            f"Quarto stanset (kode {done.returncode}): {log.strip()[-2000:]}",
            where=f"quarto render --to {target}",
        )
    if trouble := _TROUBLE.search(log):
        line = next(text for text in log.splitlines() if trouble.group() in text)
        raise RenderFeil(f"Quarto advarer: {line.strip()}", where=f"quarto render --to {target}")


def _fetch(book: Path, name: str, target: Path) -> None:
    """Take an output from where Quarto put it: the output folder, or beside the source."""
    for folder in (book / "_ut", book):
        if (folder / name).is_file():
            shutil.move(folder / name, target)
            return
    raise RenderFeil("Quarto sluttet uten feil, men siden mangler", where=name)
