"""A kernel that writes down what it asks the file system for: what it opens, lists, and looks for in vain.

Each thing is hashed when it is read: what changes later in the run is known to have changed. A kernel reads
the project and never writes in it: that is refused before it happens.

Started in the place of ``ipykernel_launcher``, before anything of the project is imported. What a chapter
read is observed, not declared: an audit hook cannot be taken away again, and hears an import inside a
function late in a cell as well as a reader in a library. What cannot be observed (a program that is started,
an address on the net, a library that opens files outside Python) is written down as such, and its chapter
is never fresh.
"""

from __future__ import annotations

import importlib
import os
import runpy
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import source_from_cache
from typing import Any
from urllib.parse import unquote

from publishing.observed import PASSING, contents, listing
from publishing.run.limits import die_with_parent, limit_memory

LOG_VARIABLE = "RAPPORT_LESELOGG"
# How an entry of the log begins: a file that was opened, a folder that was listed, one that was searched
# for modules, a path that was asked about, and what escapes observation.
OPENED, LISTED, SEARCHED, ASKED, ESCAPED = "OLSAE"
END, HASHED = "\0", "\x1f"
# Libraries that read files in C, C++ or Rust.
ESCAPING = frozenset({
    "dbm", "duckdb", "fiona", "h5py", "netCDF4", "osgeo", "polars", "pyarrow", "pyogrio", "pyreadr",
    "pyreadstat", "python_calamine", "rasterio", "rpy2", "shelve", "tables",
})  # fmt: skip
# What pandas reads with them, pandas opens; statsmodels only asks whether they are there.
_KNOWING = frozenset({"pandas", "statsmodels"})
# What libraries ask of the machine when they are first imported.
_MACHINE = frozenset({"cc", "fc-list", "gcc", "ld", "ldconfig", "lscpu", "uname"})
_IMPORTERS = ("importlib", "pkgutil", "zipimport")
_ATTACH = 24  # SQLite's number for it
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})

Entry = tuple[str, str]


