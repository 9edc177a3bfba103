"""What is stale: decided from hashes, before anything heavy is imported.

A chapter's key covers its notebook's source, its parameters, the edition, the lock file, Python's
version, and all that its last run asked the file system for: files, folders, what was not there. The book's
key covers the chapters' keys, the renderer and all that shapes the pages.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis_lib.data.formats import parse_json, read_bytes
from analysis_lib.data.inputs import file_hash
from analysis_lib.errors import DataFeil
from publishing.definition import Report
from publishing.notebooks import Chapter, read_notebook, source_hash
from publishing.observed import PASSING, contents, digest, listing
from publishing.typed import literal

LOCK = "requirements.lock"
RUN = "run.json"
NOTEBOOK = "executed.ipynb"
# What a chapter's text may show.
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
HOUSES = ("analysis_lib", "evaluation", "number_audit", "publishing")
# Where the houses lie: the project itself, or elsewhere for a project that has no code of its own.
PACKAGES = Path(__file__).resolve().parents[2]


def tree_hash(files: Iterable[Path], root: Path) -> str:
    """Hash files with their names."""
    return digest([[path.relative_to(root).as_posix(), file_hash(path)] for path in sorted(files)])


def tree(folder: Path) -> list[Path]:
    """Return the files below a folder that somebody wrote."""
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


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
    if PASSING.intersection(file.parts) or any(map(file.is_relative_to, _environments())):
        return ""
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    system = len(file.parts) > 1 and file.parts[1] in _SYSTEM
    home = any(map(file.is_relative_to, _home())) and any(part.startswith(".") for part in file.parts)
    return "" if system or home or file.is_relative_to(_temporary()) else file.as_posix()


@cache
def _environments() -> tuple[Path, ...]:
    return tuple(Path(prefix).resolve() for prefix in {sys.prefix, sys.base_prefix})


@cache
def _home() -> tuple[Path, ...]:
    """Return the home folder; a timer may have none."""
    try:
        return (Path.home(),)
    except RuntimeError:
        return ()


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
    if name.endswith((MODULES, LISTING)):
        folder = name.removesuffix(MODULES)
        return listing(project_file(folder, root), modules=folder != name)
    return contents(project_file(name, root))


@dataclass(frozen=True, slots=True)
class Step:
    """One chapter of a build: what to run, where it is kept, and whether it must run."""

    chapter: Chapter
    parameters: Mapping[str, Any]
    edition: str
    base: str
    folder: Path
    stale: str
    data: str = ""

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
        runs = {
            step.chapter.name: run.key(step.base) for step in self.steps if (run := read_run(step.folder))
        }
        return digest([runs, self.pages, repr(self.report)])

    def inputs(self) -> dict[str, str]:
        """Return the data files that the chapters have read, with their hashes."""
        runs = [run for step in self.steps if (run := read_run(step.folder))]
        return {entry.path: entry.sha256 for run in runs for entry in run.inputs}


def make_plan(
    report: Report,
    chapters: tuple[Chapter, ...],
    parameters: Mapping[str, Mapping[str, Any]],
    *,
    root: Path,
    work: Path,
    edition: Path,
    renderer: str,
    cleared: Path | None = None,
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
    cleared : Path, optional
        What else it is computed from, beside the printed tables.
    force : bool
        Run everything.
    """
    held_against = [*tree(edition), *(tree(cleared) if cleared else [])]
    # Names too: a file that no run could read because it did not exist.
    files = sorted(path.relative_to(root).as_posix() for path in held_against)
    common = [edition.name, report.mode, files, file_hash(root / LOCK), sys.version]
    steps = []
    for chapter in chapters:
        given = parameters[chapter.name]
        base = digest([source_hash(read_notebook(chapter.notebook)), literal(dict(given)), common])
        folder = work / chapter.name
        reason = "--force" if force else why_stale(base, folder, root)
        steps.append(Step(chapter, given, edition.name, base, folder, reason, report.mode))
    houses = [path for house in HOUSES for path in tree(PACKAGES / house)]
    theme = tree(root / "reports" / "theme")
    pictures = [path for path in tree(root / "notebooks") if path.suffix.lower() in PICTURES]
    shape = [
        tree_hash(houses, PACKAGES),
        *(tree_hash(files, root) for files in (theme, held_against, pictures)),
        renderer,
    ]
    return Plan(report, tuple(steps), digest(shape))


@dataclass(frozen=True, slots=True)
class Read:
    """Something that a run asked for, and its hash at that moment."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Run:
    """The record of a chapter's last good run.

    Attributes
    ----------
    base : str
        The key of what it was made of: source, parameters, edition, packages.
    notebook : str
        Hash of the executed notebook.
    inputs, others : tuple of Read
        Data files that it opened, and all else that it asked for.
    escaped : tuple of str
        What could not be observed: such a chapter is never fresh.
    """

    base: str
    notebook: str
    seconds: float
    inputs: tuple[Read, ...]
    others: tuple[Read, ...]
    escaped: tuple[str, ...]
    parameters: Mapping[str, Any]

    def key(self, base: str) -> str:
        """Return the key of the run: what it was made of, with all that it read."""
        return digest([base, *([each.path, each.sha256] for each in (*self.inputs, *self.others))])


def write_run(run: Run, folder: Path) -> None:
    """Write the record beside the executed notebook."""
    text = json.dumps(asdict(run), ensure_ascii=False, indent=1, default=str)
    (folder / RUN).write_text(text, encoding="utf-8", errors="surrogateescape")


def read_run(folder: Path) -> Run | None:
    """Read the record of a chapter's last good run; None if there is none, or none that is whole.

    A run reads at least the code that watches it: a record of nothing is no record.
    """
    try:
        # A file's name may be no UTF-8.
        text = read_bytes(folder / RUN).decode("utf-8", "surrogateescape")
        raw = parse_json(text, RUN)
        read = {name: tuple(Read(**entry) for entry in raw.pop(name)) for name in ("inputs", "others")}
        run = Run(**{**raw, **read})
    except (DataFeil, TypeError, KeyError, AttributeError):
        return None
    hashes = [
        run.base,
        run.notebook,
        *(text for each in (*run.inputs, *run.others) for text in astuple(each)),
    ]
    whole = all(isinstance(text, str) for text in hashes) and isinstance(run.escaped, list | tuple)
    return run if whole and isinstance(run.parameters, dict) and run.others else None


def why_stale(base: str, folder: Path, root: Path) -> str:
    """Say why a chapter must run; "" if it need not."""
    run = read_run(folder)
    if run is None or run.notebook != file_hash(folder / NOTEBOOK):
        return "ikke kjørt før" if run is None else "den kjørte notatboken er ikke hel"
    if run.base != base:
        return "notatbok, parametre, utgave eller pakker er endret"
    for escape in run.escaped:
        return f"kapitlet {escape}, som ikke kan følges"
    for entry in (*run.inputs, *run.others):
        if fingerprint(entry.path, root) != entry.sha256:
            return f"{entry.path} er endret"
    return ""


def escapes(step: Step) -> bool:
    """Tell whether a chapter is stale only because what it reads cannot be followed."""
    run = read_run(step.folder)
    return run is not None and run.base == step.base and bool(run.escaped)
