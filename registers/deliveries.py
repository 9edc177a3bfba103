"""Deliveries of rows, opened where they lie: ``FOLDER/YEAR/TABLE.parquet``, or a CSV converted once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis_lib.errors import DataFeil, nearest
from registers.engine import Engine, told
from registers.folders import replacing
from registers.footers import Footer, footer
from registers.schema import Schema, Type, schema_of, schemas

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

SYNTHETIC, YEAR = "syntetisk", "aar"


@dataclass(frozen=True)
class Delivery:
    """One table of one year.

    Attributes
    ----------
    table : str
    year : int
    source : Path
        The file as delivered.
    path : Path
        The Parquet file that is read: `source`, or what it was converted to.
    sha256 : str
        Of `source`.
    footer : Footer
        What the file says of itself.
    """

    table: str
    year: int
    source: Path
    path: Path
    sha256: str
    footer: Footer

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.footer.rows

    @property
    def synthetic(self) -> bool:
        """Whether the file says that its rows are made up."""
        return self.footer.metadata.get(SYNTHETIC) == "true"

    @property
    def where(self) -> str:
        """Return the file as an error names it."""
        return f"{self.year}/{self.source.name}"


class Rows:
    """All deliveries of a folder, as tables that nothing has read yet.

    Parameters
    ----------
    folder : Path
        With one folder a year.
    year : int
        The edition's year.
    engine : Engine
    cache : Path
        Where converted files and hashes are kept.

    Raises
    ------
    DataFeil
        If the folder has no years.
    """

    def __init__(self, folder: Path, *, year: int, engine: Engine, cache: Path) -> None:
        self.folder, self.year, self.engine, self.cache = folder, year, engine, cache
        self._deliveries: dict[tuple[str, int], Delivery] = {}
        self._tables: dict[tuple[str, int], ir.Table] = {}
        if not self.years:
            raise DataFeil("mappen har ingen utleveringer (MAPPE/ÅR/TABELL.parquet)", where=folder)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that have a delivery, in order."""
        found = self.folder.iterdir() if self.folder.is_dir() else iter(())
        return tuple(
            sorted(int(one.name) for one in found if re.fullmatch("[0-9]{4}", one.name) and one.is_dir())
        )

    def years_of(self, name: str) -> tuple[int, ...]:
        """Return the years that have a table."""
        schema_of(name)
        return tuple(year for year in self.years if _file(self.folder, name, year))

    @property
    def synthetic(self) -> bool:
        """Whether any file of any year says that its rows are made up."""
        return any(self.delivery(name, year).synthetic for name in schemas() for year in self.years_of(name))

    def delivery(self, name: str, year: int) -> Delivery:
        """Return what is known of one table of one year.

        Raises
        ------
        DataFeil
            If it is missing, broken, of another year, or its columns are not those of the schema.
        """
        if (name, year) not in self._deliveries:
            self._deliveries[name, year] = _delivery(self, name, year)
        return self._deliveries[name, year]

    def table(self, name: str, year: int) -> ir.Table:
        """Return one year of a table.

        Raises
        ------
        DataFeil
            As `delivery`.
        """
        if (name, year) not in self._tables:
            path = self.delivery(name, year).path
            columns = list(schema_of(name).columns)
            self._tables[name, year] = self.engine.read(path, f"{name}_{year}")[columns]
        return self._tables[name, year]

    def all(self, name: str) -> ir.Table:
        """Return every year of a table, with the delivery's year as ``aar`` where it has no such column.

        A table that holds every year up to its own (`lege`, `godkjenning`, `soeknadsrunde`) is asked for by
        `table` instead.
        """
        import ibis

        years = self.years_of(name)
        if not years:
            raise DataFeil(f"ingen år har tabellen «{name}»", where=self.folder)
        tables = [self.table(name, year) for year in years]
        if YEAR not in schema_of(name).columns:
            tables = [
                table.mutate(aar=ibis.literal(year, "int16"))
                for table, year in zip(tables, years, strict=True)
            ]
        return reduce(lambda one, other: one.union(other), tables)

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """Run an expression; an engine's error is told without what it quotes."""
        return self.engine.fetch(expression, self.folder)


def _file(folder: Path, name: str, year: int) -> Path | None:
    places = (folder / str(year) / f"{name}{suffix}" for suffix in (".parquet", ".csv"))
    return next((place for place in places if place.exists()), None)


