"""Open data sets that come as a tidy frame: a CSV, and a descriptor that names source, date and licence.

The descriptor also says what each column holds, so that no reader has to guess: ``0301`` is a code and
``NA`` a word, unless it says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from analysis_lib.data.cells import SIGNS
from analysis_lib.data.files import Model, Words, read_model
from analysis_lib.data.formats import is_name, is_there, read_semicolons, read_yaml
from analysis_lib.data.inputs import project_root, relative
from analysis_lib.data.periods import Period
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    import pandas as pd

Type = Literal["text", "code", "integer", "number", "period"]


class Column(Model):
    """A column of an open data set.

    Attributes
    ----------
    label : str
        What it holds.
    type : {"text", "code", "integer", "number", "period"}, optional
        A code is a word whose zeros count. A number has a decimal comma or point, and may have spaces
        between groups of three. Left out, a column of numbers alone is numbers, and one
        without any is text; what is neither is refused.
    missing : tuple of str
        What stands where there is no value.
    """

    label: str
    type: Type | None = None
    missing: Words = ()


def _described(raw: Any) -> Any:
    return {"label": raw} if isinstance(raw, str) else raw


class FrameSpec(Model):
    """The descriptor of an open data set.

    Attributes
    ----------
    title : str
    sources : tuple of str
        Who made the numbers.
    address, date : str
        Where and when they were fetched.
    licence : str
        That they may be passed on.
    columns : dict of str to Column
        What each column holds; a text is its label.
    """

    title: str
    sources: tuple[str, ...]
    address: str
    date: str
    licence: str
    columns: dict[str, Annotated[Column, BeforeValidator(_described)]]


def open_frame(key: str) -> pd.DataFrame:
    """Return an open data set, one row an observation.

    Parameters
    ----------
    key : str
        Folder and name below ``data/open``.

    Returns
    -------
    DataFrame
        Where a sign stands for a number the value is missing, and ``frame.attrs["tegn"]`` tells which:
        ``{("oslo", 1): ":"}``.

    Raises
    ------
    DataFeil
        If there is no such data set, its columns are not those of the descriptor, or a cell is not what its
        column holds.

    Examples
    --------
    >>> open_frame("nist/rat42").shape
    (9, 2)
    """
    import pandas as pd

    path = project_root() / "data" / "open" / f"{key}.csv"
    descriptor = path.with_suffix(".yml")
    if not (is_name(key) and is_there(path) and is_there(descriptor)):
        raise DataFeil(
            "datasettet finnes ikke, eller mangler beskrivelse", where=relative(path), hint=_known(path, key)
        )
    spec = read_model(FrameSpec, read_yaml(descriptor), relative(descriptor))
    header, *rows = [row for row in read_semicolons(path) if row] or [[]]
    header = [name.removeprefix("\ufeff") for name in header]
    if header != list(spec.columns):
        raise DataFeil(
            f"kolonnene er {', '.join(header)}, ventet {', '.join(spec.columns)}", where=relative(path)
        )
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataFeil(
                f"{len(row)} felter, overskriften har {len(header)}", where=f"{relative(path)}, linje {line}"
            )
    values: dict[str, list[Any]] = {}
    signs: dict[tuple[str, int], str] = {}
    for position, (name, column) in enumerate(spec.columns.items()):
        cells = [row[position] for row in rows]
        values[name] = _read(cells, column, f"{relative(path)}, kolonnen {name}")
        signs |= {(name, index): cell for index, cell in enumerate(cells) if values[name][index] is None}
    frame = pd.DataFrame(values)
    frame.attrs["tegn"] = signs
    return frame


def _read(cells: list[str], column: Column, where: str) -> list[Any]:
    """Return the values of a column; None where one is missing."""
    kind = column.type or _type(cells, column, where)
    reader = _READERS[kind]
    allowed = {*column.missing, *(() if kind in ("text", "code") else set(SIGNS) - {""})}
    values = []
    for line, cell in enumerate(cells, start=2):
        try:
            values.append(None if cell.strip() in allowed else reader(cell))
        except ValueError as error:
            hint = (
                ""
                if cell.strip()
                else "Skriv «missing: ['']» i beskrivelsen om blank betyr at verdien mangler."
            )
            raise DataFeil(f"«{cell}» er ikke {error}", where=f"{where}, linje {line}", hint=hint) from None
    separators = {found[0] for cell in cells if kind == "number" for found in re.findall(r"\d([.,])\d", cell)}
    if len(separators) > 1:
        raise DataFeil("kolonnen har både desimalkomma og punktum", where=where)
    return values


def _type(cells: list[str], column: Column, where: str) -> Type:
    """Tell what a column without a type holds, where there is no doubt."""
    told = [cell.strip() for cell in cells if cell.strip() not in {*SIGNS, *column.missing}]
    numbers = [cell for cell in told if _NUMBER.fullmatch(cell)]
    if not numbers or any(re.match(r"0\d", cell) for cell in told):
        return "text"
    odd = next((cell for cell in told if cell not in numbers or re.fullmatch(r"\d{1,3}\.\d{3}", cell)), None)
    if odd is not None:
        raise DataFeil(
            f"«{odd}» kan leses på flere måter", where=where, hint="Skriv kolonnens type i beskrivelsen."
        )
    return "integer" if all(re.fullmatch(r"[+\-−]?[\d\s]+", cell) for cell in numbers) else "number"


_NUMBER = re.compile(
    r"[+\-−]?(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d+)(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?"
)


def _plain(cell: str, what: str) -> str:
    if not _NUMBER.fullmatch(cell.strip()):
        raise ValueError(what)
    return re.sub(r"\s", "", cell).replace("−", "-").replace(",", ".")


def _integer(cell: str) -> int:
    text = _plain(cell, "et heltall")
    if re.match(r"[+-]?0\d", text) or not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError("et heltall")
    return int(text)


def _number(cell: str) -> float:
    return float(_plain(cell, "et tall"))


def _code(cell: str) -> str:
    if not re.fullmatch(r"\S+", cell.strip()):
        raise ValueError("en kode")
    return cell.strip()


def _period(cell: str) -> str:
    try:
        return str(Period.read(cell.strip()))
    except ValueError:
        raise ValueError("en periode") from None


_READERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "code": _code,
    "integer": _integer,
    "number": _number,
    "period": _period,
}


def _known(path: Path, key: str) -> str:
    folder = path.parent if path.parent.is_dir() else path.parents[1]
    return nearest(key, sorted(f"{item.parent.name}/{item.stem}" for item in folder.rglob("*.csv")))
