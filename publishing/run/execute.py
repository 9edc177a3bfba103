"""Run chapters with papermill, each in a process of its own, with a time-out for the whole notebook.

papermill changes the working directory and is not thread-safe, so processes; a process can also be
ended when its time is up. A run that succeeds replaces the last one; a run that fails does not.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from analysis_lib.data.editions import EDITION_VARIABLE
from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import (
    AnalyseAvvist,
    DataFeil,
    NotatbokFeil,
    ParameterFeil,
    RapportFeil,
    RenderFeil,
    nearest,
)
from publishing.notebooks import complete, python_only, read_notebook, shown, source, tags
from publishing.run.plan import (
    HOUSES,
    LISTING,
    MODULES,
    NOTEBOOK,
    RUN,
    Step,
    fingerprint,
    project_file,
    project_name,
)
from publishing.run.recorder import END, ESCAPED, LISTED, LOG_VARIABLE, OPENED, SEARCHED
from publishing.typed import literal

_MENDABLE = {
    cls.__name__: cls
    for cls in (RapportFeil, AnalyseAvvist, DataFeil, NotatbokFeil, ParameterFeil, RenderFeil)
}
SOURCE = "source.ipynb"
# What an analyst may have meant; IPython has a hundred more.
MAGICS = ("prosa", "time", "timeit", "capture", "bash", "writefile", "matplotlib", "load_ext", "autoreload")


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell that failed.

    `mendable` names the class of an error that the user can mend; it is "" for a bug, which keeps
    its traceback.
    """

    message: str
    mendable: str = ""
    cell: int | None = None
    source: str = ""
    traceback: str = ""

    @property
    def exit_code(self) -> int:
        """The exit code of the build."""
        return _MENDABLE.get(self.mendable, NotatbokFeil).exit_code


@dataclass(frozen=True, slots=True)
class Result:
    """How a chapter went."""

    chapter: str
    seconds: float
    failure: Failure | None = None


@dataclass
class _Running:
    step: Step
    process: BaseProcess
    pipe: Connection
    started: float = field(default_factory=time.monotonic)


def run_chapters(
    steps: Iterable[Step],
    *,
    root: Path,
    jobs: int,
    timeout: float,
    keep_going: bool,
    done: Callable[[Result], None],
) -> list[Result]:
    """Run the steps, at most `jobs` at once.

    Parameters
    ----------
    timeout : float
        Seconds that one notebook may take in all.
    keep_going : bool
        Run the remaining chapters after one has failed.
    done : callable
        Told of each result as it comes.
    """
    # Spawn, not fork: the parent may hold threads (progress bar), and it starts alike everywhere.
    context = multiprocessing.get_context("spawn")
    waiting = list(steps)
    running: list[_Running] = []
    results: list[Result] = []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(_start(context, waiting.pop(0), root))
        finished = _finished(running, timeout)
        running = [item for item in running if item not in finished]
        for item in finished:
            result = _collect(item, timeout)
            results.append(result)
            done(result)
            if result.failure and not keep_going:
                waiting.clear()
    return results


def _start(context: Any, step: Step, root: Path) -> _Running:
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(step, root, sender), name=step.chapter.name)
    process.start()
    sender.close()
    return _Running(step, process, receiver)


def _finished(running: list[_Running], timeout: float) -> list[_Running]:
    """Wait until at least one is done or out of time."""
    while True:
        now = time.monotonic()
        left = min(item.started + timeout for item in running) - now
        ready = wait([item.pipe for item in running], timeout=max(left, 0))
        late = [item for item in running if time.monotonic() - item.started >= timeout]
        if done := [item for item in running if item.pipe in ready or item in late]:
            return done


def _collect(item: _Running, timeout: float) -> Result:
    seconds = time.monotonic() - item.started
    name = item.step.chapter.name
    failure: Failure | None
    if item.pipe.poll():
        try:
            failure = item.pipe.recv()
        except EOFError:
            item.process.join()
            failure = Failure(f"prosessen ble avsluttet (kode {item.process.exitcode})")
        item.process.join()
    else:
        _stop(item.process)
        failure = Failure(f"tidsfristen på {timeout:g} sekunder er ute", mendable=NotatbokFeil.__name__)
    item.pipe.close()
    return Result(name, seconds, failure)


def _stop(process: BaseProcess) -> None:
    """End a worker and the kernel that it started."""
    if hasattr(os, "killpg") and process.pid:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _work(step: Step, root: Path, pipe: Connection) -> None:
    """Run one chapter in a worker process, and send None or a `Failure`."""
    if hasattr(os, "setsid"):
        os.setsid()
    pipe.send(run_chapter(step, root))
    pipe.close()


