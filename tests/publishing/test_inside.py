"""Links lead to the web or stay in the report, files stay in their folder, and data stays what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.errors import NotatbokFeil, RenderFeil
from analysis_lib.present import payload as shown
from analysis_lib.present.prose import bind
from publishing.book.assemble import ChapterPage, assemble
from publishing.book.book import make_book
from publishing.definition import Report
from tests.publishing.test_text import PIXEL, notebook, prose, text


class TestLinks:
    @pytest.mark.parametrize(
        "typed",
        [
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](<java\tscript:alert(1)>)",
            "[a](&#106;avascript:alert(1))",
            "[a](vbscript:a)",
            "[a](data:text/html,a)",
            "[a](file:///etc/passwd)",
            "[a](//a.no)",
            "[a](/\\a.no)",
            "[a](\u00adjavascript:a)",
            "[a](ftp://a.no)",
            "<javascript:alert(1)>",
            "[a]\n\n[a]: javascript:alert(1)",
            "<a href='javascript:alert(1)'>a</a>",
            "<div><a href='javascript:alert(1)'>a</a></div>",
            "<tall ref='t-1' href='javascript:a'>5</tall>",
        ],
    )
    def test_what_leads_elsewhere_is_refused_by_cell(self, typed: str) -> None:
        for cell in (text(typed), prose(typed)):
            with pytest.raises(RenderFeil, match=r"notebooks/p.ipynb, celle 2: (lenken|HTML-merket) «"):
                assemble("p", "8", notebook(cell))

    def test_the_web_mail_and_the_report_itself_are_not(self) -> None:
        typed = "[a](https://a.no/?b=1&c#d) <http://a.no> [b](mailto:a@b.no) [c](q.html#r) [d](#e)"
        assemble("p", "8", notebook(text(typed), prose(typed)))

    def test_data_makes_no_link_of_a_typed_one(self) -> None:
        with pytest.raises(RenderFeil, match="celle 2: lenken «javascript:"):
            assemble("p", "8", notebook(prose("[a]({url})", url="javascript:alert(1)")))


class TestWhereDataStands:
    def test_code_and_html_show_it_as_it_is(self) -> None:
        said = bind("`{a}` og <sub>{a}</sub>\n\n<p>{a}</p>\n", {"a": "*x* <b>"}).markdown
        assert said == "`*x* <b>` og <sub>\\*x\\* \\<b\\></sub>\n\n<p>*x* &lt;b&gt;</p>"

    @pytest.mark.parametrize("template", ["`{a}`", "$x = {a}$"])
    def test_what_would_end_it_is_refused(self, template: str) -> None:
        with pytest.raises(NotatbokFeil, match=r"fra «\{a\}» kan ikke stå i"):
            bind(template, {"a": "` $ {=typst}"})

    def test_what_is_typed_stays_markdown(self) -> None:
        assert bind("**{a}** og *b*", {"a": "_c_"}).markdown == "**\\_c\\_** og *b*"
        assert bind("**{a}** og *b*", {"a": "_c_"}).summary == "**_c_** og *b*"


class TestNames:
    def test_two_pages_of_one_name_are_refused(self) -> None:
        for names in (["index"], ["rapport"], ["a", "A"], ["a", "a-tall"]):
            chapters = tuple(ChapterPage(name, "", name) for name in names)
            with pytest.raises(RenderFeil, match="to sider heter"):
                make_book(Report("r", "R", "", "2025", "", "", ()), chapters, {})

    def test_no_name_of_a_file_leaves_its_folder(self) -> None:
        with pytest.raises(NotatbokFeil, match="felt «id»"):
            shown.from_json(
                {"type": "missing", "id": "../a", "number": "1", "title": "a", "note": ""}, "celle 2"
            )

    def test_a_link_out_of_the_notebooks_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "notebooks").mkdir()
        (tmp_path / "a.png").write_bytes(PIXEL)
        (tmp_path / "notebooks" / "b.png").symlink_to(tmp_path / "a.png")
        with pytest.raises(RenderFeil, match="ligger utenfor notebooks/"):
            assemble("p", "8", notebook(text("![Felt](b.png)")), tmp_path / "notebooks")

    @pytest.mark.parametrize(
        "inside", ["<script>a</script>", "<a onload='a'/>", "<image href='https://a.no'/>"]
    )
    def test_a_drawing_that_runs_or_fetches_is_refused(self, tmp_path: Path, inside: str) -> None:
        (tmp_path / "a.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>", "utf-8")
        with pytest.raises(RenderFeil, match=r"bildet «a\.svg» har"):
            assemble("p", "8", notebook(text("![Felt](a.svg)")), tmp_path)

    @pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\uffff"])
    def test_what_no_page_can_hold_is_refused_by_cell(self, sign: str) -> None:
        for cell in (text(f"a{sign}"), prose("{a}", a=f"a{sign}")):
            with pytest.raises(RenderFeil, match="celle 2: tegnet U"):
                assemble("p", "8", notebook(cell))
