"""What must stand in a ``tallregister.json`` for a build to be compared; else it is refused by the field."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

Number = Annotated[str, Field(pattern=r"^-?\d{1,999}(/[1-9]\d{0,998})?$")]


class Exact(BaseModel):
    """A number to the last digit."""

    identity: str
    point: Number | None
    interval: tuple[Number, Number, bool, bool] | None
    file: str = ""
    printed: str = ""
    corrected: str | None = None
    formula: str = ""


class Term(BaseModel):
    """A number that another is computed from."""

    ref: str


class Entry(BaseModel):
    """A number of the register."""

    exact: Exact
    label: str
    text: str
    unit: str
    sources: list[int]
    places: list[str]
    terms: list[Term] = []
    how: str = ""
    printed: str = ""
    verdict: str = ""


class Source(BaseModel):
    """A file that numbers are from."""

    sha256: str


class TableEntry(BaseModel):
    """What defines a table."""

    label: str
    place: str
    period: str
    unit: str
    basis: str
    title: str
    notes: str


class FigureEntry(BaseModel):
    """What defines a figure, and its numbers."""

    label: str
    place: str
    status: str
    title: str
    note: str
    refs: list[str]


class PieceEntry(BaseModel):
    """A piece of a paragraph."""

    text: str
    kind: str
    expression: str
    format: str
    refs: list[str]


class SentenceEntry(BaseModel):
    """A paragraph or a key figure."""

    chapter: str
    place: str
    template: str
    parts: list[PieceEntry]
    lacks: str


class RevisionEntry(BaseModel):
    """A revision that the build's edition accounts for."""

    old: str
    new: str
    why: str


class Parameters(BaseModel):
    """The parameters that a comparison needs."""

    aar: int


class Ledger(BaseModel):
    """The file; what a comparison does not need may stand beside it."""

    definition: str
    parameters: Parameters
    sources: list[Source]
    numbers: dict[str, Entry]
    tables: dict[str, TableEntry]
    figures: dict[str, FigureEntry]
    sentences: list[SentenceEntry]
    corrections: dict[str, str]
    revisions: dict[str, RevisionEntry]
