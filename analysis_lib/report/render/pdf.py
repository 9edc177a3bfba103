"""What typst cannot say yet: the first cell of a table row is a row header."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any


def mark_row_headers(source: Path, target: Path) -> None:
    """Turn the first cell of every body row into a header with row scope, for screen readers."""
    import pikepdf

    with pikepdf.open(source) as pdf:
        root = pdf.Root.get("/StructTreeRoot")
        for row in _rows(root):
            cells = [kid for kid in _kids(row) if isinstance(kid, pikepdf.Dictionary)]
            if len(cells) > 1 and cells[0].get("/S") == "/TD":
                cells[0].S = pikepdf.Name.TH
                cells[0].A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        pdf.save(target, deterministic_id=True)


def _kids(node: Any) -> list[Any]:
    import pikepdf

    kids = node.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _rows(root: Any) -> Iterator[Any]:
    import pikepdf

    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == "/TR":
                yield node
            else:
                stack.extend(_kids(node))
