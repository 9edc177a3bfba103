"""Wide and tall tables in the PDF: split by columns, carried over pages, and never one number on another."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from analysis_lib.data.cells import Kind
from analysis_lib.present.payload import PrintCheck, TablePayload
from analysis_lib.present.pieces import CellPayload, ColumnPayload, RowPayload
from publishing.book.assemble import Block, ChapterPage
from publishing.book.book import make_book, write_book
from publishing.definition import Report
from publishing.render.pandoc import render

THEME = Path(__file__).resolve().parents[2] / "reports" / "theme"
WORD = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>')
pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")


class Word(NamedTuple):
    """A word of a PDF with its box."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def covers(self, other: Word) -> bool:
        """Whether the two lie on each other by more than a hair."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        # The box of a line of text reaches higher than its letters.
        return across > 0.5 and down > 0.5 * min(self.bottom - self.top, other.bottom - other.top)


def table(number: str, rows: int, columns: int, first: int) -> TablePayload:
    """A table whose cells are the whole numbers from `first`, seven digits each, no two alike."""
    return TablePayload(
        id=f"tabell-{number.replace('.', '-')}",
        number=number,
        title="Prøvetabell",
        unit="kroner",
        stub="Gruppe",
        columns=tuple(ColumnPayload(key=f"k{i}", label=str(1996 + i)) for i in range(columns)),
        rows=tuple(
            RowPayload(
                key=f"r{i}",
                label=f"Kommuner med færre enn {i} tusen innbyggere",
                cells=tuple(
                    CellPayload(text=str(n), kind=Kind.NUMBER, value=n)
                    for n in range(first + i * columns, first + (i + 1) * columns)
                ),
            )
            for i in range(rows)
        ),
        source="KUHR",
        check=PrintCheck(cells=1),
    )


def words(pdf: Path) -> list[list[Word]]:
    """The words of each page with their boxes."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return [
        [Word(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]
        for page in told.split("<page ")[1:]
    ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[list[Word]]:
    folder = tmp_path_factory.mktemp("tabeller")
    tables = table("9.1", 6, 30, 1_000_000), table("9.2", 200, 4, 2_000_000)
    chapter = ChapterPage("a", "9", "A", [Block(item, "avsnitt 9.1") for item in tables])
    book = make_book(Report("prøve", "Prøve", "", "2025", "utkast", "", ()), (chapter,), {})
    write_book(book, folder / "bok", THEME)
    names = [page.name for page in book.html]
    render(folder / "bok", names, folder / "html", folder / "r.pdf", THEME)
    return words(folder / "r.pdf")


def test_no_word_lies_on_another(pages: list[list[Word]]) -> None:
    over = [(a.text, b.text) for page in pages for i, a in enumerate(page) for b in page[:i] if a.covers(b)]
    assert over == []


def test_every_number_stands_there_once(pages: list[list[Word]]) -> None:
    shown = sorted(int(word.text) for page in pages for word in page if re.fullmatch(r"[12]\d{6}", word.text))
    assert shown == [*range(1_000_000, 1_000_180), *range(2_000_000, 2_000_800)]


def test_the_columns_of_a_wide_table_are_named_wherever_they_stand(pages: list[list[Word]]) -> None:
    headed = [word.text for page in pages for word in page]
    assert {str(year) for year in range(1996, 2026)} <= set(headed)
