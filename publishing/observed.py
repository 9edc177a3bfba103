"""What a file or a folder is when it is looked at: the hash that tells whether it has changed since.

Used by the kernel that reads, at the moment it reads, and by the build that asks afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from analysis_lib.data.inputs import file_hash

# What nobody wrote, and what the build itself writes.
PASSING = frozenset({
    "__pycache__", ".arbeid", ".git", ".hypothesis", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".venv", "dist-packages", "site-packages",
})  # fmt: skip
FOLDER = "mappe"


def digest(parts: Any) -> str:
    """Hash anything that JSON can write."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode("utf-8", "surrogateescape")
    ).hexdigest()


def contents(path: str | Path) -> str:
    """Hash a file; of a folder, say only that it is one."""
    return FOLDER if os.path.isdir(path) else file_hash(path)  # noqa: PTH112


def listing(path: str | Path, *, modules: bool = False) -> str:
    """Hash the names in a folder, or only those that can be imported; "" if there is no folder."""
    try:
        with os.scandir(path) as entries:
            found = [entry for entry in entries if entry.name not in PASSING]
    except (OSError, ValueError):
        return ""
    return digest(sorted(entry.name for entry in found if not modules or _importable(entry)))


def _importable(entry: os.DirEntry[str]) -> bool:
    inside = os.path.join(entry.path, "__init__.py")  # noqa: PTH118
    return entry.name.endswith((".py", ".so", ".pyd")) or os.path.isfile(inside)  # noqa: PTH113
