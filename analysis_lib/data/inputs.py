"""Where the project lies, and how its files are named and told apart."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT_VARIABLE = "RAPPORT_PROSJEKT"


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
    # A link to itself resolves to itself here, and is refused when it is read.
    resolved = Path(os.path.realpath(path))
    root = project_root()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else resolved.as_posix()