def run_chapter(step: Step, root: Path) -> Failure | None:
    """Run one notebook; on success its outputs and the record of the run replace the last ones."""
    aside = step.folder.with_name(f".{step.folder.name}.ny")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    log = aside / "lest.txt"
    os.environ |= {
        ROOT_VARIABLE: str(root),
        LOG_VARIABLE: str(log),
        EDITION_VARIABLE: step.edition,
        "OMP_NUM_THREADS": "1",
    }
    began = time.time()
    failure = _papermill(step, aside)
    if failure is not None:
        return failure
    (aside / SOURCE).unlink()
    record = {
        "base": step.base,
        "seconds": float(f"{time.time() - began:.3f}"),
        **_read(log, root, began),
        "parameters": dict(step.parameters),
    }
    (aside / RUN).write_text(json.dumps(record, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    shutil.rmtree(step.folder, ignore_errors=True)
    aside.rename(step.folder)
    return None


def _papermill(step: Step, folder: Path) -> Failure | None:
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        runnable = folder / SOURCE
        runnable.write_text(json.dumps(prepared(step)), encoding="utf-8")
        papermill.execute_notebook(
            _unformatted(runnable),
            _unformatted(folder / NOTEBOOK),
            cwd=str(step.chapter.notebook.parent),
            progress_bar=False,
            start_timeout=180,
            request_save_on_cell_execute=False,
            # What the kernel has to say comes through its messages; its own log is noise on a terminal.
            extra_arguments=["--log-level=50"],
            kernel_manager_class="publishing.run.kernel.ChapterKernel",
        )
    except PapermillExecutionError as error:
        return _failure(error)
    except (DeadKernelError, RuntimeError) as error:
        return Failure(f"kjernen døde: {error}")
    except NoSuchKernel as error:
        from jupyter_client.kernelspec import find_kernel_specs

        known = nearest(error.name, sorted(find_kernel_specs()))
        return Failure(f"kjernen «{error.name}» finnes ikke. {known}", mendable=NotatbokFeil.__name__)
    except RapportFeil as error:
        return Failure(str(error), mendable=type(error).__name__)
    return None


def _unformatted(path: Path) -> str:
    """Return a path whose braces papermill leaves alone."""
    return str(path).replace("{", "{{").replace("}", "}}")


def prepared(step: Step) -> dict[str, Any]:
    """Return the notebook to be run: whole, and with the parameters set where they are declared.

    They are set at the end of the cell that declares them, not in a cell of their own (as papermill does), so
    that every cell keeps the number that the analyst sees.
    """
    notebook = complete(read_notebook(step.chapter.notebook))
    for cell in notebook["cells"]:
        if "parameters" in tags(cell) and step.parameters:
            given = [f"{name} = {literal(value)}" for name, value in step.parameters.items()]
            cell["source"] = "\n".join([source(cell), *given])
    kernel = python_only(notebook, shown(step.chapter.notebook))
    notebook["metadata"] = {**notebook["metadata"], "kernelspec": kernel}
    return notebook


def _failure(error: Any) -> Failure:
    known = error.ename in _MENDABLE
    message, mendable = (error.evalue, error.ename) if known else (f"{error.ename}: {error.evalue}", "")
    # IPython's own word for it reaches the terminal alone, and the error is empty.
    if not error.evalue and (magic := re.search(r"^\s*(%%?)(\w+)", error.source, re.M)):
        message = f"«{magic[1]}{magic[2]}» er ingen kjent magi. {nearest(magic[2], MAGICS)}".rstrip()
        if magic[2] in MAGICS:
            message = f"«{magic[1]}{magic[2]}» kan ikke brukes slik"
        mendable = NotatbokFeil.__name__
    return Failure(
        message=message,
        mendable=mendable,
        cell=error.cell_index,
        source=error.source,
        traceback="" if mendable else "\n".join(error.traceback),
    )


def _read(log: Path, root: Path, began: float) -> dict[str, list[Any]]:
    """Return what a run has asked for, hashed: data files (``inputs``), all else, and what escaped notice."""
    entries = {
        (entry[0], entry[1:]) for entry in log.read_text("utf-8", "surrogateescape").split(END) if entry
    }
    escaped = sorted(what for kind, what in entries if kind == ESCAPED)
    named = {(kind, project_name(what, root)) for kind, what in entries if kind != ESCAPED}
    suffix = {LISTED: LISTING, SEARCHED: MODULES}
    outside = {SEARCHED: (*HOUSES, "/")}
    names = {
        name + suffix.get(kind, "")
        for kind, name in named
        if name and not name.startswith(outside.get(kind, ()))
    }
    opened = {name for kind, name in named if kind == OPENED and project_file(name, root).is_file()}
    inputs = {name for name in opened if name.startswith("data/")}

    def hashed(names: set[str]) -> list[dict[str, str]]:
        return [{"path": name, "sha256": _hash(name, root, began)} for name in sorted(names)]

    return {"inputs": hashed(inputs), "others": hashed(names - inputs), "escaped": escaped}


def _hash(name: str, root: Path, began: float) -> str:
    """Return a hash; of what was saved during the run, nobody knows what was read: that is no file's hash."""
    path = project_file(name, root)
    told = path.is_file() or name.endswith(LISTING)
    changed = told and path.exists() and path.stat().st_mtime >= began
    return "endret under kjøringen" if changed else fingerprint(name, root)