def watch(log: str, root: str | None = None) -> None:
    """Write to `log` what this process asks for from now on, and refuse to write in `root`."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    seen: dict[Entry, tuple[int, ...]] = {}
    # What is hashed is opened too.
    busy: set[int] = set()

    def note(entries: Iterator[Entry]) -> None:
        thread = threading.get_ident()
        if thread in busy:
            return
        busy.add(thread)
        try:
            for entry in entries:
                state = _state(entry)
                if seen.get(entry) != state:
                    seen[entry] = state
                    kind, what = entry
                    os.write(descriptor, os.fsencode(f"{kind}{_hashed(kind, what)}{HASHED}{what}{END}"))
        finally:
            busy.discard(thread)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if root is not None and event in WRITING and threading.get_ident() not in busy:
            _refuse_writing(WRITING[event](*arguments), root)
        if event in HEARD:
            note(HEARD[event](*arguments))

    # What is imported already was read unseen.
    for name, module in tuple(sys.modules.items()):
        if name.startswith(("analysis_lib", "publishing")) or module.__dict__.get("HEARD") is HEARD:
            note(_path(OPENED, module.__file__))
    sys.addaudithook(hook)
    # What was listed before is listed again when something is imported.
    importlib.invalidate_caches()
    # Whether a file is there is asked without an event; so are the processes of multiprocessing started.
    _wrap(os, "stat", lambda path, *_: note(_path(ASKED, path)))
    # A database that another one brings in is named in SQL alone.
    sqlite3.connect = sqlite3.dbapi2.connect = _authorized(
        sqlite3.connect, lambda action, name, *_: note(_database(name if action == _ATTACH else None))
    )
    with suppress(ImportError):
        import _posixsubprocess

        _wrap(_posixsubprocess, "fork_exec", lambda command, *_: note(_program(None, command)))


def _state(entry: Entry) -> tuple[int, ...]:
    """Return what differs when a file has been written or replaced since it was last hashed."""
    kind, what = entry
    if kind not in (OPENED, LISTED, SEARCHED):
        return ()
    try:
        found = os.stat(what)  # noqa: PTH116 - inside every open of the interpreter
    except (OSError, ValueError):
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _hashed(kind: str, what: str) -> str:
    if kind == OPENED:
        return contents(what)
    return listing(what, modules=kind == SEARCHED) if kind in (LISTED, SEARCHED) else ""


def _refuse_writing(paths: Iterable[Any], root: str) -> None:
    for path in paths:
        if not isinstance(path, str | bytes | os.PathLike):
            continue
        place = opened(os.fsdecode(path))
        inside = place.removeprefix(f"{root}/") if place.startswith(f"{root}/") else ""
        if place.startswith(f"{_real(os.environ.get('TMPDIR', os.devnull))}/"):
            continue
        if inside and not PASSING.intersection(inside.split("/")):
            from analysis_lib.errors import NotatbokFeil

            raise NotatbokFeil(
                f"notatboken skriver til {inside}, men en notatbok leser prosjektet og endrer det ikke",
                hint="Skriv til en midlertidig fil (tempfile), eller vis det som tabell eller figur.",
            )


def _wrap(module: Any, name: str, before: Callable[..., None]) -> None:
    original = getattr(module, name)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        before(*arguments)
        return original(*arguments, **options)

    setattr(module, name, wrapped)
    for supports in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if original in supports:
            supports.add(wrapped)


def _authorized(connect: Callable[..., Any], told: Callable[..., None]) -> Callable[..., Any]:
    def connected(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, **options)
        # 0 is SQLite's word for yes.
        connection.set_authorizer(lambda *action: told(*action) or 0)  # type: ignore[func-returns-value]
        return connection

    return connected


def _path(kind: str, path: Any) -> Iterator[Entry]:
    if isinstance(path, str | bytes | os.PathLike):
        yield kind, opened(os.fsdecode(path))


def _open(path: Any, _: Any, flags: Any) -> Iterator[Entry]:
    if not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_TRUNC)):
        yield from _path(OPENED, path)


def _list(path: Any = None) -> Iterator[Entry]:
    # Above are `note`, the hook and who lists.
    by = str(sys._getframe(3).f_globals.get("__name__"))
    yield from _path(SEARCHED if by.startswith(_IMPORTERS) else LISTED, "." if path is None else path)


def _import(name: str, *_: Any) -> Iterator[Entry]:
    root = name.partition(".")[0]
    if root in ESCAPING and not {by.partition(".")[0] for by in _callers()} & {*_KNOWING, root}:
        yield ESCAPED, f"bruker {root}, som leser utenom Python"


def _callers() -> Iterator[str]:
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]
        yield str(frame.f_globals.get("__name__"))


def _program(executable: Any, command: Any = "", *_: Any) -> Iterator[Entry]:
    first = executable or (command if isinstance(command, str | bytes) else next(iter(command), ""))
    # A command line of `os.system` too.
    name = os.path.basename(os.fsdecode(first).split(" ")[0])  # noqa: PTH119
    if name not in _MACHINE:
        yield ESCAPED, f"starter programmet {name}"


def _connect(_: Any, address: Any) -> Iterator[Entry]:
    if isinstance(address, tuple) and address[0] not in _LOCAL:
        yield ESCAPED, f"leser fra nettet ({address[0]})"


def _request(address: Any, *_: Any) -> Iterator[Entry]:
    yield ESCAPED, f"leser fra nettet ({address})"


def _database(name: Any) -> Iterator[Entry]:
    if not isinstance(name, str | bytes | os.PathLike):
        return
    path = os.fsdecode(name)
    if path.startswith("file:"):
        path = unquote(path.removeprefix("file:").partition("?")[0])
    if path not in ("", ":memory:"):
        yield from _path(OPENED, path)
        # What is written and not yet moved into the file itself.
        yield from _path(OPENED, f"{path}-wal")


HEARD: dict[str, Callable[..., Iterator[Entry]]] = {
    "open": _open,
    "os.listdir": _list,
    "os.scandir": _list,
    "import": _import,
    "subprocess.Popen": _program,
    "os.exec": _program,
    "os.posix_spawn": _program,
    "os.system": _program,
    "socket.connect": _connect,
    "urllib.Request": _request,
    "sqlite3.connect": _database,
}


_CHANGING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
# What changes a file, and the paths that it changes.
WRITING: dict[str, Callable[..., Iterable[Any]]] = {
    "open": lambda path, _, flags: (path,) if isinstance(flags, int) and flags & _CHANGING else (),
    "os.rename": lambda source, target, *_: (source, target),
    "os.link": lambda source, target, *_: (target,),
    "os.symlink": lambda source, target, *_: (target,),
    **dict.fromkeys(("os.remove", "os.rmdir", "os.mkdir", "os.truncate"), lambda path, *_: (path,)),
}


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
    die_with_parent()
    limit_memory()
    watch(os.environ[LOG_VARIABLE], os.path.realpath(os.environ["RAPPORT_PROSJEKT"]))
    runpy.run_module("ipykernel_launcher", run_name="__main__")
