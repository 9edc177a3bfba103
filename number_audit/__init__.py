"""Audit of a report: printed numbers against each other, claims against tables, references against targets.

An edition or any report's text (`reading`) becomes a `document` of grids. `relations` says what must hold
between cells, `claims` what prose says of them, `references` what points where; each failure is a `Finding`.
`page` shows it in the report, `stated` checks what other documents say, `selftest` measures what it would
find. Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "number_audit.page": ("Kontroll",),
    "number_audit.stated": ("Påstander",),
}
_HOME = {name: module for module, names in _PLACES.items() for name in names}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
