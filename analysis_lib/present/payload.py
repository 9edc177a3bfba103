"""What a chapter shows, as typed and frozen data: what a notebook hands over, and all that a report reads.

A payload travels as JSON in the executed notebook (`to_json`, `from_json`). It says itself which numbers it
shows, which paragraphs it holds and where it stands, so that no reader looks into another's fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from analysis_lib.data.files import Model, read_model
from analysis_lib.errors import DataFeil, NotatbokFeil, nearest
from analysis_lib.present.pieces import Grid, NumberShown, Paragraph, Part, PieceKind, numbers_in
from analysis_lib.present.register import Entry

# What names a place on a page, and a file.
Name = Annotated[str, StringConstraints(pattern=r"^[\w-]+$")]


class FigureStatus(StrEnum):
    """Whether a figure is drawn, drawn in part, or missing."""

    DRAWN = "drawn"
    PARTIAL = "partial"
    MISSING = "missing"


class Payload(Model):
    """Base of everything that a chapter shows.

    `numbers` are the register entries behind it, by ref, and `awaits` names what waits for its number in an
    edition that is half filled.
    """

    type: str
    awaits: tuple[str, ...] = ()
    numbers: Mapping[str, Entry] = Field(default_factory=dict)

    @property
    def target(self) -> str:
        """The name that a reference may point to, "" for none."""
        return ""

    def place(self, around: str) -> str:
        """Return where it stands, as the reader would say it, given the section around it."""
        return around[:1].upper() + around[1:]

    def shown(self) -> Iterator[NumberShown]:
        """Yield every number that it shows, repeats included."""
        yield from ()

    @property
    def shown_refs(self) -> list[str]:
        """The refs of the numbers that it shows or rests on, repeats included."""
        return [item.ref for item in self.shown()]

    def said(self) -> Iterator[Paragraph]:
        """Yield its paragraphs in their pieces."""
        yield from ()


class MarkdownPayload(Payload):
    """Text of a Markdown cell: headings, and words without numbers."""

    type: Literal["markdown"] = "markdown"
    markdown: str


class Deviation(Model):
    """A cell whose parts do not allow what is printed."""

    row: str
    column: str
    printed: str | None
    computed: str | None
    shown: str
    reason: str


class PrintCheck(Model):
    """How a table's cells compare with print: how many, how many derived, and which deviate."""

    cells: int
    derived: int = 0
    reproduced: int = 0
    not_printed: int = 0
    deviating: tuple[Deviation, ...] = ()


class _Numbered(Payload):
    """Base of what the reader finds by its number, and a reference may point to."""

    id: Name
    number: str
    title: str
    named: ClassVar[str] = "Tabell"

    @property
    def target(self) -> str:
        """The name that a reference may point to."""
        return self.id

    def place(self, around: str) -> str:
        """Return its name."""
        return f"{self.named} {self.number}"


class TablePayload(Grid, _Numbered):
    """A table; `remarks` are the notes that define it, `notes` also say what deviates and what was mended."""

    type: Literal["table"] = "table"
    basis: str = ""
    period: str = ""
    remarks: tuple[str, ...] = ()
    source: str
    date: str = ""
    check: PrintCheck

    @property
    def description(self) -> str:
        """Unit, price basis and period in one line."""
        return ", ".join(part for part in (self.unit, self.basis, self.period) if part)


class MissingTablePayload(_Numbered):
    """A table that cannot be shown for the year asked for."""

    type: Literal["missing"] = "missing"
    note: str


class FigurePayload(_Numbered):
    """A figure: the drawing, what it says in words, and the table of the numbers behind it."""

    type: Literal["figure"] = "figure"
    subtitle: str
    status: FigureStatus
    alt: str
    note: str
    source: str
    date: str
    data: Grid | None
    svg: str
    named: ClassVar[str] = "Figur"

    @property
    def described(self) -> bool:
        """True where who cannot see the drawing is told what it shows; a missing one has nothing to tell."""
        return self.status is FigureStatus.MISSING or bool(self.alt.strip())

    def shown(self) -> Iterator[NumberShown]:
        """Yield the numbers of the table behind the drawing."""
        yield from self.data.shown() if self.data else ()


class KeyFigure(Model):
    """A key figure: the number large, its unit small beside it, its change, and what that means."""

    text: str
    format: str
    unit: str
    label: str
    change: str
    meaning: str
    paragraphs: tuple[Paragraph, ...]
    ref: str
    change_ref: str | None

    @property
    def number(self) -> str:
        """The number with its unit."""
        return f"{self.text}\u00a0{self.unit}".rstrip()

    @property
    def sentence(self) -> Paragraph:
        """The key figure as a sentence of the register."""
        number = Part(
            text=self.number,
            kind=PieceKind.NUMBER,
            expression=self.label,
            format=self.format,
            refs=(self.ref,),
        )
        return Paragraph(template=f"Nøkkeltall: {self.label}", parts=(number,))


