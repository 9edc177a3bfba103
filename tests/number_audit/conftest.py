"""Small tables written as they look in print."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from number_audit.document import Grid, GridColumn, GridRow
from number_audit.reading.cells import read_cell


def written(text: str, key: str = "1.1") -> Grid:
    """Read a table: its caption, its headers («Group: header»), then its rows, with | between cells."""
    caption, header, *lines = (line.strip() for line in text.strip().splitlines())
    heads = [head.strip().rpartition(": ") for head in header.split("|")[1:]]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return Grid(
        key,
        key,
        caption,
        tuple(GridColumn(head, group) for group, _, head in heads),
        tuple(GridRow(label, tuple(map(read_cell, cells)), i) for i, (label, *cells) in enumerate(rows, 1)),
    )


@pytest.fixture
def table() -> Callable[..., Grid]:
    return written
