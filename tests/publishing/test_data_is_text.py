"""Data is never code: every text of every field shows as it stands, on pages, in PDF and in files."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind
from analysis_lib.present import payload as shown
from analysis_lib.present import pieces
from analysis_lib.present.binding import Words, written
from analysis_lib.present.prose import bind
from analysis_lib.present.register import Entry, ExactResult, SourceFile, Term
from publishing.book.assemble import Block, assemble
from publishing.book.book import make_book, write_book
from publishing.book.outputs import write_datapackage
from publishing.book.workbook import write_workbook
from publishing.definition import Report
from publishing.preview import serve
from publishing.render.pandoc import render
from tests.publishing.test_text import THEME, notebook, text

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
# Two spaces or a new line between them.
_SPECIAL = r"""
</script><script>alert(1)</script>  <!--<script>  -->  <b onclick='x()'>  &lt;b&gt; &amp;  "><img src=x>
X<script>alert(1)</script> [l](javascript:alert(2)) `#read("rapport.md").len()`{=typst}
Sats <!--<script> slutt
javascript:alert(1)  [l](javascript:alert(1))  ![l](/etc/passwd)  <https://a.no>  https://a.no//b  [a]: b
#read("rapport.md")  #{1}  $x^2$  $$  @tabell-8.1  @fhi2025  <tabell-8-1>  a // b  /* a  */  \u{41}  (a)  ;a
`a`  ````  ``` {=typst}  ~~a~~  a~b^c^  *a*  **  _a_  __a__  = a  == a ==  + a  - a  -1  --  ---  ...  -?
/ a: b  : a  1. a  2)  # a  > a  | a | b |  [^1]  ^[a]  ::: a  .a  'a'  "a"  a|b  {{ a }}  {% a %}  %s  ${a}
[a]{.tall ref="t-1"}  {#a number="1"}  <tall ref="t-1">  <navn id="a" number="1">  \  \\  \*  \begin{a}
=1+1  =HYPERLINK("https://a.no")  +5+1  @SUM(A1)
"""
SPECIAL = [*re.split(r"\s{2,}|\n", _SPECIAL.strip()), "a\tb", "\ta", "a\n````\nb", "a\n\n# b", "a\u2028b"]
HOSTILE = st.lists(
    st.sampled_from(SPECIAL) | st.text("#$@<>`*_=+-/\\[](){}!&|~^\"';:.,a1 ", max_size=6),
    min_size=40,
    max_size=60,
)


class Thrown:
    """Gives every field a text of its own, with a special string first or last in it, and remembers which."""

    def __init__(self, strings: list[str]) -> None:
        self.strings, self.count = cycle(strings), len(strings)
        self.texts: dict[str, str] = {}

    def __call__(self, field: str) -> str:
        special, number = next(self.strings), len(self.texts)
        mark = f"k{number}k"
        self.texts[f"{field} {number}"] = whole = f"{special}{mark}" if number % 2 else f"{mark}{special}"
        return whole

    def lost(self, seen: str, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ("",)) -> list[str]:
        """Return the texts of fields that are not seen."""
        fields = {said: field.split()[0] for field, said in self.texts.items()}
        asked = {said for said, field in fields.items() if field.startswith(only) and field not in without}
        return [f"{fields[said]}: {said!r}" for said in asked if close(said) not in seen]


def close(said: str) -> str:
    """Return a text without white space and capitals: formats break lines, a sentence begins large."""
    return re.sub(r"[\s\u2060]+", "", said).casefold()


def number(ref: str, throw: Thrown) -> Entry:
    return Entry(
        exact=ExactResult(identity=ref, kind=Kind.NUMBER, decimals=0, point=None, interval=None),
        sources=(SourceFile(throw("kilde"), throw("fil"), throw("sha"), throw("register")),),
        terms=(Term(label=throw("ledd"), ref="", value=throw("leddverdi")),),
        cells=(throw("trykt-celle"),),
        label=throw("label"),
        **{name: throw(name) for name in ("because", "formula", "heading", "how", "printed", "range")},
        text=throw("tekst"),
        unit=throw("enhet"),
        value=throw("verdi"),
    )


def grid(throw: Thrown) -> dict[str, Any]:
    cells = tuple(
        pieces.CellPayload(text=throw("celle"), kind=kind, ref="t-1" if kind is Kind.NUMBER else None)
        for kind in (Kind.NUMBER, Kind.TEXT)
    )
    return {
        "stub": throw("forspalte"),
        "unit": throw("måleenhet"),
        "columns": tuple(pieces.ColumnPayload(key=key, label=throw("kolonne")) for key in "ab"),
        "rows": (
            pieces.RowPayload(key="r0", label=throw("overskrift"), kind="heading", cells=()),
            *(pieces.RowPayload(key=f"r{i}", label=throw("rad"), cells=cells) for i in range(throw.count)),
        ),
        "signs": ((throw("tegn"), throw("betydning")),),
        "notes": (throw("merknad"),),
    }


