"""Pages of a PDF as lines: columns of prose, tables over two pages, headers over several columns."""

from __future__ import annotations

import pytest

from number_audit.document import Document
from number_audit.reading.parse import parse_document
from number_audit.reading.pdf import in_reading_order


def read(*lines: str) -> Document:
    return parse_document(lines, "tekst.pdf")


def rows(document: Document) -> list[list[str]]:
    return [[row.label, *(cell.printed for cell in row.cells)] for row in document.grids[0].rows]


def heads(document: Document) -> list[tuple[str, str]]:
    return [(column.group, column.header) for column in document.grids[0].columns]


def test_the_left_column_of_a_page_is_read_before_the_right() -> None:
    left = [f"kattene sov inne hele natten {number}" for number in range(12)]
    right = [f"mens hundene sto ute i regnet {number}" for number in range(12)]
    wide = "Denne linjen går over hele bredden av siden og er ingen del av spaltene."
    page = [wide, *(f"{a:<50}{b}" for a, b in zip(left, right, strict=True)), wide]
    assert in_reading_order(page) == [wide, *left, "", *right, "", wide]


@pytest.mark.parametrize(
    "line",
    [
        "Katter som bor inne hele året        1 250      1 300      1 310",
        "Katter som bor inne hele året        kan ikke telles",
        "Katter som bor inne hele året, og hunder som bor ute det meste av året",
        "Katter som bor inne       35 katter her      alle er tamme dyr",
    ],
)
def test_tables_and_plain_prose_stay_as_they_are(line: str) -> None:
    assert in_reading_order([line] * 20) == [line] * 20


def test_few_lines_beside_each_other_are_no_columns() -> None:
    line = "kattene sov inne hele natten                hundene sto ute i regnet"
    assert in_reading_order([line] * 9) == [line] * 9


def test_one_header_over_all_columns() -> None:
    document = read(
        "Tabell 1.1 Dyr",
        "",
        "                        Antall dyr",
        "Dyr            2023       2024       2025",
        "Katter        1 250      1 300      1 310",
        "Hunder          820        780        790",
    )
    assert heads(document) == [("Antall dyr", "2023"), ("Antall dyr", "2024"), ("Antall dyr", "2025")]
    assert document.grids[0].number == "1.1"


def test_a_header_over_some_columns_only_is_left_out() -> None:
    document = read(
        "Tabell 1.1 Dyr",
        "",
        "                                                Endring",
        "Dyr            2023       2024       2025      2023–2025",
        "Katter        1 250      1 300      1 310             60",
        "Hunder          820        780        790            −30",
    )
    assert [group for group, _ in heads(document)] == ["", "", "", ""]
    assert document.grids[0].number == "1.1"


def test_headers_that_have_drifted_span_what_repeats_or_is_of_one_kind() -> None:
    repeated = read(
        "                 Antall       Andel",
        "Dyr            2024      2025        2024      2025",
        "Katter        1 300     1 310        62,3      62,4",
        "Hunder          780       790        37,7      37,6",
    )
    assert [group for group, _ in heads(repeated)] == ["Antall", "Antall", "Andel", "Andel"]
    kinds = read(
        "                 Antall               Endring",
        "Dyr            2023      2024      2025      2023–2025",
        "Katter        1 250     1 300     1 310             60",
        "Hunder          820       780       790            −30",
    )
    assert [group for group, _ in heads(kinds)] == ["Antall", "Antall", "Antall", "Endring"]


def test_classes_by_number_are_rows_and_may_be_headers() -> None:
    by_row = read(
        "Klasse        2024      2025",
        "1            1 300     1 310",
        "2              780       790",
        "I alt        2 080     2 100",
    )
    assert rows(by_row) == [["1", "1 300", "1 310"], ["2", "780", "790"], ["I alt", "2 080", "2 100"]]
    by_column = read(
        "                              Klasse",
        "Dyr           1 (størst)      2      3      4 (minst)",
        "Katter             1 300    310     20             10",
        "Hunder               780    790     30             11",
    )
    assert [header for _, header in heads(by_column)] == ["1 (størst)", "2", "3", "4 (minst)"]


