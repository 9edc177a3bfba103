"""Publishing: built aside, forced to the disk, then exchanged in one step with the last good report."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from analysis_lib.data.formats import read_json
from analysis_lib.data.inputs import file_hash
from analysis_lib.errors import DataFeil

MANIFEST = "manifest.json"
# Of Linux' renameat2(2).
_HERE, _EXCHANGE = -100, 2


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
    data: str = ""
    synthetic: bool = False
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
    _new(final).mkdir(parents=True)
    return _new(final)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, also one that is read-only; nothing is no error."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        for folder, _, _ in os.walk(path):
            Path(folder).chmod(stat.S_IRWXU)
        shutil.rmtree(path)


def settle(folder: Path) -> None:
    """Force a folder and all in it to the disk, so that a loss of power leaves no empty files."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        if path.is_symlink() or not (path.is_file() or path.is_dir()) or (path.is_dir() and os.name == "nt"):
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_folder(new: Path, final: Path) -> None:
    """Put `new` in the place of `final`, whatever lies there, and remove what was there.

    On Linux no one ever sees the place empty; elsewhere there is a moment between two renamings, which
    `recover` mends.
    """
    settle(new)
    if not os.path.lexists(final):
        new.rename(final)
    elif _exchange(new, final):
        remove(new)
    else:
        final.rename(_old(final))
        new.rename(final)
        remove(_old(final))


def recover(final: Path) -> None:
    """Bring back the last folder if it was moved away, and remove a new one that was never finished."""
    remove(_new(final))
    if _old(final).exists():
        if os.path.lexists(final):
            remove(_old(final))
        else:
            _old(final).rename(final)


def _new(final: Path) -> Path:
    return final.with_name(f".{final.name}.ny")


def _old(final: Path) -> Path:
    return final.with_name(f".{final.name}.gammel")


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two names in one step; False where the system cannot."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    if sys.platform != "linux":
        return False
    code: int = call(_HERE, os.fsencode(a), _HERE, os.fsencode(b), _EXCHANGE)
    return code == 0


def read_manifest(final: Path) -> Manifest | None:
    """Read the manifest of a published report; None if there is none, or none that can be read."""
    try:
        raw = read_json(final / MANIFEST)
        given = {item.name: raw[item.name] for item in fields(Manifest) if item.name in raw}
        given["chapters"] = tuple(ChapterEntry(**entry) for entry in raw.get("chapters", ()))
        given["outputs"] = tuple(OutputFile(**entry) for entry in raw.get("outputs", ()))
        if inspection := raw.get("inspection"):
            found = tuple(FindingEntry(**entry) for entry in inspection["findings"])
            given["inspection"] = InspectionEntry(**{**inspection, "findings": found})
        return Manifest(**given)
    except (DataFeil, TypeError, AttributeError, LookupError):
        return None


def is_whole(final: Path, manifest: Manifest) -> bool:
    """Tell whether a report's files are those of its manifest, byte for byte, and no other."""
    found = {path.relative_to(final).as_posix() for path in final.rglob("*") if not path.is_dir()}
    return found - {MANIFEST} == {item.path for item in manifest.outputs} and all(
        file_hash(final / item.path) == item.sha256 for item in manifest.outputs
    )
