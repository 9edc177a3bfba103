"""A chapter runs again when something that its last run really read has changed, and only then."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publishing.notebooks import source_hash
from publishing.run.execute import _read
from publishing.run.plan import HOUSES, NOTEBOOK, PACKAGES, RUN, file_hash, project_name, why_stale
from tests.conftest import ROOT


class TestWhyStale:
    @pytest.fixture
    def ran(self, tmp_path: Path) -> Path:
        folder = tmp_path / "kapittel"
        folder.mkdir()
        (folder / NOTEBOOK).touch()
        read = {}
        for kind, name in (("inputs", "data.csv"), ("code", "hjelp.py")):
            (tmp_path / name).write_text("1", encoding="utf-8")
            read[kind] = [{"path": name, "sha256": file_hash(tmp_path / name)}]
        (folder / RUN).write_text(json.dumps({"base": "a", **read}), encoding="utf-8")
        return folder

    def test_nothing_has_changed(self, ran: Path) -> None:
        assert why_stale("a", ran, ran.parent) == ""

    def test_notebook_parameters_edition_or_packages_have_changed(self, ran: Path) -> None:
        assert why_stale("b", ran, ran.parent) == "notatbok, parametre, utgave eller pakker er endret"

    @pytest.mark.parametrize("name", ["data.csv", "hjelp.py"])
    def test_a_file_that_was_read_has_changed(self, ran: Path, name: str) -> None:
        (ran.parent / name).write_text("2", encoding="utf-8")
        assert why_stale("a", ran, ran.parent) == f"{name} er endret"

    @pytest.mark.parametrize("lost", [NOTEBOOK, RUN])
    def test_the_last_run_is_not_whole(self, ran: Path, lost: str) -> None:
        (ran / lost).unlink()
        assert why_stale("a", ran, ran.parent) == "ikke kjørt før"


def test_outputs_do_not_count_but_source_and_tags_do() -> None:
    def notebook(outputs: list[str], tags: list[str]) -> dict[str, list[dict[str, object]]]:
        cell = {"cell_type": "code", "source": "1 + 1", "metadata": {"tags": tags}, "outputs": outputs}
        return {"cells": [cell]}

    plain, shown, tagged = notebook([], []), notebook(["2"], []), notebook([], ["hide-output"])
    assert source_hash(plain) == source_hash(shown) != source_hash(tagged)


def test_files_of_the_project_are_told_from_all_others(tmp_path: Path) -> None:
    root = tmp_path / "prosjekt"
    seen = {
        "notebooks/hjelp.py": root / "notebooks" / "hjelp.py",
        "analysis_lib/errors.py": PACKAGES / "analysis_lib" / "errors.py",
    }
    passed = [
        tmp_path / "annet.py",
        root / ".venv/lib/pandas.py",
        root / "reports/_build/lest.txt",
        Path(sys.prefix) / "bin" / "python",
    ]
    assert {project_name(str(path), root): path for path in seen.values()} == seen
    assert {project_name(str(path), root) for path in passed} == {""}


def test_a_file_saved_during_the_run_counts_as_changed_since(tmp_path: Path) -> None:
    helper = tmp_path / "hjelp.py"
    helper.write_text("a = 1")
    log = tmp_path / "lest.txt"
    log.write_text(f"{helper}\n{tmp_path}/data/mangler.csv\n")
    began = helper.stat().st_mtime
    assert _read(log, tmp_path, began + 1)["code"] == [{"path": "hjelp.py", "sha256": file_hash(helper)}]
    # What was looked for and missing is remembered as missing.
    assert _read(log, tmp_path, began + 1)["inputs"] == [{"path": "data/mangler.csv", "sha256": ""}]
    assert _read(log, tmp_path, began)["code"][0]["sha256"] != file_hash(helper)


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("open('a.txt')", {"a.txt"}),
        ("pathlib.Path('a.txt').read_text()", {"a.txt"}),
        ("open('a.txt', 'r+')", {"a.txt"}),
        ("open('ny.txt', 'w'); open('ny.txt', 'a')", set()),
        ("(lambda: __import__('hjelp'))()", {"hjelp.py"}),
        ("[__import__('hjelp') for _ in range(2)]", {"hjelp.py"}),
    ],
)
@pytest.mark.parametrize("run", ["first", "second"])
def test_what_a_process_reads(tmp_path: Path, run: str, code: str, read: set[str]) -> None:
    """The second run imports compiled modules, and is recorded as having read their source."""
    (tmp_path / "a.txt").write_text("tall\n1")
    (tmp_path / "hjelp.py").write_text("a = 1")
    log = tmp_path / "logg"
    start = f"from publishing.run.recorder import watch; import pathlib; watch({str(log)!r}); "
    for _ in range(2 if run == "second" else 1):
        log.unlink(missing_ok=True)
        subprocess.run([sys.executable, "-W", "ignore", "-c", start + code], cwd=tmp_path, check=True)
    lines = [Path(line) for line in log.read_text().splitlines()]
    assert {path.name for path in lines if path.parent == tmp_path} == read


KERNEL = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
NOTEBOOKS = {
    "enkel": "from analysis_lib import Kapittel\nk = Kapittel('8', aar=aar)\n"
    "def sent():\n    import hjelp\nsent()\nk.tabell('8.1')",
    "kontrollert": "from number_audit.findings import Finding",
}


@pytest.fixture
def with_code(project: Path) -> Path:
    """A copy of the project with code of its own, and two small chapters."""
    for house in HOUSES:
        shutil.copytree(ROOT / house, project / house, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "notebooks" / "hjelp.py").write_text("a = 1\n")
    for name, code in NOTEBOOKS.items():
        cells = [
            {"cell_type": "markdown", "source": f"# {name}", "metadata": {}},
            {"cell_type": "code", "source": "aar: int = 2025", "metadata": {"tags": ["parameters"]}},
            {"cell_type": "code", "source": code, "metadata": {}},
        ]
        code_fields = {"outputs": [], "execution_count": None}
        full = [
            {"id": str(i), **cell, **(code_fields if cell["cell_type"] == "code" else {})}
            for i, cell in enumerate(cells)
        ]
        body = {"cells": full, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
        (project / "notebooks" / f"{name}.ipynb").write_text(json.dumps(body))
    definition = project / "reports" / "arsrapport.yml"
    head = definition.read_text(encoding="utf-8").partition("chapters:")[0]
    listed = "".join(f"  - {{notebook: {name}}}\n" for name in NOTEBOOKS)
    definition.write_text(f"{head}chapters:\n{listed}", encoding="utf-8")
    (project / "params" / "2025.yml").write_text("aar: 2025\n")
    return project


def edit(project: Path, *names: str) -> None:
    for name in names:
        path = project / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n", encoding="utf-8")


def test_an_edit_makes_stale_what_used_the_file(with_code: Path) -> None:
    def stale(*arguments: str) -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(with_code)}
        command = [sys.executable, "-m", "publishing.cli", "build", "--renderer", "pandoc", *arguments]
        done = subprocess.run(
            [*command, *NOTEBOOKS],
            cwd=with_code,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return sorted(line.strip() for line in done.stderr.splitlines())

    assert stale() == ["enkel: ikke kjørt før", "kontrollert: ikke kjørt før"]
    edit(with_code, "number_audit/findings.py", "publishing/check.py", "evaluation/page.py")
    assert stale() == ["kontrollert: number_audit/findings.py er endret"]
    edit(with_code, "notebooks/hjelp.py")
    assert stale() == ["enkel: notebooks/hjelp.py er endret"]
    run = json.loads((with_code / "reports/_build/.arbeid/arsrapport-2025/enkel" / RUN).read_text())
    read = {entry["path"] for entry in [*run["inputs"], *run["code"]]}
    assert read > {
        "analysis_lib/present/chapter.py",
        "analysis_lib/present/templates/table.html.j2",
        "data/published/2025/tabeller/8.1.csv",
        "notebooks/hjelp.py",
    }
