"""One engine for the tests of a module: starting it costs more than most of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registers.engine import Engine, EngineOptions, open_engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine(EngineOptions(memory_mb=200, threads=1)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's deliveries lie."""
    return tmp_path / "utlevering"
