"""A kernel that writes down every file that it opens for reading: modules, data, templates, fonts.

Started in the place of ``ipykernel_launcher``, before anything of the project is imported. What a chapter
read is observed, not declared: an audit hook cannot be taken away again, and hears an import inside a
function late in a cell as well as a reader in a library. Only readers that open files outside Python
escape it.
"""

from __future__ import annotations

import os
import runpy
import sys
from contextlib import suppress
from functools import cache
from importlib.util import source_from_cache

LOG_VARIABLE = "RAPPORT_LESELOGG"
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def watch(log: str) -> None:
    """Write to `log` every path that this process opens for reading from now on, each once."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    seen: set[str] = set()

    def note(path: str) -> None:
        if path not in seen:
            seen.add(path)
            os.write(descriptor, os.fsencode(f"{path}\n"))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event != "open":
            return
        path, _, flags = arguments
        writing = isinstance(flags, int) and flags & _WRITING
        if isinstance(path, str | bytes | os.PathLike) and not writing:
            note(opened(os.fsdecode(path)))

    note(opened(__file__))
    sys.addaudithook(hook)


def opened(path: str) -> str:
    """Return the real path of a file; of compiled code, that of its source.

    >>> os.path.basename(opened("a/__pycache__/b.cpython-311.pyc"))
    'b.py'
    """
    if path.endswith(".pyc"):
        with suppress(ValueError):
            path = source_from_cache(path)
    # No Path here: the hook runs inside every open of the interpreter.
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100
    return os.path.join(_real(folder), name)  # noqa: PTH118


@cache
def _real(folder: str) -> str:
    return os.path.realpath(folder)


if __name__ == "__main__":
    watch(os.environ[LOG_VARIABLE])
    runpy.run_module("ipykernel_launcher", run_name="__main__")
