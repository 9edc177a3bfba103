"""Publishing: built aside, forced to the disk, then exchanged in one step with the last good report."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

from publishing.observed import file_hash

MANIFEST = "manifest.json"
# Of Linux' renameat2(2).
_HERE, _EXCHANGE = -100, 2


def aside(final: Path) -> Path:
    """Return an empty folder beside the final one, and mend what an interrupted swap left."""
    recover(final)
    new = final.with_name(f".{final.name}.ny")
    remove(new)
    new.mkdir(parents=True)
    return new


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
    """Bring back the last folder if it was moved away, and the new one never came."""
    if _old(final).exists():
        if os.path.lexists(final):
            remove(_old(final))
        else:
            _old(final).rename(final)


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


def read_manifest(final: Path) -> dict[str, Any]:
    """Read the manifest of a published report; empty if there is none, or none that can be read."""
    try:
        manifest = json.loads((final / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def is_whole(final: Path, manifest: dict[str, Any]) -> bool:
    """Tell whether a report's files are those of its manifest, byte for byte, and no other."""
    try:
        listed = {item["path"]: item["sha256"] for item in manifest["outputs"]}
    except (LookupError, TypeError):
        return False
    found = {path.relative_to(final).as_posix() for path in final.rglob("*") if not path.is_dir()}
    return found - {MANIFEST} == set(listed) and all(
        file_hash(final / name) == hashed for name, hashed in listed.items()
    )
