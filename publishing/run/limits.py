"""What a kernel may use and write: its memory, its life, and as an IPython extension what one cell prints.

Imported in every kernel before anything of the project is: it imports nothing of it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

MEMORY_VARIABLE = "RAPPORT_MINNE"
MOST_OUTPUT = 20_000_000


# Of Linux' prctl(2).
_DIE_WITH_PARENT = 1


def die_with_parent() -> None:
    """Have the system end this process when its parent ends, however that ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def limit_memory() -> None:
    """Take the limit of the environment: what asks for more gets a `MemoryError` in its cell."""
    most = int(os.environ.get(MEMORY_VARIABLE, 0))
    if most and sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def load_ipython_extension(shell: Any) -> None:
    """Count what each cell prints and shows, and stop the cell that does not end."""
    written = 0

    def begin(*_: object) -> None:
        nonlocal written
        written = 0

    def counted(original: Callable[..., Any], size: Callable[..., int]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal written
            written += size(*arguments, **options)
            if written > MOST_OUTPUT:
                from analysis_lib.errors import NotatbokFeil

                raise NotatbokFeil(
                    f"cellen har skrevet mer enn {MOST_OUTPUT // 1_000_000} MB",
                    hint="Vis et utdrag, eller skriv til en midlertidig fil.",
                )
            return original(*arguments, **options)

        return call

    shell.events.register("pre_run_cell", begin)
    for stream in (sys.stdout, sys.stderr):
        stream.write = counted(stream.write, lambda text, *_: len(text))  # type: ignore[method-assign]
    shell.display_pub.publish = counted(shell.display_pub.publish, _shown)
    shell.displayhook.write_format_data = counted(shell.displayhook.write_format_data, _shown)


def _shown(data: Mapping[str, Any], *_: object, **__: object) -> int:
    return sum(_size(value) for value in data.values())


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else len(str(value))
