"""The number register as a file: what a build said, to the last digit, for checks and for later builds.

``tallregister.json`` lies beside the manifest. It holds the full register, where each number is shown, and
every sentence in its pieces, so that a build can be held against another without its notebooks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis_lib.report.assemble import ChapterPage
from analysis_lib.report.definition import Report
from analysis_lib.report.register import full_register, shown_refs

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
    from analysis_lib.audit.editions.revisions import FILE, read_revisions
    from analysis_lib.data.corrections import reasons

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
