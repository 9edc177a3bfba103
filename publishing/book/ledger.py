"""The number register of a build: what it said, to the last digit, for checks and for later builds.

``tallregister.json`` lies beside the manifest. It holds every number that is shown and everything those are
computed from, where each is shown, and every sentence in its pieces, so that a build can be held against
another without its notebooks. It is written and read by the classes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from analysis_lib.data.files import Model
from analysis_lib.present.payload import FigurePayload, FigureStatus, TablePayload
from analysis_lib.present.pieces import Paragraph
from analysis_lib.present.register import Entry, EntryOf, SourceFile
from publishing.book.assemble import ChapterPage
from publishing.notebooks import read_notebook, source_hash
from publishing.run.plan import Plan

LEDGER = "tallregister.json"


# No model: a pydantic class has a method `register` of its own.
@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A document with its file; `id` is its place in the register of the whole report."""

    id: int
    label: str
    file: str
    sha256: str
    register: str
    synthetic: bool = False


class Registered(EntryOf[int]):
    """A number of the register: its sources by their ids, and every place where it is shown."""

    places: tuple[str, ...]


class Register(Model):
    """Numbers by ref, and the documents that they are from."""

    sources: tuple[SourceEntry, ...]
    numbers: Mapping[str, Registered]

    @property
    def synthetic(self) -> bool:
        """True where any of the numbers rests on made-up rows."""
        return any(source.synthetic for source in self.sources)

    def subset(self, refs: Iterable[str], *, terms: bool = True) -> Register:
        """Return some numbers, with those they are computed from, and the sources of all."""
        numbers: dict[str, Registered] = {}
        waiting = list(refs)[::-1]
        while waiting:
            ref = waiting.pop()
            if ref in numbers or ref not in self.numbers:
                continue
            numbers[ref] = self.numbers[ref]
            if terms:
                waiting += [term.ref for term in numbers[ref].terms or ()]
        used = {source for entry in numbers.values() for source in entry.sources}
        return Register(sources=tuple(s for s in self.sources if s.id in used), numbers=numbers)


class TableEntry(Model):
    """What defines a table, the labels of its rows and columns by key, and its numbers by «row/column»."""

    label: str
    place: str
    period: str
    unit: str
    basis: str
    title: str
    notes: str
    rows: Mapping[str, str] = {}
    columns: Mapping[str, str] = {}
    cells: Mapping[str, str] = {}


class FigureEntry(Model):
    """What defines a figure, and its numbers."""

    label: str
    place: str
    status: FigureStatus
    title: str
    note: str
    refs: tuple[str, ...]


class SentenceEntry(Paragraph):
    """A paragraph or a key figure, and where it stands."""

    chapter: str
    place: str


class RevisionEntry(Model):
    """A revision that the build's edition accounts for."""

    old: str
    new: str
    why: str


class Parameters(Model):
    """The parameters of a build; a comparison needs the year."""

    model_config = ConfigDict(extra="allow")

    aar: int


class Ledger(Register):
    """The file; what a comparison does not need may stand beside it.

    `notebooks` are hashes of the chapters' sources, `inputs` of the data files that they have read, by path.
    """

    model_config = ConfigDict(extra="ignore")

    report: str = ""
    definition: str
    edition: str = ""
    parameters: Parameters
    tables: Mapping[str, TableEntry]
    figures: Mapping[str, FigureEntry]
    sentences: tuple[SentenceEntry, ...]
    corrections: Mapping[str, str]
    revisions: Mapping[str, RevisionEntry]
    notebooks: Mapping[str, str] = {}
    inputs: Mapping[str, str] = {}


def full_register(chapters: Iterable[ChapterPage]) -> Register:
    """Merge the numbers of all chapters, with every place where each is shown."""
    numbers: dict[str, Entry] = {}
    places: dict[str, dict[str, None]] = {}
    for block in (block for page in chapters for block in page.blocks):
        numbers = {**block.payload.numbers, **numbers}
        for ref in block.payload.shown_refs:
            places.setdefault(ref, {})[block.place] = None
    # By register too: one file of facts holds numbers of many, and each is told its own.
    index: dict[SourceFile, int] = {}
    for source in (source for entry in numbers.values() for source in entry.sources):
        index.setdefault(source, len(index))
    return Register(
        sources=tuple(
            SourceEntry(i, source.document, source.file, source.sha256, source.register, source.synthetic)
            for source, i in index.items()
        ),
        numbers={
            ref: _registered(entry, sorted({index[source] for source in entry.sources}), places.get(ref, {}))
            for ref, entry in numbers.items()
        },
    )


def _registered(entry: Entry, sources: Iterable[int], places: Iterable[str]) -> Registered:
    return Registered(**{**dict(entry), "sources": tuple(sources), "places": tuple(places)})


def make_ledger(
    plan: Plan, chapters: tuple[ChapterPage, ...], parameters: Mapping[str, Any], edition: Path
) -> Ledger:
    """Return what a build says: numbers, tables, figures, sentences, and what the edition accounts for."""
    from analysis_lib.data.corrections import reasons
    from publishing.revisions import FILE, read_revisions

    revisions = read_revisions(edition / FILE)
    return Ledger(
        report=plan.report.id,
        definition=plan.report.definition,
        edition=edition.name,
        parameters=Parameters(**parameters),
        **dict(full_register(chapters)),
        tables={
            table.id: _table(table, chapter.name)
            for chapter in chapters
            for table in chapter.payloads(TablePayload)
        },
        figures={
            figure.id: _figure(figure, chapter.name)
            for chapter in chapters
            for figure in chapter.payloads(FigurePayload)
        },
        sentences=tuple(sentences(chapters)),
        corrections=reasons(edition / "corrections.yml"),
        revisions={identity: RevisionEntry(**asdict(revision)) for identity, revision in revisions.items()},
        notebooks={
            step.chapter.name: source_hash(read_notebook(step.chapter.notebook)) for step in plan.steps
        },
        inputs=plan.inputs(),
    )


def _table(table: TablePayload, chapter: str) -> TableEntry:
    return TableEntry(
        label=table.place(""),
        place=chapter,
        period=table.period,
        unit=table.unit,
        basis=table.basis,
        title=table.title,
        notes=" ".join(table.remarks),
        rows={row.key: row.label for row in table.rows},
        columns={column.key: column.label for column in table.columns},
        cells={
            f"{row.key}/{column.key}": cell.ref
            for row in table.rows
            for column, cell in zip(table.columns, row.cells, strict=False)
            if cell.ref
        },
    )


def _figure(figure: FigurePayload, chapter: str) -> FigureEntry:
    return FigureEntry(
        label=figure.place(""),
        place=chapter,
        status=figure.status,
        title=figure.title,
        note=figure.note,
        refs=tuple(dict.fromkeys(figure.shown_refs)),
    )


def sentences(chapters: Iterable[ChapterPage]) -> Iterator[SentenceEntry]:
    """Yield every paragraph and key figure with where it stands."""
    for chapter in chapters:
        for block in chapter.blocks:
            for paragraph in block.payload.said():
                yield SentenceEntry(chapter=chapter.name, place=block.section, **dict(paragraph))


def write_ledger(ledger: Ledger, folder: Path) -> None:
    """Write the register into a report's folder, without white space: it is read by programs."""
    (folder / LEDGER).write_text(f"{ledger.model_dump_json()}\n", encoding="utf-8")