def test_two_numbers_never_share_a_cell() -> None:
    document = read(
        "Fylke         1 (mest)      2      3 (minst)      Totalt",
        "Østfold                    25                  88      64",
        "Agder                       5                  49      38",
        "Oslo                 4      6                  78      22",
    )
    assert rows(document)[0] == ["Østfold", "", "25", "88", "64"]


def test_a_row_alone_under_years() -> None:
    document = read("Tabell 2 Dyr", "", "Dyr      2023    2024    2025", "Katter   10,2    10,4    10,8")
    assert rows(document) == [["Katter", "10,2", "10,4", "10,8"]]


def test_words_behind_the_numbers_and_cells_left_blank() -> None:
    document = read(
        "Påstand           Oppgitt     Våre tall     Enhet       Utfall",
        "Katter i byen         136           163     prosent     stemmer ikke",
        "Hunder i byen          70            67     prosent     stemmer",
        "Fugler i byen          30                   prosent     ikke kontrollert",
    )
    assert [row[:3] for row in rows(document)] == [
        ["Katter i byen", "136", "163"],
        ["Hunder i byen", "70", "67"],
        ["Fugler i byen", "30", ""],
    ]


def test_a_label_over_two_lines_is_one_but_a_group_is_none() -> None:
    document = read(
        "Størrelse                          2024    2025",
        "Katter som bor inne i alt            14      20",
        "Hunder som bor ute hele (pro-",
        "sent)                                10      12",
        "Herav",
        "store hunder                          4       5",
    )
    assert [row[0] for row in rows(document)] == [
        "Katter som bor inne i alt",
        "Hunder som bor ute hele (prosent)",
        "Herav",
        "store hunder",
    ]


def test_a_table_goes_on_after_the_end_of_a_page() -> None:
    head = "Dyr         2023    2024    2025"
    document = read(
        *(
            "Tabell 3.1 Dyr",
            "",
            head,
            "Katter      1 250   1 300   1 310",
            "Hunder        820     780     790",
        ),
        *(
            "",
            "",
            "17",
            "",
            "",
            head,
            "Fugler         20      30      40",
            "Fisker         21      31      41",
        ),
    )
    (grid,) = document.grids
    assert [row.label for row in grid.rows] == ["Katter", "Hunder", "Fugler", "Fisker"]
    assert grid.number == "3.1"


def test_captions_may_bear_a_letter() -> None:
    document = read("Tabell T1 Dyr", "", "Dyr      Prosent", "Katter        25", "Hunder        75")
    assert (document.grids[0].number, heads(document)) == ("T1", [("", "Prosent")])


def test_a_number_of_thousands_is_no_footnote_and_a_chapter_of_the_contents_neither() -> None:
    document = read(
        "Innhold",
        "8     Dyrene i byen og på landet i år       3",
        "9     Fuglene i byen og på landet           5",
        "",
        "8     Dyrene i byen og på landet i år",
        "",
        "Mange katter bor inne.8 De bor der hele året.5",
        "",
        "5 720 katter bor inne ved utgangen av året 2025.",
        "",
        "5 Tallene er hentet fra registeret over dyrene.",
    )
    assert [(heading.number, heading.line) for heading in document.headings] == [("8", 5)]
    assert [note.text[:6] for note in document.footnotes] == ["Tallen"]


def test_lines_of_a_key_figure_say_one_thing_each() -> None:
    document = read(
        "16,2 mrd. kroner                     34,4 prosent",
        "gikk til kattene i fjor              av dyrene er katter",
        "+5,5 % fra 2024                      +7,6 prosentpoeng fra 2019",
        "87,3 prosent av utgiftene            og enda flere av dem",
    )
    told = [paragraph.text for paragraph in document.paragraphs] + [h.title for h in document.headings]
    assert "16,2 mrd. kroner gikk til kattene i fjor" in told
    assert not [text for text in told if "2024 87,3" in text]
