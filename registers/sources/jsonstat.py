"""JSON-stat 2.0 with nothing lost: the marks that stand for a number, notes, units and decimals.

The clients that were tried drop ``status``, so that «confidential» becomes «missing», or the number zero. The
format: https://json-stat.org/full/; ``extension.noteMandatory`` is PxWeb's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.data.cells import SIGNS, Kind
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# What a mark means: a sign of `cells.SIGNS`, «0» for the number zero, or «tall» where it only says something
# of the number, as «preliminary» does. A source declares its own.
MARKS = {sign: sign for sign in ("", ".", "..", ":")}
ZERO, NUMBER = "0", "tall"
MEANINGS = (*MARKS, ZERO, NUMBER)
MOST_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of a cube: its codes in order, their labels, and the unit and decimals of each measure."""

    code: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    units: tuple[str, ...] = ()
    decimals: tuple[int | None, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The labels; with their codes where two are labelled alike."""
        if len(set(self.labels)) == len(self.labels):
            return self.labels
        return tuple(f"{code} {label}" for code, label in zip(self.codes, self.labels, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """A table of open statistics.

    Attributes
    ----------
    label, source, updated : str
        As the source says; `updated` is a time in ISO 8601.
    dimensions : tuple of Dimension
    values : array of float
        One axis a dimension; NaN where there is no number.
    signs : array of str
        The sign of `analysis_lib.data.cells.SIGNS` that stands there instead; nothing beside a number.
    notes : tuple of str
        Of the table and its dimensions; those that must be shown come first.
    """

    label: str
    source: str
    updated: str
    dimensions: tuple[Dimension, ...]
    values: NDArray[np.float64]
    signs: NDArray[np.str_]
    notes: tuple[str, ...] = ()

    def dimension(self, code: str) -> Dimension:
        """Return a dimension, or say which there are."""
        known = {one.code: one for one in self.dimensions}
        if code not in known:
            raise DataFeil(
                f"dimensjonen «{code}» finnes ikke", where=self.label[:60], hint=nearest(code, known)
            )
        return known[code]

    def kind(self, *codes: str) -> Kind:
        """Tell what stands in a cell, by a code of each dimension."""
        at = tuple(one.codes.index(code) for one, code in zip(self.dimensions, codes, strict=True))
        return Kind.NUMBER if not np.isnan(self.values[at]) else SIGNS[str(self.signs[at])]

    def cells(self) -> dict[tuple[str, ...], str]:
        """Return each cell's text by its codes: a number, or the sign."""
        texts = (
            sign if math.isnan(number) else format(number, ".15g")
            for number, sign in zip(self.values.ravel().tolist(), self.signs.ravel().tolist(), strict=True)
        )
        return dict(zip(product(*(one.codes for one in self.dimensions)), texts, strict=True))

    def frame(self) -> pd.DataFrame:
        """Return one row a cell: a column a dimension, its labels as ``NAME_navn``, `verdi` and `tegn`."""
        import pandas as pd

        places = np.indices(self.values.shape).reshape(len(self.dimensions), -1)
        columns: dict[str, Any] = {}
        for one, at in zip(self.dimensions, places, strict=True):
            columns[one.code] = np.array(one.codes, dtype=object)[at]
            columns[f"{one.code}_navn"] = np.array(one.labels, dtype=object)[at]
        return pd.DataFrame(columns | {"verdi": self.values.ravel(), "tegn": self.signs.ravel()})


def read(raw: Any, where: str, marks: Mapping[str, str] | None = None) -> Cube:
    """Read a parsed json-stat2 dataset.

    Parameters
    ----------
    raw : object
        As `analysis_lib.data.formats.parse_json` gives it.
    where : str
        What an error names.
    marks : mapping of str to str, optional
        What the source's own marks mean (`MEANINGS`), beside `MARKS`.

    Raises
    ------
    DataFeil
        If it is no dataset, sizes do not agree, a number is text, or nobody has said what a mark means.

    Examples
    --------
    >>> dimension = {"Tid": {"label": "år", "category": {"index": ["2024", "2025"]}}}
    >>> cube = read({"class": "dataset", "id": ["Tid"], "size": [2], "dimension": dimension,
    ...     "value": [7, None], "status": {"1": ":"}}, "kilden")
    >>> cube.cells(), cube.kind("2025")
    ({('2024',): '7', ('2025',): ':'}, <Kind.CONFIDENTIAL: 'confidential'>)
    """
    if not isinstance(raw, dict) or raw.get("class") != "dataset" or not isinstance(raw.get("id"), list):
        raise DataFeil("svaret er ikke en json-stat2-tabell", where=where)
    try:
        ids, size = [str(one) for one in raw["id"]], [int(one) for one in raw["size"]]
        dimensions = tuple(_dimension(one, raw["dimension"][one], where) for one in ids)
        notes = _notes(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataFeil(f"dimensjonene kan ikke leses ({error})", where=where) from None
    found = [len(one.codes) for one in dimensions]
    if size != found or len(set(ids)) < len(ids):
        raise DataFeil(f"størrelsen er {size}, men dimensjonene har {found} koder", where=where)
    if (count := math.prod(size)) > MOST_CELLS:
        raise DataFeil(f"tabellen har {count} celler, flere enn {MOST_CELLS}", where=where)
    numbers = _listed(raw.get("value"), count, "value", where)
    status = raw.get("status")
    alike = isinstance(status, str)
    told = [status] * count if alike else _listed(status or {}, count, "status", where)
    known = MARKS | dict(marks or {})
    cells = [_cell(number, mark, known, where) for number, mark in zip(numbers, told, strict=True)]
    return Cube(
        str(raw.get("label") or ""),
        str(raw.get("source") or ""),
        str(raw.get("updated") or ""),
        dimensions,
        np.array([number for number, _ in cells], dtype=float).reshape(size),
        np.array([sign for _, sign in cells], dtype="U2").reshape(size),
        notes,
    )


def _dimension(code: str, raw: Any, where: str) -> Dimension:
    category = raw["category"]
    labels, index = category.get("label") or {}, category.get("index")
    if index is None:
        index = list(labels)
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise DataFeil(f"kodene i «{code}» er ikke nummerert fra 0", where=where)
        index = sorted(index, key=index.__getitem__)
    codes = tuple(str(one) for one in index)
    if len(set(codes)) < len(codes):
        raise DataFeil(f"«{code}» har samme kode to ganger", where=where)
    units = category.get("unit") or {}
    told = [units.get(one) or {} for one in codes]
    return Dimension(
        code,
        str(raw.get("label") or code),
        codes,
        tuple(str(labels.get(one, one)) for one in codes),
        tuple(str(one.get("base") or one.get("label") or "") for one in told),
        tuple(one.get("decimals") if one.get("decimals") in range(16) else None for one in told),
    )


def _listed(raw: Any, count: int, name: str, where: str) -> Sequence[Any]:
    """Return a list as it is, and of an object by cell number the list that it stands for."""
    if isinstance(raw, list) and len(raw) == count:
        return raw
    if isinstance(raw, list):
        raise DataFeil(f"«{name}» har {len(raw)} verdier, ventet {count}", where=where)
    if not isinstance(raw, dict) or not all(key.isdecimal() and int(key) < count for key in raw):
        raise DataFeil(f"«{name}» er verken en liste eller celler nummerert under {count}", where=where)
    listed: list[Any] = [None] * count
    for key, one in raw.items():
        listed[int(key)] = one
    return listed


def _cell(number: Any, mark: Any, known: Mapping[str, str], where: str) -> tuple[float, str]:
    """Return the number and no sign, or NaN and the sign that stands there."""
    if isinstance(number, str):
        # FHI writes a flag where the number would have been.
        mark, number = number if mark in (None, "", number) else f"{number} {mark}", None
    meaning = known.get(mark or "", None) if isinstance(mark, str | None) else None
    if meaning is None:
        odd = str(mark)[:20]
        if isinstance(mark, str) and mark.replace(",", ".").replace(".", "", 1).lstrip("-").isdigit():
            raise DataFeil(f"tallet «{odd}» er skrevet som tekst", where=where)
        hint = f"Si hva det betyr under «marks» i kilder.yml: {', '.join(MEANINGS[1:])}."
        raise DataFeil(f"ingen har sagt hva tegnet «{odd}» betyr", where=where, hint=hint)
    if isinstance(number, bool) or not isinstance(number, int | float | None):
        raise DataFeil("en verdi er verken et tall eller et tegn", where=where)
    if meaning == ZERO and not number:
        return 0.0, ""
    if number is None:
        return math.nan, "" if meaning == NUMBER else meaning
    if meaning not in ("", NUMBER):
        raise DataFeil(f"en celle har både et tall og tegnet «{mark}»", where=where)
    return float(number), ""


def _notes(raw: Mapping[str, Any]) -> tuple[str, ...]:
    parts = [raw, *(raw["dimension"][one] for one in raw["id"])]
    notes: list[tuple[bool, str]] = []
    for part in parts:
        must = (part.get("extension") or {}).get("noteMandatory") or {}
        notes += [(str(at) not in must, str(note)) for at, note in enumerate(part.get("note") or ())]
    return tuple(dict.fromkeys(note for _, note in sorted(notes, key=lambda one: one[0])))


def split(selection: Mapping[str, Sequence[str]], most: int) -> list[dict[str, list[str]]]:
    """Return selections that together are this one, none of more than `most` cells.

    Examples
    --------
    >>> split({"Region": ["0301", "1103", "4601"], "Tid": ["2024", "2025"]}, 4)
    [{'Region': ['0301'], 'Tid': ['2024', '2025']}, {'Region': ['1103', '4601'], 'Tid': ['2024', '2025']}]
    """
    whole = {code: list(codes) for code, codes in selection.items()}
    longest = max(whole, key=lambda code: len(whole[code]))
    if math.prod(map(len, whole.values())) <= most or len(whole[longest]) < 2:
        return [whole]
    half = len(whole[longest]) // 2
    parts = whole[longest][:half], whole[longest][half:]
    return [one for part in parts for one in split(whole | {longest: part}, most)]


def join(cubes: Sequence[Cube], where: str) -> Cube:
    """Return the table that some were parts of.

    Raises
    ------
    DataFeil
        If they are of different tables or times, overlap, or leave a cell out.
    """
    first = cubes[0]
    if len({(cube.updated, *(one.code for one in cube.dimensions)) for cube in cubes}) > 1:
        raise DataFeil(
            "tabellen ble oppdatert mens den ble hentet", where=where, hint="Hent den en gang til."
        )
    dimensions = tuple(map(_united, zip(*(cube.dimensions for cube in cubes), strict=True)))
    places = [{code: at for at, code in enumerate(one.codes)} for one in dimensions]
    shape = [len(one.codes) for one in dimensions]
    values, signs, filled = np.full(shape, np.nan), np.full(shape, "", "U2"), np.zeros(shape, int)
    for cube in cubes:
        parts = zip(places, cube.dimensions, strict=True)
        at = np.ix_(*([place[code] for code in part.codes] for place, part in parts))
        values[at], signs[at] = cube.values, cube.signs
        filled[at] += 1
    if (filled != 1).any():
        raise DataFeil("delene av tabellen passer ikke sammen", where=where)
    notes = tuple(dict.fromkeys(note for cube in cubes for note in cube.notes))
    return replace(first, dimensions=dimensions, values=values, signs=signs, notes=notes)


def _united(parts: Sequence[Dimension]) -> Dimension:
    rows = {
        row[0]: row
        for part in parts
        for row in zip(part.codes, part.labels, part.units, part.decimals, strict=True)
    }
    return Dimension(parts[0].code, parts[0].label, *map(tuple, zip(*rows.values(), strict=True)))
