"""Files as agencies publish them: what is read, what is asked, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from analysis_lib.data.cells import parse_cell
from analysis_lib.errors import DataFeil, ParameterFeil, RapportFeil
from publishing.agencies.draft import Answers, Draft, make_draft
from publishing.agencies.grid import read_grid
from tests.registers.sources.agency import dataset

KNOWN = Answers(title="Befolkning", unit="personer", source="SSB", stub="Fylke")


@pytest.fixture
def read(tmp_path: Path):
    def understand(text: str | bytes, answers: Answers = KNOWN, **options: str) -> Draft:
        path = tmp_path / "fil.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return make_draft(read_grid(path, **options), path.name, answers)

    return understand


def cells(draft: Draft) -> list[tuple[str, ...]]:
    """Label and cells of each row, with plain spaces."""
    return [tuple(text.replace("\u00a0", " ") for text in row[1:]) for row in draft.rows[1:]]


SSB = (
    '"07459: Befolkning, etter region, statistikkvariabel og år"\r\n\r\n'
    '"region";"Personer 2023";"Personer 2024"\r\n"0 Hele landet";365;367\r\n'
    '"31 Østfold";140;-\r\n"32 Åsnes";225;..\r\n'
)


def test_ssb_says_title_and_unit_and_is_asked_for_source_and_dash(read) -> None:
    draft = read(SSB.encode("cp1252"), Answers())
    assert [question.option for question in draft.questions] == ["--source", "--sign"]
    assert draft.spec["title"] == "07459: Befolkning, etter region, statistikkvariabel og år"
    assert draft.spec["unit"] == "personer"
    assert draft.spec["columns"] == [
        {"key": "2023", "header": "Personer 2023", "year": 2023},
        {"key": "2024", "header": "Personer 2024", "year": 2024},
    ]
    assert draft.spec["rows"] == {"0_hele_landet": {"kind": "total"}}
    draft = read(SSB.encode("cp1252"), Answers(source="SSB", signs={"-": "0"}))
    assert not draft.questions
    assert cells(draft)[1] == ("31 Østfold", "140", "0")
    assert draft.remarks == (
        "Windows-1252, skilletegn semikolon",
        "perioder: 2023, 2024",
        "ser ut som summer: 0 Hele landet",
        "tegn etter SSBs standard: ..",
    )


def test_fhi_one_row_a_cell_becomes_a_column_a_period(read) -> None:
    draft = read(
        "\ufeffgeo,aar,kjonn,antall,andel\nOslo,2021_2021,begge,110,1.25\nOslo,2020_2020,begge,1000,.\n"
        "Viken,2020_2020,begge,120,-2.5\n"
    )
    assert draft.rows[0] == ("rad", "navn", "2020", "2021", "2020", "2021")
    assert cells(draft) == [("Oslo", "1000", "110", ".", "1,25"), ("Viken", "120", "", "−2,5", "")]
    assert [column["key"] for column in draft.spec["columns"]] == [
        "antall_2020",
        "antall_2021",
        "andel_2020",
        "andel_2021",
    ]
    assert "2 celler finnes ikke i filen og er tomme" in draft.remarks
    assert "kjonn er «begge» i alle rader" in draft.remarks


def test_json_stat_keeps_marks_decimals_source_and_notes(read) -> None:
    raw = dataset(
        {"Fylke": ["03", "31"], "ContentsCode": ["Andel"], "Tid": ["2024", "2025"]},
        lambda codes: ":" if codes == {"Fylke": "31", "ContentsCode": "Andel", "Tid": "2025"} else 12,
        labels={"03": "Oslo", "31": "Østfold", "Andel": "Andel uten lege"},
        decimals=1,
        note=["Tallene er foreløpige."],
    )
    draft = read("\ufeff" + json.dumps(raw), Answers())
    assert cells(draft) == [("Oslo", "12,0", "12,0"), ("Østfold", "12,0", ":")]
    assert draft.spec["columns"] == [{"years": "2024-2025"}]
    assert draft.spec["sources"] == ["Statistisk sentralbyrå"]
    assert (draft.spec["date"], draft.spec["notes"]) == ("2026-03-16", ["Tallene er foreløpige."])
    assert "json-stat2" in draft.remarks[0]


def test_json_stat_that_does_not_add_up_is_refused(read) -> None:
    raw = dataset({"Tid": ["2024", "2025"]}, lambda _: 1)
    with pytest.raises(DataFeil, match="«value» har 1 verdier, ventet 2"):
        read(json.dumps(raw | {"value": [1]}))
    with pytest.raises(DataFeil, match="ugyldig JSON"):
        read(json.dumps(raw)[:-9])


def test_helsedirektoratet_padded_titles_thin_spaces_and_the_total_last(read) -> None:
    draft = read(
        "Tabell 3. Utgifter i mill. kroner;;\n;;\nTilskudd;2024;2025\nBasis;1\u2009204,5;1\u2009305,0\n"
        "Utjamning;–5,2;– 6,1\nSum;1\u2009199,3;1\u2009298,9\nKilde: Helsedirektoratet, KUHR.;;\n",
        Answers(),
    )
    assert not draft.questions
    assert (draft.spec["title"], draft.spec["unit"]) == ("Utgifter i mill. kroner", "mill. kroner")
    assert draft.spec["sources"] == ["Helsedirektoratet, KUHR"]
    assert cells(draft) == [
        ("Basis", "1 204,5", "1 305,0"),
        ("Utjamning", "−5,2", "−6,1"),
        ("Sum", "1 199,3", "1 298,9"),
    ]


def nav(path: Path, sheets: int = 1) -> Path:
    """Merged headers in two rows, a raised mark, formatted numbers, notes below."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(sheets):
        sheet = book.create_sheet(f"Ark {number + 1}")
        for row in (
            ["Uføretrygdede"],
            [],
            ["Fylke", "Antall", None, "Andel i prosent", None],
            [None, 2023, 2024, 2023, 2024],
            ["I alt", 355000, 360000, 10.44, 0.105],
            ["Agder", 20000, "1 204²", "–5,2", "5 %"],
            [],
            ["² Foreløpige tall"],
            ["Kilde: NAV"],
        ):
            sheet.append(row)
        for area in ("A1:E1", "A3:A4", "B3:C3", "D3:E3"):
            sheet.merge_cells(area)
        sheet["B5"].number_format, sheet["D5"].number_format, sheet["E5"].number_format = (
            "#,##0",
            "0.0",
            "0.0%",
        )
        sheet["A6"] = CellRichText("Agder", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    book.create_sheet("Om statistikken")["A1"] = "Tekst"
    book.save(path)
    return path


def test_nav_merged_headers_raised_marks_and_formats(tmp_path: Path) -> None:
    draft = make_draft(read_grid(nav(tmp_path / "nav.xlsx")), "nav.xlsx", Answers(unit="personer"))
    assert not draft.questions
    assert cells(draft) == [
        ("I alt", "355 000", "360000", "10,4", "10,5"),
        ("Agder", "20000", "1 204", "−5,2", "5"),
    ]
    assert [(column["group"], column.get("unit")) for column in draft.spec["columns"]] == [
        ("Antall", None),
        ("Antall", None),
        ("Andel i prosent", "prosent"),
        ("Andel i prosent", "prosent"),
    ]
    assert draft.spec["sources"] == ["NAV"]
    assert draft.spec["notes"] == ["² Foreløpige tall", "¹ sto ved: Agder", "² sto ved: Agder (2024)"]


def test_a_workbook_with_two_tables_asks_which(tmp_path: Path) -> None:
    with pytest.raises(ParameterFeil, match="--sheet: Ark 1, Ark 2"):
        read_grid(nav(tmp_path / "nav.xlsx", sheets=2))
    assert read_grid(tmp_path / "nav.xlsx", sheet="Ark 2").remarks[0].startswith("ark «Ark 2»")


def test_a_formula_that_was_never_computed_is_no_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Fylke", 2024])
    book.active.append(["Oslo", "=1+1"])
    book.active.append(["Agder", 3])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataFeil, match="B2 er en formel uten lagret verdi"):
        read_grid(tmp_path / "a.xlsx")