def payloads(throw: Thrown) -> Iterator[shown.Payload]:
    numbers = {"t-1": number("t-1", throw)}
    yield shown.KeyFiguresPayload(
        items=(
            shown.KeyFigure(
                **{name: throw(f"nøkkel-{name}") for name in ("text", "unit", "label", "change", "meaning")},
                format="tall",
                paragraphs=(),
                ref="t-1",
                change_ref=None,
            ),
        ),
        numbers=numbers,
    )
    yield shown.TablePayload(
        **grid(throw) | {"groups": (pieces.GroupPayload(label=throw("gruppe"), span=2),)},
        id="tabell-1",
        number="1",
        title=throw("tabelltittel"),
        basis=throw("grunnlag"),
        period=throw("periode"),
        source=throw("tabellkilde"),
        date=throw("dato"),
        check=shown.PrintCheck(cells=1),
        numbers=numbers,
    )
    yield shown.MissingTablePayload(
        id="tabell-2", number="2", title=throw("manglende"), note=throw("hvorfor")
    )
    yield shown.FigurePayload(
        id="figur-1",
        number="1",
        title=throw("figurtittel"),
        subtitle=throw("undertittel"),
        status="drawn",
        alt=throw("alternativ"),
        note=throw("figurmerknad"),
        source=throw("figurkilde"),
        date=throw("figurdato"),
        data=pieces.Grid(**grid(Thrown(["a"]))),
        svg=DRAWING,
    )
    said = (pieces.Part(text=throw("dom")), pieces.Part(text=throw("domtall"), kind="number", refs=("t-1",)))
    yield shown.VerdictPayload(
        id="v",
        name="v",
        status=throw("status"),
        sentence=said,
        numbers=numbers,
        assumptions=(
            shown.Assumption(label=throw("forutsetning"), parts=(pieces.Part(text=throw("sagt")),)),
        ),
        needs=(shown.NeedPayload(data=throw("behov"), since=throw("fra"), possible=throw("mulig")),),
    )
    yield shown.FindingsPayload(
        id="f",
        findings=(
            shown.FindingPayload(
                id="f-1",
                verdict="",
                cells=(throw("funncelle"),),
                others=(throw("andre"),),
                **{name: throw(name) for name in ("where", "explanation", "handled")},
            ),
        ),
    )
    said = {"ord": Words(throw("ord")), "parameter": throw("parameter"), "kommune": throw("kommune")}
    yield bind("{ord}\n\n- {parameter}\n\nI {kommune}.\n\n## {kommune}", said).payload
    said = {f"s{i}": throw("avsnitt") for i in range(throw.count)}
    yield bind("\n\n".join(f"{{{name}}}" for name in said), said).payload
    part = pieces.Part(text=throw("tall"), kind=pieces.PieceKind.NUMBER, refs=("t-1",))
    yield shown.ProsePayload(markdown=written([part]), numbers=numbers)


class Reader(HTMLParser):
    """What a reader of a page sees or hears, and what the page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen = self.register = self.inside = ""
        self.spoken: list[str] = []
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        self.inside = tag if tag in ("script", "style") else self.inside
        self.links |= {given[name] or "" for name in ("href", "src") if name in given}
        self.spoken.append(given.get("alt") or "")
        self.inside = "register" if given.get("id") == "tallregister" else self.inside
        assert not [name for name in given if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag in ("script", "style") else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside == "register":
            self.register += data
        elif not self.inside:
            self.seen += data


def published(folder: Path, throw: Thrown) -> None:
    """Write a report of one chapter, with a thrown text in every field."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    page = assemble("p", "8", notebook(text("Tekst.")), folder)
    page.title = throw("kapittel")
    page.remarks = (throw("funn"),)
    page.blocks += [Block(payload, "avsnitt 8.1") for payload in payloads(throw)]
    fields = {name: throw(f"rapport-{name}") for name in ("title", "subtitle", "edition", "status", "date")}
    report = Report("r", chapters=(), **fields)
    book = make_book(report, (page,), {})
    write_book(book, folder / "bok", THEME)
    render(folder / "bok", [page.name for page in book.html], folder / "html", folder / "r.pdf", THEME)
    write_workbook(report, (page,), folder / "r.xlsx")
    write_datapackage(report, (page,), folder / "data")


