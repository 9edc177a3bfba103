"""Parquet files by the schema, each written aside, forced to the disk and then renamed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import project_root
from analysis_lib.errors import DataFeil, machine_error

_TYPES = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "str": pa.dictionary(pa.int16(), pa.string()),
    "date": pa.date32(),
}
# Numbers of bills and persons differ little from row to row, and are many.
_RUNNING = ("enkeltregning_lnr", "kpr_lnr")


@cache
def schemas() -> dict[str, pa.Schema]:
    """Return the Arrow schema of every table of ``data/register/skjema.yml``; text as dictionaries."""
    spec = read_yaml(project_root() / "data" / "register" / "skjema.yml")
    return {
        table: pa.schema(
            [
                pa.field(name, _TYPES[column["type"]], nullable=bool(column.get("nullable")))
                for name, column in entry["columns"].items()
            ]
        )
        for table, entry in spec.items()
    }


class Writer:
    """One file of a delivery, row group by row group."""

    def __init__(self, path: Path, table: str, facts: Mapping[str, str]) -> None:
        self.schema, self.table, self.facts = schemas()[table], table, facts
        self.rows = 0
        plain = [field.name for field in self.schema if pa.types.is_dictionary(field.type)]
        running = [name for name in _RUNNING if name in self.schema.names]
        self._file = pq.ParquetWriter(
            path,
            self.schema,
            store_schema=False,
            compression="snappy",
            use_dictionary=[n for n in self.schema.names if n in plain or n not in running],
            column_encoding=dict.fromkeys(running, "DELTA_BINARY_PACKED"),
            write_statistics=True,
        )

    def add(self, columns: Mapping[str, Any]) -> None:
        """Write one row group; a column is an array, or one value for all rows."""
        length = next(len(c) for c in columns.values() if isinstance(c, np.ndarray | pa.Array))
        arrays = [_column(columns[f.name], f, length) for f in self.schema]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self.schema), row_group_size=1 << 24)
        self.rows += length

    def close(self) -> None:
        """End the file with its own facts."""
        if not self.rows:
            self._file.write_table(self.schema.empty_table())
        self._file.add_key_value_metadata(dict(self.facts))
        self._file.close()


def _column(values: Any, field: pa.Field, length: int) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, np.ndarray):
        if pa.types.is_date(field.type):
            return pa.array(values.astype("datetime64[D]"), pa.date32())
        if pa.types.is_dictionary(field.type):
            return pa.array(values, pa.string()).dictionary_encode().cast(field.type)
        return pa.array(values.astype(field.type.to_pandas_dtype(), copy=False), field.type)
    if pa.types.is_dictionary(field.type):
        if values is None:
            return pa.nulls(length, field.type)
        return labels(np.zeros(length, np.int16), (values,))
    return pa.repeat(pa.scalar(values, field.type), length)


def labels(codes: np.ndarray, words: tuple[str, ...], missing: np.ndarray | None = None) -> pa.Array:
    """Return a text column from numbers of words, null where `missing`."""
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int16, copy=False), mask=missing), pa.array(words, pa.string())
    )


def nullable(values: np.ndarray, missing: np.ndarray, kind: str) -> pa.Array:
    """Return a column that is null where `missing`."""
    if kind == "date":
        return pa.array(values.astype("datetime64[D]"), pa.date32(), mask=missing)
    return pa.array(values.astype(kind, copy=False), _TYPES[kind], mask=missing)


class Delivery:
    """The files of one year: all written aside, and each renamed when all are whole."""

    def __init__(self, folder: Path, facts: Mapping[str, str]) -> None:
        self.folder, self.facts = folder, facts
        self._open: dict[str, Writer] = {}

    def _aside(self, table: str) -> Path:
        return self.folder / f".{table}.parquet.ny"

    def __getitem__(self, table: str) -> Writer:
        if table not in self._open:
            self._open[table] = Writer(self._aside(table), table, self.facts)
        return self._open[table]

    def finish(self) -> None:
        """Close all files, force them to the disk and give them their names."""
        for table, writer in self._open.items():
            writer.close()
            with self._aside(table).open("rb") as file:
                os.fsync(file.fileno())
        for table in self._open:
            self._aside(table).replace(self.folder / f"{table}.parquet")

    def discard(self) -> None:
        """Take away what is not whole."""
        for table, writer in self._open.items():
            with contextlib.suppress(Exception):
                writer._file.close()
            self._aside(table).unlink(missing_ok=True)


@contextlib.contextmanager
def delivery(folder: Path, facts: Mapping[str, str]) -> Iterator[Delivery]:
    """Give the files of one year; they get their names only when the block ends well.

    Raises
    ------
    DataFeil
        If the disk is full or cannot be written; nothing half-written is left.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = Delivery(folder, facts)
    except OSError as error:
        raise _told(error, folder) from None
    try:
        yield files
        files.finish()
    except OSError as error:
        files.discard()
        raise _told(error, folder) from None
    except BaseException:
        files.discard()
        raise


def _told(error: OSError, folder: Path) -> Exception:
    known = machine_error(error)
    if known is None:
        return error
    return DataFeil(
        f"utleveringen kan ikke skrives ({known.message})",
        where=str(folder),
        hint="Frigjør plass, og kjør på nytt.",
    )
