"""What a delivery must look like: ``data/register/skjema.yml``, read into types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import project_root, relative
from analysis_lib.errors import DataFeil, nearest

Type = Literal["int8", "int16", "int32", "int64", "float64", "str", "date"]


class Column(Model):
    """A column of a delivery.

    Attributes
    ----------
    type : str
        An integer column may be delivered in any width; ``date`` has no time of day.
    nullable : bool
    values : tuple of int or str
        The codes allowed; none where any is.
    min, max : float, optional
        Both inclusive.
    references : str, optional
        The table whose key the column must be in.
    source : str
        Where the name is known from; ``A`` is assumed.
    about : str
    """

    type: Type
    nullable: bool = False
    values: tuple[int | str, ...] = ()
    min: float | None = None
    max: float | None = None
    references: str | None = None
    source: str
    about: str = ""


class Schema(Model):
    """A table of a delivery.

    Attributes
    ----------
    title : str
    key : tuple of str
        Columns that together stand once.
    period : str, optional
        The column whose dates must lie in the delivery's year.
    columns : dict of str to Column
    """

    title: str
    key: tuple[str, ...] = ()
    period: str | None = None
    columns: dict[str, Column]

    @model_validator(mode="after")
    def _names_known(self) -> Schema:
        for name in (*self.key, *([self.period] if self.period else [])):
            if name not in self.columns:
                raise ValueError(f"«{name}» er ingen kolonne. {nearest(name, self.columns)}")
        return self


def schemas() -> Mapping[str, Schema]:
    """Return every table that a delivery may hold, by name.

    Raises
    ------
    DataFeil
        If the file is missing or malformed.

    Examples
    --------
    >>> schemas()["takst"].key, schemas()["regning"].columns["kpr_lnr"].nullable
    (('enkeltregning_lnr', 'takstkode'), True)
    """
    return _read(project_root() / "data" / "register" / "skjema.yml")


@cache
def _read(path: Path) -> Mapping[str, Schema]:
    raw, where = read_yaml(path), relative(path)
    if not isinstance(raw, dict):
        raise DataFeil("filen skal ha ett felt for hver tabell", where=where)
    return {name: read_model(Schema, table, f"{where}, {name}") for name, table in raw.items()}


def schema_of(name: str) -> Schema:
    """Return a table's schema.

    Raises
    ------
    DataFeil
        If no table is called so; the nearest name is told.
    """
    if name not in (known := schemas()):
        raise DataFeil(f"«{name}» er ingen tabell i en utlevering", hint=nearest(name, known))
    return known[name]