class KeyFiguresPayload(Payload):
    """The key figures at the top of a chapter."""

    type: Literal["keyfigures"] = "keyfigures"
    items: tuple[KeyFigure, ...]

    def place(self, around: str) -> str:
        """Return the section that they stand in, and that they are key figures."""
        return f"{super().place(around)} (nøkkeltall)"

    def shown(self) -> Iterator[NumberShown]:
        """Yield each figure, its change, and the numbers of what it means."""
        for item in self.items:
            yield NumberShown(item.ref, item.number, item.format)
            if item.change_ref:
                yield NumberShown(item.change_ref, item.change, "tall fortegn")
            for paragraph in item.paragraphs:
                yield from numbers_in(paragraph.parts)

    def said(self) -> Iterator[Paragraph]:
        """Yield each figure as a sentence, and what it means."""
        for item in self.items:
            yield item.sentence
            yield from item.paragraphs


class TextPayload(Payload):
    """Base of what is sentences; `unbound` are numerals in it that are bound to nothing."""

    unbound: tuple[str, ...] = ()

    def _parts(self) -> Iterator[Part]:
        return (part for paragraph in self.said() for part in paragraph.parts)

    def shown(self) -> Iterator[NumberShown]:
        """Yield the bound numbers, and the words of direction that rest on one."""
        return numbers_in(self._parts())

    @property
    def shown_refs(self) -> list[str]:
        """The refs of the numbers that it shows or rests on, repeats included."""
        return [ref for part in self._parts() for ref in part.refs]


class ProsePayload(TextPayload):
    """Text with its numbers bound, as Markdown and in its pieces."""

    type: Literal["prose"] = "prose"
    markdown: str
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def unsaid(self) -> list[str]:
        """The numbers whose paragraphs could not be said."""
        return [paragraph.lacks for paragraph in self.paragraphs if paragraph.lacks]

    def said(self) -> Iterator[Paragraph]:
        """Yield its paragraphs."""
        yield from self.paragraphs


class Assumption(Model):
    """What a verdict assumes: the item's name, and what is said of it."""

    label: str
    parts: tuple[Part, ...]


class NeedPayload(Model):
    """What could change a verdict: the data, from when, and what is possible then."""

    data: str
    since: str
    possible: str


class VerdictPayload(TextPayload):
    """A verdict on a measure: its sentence, what it assumes, what would change it."""

    type: Literal["verdict"] = "verdict"
    id: Name
    name: str
    status: str
    sentence: tuple[Part, ...]
    assumptions: tuple[Assumption, ...]
    needs: tuple[NeedPayload, ...]

    def said(self) -> Iterator[Paragraph]:
        """Yield the sentence."""
        yield Paragraph(template=f"Vurdering: {self.name}", parts=self.sentence)

    def _parts(self) -> Iterator[Part]:
        yield from self.sentence
        for item in self.assumptions:
            yield from item.parts


class FindingPayload(Model):
    """A finding of the audit, with those that have the same cause."""

    id: Name
    where: str
    verdict: str
    explanation: str
    handled: str
    cells: tuple[str, ...]
    others: tuple[str, ...]


class FindingsPayload(Payload):
    """Findings as a list."""

    type: Literal["findings"] = "findings"
    id: Name
    findings: tuple[FindingPayload, ...]


_KINDS: dict[str, type[Payload]] = {
    cls.model_fields["type"].default: cls
    for cls in (
        TablePayload,
        MissingTablePayload,
        FigurePayload,
        KeyFiguresPayload,
        ProsePayload,
        VerdictPayload,
        FindingsPayload,
    )
}


def to_json(payload: Payload) -> dict[str, Any]:
    """Return a payload as the JSON that a notebook keeps."""
    return payload.model_dump(mode="json")


def from_json(raw: Any, where: str) -> Payload:
    """Read what `to_json` wrote.

    Parameters
    ----------
    where : str
        Notebook and cell, for the error.

    Raises
    ------
    NotatbokFeil
        If it is no payload, or a field does not fit.

    Examples
    --------
    >>> from_json({"type": "prose", "markdown": "Ja."}, "notebooks/a.ipynb, celle 2").markdown
    'Ja.'
    >>> from_json({"type": "prose"}, "notebooks/a.ipynb, celle 2")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis_lib.errors.NotatbokFeil: notebooks/a.ipynb, celle 2: cellens utdata ...
    """
    kind = raw.get("type") if isinstance(raw, dict) else None
    try:
        if kind not in _KINDS:
            raise DataFeil(f"«{kind}» er ikke noe som et kapittel viser", hint=nearest(kind, _KINDS))
        return read_model(_KINDS[kind], raw, where)
    except DataFeil as error:
        raise NotatbokFeil(
            f"cellens utdata er skadet eller eldre enn biblioteket: {error.message}",
            where=where,
            hint=f"{error.hint} Kjør notatboken på nytt: rapport build --force.".strip(),
        ) from None
