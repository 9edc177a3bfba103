"""Publishing: built aside, then swapped. The last good report stands until the new one is whole.

The manifest says what a report was made of, and what was found. It is a plain dataclass, since a build where
nothing is stale reads it and imports nothing heavy.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the report."""

    path: str
    bytes: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """What the inspection has found, and what somebody has said of it."""

    id: str
    kind: str
    where: str
    printed: str
    verdict: str
    explanation: str
    handled: str


@dataclass(frozen=True, slots=True)
class InspectionEntry:
    """What the report has checked of itself: numbers shown, computed again, relations, and what was found."""

    shown: int
    computed: int
    relations: int
    findings: tuple[FindingEntry, ...]


@dataclass(frozen=True, slots=True)
class ChapterEntry:
    """What a chapter was made of, what it shows, and what a reviewer should look at."""

    name: str
    number: str
    title: str
    status: str
    seconds: float | None
    parameters: Mapping[str, Any]
    inputs: tuple[Mapping[str, str], ...]
    tables: tuple[Mapping[str, Any], ...]
    figures: tuple[Mapping[str, Any], ...]
    numbers_bound: int
    numerals_unbound: tuple[Mapping[str, str], ...]
    unsaid: tuple[str, ...]
    awaits: tuple[str, ...]
    unpublished: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a report was made of, and what was found; written and read as ``manifest.json``."""

    report: str = ""
    title: str = ""
    edition: str = ""
    status: str = ""
    book_key: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    renderer: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    chapters: tuple[ChapterEntry, ...] = ()
    coverage: tuple[Mapping[str, str], ...] = ()
    outputs: tuple[OutputFile, ...] = ()
    inspection: InspectionEntry | None = None
    held_against: str = ""

    def write(self, folder: Path) -> None:
        """Write it into a report's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str)
        (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def aside(final: Path) -> Path:
    """Return an empty folder beside the final one, and mend what an interrupted swap left."""
    recover(final)
    new = final.with_name(f".{final.name}.ny")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new


def _old(final: Path) -> Path:
    return final.with_name(f".{final.name}.gammel")


def recover(final: Path) -> None:
    """Bring back the last report if a swap was interrupted between its two steps."""
    if _old(final).exists():
        if final.exists():
            shutil.rmtree(_old(final))
        else:
            _old(final).rename(final)


def swap(new: Path, final: Path) -> None:
    """Put the new report in the place of the last one."""
    if final.exists():
        final.rename(_old(final))
    new.rename(final)
    shutil.rmtree(_old(final), ignore_errors=True)


def read_manifest(final: Path) -> Manifest | None:
    """Read the manifest of a published report; None if there is none, or none that can be read."""
    try:
        raw = json.loads((final / MANIFEST).read_text(encoding="utf-8"))
        given = {item.name: raw[item.name] for item in fields(Manifest) if item.name in raw}
        given["chapters"] = tuple(ChapterEntry(**entry) for entry in raw.get("chapters", ()))
        given["outputs"] = tuple(OutputFile(**entry) for entry in raw.get("outputs", ()))
        if inspection := raw.get("inspection"):
            found = tuple(FindingEntry(**entry) for entry in inspection["findings"])
            given["inspection"] = InspectionEntry(**{**inspection, "findings": found})
        return Manifest(**given)
    except (OSError, ValueError, TypeError, AttributeError, LookupError):
        return None


def is_whole(final: Path, manifest: Manifest) -> bool:
    """Tell whether every file of the manifest is there with its size."""
    files = [(final / str(item.path), item.bytes) for item in manifest.outputs]
    return all(path.is_file() and path.stat().st_size == size for path, size in files)
