"""Processes that end when they are told to, and leave nothing behind.

A build has workers, a worker has a kernel, a cell may start what it likes. Each worker and kernel dies with
its parent; what outlives a kernel becomes the build's own child, and is ended by it (Linux; elsewhere the
process groups are all there is).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis_lib.errors import RenderFeil
from publishing.observed import digest
from publishing.publish import remove
from publishing.run.limits import die_with_parent

if TYPE_CHECKING:
    import psutil

# Of Linux' prctl(2).
_ADOPT_ORPHANS = 36
TOOL_SECONDS = 600.0
_GRACE = 1.0


class Stopped(BaseException):
    """A signal told the command to end; not an `Exception`, so that nothing on the way takes it for one."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into `Stopped`, so that what is open is closed; Ctrl-C is Python's own."""

    def stop(number: int, _: object) -> None:
        raise Stopped(number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {getattr(signal, name): signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def adopt_orphans() -> None:
    """Become the parent of what a descendant leaves behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def children() -> list[psutil.Process]:
    """Return the processes that this one has started or adopted."""
    import psutil

    started: list[psutil.Process] = psutil.Process().children()
    return started


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that it has started; empty if it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def memory(processes: Iterable[psutil.Process]) -> int:
    """Return the bytes of memory that processes hold together."""
    import psutil

    held = 0
    for process in processes:
        with suppress(psutil.Error):
            held += process.memory_info().rss
    return held


def end(processes: Iterable[psutil.Process]) -> None:
    """End processes and all that they have started, until none is left."""
    import psutil

    roots = list(processes)
    while alive := [each for root in roots for each in family(root.pid) if each.status() != "zombie"]:
        for process in alive:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, timeout=1)


def _living_in(folder: Path) -> list[psutil.Process]:
    """Return what was started with this as its temporary folder: cells' own processes outlive a SIGKILL."""
    import psutil

    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("TMPDIR") == str(folder):
                found.append(process)
    return found


def run_tool(
    command: list[str], *, cwd: Path, name: str = "", seconds: float = TOOL_SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run a renderer; it has a time limit, and ends with the build and with all that it started.

    Parameters
    ----------
    name : str
        What it is called in an error; else the command's own name.

    Raises
    ------
    RenderFeil
        If it cannot be started, or its time is out.
    """
    name = name or Path(command[0]).name
    options: dict[str, Any] = {"preexec_fn": die_with_parent} if sys.platform == "linux" else {}
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            **options,
        )
    except OSError as error:
        raise RenderFeil(f"{name} kan ikke startes ({error.strerror})") from None
    try:
        out, err = process.communicate(timeout=seconds)
    except BaseException as error:
        end(family(process.pid))
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise RenderFeil(f"{name} brukte mer enn {seconds:g} sekunder") from None
        raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def attend(command: list[str], *, cwd: Path) -> int:
    """Run a server until it ends or the command is told to; then it ends, and all that it started with it.

    It is asked first, so that it can put its own things in order, and has `_GRACE` seconds.
    """
    adopt_orphans()
    process = subprocess.Popen(command, cwd=cwd, start_new_session=sys.platform != "win32")
    try:
        return process.wait()
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        end(children())
        process.wait()


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Give a temporary folder that all of a build uses, and sweep what an earlier one left in a crash.

    Swept are temporary folders and the processes that a cell started there, chapters that were half written,
    and reports that were not yet published, of this report and of others. Only who holds the lock of the
    tree may ask for it.
    """
    prefix, built = f"rapport-{digest(str(root))[:8]}-", root / "reports" / "_build"
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        end(_living_in(left))
        shutil.rmtree(left, ignore_errors=True)
    for half in (*built.glob(".arbeid/*/.*"), *built.glob(".*.ny")):
        with suppress(OSError):
            remove(half)
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def worker_environment(folder: Path) -> dict[str, str]:
    """Return the variables that keep in `folder` what a kernel and its libraries put aside.

    A home is not needed, and an analyst's own IPython start-up files do not change a report.
    """
    place = str(folder)
    return {
        "TMPDIR": place,
        "IPYTHONDIR": os.path.join(place, "ipython"),  # noqa: PTH118
        "JUPYTER_RUNTIME_DIR": place,
        "OMP_NUM_THREADS": "1",
    }
