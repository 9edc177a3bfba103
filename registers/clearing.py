"""From rows to a cleared folder: tables and figures are computed, pass the gate, and are written."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from analysis_lib.data.cells import SIGN_TEXT, Kind
from analysis_lib.data.cleared import DELIVERY, checksum
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.present.figures import FigureSpec, read_figures
from registers.bindings import Bound, Counted, FigureBinding, TableBinding
from registers.cells import Cells
from registers.disclosure.published import HIDDEN, Cleared, Family, Published, Status

if TYPE_CHECKING:
    from registers.deliveries import Rows

Indicators = Mapping[str, Callable[..., Cells]]
HIDDEN_SIGN, MISSING_SIGN = SIGN_TEXT[Kind.CONFIDENTIAL], SIGN_TEXT[Kind.NOT_AVAILABLE]
DECIMALS = 6
# Arguments that choose how something is counted and not which part of it.
HOW = ("per", "definisjon", "mål", "fra")


def number(value: float, status: str) -> str:
    """Return a cell as it is written: a comma for decimals, a sign where there is no number.

    >>> number(1278443.0, "vist"), number(248.25, "vist"), number(float("nan"), "skjult, for få")
    ('1278443', '248,25', ':')
    """
    if status in HIDDEN:
        return HIDDEN_SIGN
    if status == Status.MISSING or value != value:
        return MISSING_SIGN
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", ",")


def count(counted: Counted, rows: Rows, indicators: Indicators, by: tuple[str, ...], where: str) -> Cells:
    """Compute one indicator.

    Raises
    ------
    DataFeil
        If there is none by that name, or it does not take the arguments.
    """
    if counted.indicator not in indicators:
        raise DataFeil(
            f"«{counted.indicator}» er ikke en indikator",
            where=where,
            hint=nearest(counted.indicator, indicators),
        )
    return indicators[counted.indicator](rows, by=by, **counted.given)


def family(counted: Counted, by: tuple[str, ...]) -> Family:
    """Return what a table counts: the indicator, how it counts, and the parts that it keeps to."""
    how = [f"{name}={counted.given[name]}" for name in sorted(counted.given) if name in HOW[1:]]
    fixed = {
        name: tuple(map(str, value)) if isinstance(value, list | tuple) else str(value)
        for name, value in counted.given.items()
        if name not in HOW and name not in by
    }
    return Family(" ".join([counted.indicator, *how]), fixed)


def compute(bound: Bound, rows: Rows, indicators: Indicators) -> tuple[dict[str, Cells], dict[str, Family]]:
    """Compute all that is bound, by «figur/12.7» and «tabell/12.1/fysisk».

    Returns
    -------
    tuple
        The numbers before the gate, and what each counts.
    """
    asked: dict[str, tuple[Counted, tuple[str, ...]]] = {}
    for key, table in bound.tables.items():
        by = tuple(filter(None, (table.row_dimension, table.dimension)))
        asked |= {f"tabell/{key}/{row}": (counted, by) for row, counted in table.rows.items()}
    asked |= {f"figur/{key}": (figure, figure.by) for key, (_, figure) in bound.figures.items()}
    found = {name: count(counted, rows, indicators, by, name) for name, (counted, by) in asked.items()}
    return found, {name: family(*given) for name, given in asked.items()}


def table_lines(
    key: str, binding: TableBinding, cleared: Mapping[str, Published], years: Iterable[int]
) -> list[list[str]]:
    """Return a table as lines, by the keys of its descriptor; what was not computed is empty."""
    columns = dict(binding.columns) or {str(year): str(year) for year in years}
    cells: dict[tuple[str, str], str] = {}
    for row, counted in binding.rows.items():
        published = cleared[f"tabell/{key}/{row}"]
        own = {value: name for name, value in binding.row_values.items()} or {"": row}
        for record in published.frame.to_dict("records"):
            place = own.get(str(record.get(binding.row_dimension, "")))
            for column, value in columns.items():
                if place and str(record[binding.dimension]) == value:
                    cells[place, column] = number(record["verdi"] / counted.scale, record["status"])
    shown = [column for column in columns if any(place[1] == column for place in cells)]
    rows = dict.fromkeys(row for row, _ in cells)
    return [["rad", *shown], *([row, *(cells.get((row, column), "") for column in shown)] for row in rows)]


def figure_lines(binding: FigureBinding, published: Published) -> list[list[str]]:
    """Return a figure as lines, in the order that the binding gives its names in."""
    frame = published.frame.copy()
    places = (binding.panel, binding.serie, binding.kolonne)
    for dimension in filter(None, places):
        words = binding.names.get(dimension, {})
        order = {value: position for position, value in enumerate(words)}
        told = frame[dimension].astype(str)
        if words:
            frame = frame[told.isin(words)].copy()
            told = frame[dimension].astype(str)
        frame[f"_{dimension}"] = told.map(order) if words else told
        frame[dimension] = told.map(words) if words else told
    frame = frame.sort_values([f"_{place}" for place in places if place], kind="stable")
    lines = [["panel", "serie", "kolonne", "verdi"]]
    for record in frame.to_dict("records"):
        named = [str(record[place]) if place else "" for place in places]
        lines.append([*named, number(record["verdi"], record["status"])])
    return lines


def figure_said(binding: FigureBinding, unit: str, spec: FigureSpec) -> dict[str, Any]:
    """Return what the descriptor of a figure says."""
    return {
        "unit": unit,
        "sources": [*spec.sources],
        "chart": binding.chart,
        "options": dict(binding.options),
        "decimals": binding.decimals,
        "subtitle": binding.subtitle or spec.subtitle,
        "definition": binding.indicator,
        "notes": [*binding.notes],
    }


def write(
    folder: Path,
    bound: Bound,
    cleared: Cleared,
    rows: Rows,
    edition: Path,
    checks: Sequence[Mapping[str, Any]],
) -> list[Path]:
    """Write the cleared folder aside and exchange it with the last one.

    Parameters
    ----------
    edition : Path
        The printed edition's folder, whose figures say their sources.
    checks : sequence of mapping
        What the validation says of each delivery.
    """
    aside = folder.with_name(f".{folder.name}.ny")
    shutil.rmtree(aside, ignore_errors=True)
    files: dict[str, bytes] = {}
    for key, table in bound.tables.items():
        lines = table_lines(key, table, cleared.tables, rows.years)
        if len(lines) > 1:
            files[f"tabeller/{key}.csv"] = _csv(lines)
    specs: dict[str, FigureSpec] = {}
    for number_, (chapter, figure) in bound.figures.items():
        specs = specs if number_ in specs else specs | read_figures(edition / "figurer" / f"{chapter}.yml")
        published = cleared.tables[f"figur/{number_}"]
        lines = figure_lines(figure, published)
        if len(lines) > 1:
            files[f"figurer/{number_}.csv"] = _csv(lines)
            files[f"figurer/{number_}.yml"] = _yaml(figure_said(figure, published.unit, specs[number_]))
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    said = {
        "syntetisk": rows.synthetic,
        "laget": date.today().isoformat(),
        "motor": rows.engine.described,
        "utleveringer": [dict(check) for check in checks],
        "personvern": asdict(cleared.report),
        "filer": digests,
        "kontrollsum": checksum(rows.synthetic, digests),
    }
    for name, content in {**files, DELIVERY: _yaml(said)}.items():
        _keep(aside / name, content)
    _exchange(aside, folder)
    return [folder / name for name in files]


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    return "".join(f"{';'.join(line)}\n" for line in lines).encode()


def _yaml(said: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=110).encode()


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _exchange(new: Path, final: Path) -> None:
    """Put the new folder in the place of the old one, which is only removed when it is there."""
    old = final.with_name(f".{final.name}.gammel")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)
