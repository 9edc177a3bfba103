"""A small report of our own: one table of visits to libraries, and the sentences that a test adds."""

from analysis_lib.data.cells import parse_cell
from number_audit.document import Document, Grid, GridColumn, GridRow, Passage


def grid(number: str, caption: str, columns: list[str], rows: dict[str, list[str]]) -> Grid:
    """Return a table; a column «Endring: 2024-2025» stands under the group before the colon."""
    heads = [column.rpartition(": ") for column in columns]
    return Grid(
        number,
        number,
        caption,
        tuple(GridColumn(header, group) for group, _, header in heads),
        tuple(GridRow(label, tuple(parse_cell(text) for text in cells)) for label, cells in rows.items()),
    )


VISITS = grid(
    "3.1",
    "Besøk i bibliotekene. Tall i tusen.",
    ["2023", "2024", "2025"],
    {
        "Fysiske besøk": ["800", "820", "861"],
        "Digitale besøk": ["100", "110", "99"],
        "Totalt": ["900", "930", "960"],
    },
)
LOANS = grid(
    "3.2",
    "Andel lån, prosent",
    ["2023", "2024", "2025"],
    {
        "Bøker": ["61,5", "60,0", "58,5"],
        "Filmer": ["20,4", "21,0", "22,5"],
        "Spill": ["18,1", "19,0", "19,0"],
    },
)


def report(*texts: str, section: str = "3") -> Document:
    """Return a document with one paragraph for each text, on lines 1, 2 …"""
    paragraphs = tuple(Passage(text, line, section) for line, text in enumerate(texts, start=1))
    return Document("liten.txt", len(texts), paragraphs=paragraphs, grids=(VISITS, LOANS))
