"""The analyst's commands: a new chapter, a preview, house rules, coverage."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis_lib.errors import DataFeil, NotatbokFeil
from analysis_lib.present.chapter import Kapittel
from publishing.check import check, check_notebook, check_outputs
from publishing.coverage import coverage, summary
from publishing.new import new_chapter, tidy, write_notebook
from publishing.notebooks import examples
from publishing.preview import fingerprint


def test_a_new_chapter_builds_at_once(project: Path, rapport) -> None:
    assert rapport("new", "prøve").returncode == 0
    done = rapport("build", "prøve", "--renderer", "pandoc")
    assert done.returncode == 0, done.stderr
    page = project / "reports/_build/utkast-arsrapport-2025-prøve/html/prøve.html"
    assert "18,6\u00a0mrd.\u00a0kroner" in page.read_text(encoding="utf-8")
    assert not (project / "reports/_build/arsrapport-2025").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [("utgifter", "finnes allerede"), ("To ord", "kan ikke være navnet"), ("", "kan ikke være")],
)
def test_names_that_a_new_chapter_cannot_have(project: Path, name: str, message: str) -> None:
    with pytest.raises(NotatbokFeil, match=message):
        new_chapter(project, name)


def test_facts_of_a_key_are_a_series_by_year() -> None:
    bytter = Kapittel("11", aar=2025).faktaserie("Fastlegen slutter", "avslutning_andel")
    assert {year: float(value) for year, value in bytter.verdier.items()} == {2024: 56, 2025: 52}
    assert (bytter.første, bytter.før(2025), bytter.siste) == (2024, 2024, 2025)
    assert list(Kapittel("11", aar=2024).faktaserie("Fastlegen slutter", "avslutning_andel").verdier) == [
        2024
    ]
    plan = Kapittel("levanger", aar=2024).faktaserie("Nye lister", "nye_lister")
    assert list(plan.verdier) == [2025, 2026, 2027, 2028]  # a plan stands by its own dates


def test_a_number_of_a_year_that_the_edition_lacks_does_not_exist() -> None:
    kap = Kapittel("11", aar=2025)
    fact, cell = kap.fakta("vekst_2026"), kap.tabell("11.1")["fastleger", "mai_2027"]
    assert (fact.known, fact.label) == (False, "Vekst i listeinnbyggere i alt gjennom året, 2026")
    assert (cell.known, cell.label) == (False, "Tabell 11.1: Fastleger, Mai 2027")
    for lookup in (lambda: kap.fakta("vekts_2026"), lambda: kap.faktaserie("Vekst", "vekts")):
        with pytest.raises(DataFeil, match="finnes ikke"):
            lookup()


def test_the_period_of_a_fact_is_said_as_prose_says_it() -> None:
    kap = Kapittel("11", aar=2025)
    assert kap.periode("reduksjon_minst") == "2022–2024"
    assert [*kap.årene("reduksjon_minst")] == [2022, 2023, 2024]
    assert kap.periode("uten_plass_topp") == "mars 2023"
    assert kap.tabell("11.1").serie("fastleger").årene == "2019 og 2023–2025"


def notebook(path: Path, *cells: dict[str, Any]) -> Path:
    write_notebook(path, {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return path


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": list(outputs),
        "execution_count": 1,
    }


SHOWN = {"output_type": "display_data", "data": {"image/png": "…", "text/plain": "…"}, "metadata": {}}


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        (code("%%prosa\nI {aar} var det 59 leger."), "tallet «59» er ikke bundet"),
        (code("%%prosa\nVeksten var {t['a', 2025] / t['a', 2024]:prosent}."), "regning i notatboken"),
        (code("x = t['a', 2025] * 100"), "regning i notatboken"),
        (code("import pandas as pd\nd = pd.read_csv('x.csv')"), "leser en fil selv: «read_csv»"),
        (code("d.groupby('a')"), "omformer data: «groupby»"),
        (code("1 +"), "koden kan ikke leses"),
        (code("%%prosa\n{aar"), "krøllparentesene går ikke opp"),
        (code("t", SHOWN), "lagrede utdata"),
        ({"cell_type": "markdown", "source": "Det var 59.", "metadata": {}}, "tallet «59» er ikke bundet"),
    ],
)
def test_house_rules_for_notebooks(tmp_path: Path, cell: dict[str, Any], finding: str) -> None:
    findings = [str(item) for item in check_notebook(notebook(tmp_path / "a.ipynb", cell))]
    assert len(findings) == 1
    assert finding in findings[0]


@pytest.mark.parametrize(
    "source", ["før = aar - 1", "%%prosa\nFra {aar - 1} til {aar}, LIS1.", "t['a', aar - 1]"]
)
def test_what_the_house_rules_allow(tmp_path: Path, source: str) -> None:
    assert check_notebook(notebook(tmp_path / "a.ipynb", code(source))) == []


def test_tidying_keeps_the_text_that_tests_compare(tmp_path: Path) -> None:
    checked = code(
        "# NBVAL_CHECK_OUTPUT\nprint(1)", {"output_type": "stream", "name": "stdout", "text": "1\n"}
    )
    path = notebook(tmp_path / "a.ipynb", code("t", SHOWN), checked)
    assert tidy(path)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [len(cell["outputs"]) for cell in cells] == [0, 1]
    assert not tidy(path)


def test_a_notebook_in_a_folder_is_no_chapter(tmp_path: Path) -> None:
    folder = tmp_path / "notebooks" / "metoder"
    hidden = folder.parent / ".ipynb_checkpoints"
    folder.mkdir(parents=True)
    hidden.mkdir()
    free, heavy = code("x = [1, 2][0] + 3"), code("t", SHOWN)
    notebook(folder / "rater.ipynb", free, heavy)
    notebook(hidden / "utgifter-checkpoint.ipynb", heavy)
    assert [path.stem for path in examples(tmp_path)] == ["rater"]
    (finding,) = check_outputs(folder / "rater.ipynb")
    assert str(finding).startswith("notebooks/metoder/rater.ipynb, celle 2: lagrede utdata")


def test_the_project_follows_its_own_rules(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert check(project) == []
    table = project / "data/published/2025/tabeller/8.1.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("11 737", "11x737"), encoding="utf-8")
    assert any("8.1.csv, linje 6: «11x737»" in str(finding) for finding in check(project))


def test_every_table_and_figure_of_the_edition_has_a_status(project: Path) -> None:
    chapters = [
        SimpleNamespace(
            name="utgifter",
            tables=[{"id": "tabell-8-1", "status": "shown"}],
            figures=[{"id": "figur-8-5", "status": "missing"}],
        )
    ]
    records = {(r["kind"], r["number"]): r for r in coverage(project / "data/published/2025", chapters)}
    assert records["table", "8.1"]["status"] == "shown"
    assert records["table", "8.2"]["status"] == "not built"
    assert records["figure", "8.5"]["status"] == "missing"
    assert "Månedstallene" in records["figure", "8.5"]["missing"]
    assert "1 shown" in summary(list(records.values()))


def test_a_save_is_noticed(project: Path) -> None:
    before = fingerprint(project)
    (project / "params" / "2025.yml").write_text("aar: 2025\n", encoding="utf-8")
    assert fingerprint(project) != before


def test_a_table_may_begin_later_than_its_chapter() -> None:
    assert Kapittel("8", aar=2025, startaar=2019).tabell("8.1", fra=2023).periode == "2023–2025"
