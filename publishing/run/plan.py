"""What is stale: decided from hashes, before anything heavy is imported.

A chapter's key covers its notebook's source, its parameters, the edition, the lock file, Python's
version, and all that its last run asked the file system for: files, folders, what was not there. The book's
key covers the chapters' keys, the renderer and all that shapes the pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from publishing.definition import Report
from publishing.notebooks import Chapter, read_notebook, source_hash
from publishing.typed import literal

LOCK = "requirements.lock"
RUN = "run.json"
NOTEBOOK = "executed.ipynb"
# What a chapter's text may show.
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
HOUSES = ("analysis_lib", "evaluation", "number_audit", "publishing")
# Where the houses lie: the project itself, or elsewhere for a project that has no code of its own.
PACKAGES = Path(__file__).resolve().parents[2]


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


def tree(folder: Path) -> list[Path]:
    """Return the files below a folder that somebody wrote."""
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


# What nobody wrote, and what the build itself writes.
_PASSING = frozenset({
    "__pycache__", ".arbeid", ".git", ".hypothesis", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".venv", "dist-packages", "site-packages",
})  # fmt: skip
_SYSTEM = frozenset({
    "bin", "dev", "etc", "lib", "lib64", "opt", "proc", "run", "sbin", "sys", "usr", "var",
    "Library", "System",
})  # fmt: skip
LISTING, MODULES = "/", "/*.py"


def project_name(path: str, root: Path) -> str:
    """Return the name of what a run has asked for: in the project, else its path; "" for what is no input.

    No inputs are the system's and Python's own files, what is temporary, and what is hidden in a home folder.

    >>> root = Path("/prosjekt")
    >>> project_name("/prosjekt/notebooks/hjelp.py", root), project_name("/usr/lib/x.so", root)
    ('notebooks/hjelp.py', '')
    """
    file = Path(path)
    if any(file.is_relative_to(PACKAGES / house) for house in HOUSES):
        return file.relative_to(PACKAGES).as_posix()
    if _PASSING.intersection(file.parts) or any(map(file.is_relative_to, _environments())):
        return ""
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    system = len(file.parts) > 1 and file.parts[1] in _SYSTEM
    home = file.is_relative_to(Path.home()) and any(part.startswith(".") for part in file.parts)
    return "" if system or home or file.is_relative_to(_temporary()) else file.as_posix()


@cache
def _environments() -> tuple[Path, ...]:
    return tuple(Path(prefix).resolve() for prefix in {sys.prefix, sys.base_prefix})


@cache
def _temporary() -> Path:
    return Path(tempfile.gettempdir()).resolve()


def project_file(name: str, root: Path) -> Path:
    """Return the file that `project_name` named."""
    return (PACKAGES if name.partition("/")[0] in HOUSES else root) / name


def fingerprint(name: str, root: Path) -> str:
    """Return a hash of what a run has asked for: a file's bytes, or the names in a folder (``data/open/``).

    Of a folder that was searched for modules (``notebooks/*.py``), their names. "" for what is not there.
    """
    modules = name.endswith(MODULES)
    path = project_file(name.removesuffix(MODULES), root)
    if not modules and not name.endswith(LISTING):
        return "mappe" if path.is_dir() else file_hash(path)
    if not path.is_dir():
        return ""
    with os.scandir(path) as entries:
        found = [entry for entry in entries if entry.name not in _PASSING]
        return digest(sorted(entry.name for entry in found if not modules or _importable(entry)))


def _importable(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith((".py", ".so", ".pyd")) or Path(entry.path, "__init__.py").is_file()


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

    def inputs(self) -> dict[str, str]:
        """Return the data files that the chapters have read, with their hashes."""
        runs = [read_run(step.folder) for step in self.steps]
        return {entry["path"]: entry["sha256"] for run in runs for entry in run.get("inputs", [])}


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
    held_against = tree(edition)
    # Names too: a file that no run could read because it did not exist.
    files = sorted(path.relative_to(root).as_posix() for path in held_against)
    common = [edition.name, files, file_hash(root / LOCK), sys.version]
    steps = []
    for chapter in chapters:
        given = parameters[chapter.name]
        base = digest([source_hash(read_notebook(chapter.notebook)), literal(dict(given)), common])
        folder = work / chapter.name
        reason = "--force" if force else why_stale(base, folder, root)
        steps.append(Step(chapter, given, edition.name, base, folder, reason))
    houses = [path for house in HOUSES for path in tree(PACKAGES / house)]
    theme = tree(root / "reports" / "theme")
    pictures = [path for path in tree(root / "notebooks") if path.suffix.lower() in PICTURES]
    shape = [
        tree_hash(houses, PACKAGES),
        *(tree_hash(files, root) for files in (theme, held_against, pictures)),
        renderer,
    ]
    return Plan(report, tuple(steps), digest(shape))


def read_run(folder: Path) -> dict[str, Any]:
    """Read the record of a chapter's last good run; empty if there is none."""
    try:
        record = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return record if isinstance(record, dict) else {}


def run_key(base: str, run: Mapping[str, Any]) -> str:
    """Return the key of a run: what it was made of, with all that it read."""
    return digest([base, run.get("inputs"), run.get("others")])


def why_stale(base: str, folder: Path, root: Path) -> str:
    """Say why a chapter must run; "" if it need not."""
    run = read_run(folder)
    if not run or not (folder / NOTEBOOK).is_file():
        return "ikke kjørt før"
    if run.get("base") != base:
        return "notatbok, parametre, utgave eller pakker er endret"
    for escape in run["escaped"]:
        return f"kapitlet {escape}, som ikke kan følges"
    for entry in [*run["inputs"], *run["others"]]:
        if fingerprint(entry["path"], root) != entry["sha256"]:
            return f"{entry['path']} er endret"
    return ""
