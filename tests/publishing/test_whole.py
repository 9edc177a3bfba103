"""What is published is whole: the pages and the PDF hold all that the chapters show, in the theme's looks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest

from analysis_lib.errors import RenderFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import endring
from analysis_lib.present.payload import FigurePayload, MarkdownPayload
from analysis_lib.present.prose import bind
from analysis_lib.present.tables import ShownTable
from publishing.book.assemble import Block, ChapterPage, assemble
from publishing.book.book import make_book, write_book
from publishing.book.outputs import write_datapackage
from publishing.definition import Report
from publishing.render.pandoc import render
from publishing.selfcheck.links import dead_links, lost_on_pages
from publishing.selfcheck.pdf import wrong_pdf
from publishing.selfcheck.theme import check_theme

THEME = Path(__file__).parents[2] / "reports" / "theme"
REPORT = Report("prøve", "Prøve", "", "2025", "utkast", "", ())
T81, T85 = (ShownTable(Edition(2025), number) for number in ("8.1", "8.5"))
Change = Callable[[pikepdf.Pdf], object]


@dataclass(frozen=True)
class Made:
    """A rendered report: its chapters, pages and PDF."""

    chapters: tuple[ChapterPage, ...]
    html: Path
    pdf: Path

    def said(self, *chapters: ChapterPage) -> str:
        """What the PDF lacks, as the build would say it."""
        return "\n".join(item.explanation for item in wrong_pdf(chapters or self.chapters, self.pdf))

    def changed(self, change: Change, folder: Path) -> Made:
        """The same with its PDF changed."""
        with pikepdf.open(self.pdf) as pdf:
            change(pdf)
            pdf.save(folder / "endret.pdf")
        return replace(self, pdf=folder / "endret.pdf")


def chapter(name: str, number: str, *blocks: Block) -> ChapterPage:
    cells = [f"# Kapitlet *{name}*", "## Om `tall` og [lenker](https://a.no)", "## Videre"]
    raw = [{"cell_type": "markdown", "source": cell, "metadata": {}} for cell in cells]
    page = assemble(name, number, {"cells": raw})
    return replace(page, blocks=[*page.blocks, *blocks])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("helt")
    growth = endring(T81["totalt", 2024], T81["totalt", 2025])
    prose = bind("Utgiftene {vekst:økte|falt} {vekst:prosent}, til {t['totalt', 2025]:mrd}.",
                 {"vekst": growth, "t": T81}).payload  # fmt: skip
    chapters = (
        chapter("en", "8", Block(prose, "avsnitt 8.2"), Block(T81.payload, "avsnitt 8.2")),
        chapter("to", "9", Block(T85.payload, "avsnitt 9.2")),
    )
    book = make_book(REPORT, chapters, {})
    write_book(book, folder / "bok", THEME)
    render(folder / "bok", [page.name for page in book.html], folder / "html", folder / "r.pdf", THEME)
    write_datapackage(REPORT, chapters, folder / "data")
    return Made(chapters, folder / "html", folder / "r.pdf")


def test_an_untouched_report_is_whole(made: Made) -> None:
    assert made.said() == ""
    assert list(lost_on_pages(made.chapters, made.html)) == []
    assert list(dead_links(made.html)) == []


class TestPdf:
    def test_a_chapter_that_is_not_there(self, made: Made) -> None:
        assert made.said(*made.chapters, chapter("tre", "10")) == "Kapitlet «Kapitlet tre» mangler."

    def test_pages_that_were_lost(self, made: Made, tmp_path: Path) -> None:
        def cut(pdf: pikepdf.Pdf) -> None:
            del pdf.pages[3:]

        assert "Kapitlet «Kapitlet to» mangler." in made.changed(cut, tmp_path).said()

    @pytest.mark.parametrize("keep", [0, 0.3, 0.9])
    def test_a_file_that_was_cut_off(self, made: Made, tmp_path: Path, keep: float) -> None:
        whole = made.pdf.read_bytes()
        cut = tmp_path / "avkortet.pdf"
        cut.write_bytes(whole[: int(keep * len(whole))])
        assert replace(made, pdf=cut).said() != ""

    def test_a_table_a_figure_and_a_heading_that_fell_out(self, made: Made) -> None:
        first, second = made.chapters
        drawing = FigurePayload(
            id="figur-8-1", number="8.1", title="Utgifter", subtitle="", alt="En søyle", note="", source="",
            date="", status="drawn", svg="<svg/>", data=None,
        )  # fmt: skip
        heading = MarkdownPayload(markdown='## Slutt {#en-3 number="8.3"}')
        lost = [Block(T85.payload, ""), Block(drawing, ""), Block(heading, "")]
        said = made.said(replace(first, blocks=[*first.blocks, *lost]), second)
        assert "«Tabell 8.5" in said
        assert "Tegningen i figur 8.1 mangler." in said
        assert "Overskriften «8.3 Slutt» mangler." in said

    def test_a_cell_and_a_number_that_are_another(self, made: Made) -> None:
        first, second = made.chapters
        raw = T81.payload.model_dump(mode="json")
        raw["rows"][1]["cells"][0]["text"] = "987\u00a0654"
        table = type(T81.payload).model_validate(raw)
        other = bind(
            "Den økte {vekst:prosent}.", {"vekst": endring(T81["tilskudd", 2019], T81["tilskudd", 2025])}
        )
        said = made.said(
            replace(first, blocks=[*first.blocks[:-1], Block(table, ""), Block(other.payload, "")]), second
        )
        assert "Tabell 8.1 mangler «987654»." in said
        assert "mangler i teksten." in said

    def test_a_font_that_does_not_follow_with_it(self, made: Made, tmp_path: Path) -> None:
        def strip(pdf: pikepdf.Pdf) -> None:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                    for name in [name for name in item.keys() if name.startswith("/FontFile")]:  # noqa: SIM118
                        del item[name]

        assert "Skriften «SourceSans3-Roman» følger ikke med." in made.changed(strip, tmp_path).said()


class TestPages:
    @pytest.fixture
    def html(self, made: Made, tmp_path: Path) -> Path:
        shutil.copytree(made.html.parent / "data", tmp_path / "data")
        return shutil.copytree(made.html, tmp_path / "html")

    @pytest.mark.parametrize(
        ("old", "new", "where"),
        [
            ('href="to.html"', 'href="borte.html"', "borte.html"),
            ('href="en-tall.html#', 'href="en-tall.html#borte-', "en-tall.html#borte-"),
            ("assets/report.css", "assets/annen.css", "assets/annen.css"),
            ("</html>", "", "siden"),
        ],
    )
    def test_a_link_that_leads_nowhere(self, html: Path, old: str, new: str, where: str) -> None:
        page = html / "en.html"
        text = page.read_text(encoding="utf-8")
        assert old in text
        page.write_text(text.replace(old, new), encoding="utf-8")
        assert any(where in item.where for item in dead_links(html))

    def test_a_heading_and_a_caption_that_fell_out(self, made: Made, html: Path) -> None:
        page = html / "en.html"
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("Videre</h2>", "</h2>").replace("Tabell", "Bord"), encoding="utf-8")
        said = " ".join(item.explanation for item in lost_on_pages(made.chapters, html))
        assert "Overskriften «8.2 Videre» mangler." in said
        assert "«Tabell 8.1" in said


class TestTheme:
    @pytest.fixture
    def theme(self, tmp_path: Path) -> Path:
        return shutil.copytree(THEME, tmp_path / "theme")

    def test_the_project_has_a_whole_one(self, theme: Path) -> None:
        check_theme(theme)

    @pytest.mark.parametrize("content", [b"", b"\n \n", b"-- tomt", b"\xff\xfe\x00"])
    @pytest.mark.parametrize("name", ["page.html", "report.typ", "filter.lua", "report.css", "report.js"])
    def test_a_file_without_content_is_named(self, theme: Path, name: str, content: bytes) -> None:
        (theme / name).write_bytes(content)
        with pytest.raises(RenderFeil, match=f"theme/{name}: (temafilen|filen)"):
            check_theme(theme)

    def test_a_font_that_is_not_there_is_named(self, theme: Path) -> None:
        font = next((theme / "fonts").glob("*600*"))
        font.write_bytes(b"")
        with pytest.raises(RenderFeil, match=f"{font.name}: skriften er skadet"):
            check_theme(theme)


def test_a_build_with_an_emptied_theme_publishes_nothing(built: Path, rapport: Callable[..., object]) -> None:
    final = built / "reports/_build/arsrapport-2025"
    before = json.loads((final / "manifest.json").read_text(encoding="utf-8"))
    (built / "reports/theme/report.typ").write_text("", encoding="utf-8")
    done = rapport("build", "--renderer", "pandoc")
    assert "report.typ: temafilen er tom" in done.stderr  # type: ignore[attr-defined]
    assert json.loads((final / "manifest.json").read_text(encoding="utf-8")) == before
