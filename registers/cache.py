"""Aggregates of a delivery, computed once: a file's name tells what it was made of, so that it is never old.

The key is of the delivery's files, of the code and the tariff table, and of the engine. A new year is one
delivery more to read, and a changed one is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from registers.deliveries import Rows
from registers.folders import replacing
from registers.tariffs import tariff_file

if TYPE_CHECKING:
    import ibis.expr.types as ir

Build = Callable[[], Iterable["ir.Table"]]
# What the numbers depend on, and is no delivery.
_CODE = (
    "aggregates.py",
    "continuity.py",
    "engine.py",
    "geography.py",
    "prepared.py",
    "tariffs.py",
    "validate.py",
)


def aggregate(
    rows: Rows,
    name: str,
    year: int,
    tables: tuple[str, ...],
    build: Build,
    merge: Callable[[ir.Table], ir.Table] | None = None,
) -> ir.Table:
    """Return an aggregate of rows, from the cache or computed.

    Parameters
    ----------
    rows : Rows
    name : str
        What it is called in the cache.
    year : int
    tables : tuple of str
        What it is made of.
    build : callable
        Gives its parts, each of rows that the others do not have, so that each fits into memory.
    merge : callable, optional
        Makes one of the parts' rows; left out where they need only be put together.
    """
    path = _path(rows, name, year, tables)
    table = f"{name}_{year}_{path.stem[-8:]}"
    if not path.exists():
        with _parts_of(path) as folder:
            for number, part in enumerate(build()):
                rows.engine.write(part, folder / f"{number}.parquet", {})
            whole = rows.engine.read(folder, f"{table}_deler")
            rows.engine.write(merge(whole) if merge else whole, path, _metadata(rows, year))
        _forget_older(path)
    return rows.engine.read(path, table)


def frame(
    rows: Rows, name: str, year: int, tables: tuple[str, ...], compute: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return a small table of numbers, from the cache or computed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = _path(rows, name, year, tables)
    if not path.exists():
        found = pa.Table.from_pandas(compute(), preserve_index=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        with rows.engine.quiet(path.name), replacing(path) as aside:
            pq.write_table(found.replace_schema_metadata(_metadata(rows, year)), aside)
        _forget_older(path)
    read: pd.DataFrame = pq.read_table(path).to_pandas()
    return read


def _metadata(rows: Rows, year: int) -> dict[str, str]:
    return {"aar": str(year), "syntetisk": str(rows.synthetic).lower()}


def _path(rows: Rows, name: str, year: int, tables: tuple[str, ...]) -> Path:
    made_of = [
        *(rows.delivery(table, year).sha256 for table in tables),
        _code(tariff_file().parent),
        rows.engine.name,
        rows.engine.version,
    ]
    key = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:24]
    return rows.cache / name / f"{year}-{rows.engine.name}-{key}.parquet"


@lru_cache
def _code(definitions: Path) -> str:
    modules = [path for path in Path(__file__).parent.rglob("*.py") if path.stem in _CODE]
    read = [*sorted(modules), *sorted(definitions.glob("*.yml"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()


@contextmanager
def _parts_of(path: Path) -> Iterator[Path]:
    """Give a folder for the parts of an aggregate; what a killed process left is removed first."""
    folder = path.with_name(f".{path.stem}.{os.getpid()}.deler")
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(".*"):
        number = re.fullmatch(r"\..*\.(\d+)\.(?:ny|deler)", left.name)
        if number and not _alive(int(number[1])):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _forget_older(path: Path) -> None:
    year_and_engine = path.name.rsplit("-", 1)[0]
    for other in path.parent.glob(f"{year_and_engine}-*.parquet"):
        if other != path:
            shutil.rmtree(other) if other.is_dir() else other.unlink()
