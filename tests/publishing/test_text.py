"""What an analyst types is what readers see, in HTML and PDF; the rest is refused by cell."""

from __future__ import annotations

import base64
import html
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis_lib.errors import KontrollFeil, NotatbokFeil, RenderFeil
from analysis_lib.present.display import MIME
from analysis_lib.present.markdown import literal, without_comments
from analysis_lib.present.payload import ProsePayload, to_json
from analysis_lib.present.prose import bind, unbound_numerals
from publishing.book.assemble import assemble
from publishing.book.book import make_book, write_book
from publishing.build import house_rules
from publishing.check import check_notebook
from publishing.definition import Chapter, Report
from publishing.render.pandoc import render
from publishing.visible import hidden

THEME = Path(__file__).parents[2] / "reports" / "theme"
REPORT = Report("prøve", "Prøve", "", "2025", "utkast", "", ())
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def text(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}, **more}


def code(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}, "outputs": []}


def prose(template: str, **names: Any) -> dict[str, Any]:
    data = {MIME: to_json(bind(template, names).payload)}
    return {**code("%%prosa"), "outputs": [{"output_type": "display_data", "data": data, "metadata": {}}]}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": [text("# Prøve"), *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def published(folder: Path, *cells: dict[str, Any]) -> tuple[str, str, str]:
    """Return the page's HTML, its visible text and the PDF's text, without white space."""
    page = assemble("p", "8", notebook(*cells), folder)
    book = make_book(REPORT, (page,), {})
    write_book(book, folder / "bok", THEME)
    render(folder / "bok", [page.name for page in book.html], folder / "html", folder / "r.pdf", THEME)
    source = (folder / "html" / "p.html").read_text(encoding="utf-8")
    main = re.sub(r"<(script|annotation).*?</\1>", "", source[source.index("<main") :], flags=re.S)
    pages = [page.extract_text() for page in pypdf.PdfReader(folder / "r.pdf").pages]
    # A paragraph may go on over the foot of one page and the head of the next.
    around = re.compile(r"^\s*Prøve 2025\s*(8\s*Prøve)?|UTKAST\W*\d+\s*$")
    pages = [around.sub("", page) for page in pages]
    return source, _close(html.unescape(re.sub(r"<[^>]+>", "", main))), _close("".join(pages))


def _close(shown: str) -> str:
    return "".join(shown.split())


# Excepted, because Markdown gives them a meaning: * _ ` < [ ] \ everywhere, $…$ and ~~…~~ around words,
# and «- », «+ », «> », «# », «: » first in a paragraph.
WORD = st.text("abcæøåABCÅ0123456789%&@#|^(){}=+/.,:;!?'\"«»–−§", min_size=1, max_size=8).filter(
    lambda word: not re.match(r"^([+>:=]|#+|&\w+;)$|&#", word) and "…" not in word
)
FIRST = st.one_of(
    WORD,
    st.builds("{}{}".format, st.integers(0, 2030), st.sampled_from([".", ")", ""])),
    st.sampled_from(["$20", "+5", "#1", "=", "/", "15. juli", "1. kvartal", "~", "@fhi", "--", "{aar}"]),
)
PARAGRAPH = st.builds(
    lambda first, words: " ".join([first, *words]), FIRST, st.lists(WORD, min_size=1, max_size=6)
)


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.lists(st.lists(PARAGRAPH, min_size=1, max_size=3), min_size=80, max_size=80))
def test_any_paragraph_survives_as_typed(
    tmp_path_factory: pytest.TempPathFactory, data: list[list[str]]
) -> None:
    cells = []
    for position, paragraphs in enumerate(data):
        typed = "\n\n".join(paragraphs)
        braces = typed.replace("{", "{{").replace("}", "}}")
        cells.append(prose(braces) if position % 2 else text(typed))
    _, page, pdf = published(tmp_path_factory.mktemp("avsnitt"), *cells)
    typed = [paragraph for paragraphs in data for paragraph in paragraphs]
    assert [paragraph for paragraph in typed if _close(paragraph) not in page] == []
    assert [paragraph for paragraph in typed if _close(paragraph) not in pdf] == []


