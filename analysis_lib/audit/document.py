"""A report's text taken apart: headings, paragraphs, captions, footnotes and tables, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis_lib.audit.grid import Grid


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: «8.2» (nothing where it has no number), its title, its line."""

    number: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a table or a figure.

    `kind` is «tabell» or «figur»; `key` tells two of the same number apart, as in `Grid`.
    """

    kind: str
    number: str
    text: str
    line: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its mark without ornament («25»), its text, its line."""

    mark: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, joined over line ends; `section` is the number of the heading that it stands under."""

    text: str
    line: int
    section: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be read: where it stands, what it is, and why it was left out."""

    line: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything the audit knows of a text.

    `file` is the name that findings show; `lines` the number of lines read. `notes` are the lines
    under tables and figures («Kilde: …», «*) …»); `contents` the table of contents.
    """

    file: str
    lines: int
    headings: tuple[Heading, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    captions: tuple[Caption, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    grids: tuple[Grid, ...] = ()
    skipped: tuple[Skipped, ...] = field(default=())
    notes: tuple[Paragraph, ...] = ()
    contents: tuple[Heading, ...] = ()
