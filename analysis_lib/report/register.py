"""The register of one chapter: every number on its pages, and everything those are computed from."""

from __future__ import annotations

from typing import Any

from analysis_lib.report.assemble import Block, ChapterPage


def chapter_register(page: ChapterPage) -> dict[str, Any]:
    """Merge the numbers of all blocks, with the places where each stands.

    Returns
    -------
    dict
        ``sources``: documents with file and hash, numbered; ``numbers``: entries by ref, whose
        ``sources`` are those numbers.
    """
    numbers: dict[str, dict[str, Any]] = {}
    places: dict[str, list[str]] = {}
    for block in page.blocks:
        for ref, entry in block.content.get("numbers", {}).items():
            numbers.setdefault(ref, entry)
        for ref in shown_refs(block):
            known = places.setdefault(ref, [])
            if (place := _place(block)) not in known:
                known.append(place)
    index: dict[tuple[str, ...], int] = {}
    for entry in numbers.values():
        for source in entry["sources"]:
            index.setdefault(tuple(source), len(index))
    return {
        "sources": [
            {"id": i, "label": document, "file": file, "sha256": digest, "register": register}
            for (document, file, digest, register), i in index.items()
        ],
        "numbers": {
            ref: {
                **entry,
                "sources": [index[tuple(source)] for source in entry["sources"]],
                "places": places.get(ref, []),
            }
            for ref, entry in numbers.items()
        },
    }


def shown_refs(block: Block) -> list[str]:
    """Return the refs of the numbers that a block shows, repeats included."""
    content = block.content
    if content.get("type") in ("prose", "keyfigures"):
        return list(content["used"])
    rows = content.get("rows") or (content.get("data") or {}).get("rows", [])
    return [cell["ref"] for row in rows for cell in row["cells"] if cell["ref"]]


def prose_refs(page: ChapterPage) -> list[str]:
    """Return the refs that the text and key figures use, each once, in order."""
    used = (ref for kind in ("keyfigures", "prose") for item in page.payloads(kind) for ref in item["used"])
    return list(dict.fromkeys(used))


def _place(block: Block) -> str:
    names = {"table": "Tabell", "figure": "Figur"}
    kind = block.content.get("type", "")
    if kind in names:
        return f"{names[kind]} {block.content['number']}"
    return block.place[:1].upper() + block.place[1:] + (" (nøkkeltall)" if kind == "keyfigures" else "")
