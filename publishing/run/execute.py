"""Run chapters side by side, each in a worker of its own, within limits that hold for the whole notebook."""

from __future__ import annotations

import glob
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from analysis_lib.errors import NotatbokFeil
from publishing.publish import remove
from publishing.run import processes
from publishing.run.plan import Step
from publishing.run.worker import Failure, ended, work

_GIB = 1 << 30
# How often the limits are looked at, and what is ready is collected.
_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one notebook may use.

    Attributes
    ----------
    seconds : float
        In all.
    memory : float
        Gibibytes, for the kernel and what it has started together.
    processes : int
    """

    seconds: float = 600
    memory: float = 4
    processes: int = 64

    @property
    def bytes(self) -> int:
        """The memory in bytes."""
        return int(self.memory * _GIB)


@dataclass(frozen=True, slots=True)
class Result:
    """How a chapter went."""

    chapter: str
    seconds: float
    failure: Failure | None = None


@dataclass
class _Running:
    """A worker; `cell` is the one it has begun, counted from 0."""

    step: Step
    process: BaseProcess
    pipe: Connection
    started: float = field(default_factory=time.monotonic)
    cell: int | None = None


def run_chapters(
    steps: Iterable[Step],
    *,
    root: Path,
    scratch: Path,
    jobs: int,
    limits: Limits,
    keep_going: bool,
    done: Callable[[Result], None],
) -> list[Result]:
    """Run the steps, at most `jobs` at once; whatever happens, no process is left behind.

    Parameters
    ----------
    scratch : Path
        Where workers and kernels put aside what is temporary.
    keep_going : bool
        Run the remaining chapters after one has failed.
    done : callable
        Told of each result as it comes.
    """
    # Spawn, not fork: the parent may hold threads (progress bar), and it starts alike everywhere.
    context = multiprocessing.get_context("spawn")
    steps = list(steps)
    waiting, running, results = list(steps), list[_Running](), list[Result]()
    resource_tracker.ensure_running()
    processes.adopt_orphans()
    ours = {process.pid for process in processes.children()}

    def sweep() -> None:
        """End what the kernels have left."""
        working = ours | {item.process.pid for item in running}
        processes.end(process for process in processes.children() if process.pid not in working)

    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_start(context, waiting.pop(0), root, scratch, limits))
            for item, failure in _finished(running, limits):
                running.remove(item)
                result = _collect(item, failure)
                sweep()
                results.append(result)
                done(result)
                if result.failure and not keep_going:
                    waiting.clear()
    finally:
        running.clear()
        sweep()
        _remove_unfinished(steps)
    return results


def _remove_unfinished(steps: Iterable[Step]) -> None:
    """Remove what workers wrote that were ended in the middle, in this build or in an earlier one."""
    for step in steps:
        for left in step.folder.parent.glob(f".{glob.escape(step.chapter.name)}.*"):
            remove(left)


def _start(context: Any, step: Step, root: Path, scratch: Path, limits: Limits) -> _Running:
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=work, args=(step, root, scratch, limits.bytes, sender), name=step.chapter.name
    )
    process.start()
    sender.close()
    return _Running(step, process, receiver)


def _finished(running: list[_Running], limits: Limits) -> list[tuple[_Running, Failure | None]]:
    """Wait until at least one has sent its result, has ended, or has passed a limit."""
    while True:
        ready = wait([item.pipe for item in running], timeout=_LOOK)
        told = [(item, said) for item in running if item.pipe in ready for said in _heard(item)]
        passed = [
            (item, Failure(message, mendable=NotatbokFeil.__name__, cell=item.cell))
            for item in running
            if item.pipe not in ready and (message := _over(item, limits))
        ]
        if done := told + passed:
            return done


def _heard(item: _Running) -> Iterator[Failure | None]:
    """Yield the result, once it has come; a worker tells of each cell that it begins before."""
    try:
        while item.pipe.poll():
            said = item.pipe.recv()
            if not isinstance(said, int):
                yield said
                return
            item.cell = said
    except EOFError:
        item.process.join()
        yield Failure(f"prosessen ble avsluttet ({ended(item.process.exitcode)})", cell=item.cell)


def _over(item: _Running, limits: Limits) -> str:
    """Say which limit a worker has passed; "" if none."""
    if time.monotonic() - item.started >= limits.seconds:
        return f"tidsfristen på {limits.seconds:g} sekunder er ute"
    family = processes.family(item.process.pid or 0)
    if len(family) > limits.processes:
        return f"notatboken har startet mer enn {limits.processes} prosesser"
    if processes.memory(family) > limits.bytes:
        return f"notatboken bruker mer enn {limits.memory:g} GiB minne (--memory)".replace(".", ",")
    return ""


def _collect(item: _Running, failure: Failure | None) -> Result:
    seconds = time.monotonic() - item.started
    if failure is None:
        item.process.join()
    processes.end(processes.family(item.process.pid or 0))
    item.process.join()
    item.pipe.close()
    return Result(item.step.chapter.name, seconds, failure)
