"""One build at a time in a project: the operating system's lock, which dies with its owner."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from analysis_lib.data.formats import read_json
from analysis_lib.errors import DataFeil, OpptattFeil

NAME = ".lock"
_POLL = 0.2


@contextmanager
def tree_lock(root: Path, command: str, *, wait: bool = False, shared: bool = False) -> Iterator[None]:
    """Hold the lock of a project's built reports.

    Parameters
    ----------
    command : str
        What the holder is doing, for who comes after.
    wait : bool
        Wait for it, rather than stop.
    shared : bool
        Let others read too: only who builds must be alone.

    Raises
    ------
    OpptattFeil
        Names who holds it, and since when.
    """
    path = root / "reports" / "_build" / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _take(descriptor, shared):
            if not wait:
                raise OpptattFeil(
                    f"{_holder(path)} arbeider i dette prosjektet",
                    hint="Vent til den er ferdig, eller vent på den med --wait.",
                )
            time.sleep(_POLL)
        os.ftruncate(descriptor, 0)
        since = datetime.now().astimezone().strftime("%d.%m.%Y kl. %H.%M.%S")
        held = {"command": command, "pid": os.getpid(), "since": since}
        os.pwrite(descriptor, json.dumps(held, ensure_ascii=False).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, shared: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            # Far behind what is written, which others read.
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> str:
    try:
        held = read_json(path)
        return f"«{held['command']}» (prosess {held['pid']}, siden {held['since']})"
    except (DataFeil, LookupError, TypeError):
        return "en annen kommando"
