"""What readers take with them: what a table holds stands so in workbook, package and page."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.data.cells import SIGNS, Kind
from analysis_lib.data.formats import UNPRINTABLE, read_semicolons
from analysis_lib.data.package import _type
from analysis_lib.errors import DataFeil, NotatbokFeil
from analysis_lib.present.display import fragment
from analysis_lib.present.escape import csv_text
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.numbers import format_number
from analysis_lib.present.payload import PrintCheck, TablePayload
from analysis_lib.present.pieces import CellPayload, ColumnPayload, GroupPayload, RowPayload
from publishing.book.assemble import Block, ChapterPage
from publishing.book.outputs import write_datapackage
from publishing.book.workbook import LONGEST_NAME, sheet_names, write_workbook
from publishing.definition import Report
from publishing.selfcheck.files import wrong_package, wrong_workbook

REPORT = Report("prøve", "Prøve", "", "2025", "utkast", "", ())
TRICKY = [
    *("=1+1", "{=A1}", "@a", "+5", "-3", "1-2", "2025-01-01", "0301", "1e5", "NA", "TRUE", "#REF!"),
    *("https://a.no", "internal:'Innhold'!A1", "mailto:a@b.no", "a\tb", " a ", "a;b", 'a "b"', "<b>a</b>"),
]
LABELS = st.sampled_from(TRICKY) | st.text(max_size=40).filter(
    lambda text: (
        not UNPRINTABLE.search(text) and "\r" not in text and not re.search("_x[0-9A-Fa-f]{4}_", text)
    )
)
NUMBERS = st.floats(-1e12, 1e12).map(lambda number: round(number, 1))
SHOWN = st.sampled_from(sorted(SIGNS)) | NUMBERS


def cell(shown: str | float) -> CellPayload:
    if isinstance(shown, str):
        return CellPayload(text=shown, kind=SIGNS[shown])
    return CellPayload(text=format_number(shown, 1), kind=Kind.NUMBER, value=shown)


def table(cells: list[list[str | float]], labels: list[str], number: str = "9.9") -> TablePayload:
    """A table with two columns that are labelled alike, in a group each."""
    first, second, *_ = labels
    return TablePayload(
        id="tabell-9-9",
        number=number,
        title=first,
        unit="kroner",
        stub=second,
        groups=(GroupPayload(label=first, span=1), GroupPayload(label=second, span=1)),
        columns=tuple(ColumnPayload(key=key, label=first, group_start=True) for key in ("a", "b")),
        rows=tuple(
            RowPayload(key=f"r{i}", label=labels[i % len(labels)], cells=tuple(map(cell, row)))
            for i, row in enumerate(cells)
        ),
        source="KUHR",
        check=PrintCheck(cells=1),
    )


def chapter(*tables: TablePayload) -> tuple[ChapterPage, ...]:
    return (ChapterPage("a", "9", "A", [Block(table, "avsnitt 9.1") for table in tables]),)


class Cells(HTMLParser):
    """The cells of a page's table that are seen, row by row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = self.hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden = dict(attrs).get("class") == "skjult"
        if tag == "td":
            self.found.append("")
        self.inside = tag == "td" or (self.inside and tag in ("span", "a"))

    def handle_endtag(self, tag: str) -> None:
        self.hidden, self.inside = False, self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.hidden:
            self.found[-1] += data


@settings(max_examples=40)
@given(
    st.lists(st.lists(SHOWN, min_size=2, max_size=2), min_size=1, max_size=4),
    st.lists(LABELS, min_size=2, max_size=4),
)
def test_a_table_stands_as_it_is_in_workbook_package_and_page(tmp_path_factory, cells, labels) -> None:
    folder: Path = tmp_path_factory.mktemp("ut")
    page = chapter(table(cells, labels))
    write_workbook(REPORT, page, folder / "a.xlsx")
    write_datapackage(REPORT, page, folder / "data")
    assert [*wrong_workbook(page, folder / "a.xlsx"), *wrong_package(page, folder / "data")] == []

    sheet = openpyxl.load_workbook(folder / "a.xlsx")["Tabell 9.9"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, min_col=2, max_col=3)]
    assert found[: len(cells)] == [[None if shown == "" else shown for shown in row] for row in cells]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f" or cell.hyperlink]

    with (folder / "data/tabell-9-9.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = [
        value.text.replace("\u00a0", " ") for row in page[0].blocks[0].payload.rows for value in row.cells
    ]
    assert [row["vist"] for row in rows] == shown
    assert {row["gruppe"] for row in rows} == set(map(csv_text, labels[:2]))
    html = Cells(fragment("table", "html", page[0].blocks[0].payload)).found
    assert [text.replace("\u00a0", " ") for text in html if text or "" in shown][-len(shown) :] == shown


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_table_has_a_sheet_of_its_own_with_a_valid_name(numbers: list[str]) -> None:
    names = sheet_names(numbers)
    assert (
        len({name.casefold() for name in [*names, "Innhold", "Tallregister", "History"]}) == len(numbers) + 3
    )
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 2 * LONGEST_NAME
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)


@pytest.mark.parametrize("numbers", [["9:1", "9/1", "[9]"], ["x" * 40, "x" * 41], ["'9'", "9*?"]])
def test_a_workbook_is_written_whatever_the_tables_are_numbered(tmp_path: Path, numbers: list[str]) -> None:
    page = chapter(*(table([[1.0, ":"]], ["a", "b"], number) for number in numbers))
    write_workbook(REPORT, page, tmp_path / "a.xlsx")
    assert list(wrong_workbook(page, tmp_path / "a.xlsx")) == []
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    linked = [cell.hyperlink.location for row in book["Innhold"] for cell in row if cell.hyperlink]
    assert linked == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_a_sign_that_nothing_can_show_is_refused_where_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "9.9.csv").write_text("rad;navn;2025\na;A\x02;1\n", encoding="utf-8")
    with pytest.raises(DataFeil, match=r"U\+0002 kan ikke vises"):
        read_semicolons(tmp_path / "9.9.csv")
    with pytest.raises(NotatbokFeil, match="ikke kan vises"):
        FactTable("L\x021", "Tittel", {}, [], stub="Hva")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [(["1 400", "12,5", "-3", ":", ""], "number"), (["86 429d"], "string"), (["1 4000"], "string")],
)
def test_a_column_of_an_edition_has_the_type_that_its_cells_have(cells: list[str], kind: str) -> None:
    assert _type(cells)["type"] == kind
