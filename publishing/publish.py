"""Publishing: built aside, then swapped. The last good report stands until the new one is whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


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


def read_manifest(final: Path) -> dict[str, Any]:
    """Read the manifest of a published report; empty if there is none, or none that can be read."""
    try:
        manifest = json.loads((final / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def is_whole(final: Path, manifest: dict[str, Any]) -> bool:
    """Tell whether every file of the manifest is there with its size; not, if it does not say so."""
    try:
        files = [(final / item["path"], item["bytes"]) for item in manifest.get("outputs", [])]
        return all(path.is_file() and path.stat().st_size == size for path, size in files)
    except (LookupError, TypeError, ValueError):
        return False
