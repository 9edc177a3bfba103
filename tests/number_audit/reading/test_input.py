"""Files of a report: encodings, PDF, HTML, and what is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
import typst

from analysis_lib.errors import DataFeil
from number_audit.reading import source
from number_audit.reading.parse import read_document
from number_audit.reading.source import html_lines

TEXT = "Tabell 1.1 Dyr på øya\n\n\t2024\t2025\nMår\t1\t2\n"


def written(folder: Path, content: bytes, name: str = "tekst.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    document = read_document(written(tmp_path, TEXT.encode(encoding)))
    assert (document.grids[0].caption, document.grids[0].rows[0].label) == ("Dyr på øya", "Mår")


def test_a_file_in_windows_1252_says_so_once(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, TEXT.encode("cp1252")))
    assert [(item.line, item.what) for item in document.skipped] == [(1, "hele filen")]
    assert "2 linjer" in document.skipped[0].why


def test_mixed_encodings_are_read_line_by_line_and_listed(tmp_path: Path) -> None:
    lines = TEXT.splitlines()
    mixed = "\n".join(lines[:3]).encode() + b"\n" + lines[3].encode("cp1252")
    document = read_document(written(tmp_path, mixed))
    assert document.grids[0].rows[0].label == "Mår"
    (told,) = document.skipped
    assert (told.line, told.why) == (4, "ikke UTF-8 (byte 0xE5 på plass 2); lest som Windows-1252")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "filen er tom"),
        (b" \n\n", "filen er tom"),
        (b"GIF89a\0\0\1", "filen er ikke tekst"),
        (b"\xe5r\nm\x81l", "linje 2: byte 0x81 på plass 2 er verken UTF-8 eller Windows-1252"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(DataFeil, match=message):
        read_document(written(tmp_path, content))


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, b"x", "rapport.txt")
    with pytest.raises(DataFeil, match=r"finnes ikke\. Mente du «rapport.txt»"):
        read_document(tmp_path / "raport.txt")


def test_too_large_a_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stor.txt"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("filen ble lest"))
    with pytest.raises(DataFeil, match="100 MB; grensen er 20 MB") as refused:
        read_document(path)
    assert refused.value.exit_code == 3
    assert source.MAX_BYTES == 20_000_000


PAGE = """
#set page(width: 16cm, height: 12cm, header: [Rapport om dyr #h(1fr) utkast])
= 1 Dyr i byen
Kattene i tabell 1.1 er flest.

Tabell 1.1 #h(1cm) Dyr i byen, 2023–2025

#table(columns: (4cm, 2cm, 2cm, 2cm), align: (left, right, right, right), stroke: none,
  [Dyr], [2023], [2024], [2025], [Katter], [1 250], [1 300], [1 310], [Hunder], [820], [], [790],
  [*Sum*], [*2 070*], [*2 090*], [*2 100*])

Kilde: Registeret.
#pagebreak()
Mer om dyr. #pagebreak() Slutt på dyr.
"""


def test_a_pdf_is_read_with_its_columns(tmp_path: Path) -> None:
    written(tmp_path, PAGE.encode(), "dyr.typ")
    typst.compile(tmp_path / "dyr.typ", tmp_path / "dyr.pdf")
    document = read_document(tmp_path / "dyr.pdf")
    (grid,) = document.grids
    assert (grid.number, [column.header for column in grid.columns]) == ("1.1", ["2023", "2024", "2025"])
    assert [[row.label, *(cell.printed for cell in row.cells)] for row in grid.rows] == [
        ["Katter", "1 250", "1 300", "1 310"],
        ["Hunder", "820", "", "790"],
        ["Sum", "2 070", "2 090", "2 100"],
    ]
    assert [(heading.number, heading.title) for heading in document.headings] == [("1", "Dyr i byen")]
    assert not any("utkast" in part.text for part in document.paragraphs)


@pytest.mark.parametrize(("password", "opens"), [("", True), ("hemmelig", False)])
def test_a_locked_pdf(tmp_path: Path, password: str, opens: bool) -> None:
    written(tmp_path, PAGE.encode(), "dyr.typ")
    typst.compile(tmp_path / "dyr.typ", tmp_path / "dyr.pdf")
    path = tmp_path / "laast.pdf"
    with pikepdf.open(tmp_path / "dyr.pdf") as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user=password, owner="eier"))
    if opens:
        assert read_document(path).grids[0].number == "1.1"
    else:
        with pytest.raises(DataFeil, match="låst med passord"):
            read_document(path)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n%%EOF", b"ingen PDF"])
def test_a_damaged_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataFeil, match="PDF-en kan ikke leses"):
        read_document(written(tmp_path, content, "dyr.pdf"))


def test_a_web_page_with_cells_that_span() -> None:
    page = """<head><title>Dyr</title></head><h1>1 Dyr</h1><nav>Meny</nav><p>Kattene<br>er <b>flest</b>.</p>
    <table><caption>Tabell 1.1 Dyr</caption>
    <tr><th rowspan="2">Dyr</th><th colspan="2">Antall</th></tr><tr><th>2024</th><th>2025</th></tr>
    <tr><th>Katter</th><td>1</td><td>2†<span class="skjult"> rettet</span></td></tr></table><p>Slutt"""
    assert [line for line in html_lines(page) if line] == [
        "1 Dyr",
        "Kattene er flest.",
        "Tabell 1.1 Dyr",
        "Dyr\tAntall\t",
        "\t2024\t2025",
        "Katter\t1\t2†",
        "Slutt",
    ]


def test_a_web_page_becomes_a_document(tmp_path: Path) -> None:
    page = (
        "<h2>1.1 Dyr</h2><table><caption>Tabell 1 Dyr</caption><tr><th>Dyr<th>2025<tr><td>Katt<td>12</table>"
    )
    document = read_document(written(tmp_path, page.encode(), "dyr.html"))
    assert (document.grids[0].number, document.grids[0].rows[0].cells[0].number) == ("1", 12)


RAISED = {
    "html": (
        "<table><tr><th>Gruppe<th>2024{0}<th>2025</tr><tr><td>Menn{0}<td>120{0}<td>1 131</tr>"
        "<tr><td>I alt{0}<td>..{0}<td>356</table>"
    ),
    "typ": "#table(columns:3, [Gruppe], [2024{0}], [2025], [Menn], [120{0}], [1 131], [I alt], [9{0}], [8])",
}


@pytest.mark.parametrize(
    ("form", "mark"),
    [
        ("html", "<sup>1</sup>"),
        ("html", "<sub>a</sub>"),
        ("html", '<sup><a href="#f">[1]</a></sup>'),
        ("html", '<span style="vertical-align: super">1)</span>'),
        ("typ", "#super[1]"),
        ("typ", "#super(typographic: false)[1]"),
        ("typ", "#super[a]"),
        ("typ", "#super[1)]"),
    ],
)
def test_what_is_raised_is_a_mark_and_no_digit(tmp_path: Path, form: str, mark: str) -> None:
    page = tmp_path / f"page.{form}"
    page.write_text(RAISED[form].format(mark), encoding="utf-8")
    if form == "typ":
        page = page.with_suffix(".pdf")
        typst.compile(page.with_suffix(".typ"), output=page)
    (grid,) = read_document(page).grids
    assert [column.header for column in grid.columns] == ["2024", "2025"]
    assert (grid.rows[0].label, grid.rows[0].cells[0].number, grid.rows[0].cells[1].number) == (
        "Menn",
        120,
        1131,
    )
    assert grid.rows[0].cells[0].mark