class TestStructure:
    @pytest.mark.parametrize(
        ("typed", "stands"),
        [
            ("1. mars kom.\n\n2. april gikk.", "1\\. mars kom.\n\n2\\. april gikk."),
            ("Slutt\n1. mai.", "Slutt\n1\\. mai."),
            ("- 15. juli", "- 15\\. juli"),
            ("1. ett\n2. to", "1. ett\n2. to"),
            ("1. ett\n1. to", "1. ett\n1. to"),
            ("3. september og\n\n20. oktober", "3\\. september og\n\n20\\. oktober"),
            ("```\n15. juli\n```", "```\n15. juli\n```"),
        ],
    )
    def test_a_list_is_what_counts_on(self, typed: str, stands: str) -> None:
        assert literal(typed) == stands

    def test_sections_are_the_headings_of_the_tree(self) -> None:
        cells = text("Metode\n---\n\n```\n## kode\n```\n\n> ## sitat"), text("Tekst.\n## Resultat")
        page = assemble("p", "8", notebook(*cells))
        first, second = (block.payload.markdown for block in page.blocks[1:])
        assert first == '## Metode {#p-1 number="8.1"}\n\n```\n## kode\n```\n\n> ## sitat'
        assert second == 'Tekst.\n## Resultat {#p-2 number="8.2"}\n'
        assert page.sections == 2

    def test_code_before_the_title_is_no_title(self) -> None:
        cells = [text("```sh\n# ikke en tittel\n```"), text("# Tittelen")]
        assert assemble("p", "8", {**notebook(), "cells": cells}).title == "Tittelen"

    def test_comments_reach_neither_page_nor_register(self) -> None:
        said = bind("<!-- {mangler} A -->Ja.\n\nNei <!-- B\nC -->nå. `<!-- D -->`", {})
        assert said.summary == "Ja.\n\nNei nå. `<!-- D -->`"
        assert "A" not in json.dumps(to_json(said.payload))
        with pytest.raises(NotatbokFeil, match="har ingen slutt"):
            without_comments("Ja. <!-- nei\n\n<!-- nei")

    def test_code_formulas_and_dates_are_no_numerals(self) -> None:
        assert unbound_numerals(
            "15. juli 2025 var `x = 1`, $x^2$ og 59.\n\n```\n7\n```\n\n1. ett\n2. to"
        ) == ["59"]

    def test_a_cell_never_runs_into_the_next(self, tmp_path: Path) -> None:
        cells = text("1. ett\n2. to"), text("1. tre\n2. fire"), text("```\nuten slutt"), text("## Etter")
        source, page, pdf = published(tmp_path, *cells)
        assert source.count("<ol") == 2
        assert "1.tre2.fire" in pdf
        assert "8.1Etter" in page
        assert "8.1Etter" in pdf


class TestHiding:
    @pytest.mark.parametrize(
        "tag", ["remove-output", "remove_output", "hide-output", "remove-cell", "Hide_Cell"]
    )
    def test_the_usual_tags(self, tag: str) -> None:
        assert hidden(code("t", tag))

    @pytest.mark.parametrize("option", ["output: false", "include: false", 'output: "no"'])
    def test_options_of_quarto(self, option: str) -> None:
        assert hidden(code(f"#| label: x\n#| {option}\nt"))

    @pytest.mark.parametrize("source", ["#| echo: false\nt", "t\n#| output: false", "# output: false"])
    def test_what_hides_only_code_or_nothing(self, source: str) -> None:
        assert not hidden(code(source, "remove-input"))

    def test_an_unknown_tag_is_a_finding(self, tmp_path: Path) -> None:
        path = tmp_path / "notebooks" / "p.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook(code("t", "hide-outptu"))), encoding="utf-8")
        (finding,) = check_notebook(path)
        assert str(finding).startswith(
            "notebooks/p.ipynb, celle 2: merkelappen «hide-outptu» skjuler ingenting"
        )


