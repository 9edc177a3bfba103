"""Where the project lies, and how its files are named and told apart."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

ROOT_VARIABLE = "RAPPORT_PROSJEKT"
_CHUNK = 1 << 20


def project_root() -> Path:
    """Return the project: the environment's, the nearest above the working directory, or this one."""
    if override := os.environ.get(ROOT_VARIABLE):
        return Path(override).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "published").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return Path(__file__).resolve().parents[2]


def file_hash(path: str | Path) -> str:
    """Hash a file's bytes; "" if it is not there, or no file (a pipe would never end)."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return ""
        with open(path, "rb") as file:  # noqa: PTH123 - also called for every file a kernel opens
            hashed = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                hashed.update(chunk)
            return hashed.hexdigest()
    except (OSError, ValueError):
        return ""


def relative(path: Path) -> str:
    """Return the path as seen from the project root, with forward slashes.

    >>> relative(project_root() / "data" / "published")
    'data/published'
    """
    # A link to itself resolves to itself here, and is refused when it is read.
    resolved = Path(os.path.realpath(path))
    root = project_root()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else resolved.as_posix()
