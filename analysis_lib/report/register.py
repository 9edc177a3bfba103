"""The register of numbers: every number that is shown, and everything those are computed from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis_lib.report.assemble import Block, ChapterPage

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