def test_headings_repeated_headers_quarters_and_a_total(read) -> None:
    draft = read(
        "Fylke;1. kvartal 2024;2024K2\nØst;;\nOslo;12*;13\nFylke;1. kvartal 2024;2024K2\nViken 1);8;7\n"
        "I alt;20;20\n\n1) Ny;;"
    )
    assert draft.spec["columns"] == [{"periods": "2024K1-2024K2"}]
    assert draft.spec["rows"] == {"ost": {"kind": "heading"}, "i_alt": {"kind": "total"}}
    assert cells(draft)[1:3] == [("Oslo", "12*", "13"), ("Viken", "8", "7")]
    assert "ser ut som summer: I alt" in draft.remarks
    assert draft.spec["notes"] == ["1) Ny", "1) sto ved: Viken"]


def test_header_of_two_lines_in_text_stands_over_what_follows(read) -> None:
    draft = read(";Antall;;Andel (prosent);;Sum\nFylke;2023;2024;2023;2024;\nOslo;1;2;3,5;4,5;9\n")
    assert [(c.get("group", ""), c["header"], c.get("unit", "")) for c in draft.spec["columns"]] == [
        ("Antall", "2023", ""),
        ("Antall", "2024", ""),
        ("Andel (prosent)", "2023", "prosent"),
        ("Andel (prosent)", "2024", "prosent"),
        ("", "Sum", ""),
    ]


