"""Few rows in: a delivery is written with what the test says, and the schema's mildest value for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registers.deliveries import Rows
from registers.engine import Engine, EngineOptions, open_engine
from registers.schema import Column, schema_of
from tests.registers.indicators.reading import Deliver

SPARK = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
}
ENGINES = {
    "duckdb": EngineOptions(memory_mb=200, threads=1),
    "spark": EngineOptions(name="spark", master="local[1]", conf=SPARK),
}


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """DuckDB, and Spark too for a module that asks for `BOTH`."""
    options = ENGINES[getattr(request, "param", "duckdb")]
    places = {"spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark"))}
    if options.name == "spark":
        options = replace(options, conf={**options.conf, **places})
    with open_engine(options) as opened:
        yield opened


@pytest.fixture
def deliver(tmp_path: Path, engine: Engine) -> Deliver:
    def write(year: int = 2025, **tables: list[dict[str, Any]]) -> Rows:
        """Each row says its delivery's year in `år`; without it, it is of the edition's year."""
        for name, rows in tables.items():
            for one in sorted({row.get("år", year) for row in rows} | {year}):
                _write(tmp_path, one, name, [row for row in rows if row.get("år", year) == one])
        return Rows(tmp_path, year=year, engine=engine, cache=tmp_path / "cache")

    return write


def _write(folder: Path, year: int, name: str, rows: list[dict[str, Any]]) -> None:
    columns = schema_of(name).columns
    kinds = {"str": pa.string(), "date": pa.date32(), "float64": pa.float64()}
    table = {
        key: pa.array(
            [_cell(row[key] if key in row else _mild(column, year), column) for row in rows],
            kinds.get(column.type) or getattr(pa, column.type)(),
        )
        for key, column in columns.items()
    }
    path = folder / str(year) / f"{name}.parquet"
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(table).replace_schema_metadata({"aar": str(year)}), path)


def _cell(value: Any, column: Column) -> Any:
    if column.type == "date" and isinstance(value, str):
        return date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    return value


def _mild(column: Column, year: int) -> Any:
    if column.nullable:
        return None
    if column.values:
        return column.values[0]
    if column.type == "date":
        return date(year, 1, 1)
    return "" if column.type == "str" else year if column.about.startswith("år") else max(column.min or 1, 1)
