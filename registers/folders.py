"""A folder of cleared tables and figures: written whole beside the last one, and exchanged with it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.data.cleared import DELIVERY, checksum


def write_folder(folder: Path, files: Mapping[str, bytes], *, synthetic: bool, **said: Any) -> bool:
    """Put a cleared folder in the place of the last one; False if that says the same already.

    Parameters
    ----------
    folder : Path
        Such as ``data/open_edition/2025``.
    files : mapping of str to bytes
        By name in the folder.
    synthetic : bool
        Whether the rows were made up.
    **said
        More fields of ``levering.yml``.
    """
    digests = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
    told = {"syntetisk": synthetic, **said, "filer": digests, "kontrollsum": checksum(synthetic, digests)}
    delivery = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110).encode()
    written = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    wanted = {**files, DELIVERY: delivery}
    if written.keys() == wanted.keys() and all(written[name].read_bytes() == wanted[name] for name in wanted):
        return False
    aside, old = folder.with_name(f".{folder.name}.ny"), folder.with_name(f".{folder.name}.gammel")
    shutil.rmtree(aside, ignore_errors=True)
    for name, raw in wanted.items():
        write(aside / name, raw)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return True


def write(path: Path, raw: bytes) -> None:
    """Write a file beside its place, force it to the disk, and put it there in one step."""
    with replacing(path) as aside:
        aside.write_bytes(raw)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place to write to, and move it to `path` when all is well; else nothing is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.ny")
    try:
        yield aside
        for written in aside.iterdir() if aside.is_dir() else [aside]:
            with written.open("rb") as file:
                os.fsync(file.fileno())
        if path.is_dir():
            shutil.rmtree(path)
        aside.replace(path)
    finally:
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        aside.unlink(missing_ok=True)