def test_counts_that_all_go_up_in_five_are_a_question_to_the_source(read) -> None:
    lines = [f"By {chr(65 + at)};{5 * at + 15};{10 * at + 5}" for at in range(8)]
    draft = read("By;2023;2024\n" + "\n".join(lines))
    assert "alle antall går opp i 5" in dict(draft.questions)["--rounding"]
    text = "By;2023;2024\n" + "\n".join(lines)
    for answer, field in (("5", "rounding_base"), ("tilfeldig 5", "random_rounding")):
        told = read(text, replace(KNOWN, rounding=answer))
        assert told.spec[field] == 5
        assert "--rounding" not in dict(told.questions)
    assert "rounding" not in read(text, replace(KNOWN, rounding="nei")).yaml_text("8.14")
    assert "--rounding" not in dict(read("By;2023;2024\n" + "\n".join([*lines, "X;1;2"])).questions)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Fylke;2023\nAgder;1\nOslo;12x", "linje 3, kolonne «2023»: «12x» er ikke et tall"),
        ("Fylke;2023;2024\nBergen;1;2\nOslo;12\nAgder;1;2", "linje 3: linjen har 2 felter, overskriften 3"),
        ("Fylke;2023;2024\nOslo;1;2\n;1;2", "linje 3: raden har ingen etikett"),
        ("Oslo;12;13\nAgder;1;2", "fant ingen kolonneoverskrifter"),
        ("Fylke;Menn;Kvinner\nOslo;2019;2020\nAgder;1;2", "linje 2 kan være overskrift eller tall"),
        ("Fylke;A;B;C\nSentralitet;1;2;3\nAgder;1;2;4", "linje 2 kan være overskrift eller tall"),
        ("Fylke;år;antall\nOslo;2023;1\nOslo;2023;2", "linje 3: to rader heter «Oslo, 2023»"),
        (
            "Fylke;2023;2024\nOslo;1;2\nKilde: X\nFylke;2023;2024\nBergen;1;2",
            "«Kilde: X» står midt i tabellen",
        ),
        ("Fylke;2023;2024\nOslo;1;2\nBy;2023;2024\nBergen;1;2", "«By» står midt i tabellen"),
        ("Fylke;2023;2024\nOslo;1;2\nBergen;1", "linje 3: linjen har 2 felter"),
        ("Fylke;2023\nOslo;1\nOslo;2", "linje 3: to rader heter «Oslo»"),
        ("Kommunenr;Fylkesnr\n0301;03", "fant ingen kolonner med tall"),
        ("Fylke;antall;år\nOslo;1;2023\nAgder;2;2023", "kolonnen «år» er perioder, ikke tall"),
        ("Fylke;2023;2023\nOslo;1;2", "to kolonner heter «2023»"),
        ("Fylke;2023;2024\nOslo;12 %;1\nAgder;1;2", "«12 %» står blant tall uten prosenttegn"),
        ("Fylke;2023\nTrÃ¸ndelag;12", "bokstavene er ødelagt"),
        ("Fylke;2023\nTrøndelag;12".encode("cp865"), "--encoding"),
    ],
)
def test_what_cannot_be_told_is_refused(read, text: str | bytes, error: str) -> None:
    with pytest.raises(RapportFeil, match=error.replace("(", r"\(")):
        read(text)


