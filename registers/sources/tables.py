"""Open tables from snapshots: a table of years for the report, or a list of a classification."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction

from analysis_lib.data.norwegian import MINUS, NBSP, format_number
from analysis_lib.errors import DataFeil
from registers.sources.catalogue import SourceSpec, TableFeed
from registers.sources.jsonstat import Cube
from registers.sources.klass import Records
from registers.sources.snapshots import SnapshotSpec, dump

COLUMNS = {
    "fra": "første dag",
    "til": "dagen etter den siste",
    "kode": "koden",
    "overordnet": "koden på nivået over",
    "navn": "navnet",
    "dato": "dagen endringen gjelder fra",
    "gammel": "koden før",
    "ny": "koden etter",
    "gammelt_navn": "navnet før",
    "nytt_navn": "navnet etter",
    "svarer_til": "koden i den andre klassifikasjonen",
    "svarer_til_navn": "navnet i den andre klassifikasjonen",
}


def open_table(
    reading: Cube | Records, source: SourceSpec, feed: TableFeed, spec: SnapshotSpec
) -> dict[str, str]:
    """Return the texts of a table's two files by their endings: the CSV and its descriptor.

    Raises
    ------
    DataFeil
        If the source lacks a row, or a cell is not alone in its row and year.
    """
    name = feed.key.partition("/")[2]
    common = {"title": source.title, "sources": [source.publisher], "address": source.address}
    date = spec.updated[:10] or spec.fetched[:10]
    if isinstance(reading, Records):
        told = common | {"date": date, "licence": source.licence}
        columns = {one: {"label": COLUMNS[one], "type": "text"} for one in reading.columns}
        return {"csv": text([reading.columns, *reading.rows]), "yml": dump(told | {"columns": columns})}
    years, rows = yearly(reading, feed, source.id)
    described = {
        "name": feed.key.replace("/", "-"),
        "path": f"{name}.csv",
        "number": source.table,
        **common,
        "unit": feed.unit,
        "stub": feed.stub,
        "date": date,
        "exact": feed.exact,
        "columns": [{"years": f"{years[0]}-{years[-1]}"}],
        "notes": list(reading.notes),
    }
    header = ("rad", "navn", *years)
    return {"csv": text([header, *rows]), "yml": dump(described)}


def yearly(cube: Cube, feed: TableFeed, where: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the years, and for each row its key, label and cells as they are printed.

    A year of a table by month is the mean of its twelve months, rounded as the months are; a year that lacks
    one is left out.
    """
    cells = cube.cells()
    sides = [one.code for one in cube.dimensions]
    at, when = sides.index(cube.dimension(feed.dimension).code), sides.index(cube.dimension("Tid").code)
    decimals = max((one or 0 for side in cube.dimensions for one in side.decimals), default=0)
    found: dict[tuple[str, str], list[str]] = {}
    for key, cell in cells.items():
        found.setdefault((key[at], key[when][:4]), []).append(cell)
    size = 12 if feed.annual else 1
    years = [
        year
        for year in dict.fromkeys(year for _, year in found)
        if year >= feed.first and all(len(found.get((code, year), ())) >= size for code in feed.rows)
    ]
    if not years or any(len(found[code, year]) != size for code in feed.rows for year in years):
        hint = "Er alle dimensjoner med i «query», med én kode i de andre?"
        raise DataFeil(f"hver rad skal ha {size} celler hvert år", where=where, hint=hint)
    rows = [
        (name, label, *(_mean(found[code, year], decimals) for year in years))
        for code, (name, label) in feed.rows.items()
    ]
    return years, rows


def _mean(cells: Sequence[str], decimals: int) -> str:
    try:
        numbers = [Fraction(one) for one in cells]
    except ValueError:
        return next(one for one in cells if one in ("", ".", "..", ":"))
    printed = format_number(sum(numbers, Fraction(0)) / len(numbers), decimals)
    return printed.replace(NBSP, " ").replace(MINUS, "-")


def text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as the project's CSV: semicolons, and quotation marks where they are needed."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return out.getvalue()