class TestShownOrRefused:
    def test_pictures_formulas_and_html_are_in_both(self, tmp_path: Path) -> None:
        (tmp_path / "blå.png").write_bytes(PIXEL)
        attached = text(
            "![Et vedlegg](attachment:a.png)",
            attachments={"a.png": {"image/png": base64.b64encode(PIXEL).decode()}},
        )
        cells = (
            text("![Et blått felt](blå.png)"),
            attached,
            text("Fra $20 til $30: $x^2$, H<sub>2</sub>O, <x y>."),
        )
        table = text("<table><tr><th>År</th></tr><tr><td>Celle</td></tr></table>\n\n$$a \\le b$$")
        source, page, pdf = published(tmp_path, *cells, table)
        assert 'alt="Et blått felt"' in source
        assert 'alt="Et vedlegg"' in source
        assert '<math display="block"' in source
        assert "Fra$20til$30" in page
        assert "Fra$20til$30" in pdf
        for shown in (page, pdf):
            assert "H2O,<xy>." in shown
            assert "ÅrCelle" in shown
        reader = pypdf.PdfReader(tmp_path / "r.pdf")
        assert sum(len(page.images) for page in reader.pages) == 2

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("![Felt](borte.png)", "bildet «borte.png» finnes ikke"),
            ("![](a.png)", "ingen alternativ tekst"),
            ("![Felt](https://a.no/a.png)", "hentes fra et annet sted"),
            ("![Felt](../../a.png)", "utenfor notebooks/"),
            ("![Felt](attachment:a.png)", "ikke lagt ved cellen"),
            ("<img src='a.png'>", "HTML-merket «<img>»"),
            ("\\begin{align}\na\n\\end{align}", "utenfor dollartegn"),
            ("Se.[^a]", "fotnoten «\\[\\^a\\]» er ikke skrevet"),
        ],
    )
    def test_the_rest_is_refused_by_notebook_and_cell(self, tmp_path: Path, typed: str, message: str) -> None:
        with pytest.raises(RenderFeil, match=message) as caught:
            assemble("p", "8", notebook(text(typed)), tmp_path)
        assert "notebooks/p.ipynb" in str(caught.value)

    def test_a_footnote_may_stand_in_another_cell_of_its_chapter(self, tmp_path: Path) -> None:
        cells = text("Se.[^a]"), prose("Og.[^1]\n\n[^1]: Note ett."), text("[^a]: Note a.")
        source, _, pdf = published(tmp_path, *cells)
        assert source.count("doc-noteref") == 2
        assert "Notea." in pdf
        assert "Noteett." in pdf


class TestHouseRules:
    @pytest.fixture
    def chapter(self, tmp_path: Path) -> Chapter:
        path = tmp_path / "notebooks" / "p.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook(text("Veksten var 5,1 prosent."))), encoding="utf-8")
        return Chapter("p", "8", path)

    def test_what_check_refuses_is_not_published(self, chapter: Chapter) -> None:
        with pytest.raises(KontrollFeil, match=r"notebooks/p.ipynb, celle 2: tallet «5,1» er ikke bundet"):
            house_rules((chapter,), Path("data/published/2025"), draft=False)

    def test_a_draft_shows_it_below_the_title(self, chapter: Chapter) -> None:
        said = house_rules((chapter,), Path("data/published/2025"), draft=True)
        page = assemble("p", "8", notebook(text("Tekst.")))
        page.remarks = said["p"]
        (shown,) = [page for page in make_book(REPORT, (page,), {}).html if page.name == "p"]
        assert shown.text.index("# Prøve") < shown.text.index("**Utkast.**") < shown.text.index("Tekst.")
        assert "tallet «5,1»" in shown.text


def test_prose_payloads_are_read_as_typed() -> None:
    page = assemble("p", "8", notebook(prose("#| echo: false\n{aar}. Slik endte året.", aar=2025)))
    (said,) = page.payloads(ProsePayload)
    assert said.markdown == "2025. Slik endte året."
