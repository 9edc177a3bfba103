"""One slip planted in a document, and the kinds of slip that are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis_lib.audit.document import Document, Paragraph
from analysis_lib.audit.findings import Finding
from analysis_lib.audit.grid import Grid


class Kind(StrEnum):
    """What kind of slip is planted, as a reader is told."""

    CELL = "siffer i en celle som står i en sammenheng"
    COLUMN = "kolonne flyttet én rad"
    HEADER = "kolonneoverskrift et år feil"
    ROW = "ledd (rad) utelatt av en sum"
    NUMBER = "siffer i et gjengitt tall i teksten"
    DIRECTION = "motsatt retningsord ved noe gjengitt"
    POINTS = "prosent og prosentpoeng byttet om ved en gjengitt endring"
    TARGET = "henvisning til noe som ikke finnes"
    CAPTION = "årstall i en tabell- eller figuroverskrift"
    DUPLICATE = "tabellnummer brukt to ganger"


@dataclass(frozen=True)
class Plant:
    """A document with one slip.

    Attributes
    ----------
    kind : Kind
    places : tuple of str
        Where a finding must be to count: «tabell 8.3», «tabell 8.3, Sum, 2025», «linje 1156».
    change : str
        For the reader: «1 234 → 1 734».
    before, document : Document
        Without the slip, and with it.
    """

    kind: Kind
    places: tuple[str, ...]
    change: str
    before: Document
    document: Document

    def caught_by(self, findings: Iterable[Finding]) -> bool:
        """Tell whether one of some findings is at the place of the slip, or names it among its cells."""
        pattern = re.compile("|".join(rf"{re.escape(place)}(?![\w.]|\.\d)" for place in self.places))
        return any(pattern.match(text) for item in findings for text in (item.where, *item.cells))


def with_grid(document: Document, old: Grid, new: Grid) -> Document:
    """Return a document with one table in place of another."""
    return replace(document, grids=tuple(new if grid is old else grid for grid in document.grids))


def with_text(document: Document, paragraph: Paragraph, text: str) -> Document:
    """Return a document with another text in place of a paragraph's."""
    changed = replace(paragraph, text=text)
    return replace(
        document, paragraphs=tuple(changed if one is paragraph else one for one in document.paragraphs)
    )
