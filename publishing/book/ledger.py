"""The number register as a file: what a build said, to the last digit, for checks and for later builds.

``tallregister.json`` lies beside the manifest. It holds the full register, where each number is shown, and
every sentence in its pieces, so that a build can be held against another without its notebooks.

What must stand in a ``tallregister.json`` for a build to be compared; else it is refused by the field.

The register of numbers: every number that is shown, and everything those are computed from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from publishing.book.assemble import Block, ChapterPage
from publishing.definition import Report

Number = Annotated[str, Field(pattern=r"^-?\d{1,999}(/[1-9]\d{0,998})?$")]


class Exact(BaseModel):
    """A number to the last digit."""

    identity: str
    point: Number | None
    interval: tuple[Number, Number, bool, bool] | None
    file: str = ""
    printed: str = ""
    corrected: str | None = None
    formula: str = ""


class Term(BaseModel):
    """A number that another is computed from."""

    ref: str


class Entry(BaseModel):
    """A number of the register."""

    exact: Exact
    label: str
    text: str
    unit: str
    sources: list[int]
    places: list[str]
    terms: list[Term] = []
    how: str = ""
    printed: str = ""
    verdict: str = ""


class Source(BaseModel):
    """A file that numbers are from."""

    sha256: str


class TableEntry(BaseModel):
    """What defines a table."""

    label: str
    place: str
    period: str
    unit: str
    basis: str
    title: str
    notes: str


class FigureEntry(BaseModel):
    """What defines a figure, and its numbers."""

    label: str
    place: str
    status: str
    title: str
    note: str
    refs: list[str]


class PieceEntry(BaseModel):
    """A piece of a paragraph."""

    text: str
    kind: str
    expression: str
    format: str
    refs: list[str]


class SentenceEntry(BaseModel):
    """A paragraph or a key figure."""

    chapter: str
    place: str
    template: str
    parts: list[PieceEntry]
    lacks: str


class RevisionEntry(BaseModel):
    """A revision that the build's edition accounts for."""

    old: str
    new: str
    why: str


class Parameters(BaseModel):
    """The parameters that a comparison needs."""

    aar: int


class Ledger(BaseModel):
    """The file; what a comparison does not need may stand beside it."""

    definition: str
    parameters: Parameters
    sources: list[Source]
    numbers: dict[str, Entry]
    tables: dict[str, TableEntry]
    figures: dict[str, FigureEntry]
    sentences: list[SentenceEntry]
    corrections: dict[str, str]
    revisions: dict[str, RevisionEntry]


Register = dict[str, Any]


def full_register(chapters: Iterable[ChapterPage]) -> Register:
    """Merge the numbers of all chapters, with every place where each is shown.

    Returns
    -------
    dict
        ``sources``: documents with file and hash, numbered; ``numbers``: entries by ref, whose
        ``sources`` are those numbers.
    """
    numbers: dict[str, dict[str, Any]] = {}
    places: dict[str, dict[str, None]] = {}
    for block in (block for page in chapters for block in page.blocks):
        numbers = block.content.get("numbers", {}) | numbers
        for ref in shown_refs(block):
            places.setdefault(ref, {})[place(block)] = None
    files: dict[tuple[str, str, str], dict[str, None]] = {}
    for document, file, digest, register in (s for entry in numbers.values() for s in entry["sources"]):
        files.setdefault((document, file, digest), {})[register] = None
    index = {key: position for position, key in enumerate(files)}
    return {
        "sources": [
            {"id": i, "label": document, "file": file, "sha256": digest, "register": ", ".join(names)}
            for i, ((document, file, digest), names) in enumerate(files.items())
        ],
        "numbers": {
            ref: {
                **entry,
                "sources": sorted({index[document, file, d] for document, file, d, _ in entry["sources"]}),
                "places": list(places.get(ref, {})),
            }
            for ref, entry in numbers.items()
        },
    }


def subset(register: Register, refs: Iterable[str], *, terms: bool = True) -> Register:
    """Return the entries of some numbers, with those they are computed from, and the sources of all."""
    numbers: dict[str, dict[str, Any]] = {}
    waiting = list(refs)[::-1]
    while waiting:
        ref = waiting.pop()
        if ref in numbers or ref not in register["numbers"]:
            continue
        numbers[ref] = register["numbers"][ref]
        if terms:
            waiting += [term["ref"] for term in numbers[ref].get("terms", [])]
    used = {source for entry in numbers.values() for source in entry["sources"]}
    return {"sources": [s for s in register["sources"] if s["id"] in used], "numbers": numbers}


