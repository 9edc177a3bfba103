"""From notebooks to a published report, one step at a time."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from analysis_lib.errors import NotatbokFeil, RenderFeil
from analysis_lib.present.display import MIME
from analysis_lib.present.payload import ProsePayload, to_json
from publishing import publish, render
from publishing.book.assemble import Unbound, assemble, resolve
from publishing.book.book import make_book
from publishing.definition import Report
from publishing.render import quarto


def cell(source: str, *, tags: tuple[str, ...] = (), **data: Any) -> dict[str, Any]:
    outputs = [{"output_type": "display_data", "data": data, "metadata": {}}] if data else []
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}, "outputs": outputs}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def prose(markdown: str) -> dict[str, Any]:
    return cell("%%prosa", **{MIME: to_json(ProsePayload(markdown=markdown))})


REPORT = Report("prøve", "Prøve", "", "2025", "utkast", "", ())


class TestAssembly:
    def test_headings_are_numbered_within_the_chapter(self) -> None:
        page = assemble("p", "8", notebook(text("# Tittel"), text("## Første"), text("## Annen\n\nTekst")))
        markdown = "\n".join(block.payload.markdown for block in page.blocks)
        assert page.title == "Tittel"
        assert '# Tittel {#p number="8"}' in markdown
        assert '## Annen {#p-2 number="8.2"}' in markdown

    def test_sections_of_a_chapter_without_a_number_have_names_of_their_own(self) -> None:
        page = assemble("p", "", notebook(text("# Tittel"), text("## Utgifter")))
        markdown = "\n".join(block.payload.markdown for block in page.blocks)
        assert "# Tittel {#p}" in markdown
        assert "## Utgifter {#p-1}" in markdown
        assert page.numbers == []

    def test_a_chapter_may_continue_another(self) -> None:
        first = assemble("p", "11", notebook(text("# P"), text("## A")))
        second = assemble("q", "11.2", notebook(text("# Q"), prose("Innledning."), text("## B")))
        assert (first.numbers, second.numbers) == (["11", "11.1"], ["11.2", "11.2.1"])
        assert (first.place, second.blocks[1].section) == ("kapittel 11", "avsnitt 11.2")
        make_book(REPORT, (first, second), {})
        clash = assemble("q", "11.1", notebook(text("# Q")))
        with pytest.raises(RenderFeil, match=r"nummeret 11\.1 står på to overskrifter"):
            make_book(REPORT, (first, clash), {})

    def test_a_stored_error_stops_the_build(self) -> None:
        failed = cell("1/0")
        failed["outputs"] = [
            {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "", "traceback": []}
        ]
        with pytest.raises(RenderFeil, match="celle 2: cellen har en lagret feil"):
            assemble("p", "8", notebook(text("# T"), failed))

    def test_a_picture_without_alt_text_stops_the_build(self) -> None:
        with pytest.raises(RenderFeil, match="alternativ tekst"):
            assemble("p", "8", notebook(text("# T"), cell("plt.plot()", **{"image/png": "…"})))

    def test_hidden_cells_are_left_out_and_plain_output_is_reported(self) -> None:
        hidden = cell("x", tags=("remove-cell",), **{"text/plain": "1"})
        page = assemble("p", "8", notebook(text("# T"), hidden, cell("y", **{"text/plain": "2"})))
        assert page.unpublished == ["notebooks/p.ipynb, celle 3: utdata uten opphav vises ikke i rapporten"]

    def test_a_numeral_in_plain_markdown_is_unbound(self) -> None:
        page = assemble("p", "8", notebook(text("# T"), text("Det var 59 leger.")))
        assert page.unbound == [Unbound("notebooks/p.ipynb, celle 2", "59")]

    def test_a_damaged_output_names_notebook_and_cell(self) -> None:
        damaged = cell("%%prosa", **{MIME: {"type": "prose"}})
        with pytest.raises(NotatbokFeil, match=r"notebooks/p\.ipynb, celle 2: .*feltet mangler"):
            assemble("p", "8", notebook(text("# T"), damaged))

    def test_a_notebook_without_a_title(self) -> None:
        with pytest.raises(RenderFeil, match="ingen tittel"):
            assemble("p", "8", notebook(text("Bare tekst.")))


HOMES = {"tabell-8-1": "utgifter", "figur-8-2": "annet"}


class TestReferences:
    def test_they_become_links_to_the_page_where_the_table_is(self) -> None:
        markdown = resolve("@tabell-8.1 og @figur-8.2.", HOMES, "utgifter", "html")
        assert markdown == "[Tabell\u00a08.1](#tabell-8-1) og [figur\u00a08.2](annet.html#figur-8-2)."

    def test_in_the_pdf_everything_is_on_one_page(self) -> None:
        assert resolve("Se @figur-8.2.", HOMES, "utgifter", "typ") == "Se [figur\u00a08.2](#figur-8-2)."

    def test_a_chapter_is_named_and_linked_where_it_is_in_the_book(self) -> None:
        homes = {**HOMES, "kapittel-8": "utgifter"}
        assert (
            resolve("Se @kapittel-8.", homes, "hovedfunn", "html") == "Se [kapittel\u00a08](utgifter.html)."
        )
        assert resolve("Se @kapittel-8.", homes, "hovedfunn", "typ") == "Se [kapittel\u00a08](#utgifter)."
        assert resolve("Se @kapittel-9.", homes, "hovedfunn", "html") == "Se kapittel\u00a09."

    def test_one_that_points_nowhere_stops_the_build(self) -> None:
        page = assemble("p", "8", notebook(text("# T"), prose("Se @tabell-8.9.")))
        with pytest.raises(RenderFeil, match=r"tabell 8\.9 peker ikke på noe"):
            make_book(REPORT, (page,), {})


class TestPublishing:
    def test_the_last_report_stands_until_the_new_one_is_whole(self, tmp_path: Path) -> None:
        final = tmp_path / "rapport"
        final.mkdir()
        (final / "gammel").touch()
        new = publish.aside(final)
        (new / "ny").touch()
        assert (final / "gammel").exists()
        publish.replace_folder(new, final)
        assert [path.name for path in final.iterdir()] == ["ny"]
        assert [path.name for path in tmp_path.iterdir()] == ["rapport"]

    def test_an_interrupted_swap_is_mended(self, tmp_path: Path) -> None:
        final = tmp_path / "rapport"
        final.mkdir()
        (final / "gammel").touch()
        final.rename(tmp_path / ".rapport.gammel")
        publish.recover(final)
        assert (final / "gammel").exists()


class TestQuarto:
    """Against a stand-in that records its command lines; the real program decides the rest."""

    @pytest.fixture
    def stand_in(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir()
        log = tmp_path / "log.txt"

        def write(version: str = "1.10.18", code: int = 0, says: str = "", produces: bool = True) -> Path:
            made = 'mkdir -p _ut; [ "$4" = typst ] && echo x > _ut/rapport.pdf || echo x > _ut/index.html'
            program.write_text(
                f'#!/bin/sh\n[ "$1" = --version ] && echo {version} && exit 0\n'
                f'echo "$@" >> {log}\n{made if produces else ":"}\necho "{says}" >&2\nexit {code}\n'
            )
            program.chmod(program.stat().st_mode | stat.S_IEXEC)
            return log

        monkeypatch.setenv("QUARTO_PATH", str(program.parent))
        return write

    @pytest.fixture
    def book(self, tmp_path: Path) -> Path:
        for folder in ("book/assets", "book/figurer", "theme"):
            (tmp_path / folder).mkdir(parents=True)
        for name in ("page.html", "report.typ", "filter.lua"):
            (tmp_path / "theme" / name).touch()
        return tmp_path / "book"

    def render(self, book: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.setattr(quarto, "mark_row_headers", lambda source, target: source.rename(target))
        root = book.parent
        return quarto.render(book, ["index"], root / "html", root / "rapport.pdf", root / "theme")

    def test_it_is_found_and_never_executes(
        self, stand_in, book: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log = stand_in()
        assert render.choose("auto") == ("quarto", "quarto 1.10.18")
        assert self.render(book, monkeypatch) == "quarto 1.10.18"
        assert log.read_text().splitlines() == [
            "render . --to html --no-execute",
            "render . --to typst --no-execute",
        ]
        assert (book.parent / "html" / "index.html").exists()
        assert (book.parent / "rapport.pdf").exists()
        assert json.loads((book / "_quarto.yml").read_text())["format"]["typst"]["pdf-standard"] == [
            "ua-1",
            "a-2a",
        ]

    @pytest.mark.parametrize(
        ("behaviour", "message"),
        [
            ({"code": 1, "says": "ERROR: broken"}, "Quarto stanset \\(kode 1\\)"),
            ({"says": "WARN: Unable to resolve crossref @fig-1"}, "Quarto advarer"),
            ({"produces": False}, "siden mangler"),
        ],
    )
    def test_trouble_stops_the_build(
        self, stand_in, book: Path, monkeypatch: pytest.MonkeyPatch, behaviour: dict[str, Any], message: str
    ) -> None:
        stand_in(**behaviour)
        with pytest.raises(RenderFeil, match=message):
            self.render(book, monkeypatch)

    def test_too_old_means_pandoc_unless_asked_for(self, stand_in) -> None:
        stand_in(version="1.4.0")
        assert render.choose("auto")[0] == "pandoc"
        with pytest.raises(RenderFeil, match=r"Quarto 1\.9 eller nyere"):
            render.choose("quarto")

    def test_a_wrong_name_is_named(self) -> None:
        with pytest.raises(RenderFeil, match="Mente du «pandoc»"):
            render.choose("pandok")
