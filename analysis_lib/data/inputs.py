"""Where the project lies, and which of its data files have really been read.

A chapter is stale when a file that it *read* has changed. What it read is observed, not
declared: an audit hook sees every ``open`` below ``data/``, whoever calls it. Readers that
bypass Python's ``open`` (Parquet engines) call `record` themselves.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

ROOT_VARIABLE = "RAPPORT_PROSJEKT"
LOG_VARIABLE = "RAPPORT_LESELOGG"


def project_root() -> Path:
    """Return the project: the environment's, the nearest above the working directory, or this one."""
    if override := os.environ.get(ROOT_VARIABLE):
        return Path(override).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "published").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return Path(__file__).resolve().parents[2]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def relative(path: Path) -> str:
    """Return the path as seen from the project root, with forward slashes.

    >>> relative(project_root() / "data" / "published")
    'data/published'
    """
    resolved = path.resolve()
    root = project_root()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else resolved.as_posix()


def record(path: Path) -> None:
    """Note that a data file has been read, when a log is asked for."""
    if log := os.environ.get(LOG_VARIABLE):
        # os.open, not open: the hook must not hear itself.
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{path}\n".encode())
        os.close(descriptor)


def watch() -> None:
    """Record every file that this process opens for reading below ``data/`` from now on."""
    if LOG_VARIABLE not in os.environ:
        return
    data = str(project_root() / "data") + os.sep

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | os.PathLike):
            return
        mode = arguments[1]
        path = os.path.abspath(arguments[0])  # noqa: PTH100 - inside an audit hook, no Path: it may open files
        if path.startswith(data) and (mode is None or not set(str(mode)) & set("wax+")):
            record(Path(path))

    sys.addaudithook(hook)