IN_PDF_NOT = ("kapittel", "ledd", "leddverdi", "alternativ", "enhet", "tekst", "trykt-celle", "funncelle")
IN_TABLES = (
    "forspalte",
    "måleenhet",
    "grunnlag",
    "periode",
    "kolonne",
    "overskrift",
    "rad",
    "celle",
    "gruppe",
    "tegn",
)
IN_WORKBOOK = (
    *IN_TABLES,
    "betydning",
    "merknad",
    "tabell",
    "dato",
    "label",
    "how",
    "formula",
    "printed",
    "fil",
    "tekst",
)


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@example(SPECIAL)
@example(SPECIAL[::-1])
@given(HOSTILE)
def test_every_text_of_every_field_shows_as_it_stands(tmp_path_factory: Any, strings: list[str]) -> None:
    folder, throw = tmp_path_factory.getbasetemp() / "tekst", Thrown(strings)
    published(folder, throw)
    _in_pages(folder / "html", throw)
    _in_pdf(folder / "r.pdf", throw)
    _in_workbook(folder / "r.xlsx", throw)
    _in_package(folder / "data" / "tabell-1.csv", throw)


def _in_pages(folder: Path, throw: Thrown) -> None:
    pages = {path.stem: Reader(path.read_text("utf-8")) for path in folder.glob("*.html")}
    assert (
        throw.lost(
            close(" ".join(page.seen for page in pages.values())), without=("alternativ", "enhet", "tekst")
        )
        == []
    )
    assert throw.lost(close(" ".join(pages["p"].spoken)), only=("alternativ",)) == []
    # A browser knows more ways to end a script, or to go on with one, than the parser here.
    assert "<" not in pages["p"].register
    entry = json.loads(pages["p"].register)["numbers"]["t-1"]
    assert throw.texts[next(field for field in throw.texts if field.startswith("label"))] == entry["label"]
    own = {"assets/report.css", "assets/fragments.css", "assets/report.js", "figurer/figur-1.svg", "data:,"}
    for page in pages.values():
        assert page.seen.rstrip().endswith(".")  # the footer
        assert not page.tags & {"iframe", "object", "base", "form", "style", "u"}
        for link in page.links - own:
            assert re.fullmatch(r"(\w+(-tall)?\.html)?(#[\w-]+)?|\.\./data/tabell-1\.csv", link)


def _in_pdf(path: Path, throw: Thrown) -> None:
    reader = pypdf.PdfReader(path)
    # Tables hyphenate, so hyphens are left out on both sides.
    seen = close(" ".join(page.extract_text() for page in reader.pages)).replace("-", "")
    bare = Thrown([])
    bare.texts = {field: said.replace("-", "") for field, said in throw.texts.items()}
    assert bare.lost(seen, without=IN_PDF_NOT) == []
    assert (
        throw.lost(
            close(str(reader.metadata and reader.metadata.title)), only=("rapport-title", "rapport-edition")
        )
        == []
    )
    bookmarks = [
        str(mark.title)
        for inner in reader.outline
        for mark in (inner if isinstance(inner, list) else [inner])
    ]
    assert throw.lost(close(" ".join(bookmarks)), only=("kommune",)) == []


def _in_workbook(path: Path, throw: Thrown) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert throw.lost(close(" ".join(str(cell.value) for cell in cells)), only=IN_WORKBOOK) == []
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert {cell.hyperlink.target for cell in cells if cell.hyperlink} == {None}


def _in_package(path: Path, throw: Thrown) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        held = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in held if cell[:1] in ("=", "@", "\t")]
    seen = close(" ".join([*held, *(cell.removeprefix("'") for cell in held)]))
    assert throw.lost(seen, only=("rad", "kolonne", "gruppe", "celle")) == []


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs a browser")
def test_the_pages_policy_lets_only_their_own_files_in(tmp_path: Path) -> None:
    published(tmp_path / "r", Thrown(SPECIAL))
    page = tmp_path / "r" / "html" / "p.html"
    alien = page.with_name("alien.html")
    alien.write_text(page.read_text("utf-8").replace("</body>", "<script>alert(1)</script></body>"), "utf-8")
    assert "violates" not in _console(page.as_uri())
    assert "violates" in _console(alien.as_uri())
    server = serve(tmp_path / "r", 0, lambda: 1)
    assert "violates" not in _console(f"http://127.0.0.1:{server.server_address[1]}/html/p.html")
    server.shutdown()
    server.server_close()


def _console(address: str) -> str:
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--dump-dom",
    ]
    done = subprocess.run([*command, address], capture_output=True, text=True, timeout=120, check=False)
    assert 'aria-haspopup="dialog"' in done.stdout  # the script has run
    return "".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
