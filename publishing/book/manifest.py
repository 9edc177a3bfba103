"""The manifest: what a report was made of, and what was found."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis_lib import __version__
from analysis_lib.data.cells import Kind
from analysis_lib.errors import MOST_SHOWN, KontrollFeil
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import place, shown_refs
from publishing.coverage import coverage
from publishing.run.plan import Plan, file_hash, read_run

PACKAGES = ("pandas", "matplotlib", "seaborn", "papermill", "nbformat", "pypandoc_binary", "typst")


# The only status that a report may have while something in it waits.
DRAFT = "Utkast"


def chapter_entry(page: ChapterPage, folder: Path) -> dict[str, Any]:
    """Return one chapter's part of the manifest."""
    run = read_run(folder)
    missing = page.payloads("missing")
    return {
        "name": page.name,
        "number": page.number,
        "title": page.title,
        "status": "ok",
        "seconds": run.get("seconds"),
        "parameters": run.get("parameters", {}),
        "inputs": run.get("inputs", []),
        "tables": [
            {"id": table["id"], "number": table["number"], "status": "shown", **table["check"]}
            for table in page.payloads("table")
        ]
        + [
            {"id": item["id"], "number": item["number"], "status": _status(item), "note": item["note"]}
            for item in missing
        ],
        "figures": [
            {key: figure[key] for key in ("id", "number", "title", "alt", "note")}
            | {"status": _status(figure)}
            for figure in page.payloads("figure")
        ],
        "numbers_bound": sum(len(shown_refs(block)) for block in page.blocks),
        "numerals_unbound": page.unbound,
        "unsaid": [label for prose in page.payloads("prose") for label in prose["unsaid"]],
        "awaits": list(dict.fromkeys(awaited(page))),
        "unpublished": page.unpublished,
    }


def _status(item: dict[str, Any]) -> str:
    return "awaiting" if item.get("awaits") else str(item["status"])


def awaited(page: ChapterPage) -> Iterator[str]:
    """Yield what waits for its number in a chapter, as a reader would name it."""
    for block in page.blocks:
        item = block.content
        if item.get("awaits") is True:
            yield f"{'figur' if block.kind == 'figure' else 'tabell'} {item['number']}"
        elif waiting := item.get("awaits"):
            yield from (f"{place(block)}: {label}" for label in waiting)
        rows = item.get("rows") or (item.get("data") or {}).get("rows", [])
        if count := sum(cell["kind"] == Kind.AWAITED for row in rows for cell in row["cells"]):
            yield f"{place(block)}: {count} tall"


def refuse_awaited(status: str, entries: list[dict[str, Any]]) -> None:
    """Stop a report that is no draft while something that it shows waits for its number.

    Raises
    ------
    KontrollFeil
        Names what waits, the first in each chapter.
    """
    waiting = [f"{entry['name']}: {entry['awaits'][0]}" for entry in entries if entry["awaits"]]
    if waiting and status != DRAFT:
        count = sum(len(entry["awaits"]) for entry in entries)
        raise KontrollFeil(
            f"rapporten er «{status}», men {count} steder venter på tall ({'; '.join(waiting[:MOST_SHOWN])})",
            hint=f"Fyll ut utgaven (rapport roll --status), eller skriv «status: {DRAFT}».",
        )


def findings(entry: dict[str, Any]) -> list[str]:
    """List what a reviewer should look at in a chapter."""
    found = [
        f"tabell {table['number']}, {item['row']}, {item['column']}: trykt {item['printed']}, "
        f"beregnet {item['computed']}"
        for table in entry["tables"]
        for item in table.get("deviating", [])
    ]
    found += [
        f"{item['place']}: tallet «{item['numeral']}» er ikke bundet" for item in entry["numerals_unbound"]
    ]
    if entry["unsaid"]:
        found.append(f"{len(entry['unsaid'])} avsnitt mangler tall for disse parametrene og sier det")
    if entry["awaits"]:
        found.append(f"{len(entry['awaits'])} tabeller, figurer, nøkkeltall og avsnitt venter på tall")
    return found + list(entry["unpublished"])


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
    refuse_awaited(plan.report.status, entries)
    for entry in entries:
        entry["findings"] = findings(entry)
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