def test_numbers_with_a_per_cent_sign_are_per_cent_and_a_dash_among_them_may_be_nothing(read) -> None:
    draft = read("Fylke;Antall;Andel\nOslo;12;1,5 %\nAgder;–;–", replace(KNOWN, signs={"-": "0"}))
    assert cells(draft) == [("Oslo", "12", "1,5"), ("Agder", "0", "0")]
    assert [column.get("unit") for column in draft.spec["columns"]] == [None, "prosent"]


@pytest.mark.parametrize(("sign", "number"), [(",", "1,204"), (".", "1 204")])
def test_a_number_that_reads_two_ways_is_asked_about(read, sign: str, number: str) -> None:
    text = "Fylke;2023\nOslo;1,204\nAgder;-5\n"
    assert [question.option for question in read(text).questions] == ["--decimal"]
    answers = Answers(title="A", unit="kroner", source="NAV", decimal=sign)
    assert cells(read(text, answers))[0] == ("Oslo", number)


numbers = st.tuples(st.integers(-(10**7), 10**7), st.integers(0, 2))
labels = st.from_regex(r"[A-ZÆØÅ][a-zæøå]{1,8}( [a-zæøå;,]{2,6})?", fullmatch=True)
forms = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([";", ",", "\t", "|"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
        "decimal": st.sampled_from([",", "."]),
        "minus": st.sampled_from(["-", "−", "–", "– "]),
        "group": st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009", "."]),
        "total_first": st.booleans(),
        "title": st.booleans(),
    }
)


def printed(number: int, decimals: int, form: dict) -> str:
    whole, fraction = divmod(abs(number), 10**decimals)
    group = {".": ","}.get(form["decimal"], ".") if form["group"] == "." else form["group"]
    text = f"{whole:,}".replace(",", group) + (
        f"{form['decimal']}{fraction:0{decimals}d}" if decimals else ""
    )
    return (form["minus"] if number < 0 else "") + text


def written(table: dict[str, list[tuple[int, int]]], form: dict) -> bytes:
    """The file that an agency would publish, as CSV in one of the forms."""
    body = [[label, *(printed(*number, form) for number in row)] for label, row in table.items()]
    total = ["I alt", *["..", ":"] * 9][: len(body[0])]
    body = [total, *body] if form["total_first"] else [*body, total]
    title = [["Befolkning etter fylke"], []] if form["title"] else []
    text = io.StringIO()
    header = ["Fylke", *(str(2020 + at) for at in range(len(body[0]) - 1))]
    csv.writer(text, delimiter=form["delimiter"]).writerows([*title, header, *body, [], ["Kilde: SSB"]])
    return text.getvalue().encode(form["encoding"])


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.dictionaries(
            labels, st.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=5
        )
    ),
    forms,
)
def test_any_table_in_any_form_comes_back_with_the_same_cells(
    tmp_path_factory, table: dict, form: dict
) -> None:
    try:
        raw = written(table, form)
    except UnicodeEncodeError:
        reject()
    path = tmp_path_factory.mktemp("form") / "fil.csv"
    path.write_bytes(raw)
    # What reads two ways is asked about, and then it reads one way.
    answers = Answers(title="Befolkning", unit="personer")
    try:
        draft = make_draft(read_grid(path), path.name, answers)
    except ParameterFeil:
        answers = replace(answers, header="3" if form["title"] else "1")
        draft = make_draft(read_grid(path), path.name, answers)
    if draft.questions:
        assert [question.option for question in draft.questions] == ["--decimal"]
        draft = make_draft(read_grid(path), path.name, replace(answers, decimal=form["decimal"]))
    rows = {row[1]: [parse_cell(text) for text in row[2:]] for row in draft.rows[1:]}
    total = rows.pop("I alt")
    assert [cell.printed for cell in total] == ["..", ":", "..", ":"][: len(total)]
    assert {label: [(cell.number, cell.decimals) for cell in own] for label, own in rows.items()} == {
        label: [(Fraction(number, 10**decimals), decimals) for number, decimals in row]
        for label, row in table.items()
    }
    assert draft.spec["columns"] == [{"years": f"2020-{2019 + len(total)}"}]
    assert draft.spec["sources"] == ["SSB"]