def chapter_refs(page: ChapterPage) -> list[str]:
    """Return the refs of all numbers on a chapter's page, each once, in order."""
    return list(dict.fromkeys(ref for block in page.blocks for ref in shown_refs(block)))


def shown_refs(block: Block) -> list[str]:
    """Return the refs of the numbers that a block shows, repeats included."""
    content = block.content
    if "used" in content:
        return list(content["used"])
    rows = content.get("rows") or (content.get("data") or {}).get("rows", [])
    return [cell["ref"] for row in rows for cell in row["cells"] if cell["ref"]]


def prose_refs(page: ChapterPage) -> list[str]:
    """Return the refs that the text and key figures use, each once, in order."""
    used = (
        ref
        for kind in ("keyfigures", "prose", "verdict")
        for item in page.payloads(kind)
        for ref in item["used"]
    )
    return list(dict.fromkeys(used))


def place(block: Block) -> str:
    """Return where a block stands, as the reader would say it."""
    names = {"table": "Tabell", "figure": "Figur"}
    kind = block.content.get("type", "")
    if kind in names:
        return f"{names[kind]} {block.content['number']}"
    return block.place[:1].upper() + block.place[1:] + (" (nøkkeltall)" if kind == "keyfigures" else "")


LEDGER = "tallregister.json"


def make_ledger(
    report: Report, chapters: tuple[ChapterPage, ...], parameters: dict[str, Any], edition: Path
) -> dict[str, Any]:
    """Return what a build says, ready for JSON.

    Returns
    -------
    dict
        ``report, definition, edition, parameters``; ``sources`` and ``numbers`` (see `full_register`);
        ``tables`` and ``figures`` with what defines them; ``sentences`` with their pieces; ``corrections``
        (cell to reason) and ``revisions`` (cell to old, new, why) of the edition.
    """
    from analysis_lib.data.corrections import reasons
    from publishing.revisions import FILE, read_revisions

    revisions = read_revisions(edition / FILE)
    return {
        "report": report.id,
        "definition": report.definition,
        "edition": edition.name,
        "parameters": parameters,
        **full_register(chapters),
        "tables": {
            payload["id"]: {
                "label": f"Tabell {payload['number']}",
                "place": chapter.name,
                "period": payload["period"],
                "unit": payload["unit"],
                "basis": payload["basis"],
                "title": payload["title"],
                "notes": " ".join(payload.get("remarks", payload["notes"])),
            }
            for chapter in chapters
            for payload in chapter.payloads("table")
        },
        "figures": {
            block.content["id"]: {
                "label": f"Figur {block.content['number']}",
                "place": chapter.name,
                "status": block.content["status"],
                "title": block.content["title"],
                "note": block.content["note"],
                "refs": list(dict.fromkeys(shown_refs(block))),
            }
            for chapter in chapters
            for block in chapter.blocks
            if block.content.get("type") == "figure"
        },
        "sentences": list(sentences(chapters)),
        "corrections": reasons(edition / "corrections.yml"),
        "revisions": {identity: asdict(revision) for identity, revision in revisions.items()},
    }


def sentences(chapters: Iterable[ChapterPage]) -> Iterator[dict[str, Any]]:
    """Yield every paragraph and key figure: chapter, place, template, pieces, what it lacks."""
    for chapter in chapters:
        for block in chapter.blocks:
            where = {"chapter": chapter.name, "place": block.place}
            for paragraph in block.content.get("paragraphs", []):
                yield {**where, **paragraph}
            for item in block.content.get("items", []):
                yield {**where, **_key_figure(item)}
                for paragraph in item["paragraphs"]:
                    yield {**where, **paragraph}


def write_ledger(ledger: dict[str, Any], folder: Path) -> None:
    """Write the register into a report's folder, without white space: it is read by programs."""
    text = json.dumps(ledger, ensure_ascii=False, separators=(",", ":"), default=str)
    (folder / LEDGER).write_text(f"{text}\n", encoding="utf-8")


def _key_figure(item: dict[str, Any]) -> dict[str, Any]:
    number = {
        "kind": "number",
        "text": f"{item['text']}\u00a0{item['unit']}".rstrip(),
        "expression": item["label"],
        "format": item["format"],
        "refs": [item["ref"]],
    }
    return {"template": f"Nøkkeltall: {item['label']}", "parts": [number], "lacks": ""}
