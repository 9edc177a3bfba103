"""A few rows in, written as a delivery: what a test does not say is filled in with what is ordinary."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from registers.deliveries import Rows
from registers.engine import Engine
from registers.schema import Column, schema_of

OSLO, BERGEN = 301, 4601
_ARROW = {"str": pa.string(), "date": pa.date32()}
ORDINARY: dict[str, dict[str, Any]] = {
    "regning": {
        "kjonn": 2,
        "kjonnK": 2,
        "alder": 45,
        "kommuneNr": OSLO,
        "kommunenrPB": OSLO,
        "tjenestetype": "Fastlege",
        "kontakttype": 3,
        "praksistype": "FALE",
        "behandler_rolle": "lege",
        "praksiskommune": OSLO,
        "behandler_lnr": 1,
    },
    "takst": {"takstkode": "2ad", "antall": 1},
    "diagnose": {"kodeNr": 1, "diagnoseKode": "A97", "diagnoseTabell": "ICPC-2", "erHoveddiagnose": 1},
    "liste": {"driftsform": "næringsdrivende", "status": "åpen", "kommuneNr": OSLO},
    "tilknytning": {"inn_aarsak": "selvvalgt direkte", "fodselsaar": 1980, "kommuneNr": OSLO, "til": None},
    "befolkning": {"kommuneNr": OSLO, "kjonn": 2, "alder": 45},
}


def write(folder: Path, table: str, year: int, *rows: dict[str, Any], **metadata: str) -> Path:
    """Write rows as ``YEAR/TABLE.parquet``; bills are numbered from 1 and lie on 1 March."""
    schema = schema_of(table)
    filled = [_filled(table, year, number, row) for number, row in enumerate(rows, start=1)]
    columns = {
        name: pa.array(
            [row[name] for row in filled], _ARROW.get(column.type) or pa.type_for_alias(column.type)
        )
        for name, column in schema.columns.items()
    }
    path = folder / str(year) / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"aar": str(year), **metadata}
    pq.write_table(pa.table(columns).replace_schema_metadata(told), path)
    return path


def _arrow(column: Column) -> pa.DataType:
    return _ARROW.get(column.type) or pa.type_for_alias(column.type)


def _filled(table: str, year: int, number: int, row: dict[str, Any]) -> dict[str, Any]:
    known = {"aar": year, "enkeltregning_lnr": number, "kpr_lnr": number, "dato": date(year, 3, 1)}
    found = {
        name: row.get(name, ORDINARY.get(table, {}).get(name, known.get(name, _plain(column))))
        for name, column in schema_of(table).columns.items()
    }
    if table == "regning" and "fodselsaar" not in row and found["alder"] is not None:
        found["fodselsaar"] = year - found["alder"]
    return found


def _plain(column: Column) -> Any:
    if column.nullable:
        return None
    return {"str": "x", "date": date(2020, 1, 1)}.get(column.type, 1)


def bills(folder: Path, year: int, *rows: dict[str, Any]) -> None:
    """Write bills with their tariffs: ``takster`` of a row, ``2ad`` where it has none; and one inhabitant."""
    lines = [
        {"enkeltregning_lnr": row.get("enkeltregning_lnr", number), "takstkode": code}
        for number, row in enumerate(rows, start=1)
        for code in row.get("takster", ("2ad",))
    ]
    write(folder, "regning", year, *rows)
    write(folder, "takst", year, *lines)
    if not (folder / str(year) / "befolkning.parquet").exists():
        write(folder, "befolkning", year, {"antall": 100})


def opened(folder: Path, engine: Engine, year: int = 2025) -> Rows:
    """Open a folder of deliveries, with a cache beside it."""
    return Rows(folder, year=year, engine=engine, cache=folder.parent / "cache")
