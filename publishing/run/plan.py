"""What is stale: decided from hashes, before anything heavy is imported.

A chapter's key covers its notebook's source, its parameters, the library, the lock file, and every
data file that its last run really read. The book's key covers the chapters' keys, the renderer and
all that shapes the pages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publishing.definition import Chapter, Report
from publishing.notebooks import read_notebook, source_hash

LOCK = "requirements.lock"
RUN = "run.json"
NOTEBOOK = "executed.ipynb"
# What shapes a page but no number: changing it renders again, and executes nothing.
_PAGES_ONLY = ("publishing/",)
HOUSES = ("analysis_lib", "evaluation", "number_audit", "publishing")


def digest(parts: Any) -> str:
    """Hash anything that JSON can write."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()


def file_hash(path: Path) -> str:
    """Hash a file's bytes; "" if it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def tree_hash(files: Iterable[Path], root: Path) -> str:
    """Hash files with their names."""
    return digest([[path.relative_to(root).as_posix(), file_hash(path)] for path in sorted(files)])


def library_files() -> tuple[list[Path], list[Path]]:
    """Return the library's files: those that make numbers, and those that only make pages."""
    packages = Path(__file__).resolve().parents[2]
    numbers: list[Path] = []
    pages: list[Path] = []
    for path in (path for house in HOUSES for path in (packages / house).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(packages).as_posix()
            (pages if name.startswith(_PAGES_ONLY) else numbers).append(path)
    return numbers, pages


@dataclass(frozen=True, slots=True)
class Step:
    """One chapter of a build: what to run, where it is kept, and whether it must run."""

    chapter: Chapter
    parameters: Mapping[str, Any]
    edition: str
    base: str
    folder: Path
    stale: str

    @property
    def notebook(self) -> Path:
        """The executed notebook."""
        return self.folder / NOTEBOOK


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of a build, and the key of the book that they make."""

    report: Report
    steps: tuple[Step, ...]
    pages: str

    @property
    def stale(self) -> list[Step]:
        """The steps that must run."""
        return [step for step in self.steps if step.stale]

    def book_key(self) -> str:
        """Return the key of the finished book; known when nothing is stale."""
        runs = {step.chapter.name: run_key(step.base, read_run(step.folder)) for step in self.steps}
        return digest([runs, self.pages, repr(self.report)])


def make_plan(
    report: Report,
    chapters: tuple[Chapter, ...],
    parameters: Mapping[str, Mapping[str, Any]],
    *,
    root: Path,
    work: Path,
    edition: Path,
    renderer: str,
    force: bool = False,
) -> Plan:
    """Decide which chapters must run.

    Parameters
    ----------
    parameters : mapping
        By chapter name.
    work : Path
        Where executed notebooks are kept, one folder a chapter.
    edition : Path
        What the report is computed from and held against: all of it is part of the book's key.
    renderer : str
        Part of the book's key.
    force : bool
        Run everything.
    """
    numbers, pages = library_files()
    package = Path(__file__).resolve().parents[2]
    common = [tree_hash(numbers, package), file_hash(root / LOCK)]
    steps = []
    for chapter in chapters:
        given = parameters[chapter.name]
        base = digest([source_hash(read_notebook(chapter.notebook)), dict(given), edition.name, common])
        folder = work / chapter.name
        reason = "--force" if force else why_stale(base, folder, root)
        steps.append(Step(chapter, given, edition.name, base, folder, reason))
    theme = [path for path in (root / "reports" / "theme").rglob("*") if path.is_file()]
    held_against = [path for path in edition.rglob("*") if path.is_file()]
    trees = (pages, package), (theme, root), (held_against, root)
    shape = digest([*(tree_hash(files, base) for files, base in trees), renderer])
    return Plan(report, tuple(steps), shape)


def read_run(folder: Path) -> dict[str, Any]:
    """Read the record of a chapter's last good run; empty if there is none."""
    try:
        record = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return record if isinstance(record, dict) else {}


def run_key(base: str, run: Mapping[str, Any]) -> str:
    """Return the key of a run: what it was made of, with the data that it read."""
    return digest([base, run.get("inputs")])


def why_stale(base: str, folder: Path, root: Path) -> str:
    """Say why a chapter must run; "" if it need not."""
    run = read_run(folder)
    if not run or not (folder / NOTEBOOK).is_file():
        return "ikke kjørt før"
    if run.get("base") != base:
        return "notatbok, parametre eller bibliotek er endret"
    for entry in run["inputs"]:
        if file_hash(root / entry["path"]) != entry["sha256"]:
            return f"{entry['path']} er endret"
    return ""
