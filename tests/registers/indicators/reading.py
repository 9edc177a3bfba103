"""What the tests read of an indicator's answer, and whose rows they write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registers.cells import Cells
from registers.deliveries import Rows

Deliver = Callable[..., Rows]
# A module's `pytestmark`: its tests run on both engines.
BOTH = pytest.mark.parametrize(
    "engine", ["duckdb", pytest.param("spark", marks=pytest.mark.slow)], indirect=True, scope="session"
)
OSLO, UTSIRA, FLESBERG, ROLLAG = 301, 1151, 3334, 3336  # centrality 1, 6, 4 and 5


def numbers(cells: Cells) -> dict[Any, float]:
    """Return what is shown in each cell, to four decimals."""
    keys = cells.frame[list(cells.by)].itertuples(index=False, name=None)
    values = [round(float(value), 4) for value in cells.frame.verdi]
    return {key[0] if len(key) == 1 else key: value for key, value in zip(keys, values, strict=True)}


def behind(cells: Cells, kind: str) -> list[int | None]:
    """Return the persons («pasienter») or doctors («leger») behind each cell."""
    return [None if value is None or value != value else int(value) for value in cells.frame[kind].tolist()]
