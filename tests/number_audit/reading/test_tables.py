"""Tables in a text: whatever sets the columns apart, the same grid comes out."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind
from analysis_lib.present.numbers import format_number
from number_audit.audit import audit_grids
from number_audit.document import Document, Ref
from number_audit.reading.cells import read_cell
from number_audit.reading.parse import parse_document
from tests.number_audit.text_chain import ODD, audited

CATS = """\
Tabell 2.1 Katter og hunder i byen, 2023-2025. Tall i tusen.

\tDyr i tusen\t\t\tEndring i prosent
\t2023\t2024\t2025\t2024-2025
Tamme dyr\t\t\t\t
Katter\t1 250\t1 300\t1 310\t0,8
Hunder\t820\t-\t790\t
Sum\t2 070\t\t2 100*\t
Kilde: Dyreregisteret. *Anslag
"""


def read(text: str) -> Document:
    return parse_document(text.splitlines(), "tekst.txt")


def numbers(document: Document, grid: int = 0) -> list[list[str]]:
    return [
        [row.label, *("" if cell.number is None else str(cell.number) for cell in row.cells)]
        for row in document.grids[grid].rows
    ]


def test_a_table_with_groups_years_headings_and_a_note() -> None:
    document = read(CATS)
    (grid,) = document.grids
    assert (grid.key, grid.number, grid.line) == ("2.1", "2.1", 1)
    assert grid.caption == "Katter og hunder i byen, 2023-2025. Tall i tusen."
    assert [(c.group, c.header) for c in grid.columns] == [
        ("Dyr i tusen", "2023"),
        ("Dyr i tusen", "2024"),
        ("Dyr i tusen", "2025"),
        ("Endring i prosent", "2024-2025"),
    ]
    assert [(row.label, row.is_heading) for row in grid.rows][:2] == [("Tamme dyr", True), ("Katter", False)]
    assert numbers(document)[1:] == [
        ["Katter", "1250", "1300", "1310", "4/5"],
        ["Hunder", "820", "", "790", ""],
        ["Sum", "2070", "", "2100", ""],
    ]
    sum_2025 = grid[Ref("2.1", 3, 2)]
    assert (sum_2025.line, sum_2025.mark, sum_2025.printed) == (8, "*", "2 100*")
    assert [note.text for note in document.notes] == ["Kilde: Dyreregisteret. *Anslag"]
    assert document.skipped == ()


LAYOUTS = {
    "tabs": ["Dyr\t2024\t2025", "Katter\t1 300\t1 310", "Hunder\t\t790", "Sum\t2 070\t2 100"],
    "semicolons": ["Dyr;2024;2025", "Katter;1 300;1 310", "Hunder;;790", "Sum;2 070;2 100"],
    "bars": [
        "| Dyr | 2024 | 2025 |",
        "|---|---:|---:|",
        "| Katter | 1 300 | 1 310 |",
        "| Hunder | | 790 |",
        "| Sum | 2 070 | 2 100 |",
    ],
    "blanks": [
        "Dyr          2024    2025",
        "Katter      1 300   1 310",
        "Hunder                790",
        "Sum         2 070   2 100",
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_table_in_four_layouts(layout: str) -> None:
    document = read(f"Tabell 1 Dyr i byen\n\n{chr(10).join(LAYOUTS[layout])}\n\nKilde: Registeret.")
    assert [column.header for column in document.grids[0].columns] == ["2024", "2025"]
    assert numbers(document) == [["Katter", "1300", "1310"], ["Hunder", "", "790"], ["Sum", "2070", "2100"]]
    assert document.grids[0].number == "1"


amounts = st.lists(st.lists(st.integers(0, 10**7), min_size=3, max_size=3), min_size=2, max_size=6)


@given(amounts, st.sampled_from(["\t", "|", ";", "   "]))
def test_every_number_survives_every_layout(rows: list[list[int]], separator: str) -> None:
    width = 14 if separator == "   " else 0
    lines = [["Navn", "2023", "2024", "2025"]]
    lines += [[f"Rad {'abcdef'[i]}", *(format_number(n, 0) for n in row)] for i, row in enumerate(rows)]
    text = "\n".join(separator.join(field.rjust(width) for field in line) for line in lines)
    found = read(f"Tabell 1 Tall om noe\n\n{text}".replace("\u00a0", " "))
    assert [line[1:] for line in numbers(found)] == [[str(n) for n in row] for row in rows]


ROWS = st.lists(st.lists(st.sampled_from(ODD), min_size=3, max_size=3), min_size=2, max_size=6)
LABELS = st.lists(
    st.sampled_from(["Sum", "Andel i prosent", "Differanse", "Indeks", "Katter", "2024", ""]), min_size=6
)


@given(ROWS, LABELS, st.sampled_from(["2023", "Endring 2023-2024", "Andel", "Antall svar"]))
def test_no_table_makes_the_audit_fail(rows: list[list[str]], labels: list[str], header: str) -> None:
    lines = [
        "\t".join(line)
        for line in (["", "2024", "2025", header], *([a, *b] for a, b in zip(labels, rows, strict=False)))
    ]
    with TemporaryDirectory() as folder:
        audit = audited(Path(folder), "\n".join(["Tabell 1 Dyr, 2024–2025", "", *lines, "", "Slutt."]))
    assert audit.cells <= 3 * len(rows)


@pytest.mark.parametrize(
    ("printed", "kind", "number"),
    [
        ("241,9 mill.", Kind.NUMBER, "2419/10"),
        ("19,6 %", Kind.NUMBER, "98/5"),
        ("kr 499,00", Kind.NUMBER, "499"),
        ("73.000", Kind.NUMBER, "73000"),
        ("18.6", Kind.NUMBER, "93/5"),
        ("−1,5", Kind.NUMBER, "-3/2"),
        ("709³⁷", Kind.NUMBER, "709"),
        ("2559*)", Kind.NUMBER, "2559"),
        ("–", Kind.BLANK, "None"),
        ("..", Kind.NOT_AVAILABLE, "None"),
        ("(10 mnd.)", Kind.NUMBER, "10"),
        ("4 79", Kind.TEXT, "None"),
        ("2019–2025", Kind.TEXT, "None"),
    ],
)
def test_what_may_stand_in_a_cell(printed: str, kind: Kind, number: str) -> None:
    cell = read_cell(printed, 7)
    assert (cell.kind, str(cell.number), cell.printed, cell.line) == (kind, number, printed, 7)


def test_a_misprint_keeps_its_text_and_is_told_twice() -> None:
    document = read(
        "Tabell 3.2 Dyr\n\n\t2024\t2025\nKatter\t1 2O0\t1 310\nHunder\t4 79\t820\nFugler\t86 429d\t9"
    )
    assert numbers(document)[0] == ["Katter", "", "1310"]
    assert [(item.line, item.what[:4]) for item in document.skipped] == [
        (4, "1 2O"),
        (5, "4 79"),
        (6, "86 4"),
    ]
    found = [finding for finding in audit_grids(document.grids).findings if finding.kind == "unreadable"]
    assert [finding.where for finding in found] == [
        "tabell 3.2, Fugler, 2024",
        "tabell 3.2, Hunder, 2024",
        "tabell 3.2, Katter, 2024",
    ]


def test_a_ragged_row_is_padded_and_told() -> None:
    document = read("Tabell 1.1 Dyr\n\n\t2023\t2024\t2025\nKatter\t1\t2\t3\nHunder\t4\t5\nFugler\t6\t7\t8")
    assert numbers(document)[1] == ["Hunder", "4", "5", ""]
    (told,) = document.skipped
    assert (told.line, told.why) == (5, "raden har 3 felter, de andre 4")


def test_two_tables_of_one_number_have_keys_of_their_own() -> None:
    table = "\n\n\t2024\t2025\nKatter\t1\t2\n\n"
    document = read(f"Tabell 4.1 Katter{table}Tabell 4.1 Flere katter{table}")
    assert [(grid.key, grid.number) for grid in document.grids] == [("4.1", "4.1"), ("4.1 (2)", "4.1")]


@pytest.mark.parametrize("between", ["", "Kilde: Registeret.\n\n", "3\n\n"])
def test_a_caption_before_its_table(between: str) -> None:
    document = read(f"Tabell 5.1 Dyr.\n\n{between}\t2024\t2025\nKatter\t1\t2\n\nKilde: Registeret.")
    assert document.grids[0].number == "5.1"


def test_captions_behind_their_tables() -> None:
    first, second = "\t2024\t2025\nKatter\t1\t2\n", "\t2024\t2025\nHunder\t3\t4\n"
    document = read(
        f"{first}Tabell 1.1 Katter i byen\n\n{second}Tabell 1.2 Hunder i byen\n\nDette var dyrene."
    )
    assert [(grid.number, grid.rows[0].label) for grid in document.grids] == [
        ("1.1", "Katter"),
        ("1.2", "Hunder"),
    ]


def test_columns_of_words_join_the_label_and_a_blank_label_goes_on() -> None:
    document = read(
        "Tabell 6.1 Dyr\n\n\tKode\tNavn\tAntall\nTamme\tK1\tKatt\t35\n\tH1\tHund\t24\nVille\tU1\tUlv\t5"
    )
    assert numbers(document) == [["Tamme K1 Katt", "35"], ["Tamme H1 Hund", "24"], ["Ville U1 Ulv", "5"]]


def test_a_table_of_words_alone() -> None:
    document = read(
        "Tabell 7.1 Spørsmål\n\nEr katten din?\nHar den vært ute?\nKom den hjem?\n\nMer tekst følger her."
    )
    assert [row.label for row in document.grids[0].rows] == [
        "Er katten din?",
        "Har den vært ute?",
        "Kom den hjem?",
    ]


def test_a_table_without_a_caption_is_named_by_its_line() -> None:
    document = read("Tallene er disse.\n\n\t2024\t2025\nKatter\t1\t2")
    grid = document.grids[0]
    assert grid.place(Ref(grid.key, 0, 1)) == "tabell på linje 3, Katter, 2025"


@pytest.mark.parametrize(
    "text",
    [
        "Tabell 2.1 viser at kattene er flest.",
        "Tabell 2.1 fordeler dyrene etter alder.",
        "Dyrene er delt i fire; katter (3), hunder (2); fugler; fisk.",
        "Ved 40 år; ved 50 år; ved 60 år.\nVed 70 år; ved 80 år.",
        "Det  var  mange  katter  ute.\nDe  kom  ikke  hjem.",
        "•\tKatter er flest\n•\tHunder er nest flest",
    ],
)
def test_sentences_are_no_tables(text: str) -> None:
    document = read(f"{text}\n\nSlutt på teksten.")
    assert document.grids == ()
    assert document.captions == ()


def test_headers_that_span_columns_of_a_text_set_with_blanks() -> None:
    lines = [
        "                    Antall              Andel i prosent",
        "Dyr            2024      2025        2024      2025",
        "Katter        1 300     1 310        62,3      62,4",
        "Hunder          780       790        37,7      37,6",
    ]
    columns = read("\n".join(["Tabell 1.1 Dyr", "", *lines])).grids[0].columns
    assert [(column.group, column.header) for column in columns] == [
        ("Antall", "2024"),
        ("Antall", "2025"),
        ("Andel i prosent", "2024"),
        ("Andel i prosent", "2025"),
    ]


def test_a_bold_row_that_drifts_is_read_in_order() -> None:
    lines = [
        "Dyr          2023    2024    2025",
        "Katter      1 250   1 300   1 310",
        "Hunder        820     780     790",
        "Sum                 2 070   2 080   2 100",
    ]
    assert numbers(read("\n".join(lines)))[2] == ["Sum", "2070", "2080", "2100"]


def test_a_header_may_have_more_columns_than_any_row() -> None:
    lines = [
        "Dyr          2023    2024    2025",
        "Katter      1 250   1 300",
        "Hunder        820             790",
        "Fugler                 30      40",
    ]
    assert numbers(read("\n".join(lines))) == [
        ["Katter", "1250", "1300", ""],
        ["Hunder", "820", "", "790"],
        ["Fugler", "", "30", "40"],
    ]


def test_a_line_that_begins_like_the_caption_is_no_second_table() -> None:
    table = "Tabell 1.1 Dyr i byen\n\n\t2024\t2025\nKatter\t1\t2\n\n"
    document = read(f"{table}Rettelser\n\nTabell 1.1: Katter, 2025. Trykt 3.\n")
    assert [caption.line for caption in document.captions] == [1]
    assert document.paragraphs[-1].text == "Tabell 1.1: Katter, 2025. Trykt 3."


def test_no_cell_of_the_grid_is_lost() -> None:
    cells = [cell for row in read(CATS).grids[0].rows for cell in row.cells]
    printed = [cell.printed for cell in cells if cell.printed]
    told = re.findall(r"\t([^\t\n]+)", CATS.split("2024-2025\n", 1)[1].split("Kilde")[0])
    assert printed == told