def _delivery(rows: Rows, name: str, year: int) -> Delivery:
    schema, source = schema_of(name), _file(rows.folder, name, year)
    if source is None:
        there = sorted({one.stem for one in (rows.folder / str(year)).glob("*.*")})
        raise DataFeil("filen finnes ikke", where=f"{year}/{name}.parquet", hint=nearest(name, there))
    sha = hashed(source, rows.cache / "sha256.json")
    path = source
    if source.suffix == ".csv":
        path = rows.cache / "csv" / f"{year}-{name}-{sha[:16]}.parquet"
        if not path.exists():
            _convert(source, path, schema, year)
    where = f"{year}/{source.name}"
    told = footer(path, where)
    _hold_year(told.metadata.get(YEAR), year, where)
    _hold_columns(told.kinds, schema, where)
    return Delivery(name, year, source, path, sha, told)


_EXPECTED: dict[Type, str] = {"float64": "desimaltall", "str": "tekst", "date": "dato"}


def _hold_year(said: str | None, year: int, where: str) -> None:
    if said is not None and said != str(year):
        told = said if re.fullmatch("[0-9]{4}", said) else "noe annet enn et år"
        raise DataFeil(f"filen sier selv at den gjelder {told}, men ligger under {year}", where=where)


def _hold_columns(types: Mapping[str, str], schema: Schema, where: str) -> None:
    for name, column in schema.columns.items():
        if name not in types:
            raise DataFeil(f"kolonnen «{name}» mangler", where=where, hint=nearest(name, types))
        expected = _EXPECTED.get(column.type, "heltall")
        if types[name] != expected:
            raise DataFeil(f"kolonnen «{name}» er {types[name]}, ikke {expected}", where=where)


def hashed(path: Path, kept: Path) -> str:
    """Return a file's SHA-256, read again only when its size or time has changed.

    Parameters
    ----------
    path : Path
    kept : Path
        Where the hashes are kept.
    """
    state = path.stat()
    known = _known(kept)
    entry, now = known.get(str(path.resolve()), []), [state.st_size, state.st_mtime_ns]
    if entry[:2] == now:
        return str(entry[2])
    with path.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    with replacing(kept) as aside:
        known[str(path.resolve())] = [*now, sha]
        aside.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return sha


def _known(kept: Path) -> dict[str, list[Any]]:
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # a hash can always be computed again
    return found if isinstance(found, dict) else {}


_DUCKDB: dict[Type, str] = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "str": "VARCHAR",
    "date": "DATE",
}


def _convert(source: Path, path: Path, schema: Schema, year: int) -> None:
    import duckdb

    where = f"{year}/{source.name}"
    with source.open(encoding="utf-8", errors="replace") as file:
        header = file.readline().lstrip("\ufeff").strip()
    sign = ";" if ";" in header else ","
    names = [name.strip('"') for name in header.split(sign)]
    _hold_columns({name: _EXPECTED.get(_type(schema, name), "heltall") for name in names}, schema, where)
    columns = {name: _DUCKDB[_type(schema, name)] for name in names}
    reading = (
        f"read_csv({_quoted(source)}, header = true, delim = '{sign}', quote = '\"', nullstr = '', columns = "
        f"{columns!r}, decimal_separator = '{',' if sign == ';' else '.'}')"
    )
    with duckdb.connect(config={"memory_limit": "300MB"}) as con, replacing(path) as aside:
        try:
            con.execute(f"COPY (FROM {reading}) TO {_quoted(aside)} (FORMAT parquet, COMPRESSION zstd)")
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise told(error, where) from None
        except duckdb.Error as error:
            raise DataFeil(_place(str(error), names), where=where) from None


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _type(schema: Schema, name: str) -> Type:
    return schema.columns[name].type if name in schema.columns else "str"


def _place(said: str, names: list[str]) -> str:
    # The engine quotes the line; only its number and a column's name are passed on.
    line = re.search(r"Line: (\d+)", said)
    column = next((name for name in names if f'column "{name}"' in said), None)
    place = f" (linje {line[1]})" if line else ""
    what = f"en verdi i «{column}» har feil type" if column else "en linje har feil form"
    return f"{what}{place}"
