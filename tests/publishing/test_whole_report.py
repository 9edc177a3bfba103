"""The whole report, built once: nothing without a status, nothing unbound, one quantity one value."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from number_audit.audit import audit_text
from number_audit.findings import Judgement
from publishing.coverage import coverage
from publishing.publish import ChapterEntry
from tests.conftest import ROOT, copy_project, invalid, run_rapport
from tests.publishing.another_year import copied

EDITION = ROOT / "data" / "published" / "2025"
OUT, WORK = (Path("reports/_build", *path) for path in (("arsrapport-2025",), (".arbeid", "arsrapport-2025")))

CHECKED = "NBVAL_CHECK_OUTPUT"
CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
# Chapters that have no key figures.
WITHOUT = ("begreper",)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(tmp_path_factory.mktemp("hele"))
    if (ROOT / OUT).exists() and (ROOT / WORK).exists():
        # A build that is there counts as far as it is fresh: what has changed since is run again.
        shutil.copytree(ROOT / OUT, project / OUT)
        shutil.copytree(ROOT / WORK, project / WORK)
    done = run_rapport(project, "build", "--renderer", "pandoc")
    assert done.returncode == 0, done.stdout + done.stderr
    return project / OUT


@pytest.fixture(scope="module")
def manifest(report: Path) -> dict[str, Any]:
    return json.loads((report / "manifest.json").read_text(encoding="utf-8"))


def printed(notebook: Path) -> dict[str, str]:
    """What the cells that are held against their last output have printed, by cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return {
        cell["id"]: "".join("".join(output.get("text", "")) for output in cell["outputs"])
        for cell in cells
        if CHECKED in "".join(cell["source"])
    }


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_gives_the_key_figures_that_its_notebook_keeps(report: Path, name: str) -> None:
    """As ``pytest notebooks/utgifter.ipynb`` would say, without running all chapters once more."""
    kept = printed(ROOT / "notebooks" / f"{name}.ipynb")
    executed = report.parent / ".arbeid" / report.name / name / "executed.ipynb"
    assert printed(executed) == kept
    assert kept or name in WITHOUT


def test_every_table_is_shown_and_every_figure_has_a_status(manifest: dict[str, Any]) -> None:
    records = manifest["coverage"]
    assert records == coverage(EDITION, [ChapterEntry(**entry) for entry in manifest["chapters"]])
    tables = Counter(record["status"] for record in records if record["kind"] == "table")
    figures = Counter(record["status"] for record in records if record["kind"] == "figure")
    assert tables == {"shown": 35}
    assert sum(figures.values()) == 79
    assert set(figures) <= {"drawn", "partial", "missing"}
    left = [r for r in records if r["kind"] == "figure" and r["status"] in ("partial", "missing")]
    assert all(record["missing"] for record in left)


def test_no_numeral_is_unbound_and_no_output_lacks_its_origin(manifest: dict[str, Any]) -> None:
    assert [entry["numerals_unbound"] for entry in manifest["chapters"] if entry["numerals_unbound"]] == []
    assert [entry["unpublished"] for entry in manifest["chapters"] if entry["unpublished"]] == []


def test_every_deviating_cell_carries_both_values(manifest: dict[str, Any]) -> None:
    deviating = [item for c in manifest["chapters"] for t in c["tables"] for item in t.get("deviating", [])]
    assert deviating
    assert all(item["printed"] and item["computed"] for item in deviating)


def test_a_figure_or_table_stands_in_one_chapter_only(manifest: dict[str, Any]) -> None:
    ids = [item["id"] for c in manifest["chapters"] for group in ("tables", "figures") for item in c[group]]
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_the_pages_pass_the_audit_of_any_text(report: Path) -> None:
    """Read with no prior knowledge; what is left is what the source contradicts and the page says so."""
    pages = [page for page in (report / "html").glob("*.html") if not page.stem.endswith("-tall")]
    findings = [(page.stem, finding) for page in pages for finding in audit_text(page).findings]
    stops = [(page, item.kind) for page, item in findings if item.verdict is Judgement.CONTRADICTION]
    assert sorted(stops) == [("aktivitet", "same_quantity"), ("utgifter", "sum")]
    assert [finding.explanation for _, finding in findings if finding.kind == "numbering"] == []


def test_the_same_quantity_in_two_chapters_is_one_value(report: Path) -> None:
    """The register of numbers, over all chapters: one quantity, one value, wherever it is shown."""
    workbook = openpyxl.load_workbook(report / "arsrapport-2025.xlsx", read_only=True)
    head, *rows = workbook["Tallregister"].iter_rows(values_only=True)
    workbook.close()
    column = {name: position for position, name in enumerate(head)}
    values: dict[tuple[str, ...], set[float]] = {}
    chapters: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        quantity = tuple(row[column[name]] for name in ("Hva", "Enhet", "Formel", "Celle"))
        values.setdefault(quantity, set()).add(row[column["Verdi"]])
        chapters.setdefault(quantity, set()).add(row[column["Kapittel"]])
    assert [quantity for quantity, found in values.items() if len(found) > 1] == []
    shared = [quantity for quantity, found in chapters.items() if len(found) > 1]
    assert len(shared) > 50
    assert any(quantity[0] == "Tabell 8.1: Totalt, 2025" for quantity in shared)


def test_the_data_package_is_valid_by_its_own_word(report: Path) -> None:
    assert invalid(report / "data" / "datapackage.json") == []


def test_every_output_is_listed_with_its_hash(manifest: dict[str, Any]) -> None:
    paths = {Path(item["path"]).suffix for item in manifest["outputs"]}
    assert {".html", ".pdf", ".xlsx", ".csv", ".svg"} <= paths
    assert all(len(item["sha256"]) == 64 for item in manifest["outputs"])


def test_the_same_report_for_another_year_is_explained_number_by_number(report: Path) -> None:
    """The whole edition twenty years later, with other numbers and no code touched."""
    project = report.parents[2]
    assert copied(project, years=20, seed=9).name == "2045"
    run = run_rapport(project, "build", "--report", "arsrapport-2045", "--renderer", "pandoc")
    assert run.returncode == 0, run.stdout + run.stderr
    difference = run_rapport(project, "diff", report.name, "arsrapport-2045")
    assert difference.returncode == 0, difference.stdout
    assert "uforklart" not in difference.stdout
    page = (report.with_name("arsrapport-2045") / "html/utgifter.html").read_text(encoding="utf-8")
    assert re.search(r"\bi 2045\b", re.sub(r"<[^>]+>", "", page))
