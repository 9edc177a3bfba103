"""A new edition from the last one, half filled and filled; and the whole edition under another year."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.data.cells import Kind
from analysis_lib.data.corrections import read_corrections
from analysis_lib.data.facts import read_facts
from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import DataFeil, ParameterFeil
from analysis_lib.indicators.edition import Edition
from publishing.roll import roll
from publishing.worklist import FACTS, OPEN, REASONS, TABLES, TYPED, worklist
from tests.conftest import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def rolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2026, rolled from 2025, for tests that only read it."""
    project = tmp_path_factory.mktemp("prosjekt")
    for part in ("data", "params", "reports"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("_build"))
    roll(project, "2026")
    return project / "data/published/2026"


@pytest.fixture
def edition(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """2026, rolled from 2025, for tests that fill it."""
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    roll(project, "2026")
    return project / "data/published/2026"


def test_a_rolled_edition_has_every_place_and_no_number(rolled: Path) -> None:
    old, new = Edition(2025), Edition(2026, folder=rolled)
    for path in sorted((rolled / "tabeller").glob("*.yml")):
        table = new.table(path.stem)
        kinds = {cell.kind for (row, _), cell in table.cells.items() if table.rows[row].kind != "heading"}
        assert kinds == {Kind.AWAITED}, path.stem
        assert len(table.cells) >= len(old.table(path.stem).cells)
    facts = read_facts(rolled / "fakta/12.csv").facts
    assert {fact.cell.kind for fact in facts.values()} == {Kind.AWAITED}
    assert not read_corrections(rolled / "corrections.yml", "8.1").reasons


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("8.1", "2019 2020 2021 2022 2023 2024 2025 2026 endring_siste endring_periode"),
        ("10.1", "2022 2023 2024 2025 2026 2027"),
        ("10.2", "andel_2025 andel_2026 antall_2026"),
        ("11.1", "2019 2023 2024 2025 2026 endring_siste endring_periode mai_2027"),
    ],
)
def test_series_grow_and_pairs_of_years_move(rolled: Path, table: str, columns: str) -> None:
    assert list(Edition(2026, folder=rolled).table(table).columns) == columns.split()


def test_relations_follow_the_years(rolled: Path) -> None:
    new = Edition(2026, folder=rolled)
    total = new.table("11.2").column("sum").relation
    assert total is not None
    assert total.arguments == ("2020", "2021", "2022", "2023", "2024", "2025", "2026", "mai_2027")
    assert list(new.table("9.2").rows)[-3:] == ["2025", "2026", "2015-2026"]
    assert list(new.table("16.1a").rows)[:2] == ["2026", "2025"]


def test_dates_of_measures_stay_where_their_numbers_move(rolled: Path) -> None:
    text = (rolled / "measures.yml").read_text(encoding="utf-8")
    assert "start: 2026-01-01" in text
    assert "values: 8.3/sum_basis/2019-2026" in text
    assert "2027-01: fakta/12/delegert_2027_01" in text


def test_what_other_documents_say_is_carried_over(rolled: Path) -> None:
    name = "fakta/levanger.csv"
    assert (rolled / name).read_bytes() == (ROOT / "data/published/2025" / name).read_bytes()


def test_nothing_is_overwritten_and_nothing_is_half_made(project: Path, edition: Path) -> None:
    with pytest.raises(ParameterFeil, match="finnes allerede"):
        roll(project, "2026")
    with pytest.raises(ParameterFeil, match="ikke året etter «2026»"):
        roll(project, "2030")
    (project / "data/published/2026/tabeller/8.1.csv").write_text("rad\n", encoding="utf-8")
    before = sorted(project.rglob("*"))
    with pytest.raises(DataFeil):
        roll(project, "2027")
    assert sorted(project.rglob("*")) == before


def fill(edition: Path, table: str) -> None:
    """Give every waiting cell of a table a number."""
    path = edition / f"tabeller/{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("?", "7"), encoding="utf-8")


def test_a_half_filled_edition_builds_as_a_draft_and_says_what_waits(
    project: Path, edition: Path, rapport: Run
) -> None:
    fill(edition, "8.6")
    run = rapport("build", "--report", "arsrapport-2026", "utgifter")
    assert run.returncode == 0, run.stderr
    built = project / "reports/_build/utkast-arsrapport-2026-utgifter"
    waits = json.loads((built / "manifest.json").read_text(encoding="utf-8"))["chapters"][0]["awaits"]
    assert {"Tabell 8.5: hele tabellen", "Figur 8.1: figuren"} <= set(waits)
    assert any(text.startswith("Tabell 8.1: ") for text in waits)  # only what follows from table 8.6 is known
    assert not any("abell 8.6" in text for text in waits)
    page = (built / "html/utgifter.html").read_text(encoding="utf-8")
    assert "Tabellen venter på 54 tall." in page
    assert "Venter på tall: Tabell 8.1: Totalt, 2026" in page

    definition = project / "reports/arsrapport-2026.yml"
    text = definition.read_text(encoding="utf-8").replace("status: Utkast", "status: Godkjent")
    definition.write_text(text, encoding="utf-8")
    stopped = rapport("build", "--report", "arsrapport-2026", "utgifter")
    assert stopped.returncode == 8
    assert "venter på tall" in stopped.stderr


def test_the_work_list_names_what_is_left(project: Path, edition: Path) -> None:
    (edition / "audit.yml").write_text("- {finding: sum-abcdef, why: Gammel.}\n", encoding="utf-8")
    fill(edition, "8.6")
    tasks = worklist(project, edition)
    said = {group: [str(task) for task in tasks if task.group == group] for group in (TABLES, FACTS, TYPED)}
    assert not any("8.6.csv" in text for text in said[TABLES])
    assert any("tabeller/8.1.csv: 50 av 50 celler venter" in text for text in said[TABLES])
    assert any("fakta/12.csv, linje 2: «per_innbygger_2026» venter" in text for text in said[FACTS])
    assert any(task.group == OPEN and "hent tall for 2026" in task.what for task in tasks)
    assert any(task.group == REASONS and "sum-abcdef" in task.what for task in tasks)
    assert any("utgifter.ipynb" in text and "1. juli 2025" in text for text in said[TYPED])
