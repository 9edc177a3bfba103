"""The embedded renderer: pandoc and typst from wheels, no system package.

What typst cannot say yet: the first cell of a table row is a row header.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from analysis_lib.errors import RenderFeil
from publishing.run.processes import run_tool


def mark_row_headers(source: Path, target: Path) -> None:
    """Turn the first cell of every body row into a header with row scope, for screen readers."""
    import pikepdf

    with pikepdf.open(source) as pdf:
        root = pdf.Root.get("/StructTreeRoot")
        for row in _rows(root):
            cells = [kid for kid in _kids(row) if isinstance(kid, pikepdf.Dictionary)]
            if len(cells) > 1 and cells[0].get("/S") == "/TD":
                cells[0].S = pikepdf.Name.TH
                cells[0].A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        pdf.save(target, deterministic_id=True)


def _kids(node: Any) -> list[Any]:
    import pikepdf

    kids = node.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _rows(root: Any) -> Iterator[Any]:
    import pikepdf

    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == "/TR":
                yield node
            else:
                stack.extend(_kids(node))


OPTIONS = ("--from=markdown-smart", "--wrap=none", "--standalone", "--toc", "--fail-if-warnings", "--sandbox")
PDF_STANDARDS = ("ua-1", "a-2a")
_COMPILE = """
import json, sys, typst
try:
    _, warnings = typst.compile_with_warnings(**json.loads(sys.argv[1]))
except typst.TypstError as error:
    sys.exit(str(error))
print(*(warning.message for warning in warnings), sep="\\n")
"""


def font_folder() -> Path:
    """Return the folder of the packaged Source Sans 3 fonts."""
    import fontpkg_source_sans_3

    return Path(fontpkg_source_sans_3.__file__).parent / "files"


def render(book: Path, pages: list[str], html: Path, pdf: Path, theme: Path) -> str:
    """Render the pages side by side and the PDF after them; see `publishing.render.render`."""
    import pypandoc

    command = pypandoc.get_pandoc_path()
    html.mkdir(parents=True, exist_ok=True)
    jobs = [
        [
            f"{name}.md",
            "--to=html5",
            "--mathml",
            f"--template={theme / 'page.html'}",
            "--toc-depth=3",
            f"--output={html / name}.html",
        ]
        for name in pages
    ]
    typ = book / "rapport.typ"
    jobs.append(["rapport.md", "--to=typst", f"--template={theme / 'report.typ'}", f"--output={typ}"])
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: _pandoc(command, job, book, theme), jobs))
    for name in ("assets", "figurer"):
        shutil.copytree(book / name, html / name, dirs_exist_ok=True)
    typst_version = _typst(typ, pdf)
    return f"pandoc {pypandoc.get_pandoc_version()}, typst {typst_version}"


def _pandoc(command: str, arguments: list[str], book: Path, theme: Path) -> None:
    done = run_tool([command, *arguments, *OPTIONS, f"--lua-filter={theme / 'filter.lua'}"], cwd=book)
    if done.returncode:
        raise RenderFeil(
            f"pandoc stanset (kode {done.returncode}): {done.stderr.strip()}", where=arguments[0]
        )


def _typst(source: Path, pdf: Path) -> str:
    """Compile to a tagged PDF; a warning (a missing font, say) is an error.

    In a process of its own: typst cannot be interrupted inside this one.
    """
    from importlib.metadata import version

    aside = source.with_suffix(".pdf")
    options = {
        "input": str(source),
        "output": str(aside),
        "root": str(source.parent),
        "font_paths": [str(font_folder())],
        "ignore_system_fonts": True,
        "pdf_standards": list(PDF_STANDARDS),
    }
    done = run_tool([sys.executable, "-c", _COMPILE, json.dumps(options)], cwd=source.parent, name="typst")
    if done.returncode:
        raise RenderFeil(f"typst stanset: {done.stderr.strip()[-2000:]}", where=source.name)
    if done.stdout.strip():
        raise RenderFeil(f"typst advarer: {done.stdout.strip().splitlines()[0]}", where=source.name)
    mark_row_headers(aside, pdf)
    return version("typst")
