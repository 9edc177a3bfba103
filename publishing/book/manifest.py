"""The manifest: what a report was made of, and what was found."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis_lib import __version__
from analysis_lib.present.payload import FigurePayload, MissingTablePayload, ProsePayload, TablePayload
from publishing.book.assemble import ChapterPage
from publishing.coverage import coverage
from publishing.run.plan import Plan, file_hash, read_run

PACKAGES = ("pandas", "matplotlib", "seaborn", "papermill", "nbformat", "pypandoc_binary", "typst")


def chapter_entry(page: ChapterPage, folder: Path) -> dict[str, Any]:
    """Return one chapter's part of the manifest."""
    run = read_run(folder)
    tables = page.payloads(TablePayload)
    return {
        "name": page.name,
        "number": page.number,
        "title": page.title,
        "status": "ok",
        "seconds": run.get("seconds"),
        "parameters": run.get("parameters", {}),
        "inputs": run.get("inputs", []),
        "tables": [
            {"id": table.id, "number": table.number, "status": "shown", **table.check.model_dump()}
            for table in tables
        ]
        + [
            {"id": item.id, "number": item.number, "status": "missing", "note": item.note}
            for item in page.payloads(MissingTablePayload)
        ],
        "figures": [
            figure.model_dump(mode="json", include={"id", "number", "title", "status", "alt", "note"})
            for figure in page.payloads(FigurePayload)
        ],
        "numbers_bound": sum(len(block.payload.shown_refs) for block in page.blocks),
        "numerals_unbound": [asdict(numeral) for numeral in page.unbound],
        "unsaid": [label for prose in page.payloads(ProsePayload) for label in prose.unsaid],
        "unpublished": page.unpublished,
        "findings": findings(page),
    }


def findings(page: ChapterPage) -> list[str]:
    """List what a reviewer should look at in a chapter."""
    found = [
        f"tabell {table.number}, {cell.row}, {cell.column}: trykt {cell.printed}, beregnet {cell.computed}"
        for table in page.payloads(TablePayload)
        for cell in table.check.deviating
    ]
    found += [f"{item.place}: tallet «{item.numeral}» er ikke bundet" for item in page.unbound]
    unsaid = [label for prose in page.payloads(ProsePayload) for label in prose.unsaid]
    if unsaid:
        found.append(f"{len(unsaid)} avsnitt mangler tall for disse parametrene og sier det")
    return found + page.unpublished


def make_manifest(
    plan: Plan,
    chapters: tuple[ChapterPage, ...],
    *,
    parameters: dict[str, Any],
    renderer: str,
    output: Path,
    edition: Path,
) -> dict[str, Any]:
    """Return the manifest of a finished build.

    Parameters
    ----------
    output : Path
        The new report; its files are listed with their hashes.
    edition : Path
        Folder of the published tables and figures, for the matrix of what is shown and what is missing.
    """
    folders = {step.chapter.name: step.folder for step in plan.steps}
    entries = [chapter_entry(page, folders[page.name]) for page in chapters]
    return {
        "report": plan.report.id,
        "title": plan.report.title,
        "edition": plan.report.edition,
        "status": plan.report.status,
        "book_key": plan.book_key(),
        "parameters": parameters,
        "renderer": renderer,
        "versions": {"rapport": __version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "chapters": entries,
        "coverage": coverage(edition, entries),
        "outputs": [
            {
                "path": path.relative_to(output).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": file_hash(path),
            }
            for path in sorted(output.rglob("*"))
            if path.is_file() and path.name != "manifest.json"
        ],
    }
