"""The worker: runs one chapter with papermill in a process of its own.

papermill changes the working directory and is not thread-safe. A run that succeeds replaces the last one; a
run that fails does not.
"""

from __future__ import annotations

import json
import os
import re
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis_lib.data.editions import EDITION_VARIABLE, MODE_VARIABLE
from analysis_lib.data.inputs import ROOT_VARIABLE, file_hash
from analysis_lib.errors import (
    AnalyseAvvist,
    DataFeil,
    NotatbokFeil,
    ParameterFeil,
    RapportFeil,
    RenderFeil,
    machine_error,
    nearest,
)
from publishing.notebooks import complete, python_only, read_notebook, shown, source, tags
from publishing.publish import remove, replace_folder
from publishing.run.limits import MEMORY_VARIABLE, die_with_parent
from publishing.run.plan import (
    HOUSES,
    LISTING,
    MODULES,
    NOTEBOOK,
    Read,
    Run,
    Step,
    fingerprint,
    project_file,
    project_name,
    write_run,
)
from publishing.run.processes import worker_environment
from publishing.run.recorder import END, ESCAPED, HASHED, LISTED, LOG_VARIABLE, OPENED, SEARCHED
from publishing.typed import literal

_MENDABLE = {
    cls.__name__: cls
    for cls in (RapportFeil, AnalyseAvvist, DataFeil, NotatbokFeil, ParameterFeil, RenderFeil)
}
SOURCE = "source.ipynb"
MOST_SAID = 4000
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


def ended(code: int | None) -> str:
    """Say how a process ended: by which signal, or with which code."""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"{name}: vanligvis for lite minne" if name == "SIGKILL" else name
    return f"kode {code}"


def work(step: Step, root: Path, scratch: Path, memory: int, pipe: Connection) -> None:
    """Run one chapter in this process: send each cell's index as it begins, then None or a `Failure`."""
    die_with_parent()
    if hasattr(os, "setsid"):
        os.setsid()
    os.environ |= {
        ROOT_VARIABLE: str(root),
        EDITION_VARIABLE: step.edition,
        MODE_VARIABLE: step.data,
        MEMORY_VARIABLE: str(memory),
        **worker_environment(scratch),
    }
    tempfile.tempdir = None
    try:
        pipe.send(run_chapter(step, root, pipe.send))
    except BrokenPipeError:
        pass
    except OSError as error:
        pipe.send(Failure(str(machine_error(error) or error), mendable=RapportFeil.__name__))
    except Exception as error:
        pipe.send(Failure(f"{type(error).__name__}: {error}", traceback=traceback.format_exc()))
    pipe.close()


def run_chapter(step: Step, root: Path, began: Callable[[int], object]) -> Failure | None:
    """Run one notebook; on success its outputs and the record of the run replace the last ones.

    Parameters
    ----------
    began : callable
        Told the index of each cell when it begins.
    """
    step.folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of this run's own: another's, interrupted, is swept by the build.
    aside = Path(tempfile.mkdtemp(prefix=f".{step.chapter.name}.", dir=step.folder.parent))
    os.environ[LOG_VARIABLE] = str(aside / "lest.txt")
    start = time.monotonic()
    try:
        failure = _papermill(step, aside, began)
        if failure is not None:
            return failure
        (aside / SOURCE).unlink()
        run = Run(
            base=step.base,
            notebook=file_hash(aside / NOTEBOOK),
            seconds=round(time.monotonic() - start, 3),
            parameters=dict(step.parameters),
            **read_log(aside / "lest.txt", root),
        )
        write_run(run, aside)
        replace_folder(aside, step.folder)
    finally:
        remove(aside)
    return None


def _papermill(step: Step, folder: Path, began: Callable[[int], object]) -> Failure | None:
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    reached: list[int] = []

    def begin(cell: Any, cell_index: int) -> None:
        reached.append(cell_index)
        began(cell_index)

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
            on_cell_start=begin,
            # What the kernel has to say comes through its messages; its own log is noise on a terminal.
            extra_arguments=["--log-level=50", "--ext=publishing.run.limits"],
            kernel_manager_class="publishing.run.kernel.ChapterKernel",
        )
    except PapermillExecutionError as error:
        return _failure(error)
    except (DeadKernelError, RuntimeError) as error:
        cause = f"{error}. Vanligvis for lite minne, eller en feil i et bibliotek"
        return Failure(f"kjernen døde: {cause}", cell=reached[-1] if reached else None)
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
    if error.ename.endswith("MemoryError"):
        most = int(os.environ[MEMORY_VARIABLE]) / (1 << 30)
        message = f"cellen trenger mer enn {most:g} GiB minne (--memory)".replace(".", ",")
        mendable = NotatbokFeil.__name__
    return Failure(
        message=_clipped(message),
        mendable=mendable,
        cell=error.cell_index,
        source=_clipped(error.source),
        traceback="" if mendable else _clipped("\n".join(error.traceback)),
    )


def _clipped(text: str) -> str:
    """Return a text that a terminal can take: an error may carry all of what it is about."""
    left = len(text) - MOST_SAID
    return f"{text[:MOST_SAID]} … ({left} tegn til)" if left > 0 else text


def read_log(log: Path, root: Path) -> dict[str, tuple[Any, ...]]:
    """Return what a run has asked for, with hashes: data files that it opened (``inputs``), and all the rest.

    What is there, or was looked for and is not, makes the chapter stale when it changes (``others``); what
    escaped observation keeps it from ever being fresh (``escaped``).
    """
    entries = [
        (entry[0], *entry[1:].partition(HASHED)[::2])
        for entry in log.read_text("utf-8", "surrogateescape").split(END)
        if entry
    ]
    suffix = {LISTED: LISTING, SEARCHED: MODULES}
    outside = {SEARCHED: (*HOUSES, "/")}
    hashes: dict[str, set[str]] = {}
    opened: set[str] = set()
    for kind, hashed, what in entries:
        name = "" if kind == ESCAPED else project_name(what, root)
        if not name or name.startswith(outside.get(kind, ())):
            continue
        seen = hashes.setdefault(name + suffix.get(kind, ""), set())
        if kind in (OPENED, LISTED, SEARCHED):
            seen.add(hashed)
        if kind == OPENED and project_file(name, root).is_file():
            opened.add(name)
    reads = [
        Read(name, _one(seen) if seen else fingerprint(name, root)) for name, seen in sorted(hashes.items())
    ]
    inputs = {name for name in opened if name.startswith("data/")}
    return {
        "inputs": tuple(each for each in reads if each.path in inputs),
        "others": tuple(each for each in reads if each.path not in inputs),
        "escaped": tuple(sorted({what for kind, _, what in entries if kind == ESCAPED})),
    }


def _one(hashes: set[str]) -> str:
    """Return the hash of what was read; of what was read in two states, nobody knows which counts."""
    return min(hashes) if len(hashes) == 1 else "endret under kjøringen"
