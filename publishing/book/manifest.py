"""The manifest: what a report was made of, and what was found."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from analysis_lib import __version__
from analysis_lib.data.cells import Kind
from analysis_lib.data.inputs import file_hash
from analysis_lib.errors import MOST_SHOWN, KontrollFeil
from analysis_lib.present.payload import FigurePayload, MissingTablePayload, ProsePayload, TablePayload
from analysis_lib.present.pieces import Grid
from publishing.book.assemble import ChapterPage
from publishing.coverage import coverage
from publishing.publish import MANIFEST, ChapterEntry, Manifest, OutputFile
from publishing.run.plan import Plan, read_run

PACKAGES = ("pandas", "matplotlib", "seaborn", "papermill", "nbformat", "pypandoc_binary", "typst")


# The only status that a report may have while something in it waits.
DRAFT = "Utkast"


def chapter_entry(page: ChapterPage, folder: Path) -> ChapterEntry:
    """Return one chapter's part of the manifest."""
    run = read_run(folder)
    tables = page.payloads(TablePayload)
    missing = page.payloads(MissingTablePayload)
    return ChapterEntry(
        name=page.name,
        number=page.number,
        title=page.title,
        status="ok",
        seconds=run.seconds if run else None,
        parameters=run.parameters if run else {},
        inputs=tuple(asdict(entry) | {"path": told(entry.path)} for entry in run.inputs) if run else (),
        tables=(
            *(
                {"id": table.id, "number": table.number, "status": "shown", **table.check.model_dump()}
                for table in tables
            ),
            *(
                {"id": item.id, "number": item.number, "status": _status(item, "missing"), "note": item.note}
                for item in missing
            ),
        ),
        figures=tuple(
            figure.model_dump(mode="json", include={"id", "number", "title", "alt", "note"})
            | {"status": _status(figure, figure.status)}
            for figure in page.payloads(FigurePayload)
        ),
        numbers_bound=sum(len(block.payload.shown_refs) for block in page.blocks),
        numerals_unbound=tuple(asdict(numeral) for numeral in page.unbound),
        unsaid=tuple(label for prose in page.payloads(ProsePayload) for label in prose.unsaid),
        awaits=tuple(dict.fromkeys(awaited(page))),
        unpublished=tuple(page.unpublished),
        findings=tuple(findings(page)),
    )


def told(path: str) -> str:
    """Return a path as everybody may read it: of a file outside the project the name alone.

    >>> told("data/a.csv"), told("/home/kari/a.csv")
    ('data/a.csv', 'utenfor prosjektet: a.csv')
    """
    outside = PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
    return f"utenfor prosjektet: {PureWindowsPath(path).name}" if outside else path


def _status(item: MissingTablePayload | FigurePayload, status: str) -> str:
    return "awaiting" if item.awaits else str(status)


def awaited(page: ChapterPage) -> Iterator[str]:
    """Yield what waits for its number in a chapter, as a reader would name it."""
    for block in page.blocks:
        payload, place = block.payload, block.payload.place(block.section)
        yield from (f"{place}: {label}" for label in payload.awaits)
        grid = payload.data if isinstance(payload, FigurePayload) else payload
        rows = grid.rows if isinstance(grid, Grid) else ()
        if count := sum(cell.kind is Kind.AWAITED for row in rows for cell in row.cells):
            yield f"{place}: {count} tall"


def refuse_awaited(status: str, entries: Iterable[ChapterEntry]) -> None:
    """Stop a report that is no draft while something that it shows waits for its number.

    Raises
    ------
    KontrollFeil
        Names what waits, the first in each chapter.
    """
    incomplete = [entry for entry in entries if entry.awaits]
    if incomplete and status != DRAFT:
        waiting = [f"{entry.name}: {entry.awaits[0]}" for entry in incomplete]
        count = sum(len(entry.awaits) for entry in incomplete)
        raise KontrollFeil(
            f"rapporten er «{status}», men {count} steder venter på tall ({'; '.join(waiting[:MOST_SHOWN])})",
            hint=f"Fyll ut utgaven (rapport roll --status), eller skriv «status: {DRAFT}».",
        )


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
    if waiting := [*dict.fromkeys(awaited(page))]:
        found.append(f"{len(waiting)} tabeller, figurer, nøkkeltall og avsnitt venter på tall")
    return found + page.unpublished


def make_manifest(
    plan: Plan,
    chapters: tuple[ChapterPage, ...],
    *,
    parameters: Mapping[str, Any],
    renderer: str,
    output: Path,
    edition: Path,
    synthetic: bool = False,
) -> Manifest:
    """Return the manifest of a finished build.

    Parameters
    ----------
    output : Path
        The new report; its files are listed with their hashes.
    edition : Path
        Folder of the published tables and figures, for the matrix of what is shown and what is missing.
    synthetic : bool
        Whether any number rests on made-up rows.
    """
    folders = {step.chapter.name: step.folder for step in plan.steps}
    entries = tuple(chapter_entry(page, folders[page.name]) for page in chapters)
    refuse_awaited(plan.report.status, entries)
    own = {"rapport": __version__, "python": platform.python_version()}
    return Manifest(
        report=plan.report.id,
        title=plan.report.title,
        edition=plan.report.edition,
        data=plan.report.mode,
        synthetic=synthetic,
        status=plan.report.status,
        book_key=plan.book_key(),
        parameters=parameters,
        renderer=renderer,
        versions=own | {name: version(name) for name in PACKAGES},
        chapters=entries,
        coverage=tuple(coverage(edition, entries)),
        outputs=tuple(
            OutputFile(path.relative_to(output).as_posix(), path.stat().st_size, file_hash(path))
            for path in sorted(output.rglob("*"))
            if path.is_file() and path.name != MANIFEST
        ),
    )
