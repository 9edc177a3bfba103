"""A chapter runs again when something that its last run really read has changed, and only then."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from analysis_lib.data.inputs import file_hash
from publishing.notebooks import source_hash
from publishing.run.plan import HOUSES, NOTEBOOK, PACKAGES, RUN, Read, Run, project_name, why_stale, write_run
from publishing.run.worker import read_log
from tests.conftest import ROOT


def record(folder: Path, **read: tuple[Read, ...]) -> None:
    """Write the record that a good run leaves."""
    whole = {"inputs": (), "others": (), "escaped": (), **read}
    write_run(
        Run(base="a", notebook=file_hash(folder / NOTEBOOK), seconds=1.0, parameters={}, **whole), folder
    )


class TestWhyStale:
    @pytest.fixture
    def ran(self, tmp_path: Path) -> Path:
        folder = tmp_path / "kapittel"
        folder.mkdir()
        (folder / NOTEBOOK).touch()
        read = {}
        for kind, name in (("inputs", "data.csv"), ("others", "hjelp.py")):
            (tmp_path / name).write_text("1", encoding="utf-8")
            read[kind] = (Read(name, file_hash(tmp_path / name)),)
        record(folder, **read)
        return folder

    def test_nothing_has_changed(self, ran: Path) -> None:
        assert why_stale("a", ran, ran.parent) == ""

    def test_notebook_parameters_edition_or_packages_have_changed(self, ran: Path) -> None:
        assert why_stale("b", ran, ran.parent) == "notatbok, parametre, utgave eller pakker er endret"

    @pytest.mark.parametrize("name", ["data.csv", "hjelp.py"])
    def test_a_file_that_was_read_has_changed(self, ran: Path, name: str) -> None:
        (ran.parent / name).write_text("2", encoding="utf-8")
        assert why_stale("a", ran, ran.parent) == f"{name} er endret"

    @pytest.mark.parametrize(
        "damage",
        ["", "{", "[]", "null", '{"base": "a"}', "[" * 100_000, '{"base": "a", "inputs": [], "others": []}'],
    )
    def test_a_damaged_record_is_no_record(self, ran: Path, damage: str) -> None:
        (ran / RUN).write_text(damage)
        assert why_stale("a", ran, ran.parent) == "ikke kjørt før"

    def test_a_record_of_nothing_is_no_record(self, ran: Path) -> None:
        record(ran, inputs=(), others=())
        assert why_stale("a", ran, ran.parent) == "ikke kjørt før"

    def test_the_executed_notebook_is_not_the_one_that_was_made(self, ran: Path) -> None:
        (ran / NOTEBOOK).write_text("{}")
        assert why_stale("a", ran, ran.parent) == "den kjørte notatboken er ikke hel"


def test_outputs_do_not_count_but_source_and_tags_do() -> None:
    def notebook(outputs: list[str], tags: list[str]) -> dict[str, list[dict[str, object]]]:
        cell = {"cell_type": "code", "source": "1 + 1", "metadata": {"tags": tags}, "outputs": outputs}
        return {"cells": [cell]}

    plain, shown, tagged = notebook([], []), notebook(["2"], []), notebook([], ["hide-output"])
    assert source_hash(plain) == source_hash(shown) != source_hash(tagged)


def test_what_a_run_may_depend_on_is_told_from_all_else(tmp_path: Path) -> None:
    root = tmp_path / "prosjekt"
    seen = {
        "notebooks/hjelp.py": root / "notebooks" / "hjelp.py",
        "notebooks/.skjult/a.csv": root / "notebooks" / ".skjult" / "a.csv",
        "reports/_build/i_fjor/data/a.csv": root / "reports" / "_build" / "i_fjor" / "data" / "a.csv",
        "analysis_lib/errors.py": PACKAGES / "analysis_lib" / "errors.py",
        "/fellesomraade/kuhr.csv": Path("/fellesomraade/kuhr.csv"),
    }
    passed = [
        tmp_path / "annet.py",
        root / ".venv/lib/pandas.py",
        root / "reports/_build/.arbeid/lest.txt",
        Path(sys.prefix) / "bin" / "python",
        Path("/usr/share/fonts/a.ttf"),
    ]
    assert {project_name(str(path), root): path for path in seen.values()} == seen
    assert {project_name(str(path), root) for path in passed} == {""}


@pytest.mark.parametrize(
    "later",
    [
        "open('notat.txt').read(); os.system('echo nytt > notat.txt'); os.utime('notat.txt', (0, 0))",
        "open('notat.txt').read(); os.system('echo nytt > notat.txt'); open('notat.txt').read()",
        "os.listdir('data'); os.system('touch data/ny.csv'); os.utime('data', (0, 0))",
    ],
)
def test_what_changed_during_the_run_counts_as_changed_since(root: Path, later: str) -> None:
    """It is hashed when it is read, not when the run ends, and no clock is asked."""
    assert why_stale("a", watched(root, later, escapes=False), root).endswith("er endret")


def watched(root: Path, code: str, *, escapes: bool = True) -> Path:
    """Run some code in a process of its own, and return the record that a run of a chapter would leave."""
    log, folder = root / ".arbeid" / "logg", root / ".arbeid" / "kapittel"
    folder.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    start = f"from publishing.run.recorder import watch; import os, pathlib, glob; watch({str(log)!r})\n"
    command = [sys.executable, "-W", "ignore", "-c", start + code]
    subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    (folder / NOTEBOOK).touch()
    read = read_log(log, root)
    record(folder, **(read if escapes else read | {"escaped": ()}))
    return folder


def database(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table if not exists t (n)")
        connection.execute("insert into t values (?)", (number,))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with something of each kind to read."""
    for folder in ("data/mappe", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/a.csv").write_text("tall\n1")
    (tmp_path / "notat.txt").write_text("gammelt")
    (tmp_path / "hjelp.py").write_text("a = 1")
    database(tmp_path / "data/b.db", 1)
    return tmp_path


# A way to read, and what it then depends on.
READINGS = [
    ("open('notat.txt')", "notat.txt"),
    ("pathlib.Path('data/a.csv').read_text()", "data/a.csv"),
    ("open('data/a.csv', 'r+')", "data/a.csv"),
    ("open('data/a.csv', 'a+').read()", "data/a.csv"),
    ("import pandas; pandas.read_csv('data/a.csv')", "data/a.csv"),
    ("import numpy; numpy.genfromtxt('data/a.csv')", "data/a.csv"),
    ("(lambda: __import__('hjelp'))()", "hjelp.py"),
    ("import hjelp; exec('import hjelp')", "hjelp.py"),
    ("import sqlite3; sqlite3.connect('data/b.db')", "data/b.db"),
    ("import sqlite3; sqlite3.connect('file:data/b.db?mode=ro', uri=True)", "data/b.db"),
    ("import sqlite3; sqlite3.connect(':memory:').execute('attach \"data/b.db\" as b')", "data/b.db"),
    ("os.path.getsize('data/a.csv')", "data/a.csv"),
    # What is not there may come.
    ("pathlib.Path('data/ny.csv').exists()", "data/ny.csv"),
    ("os.path.isfile('data/ny.csv')", "data/ny.csv"),
    ("os.access('data/ny.csv', os.R_OK) or os.path.exists('data/ny.csv')", "data/ny.csv"),
    ("try: open('data/ny.csv')\nexcept OSError: pass", "data/ny.csv"),
    ("try: import ny\nexcept ImportError: pass", "ny.py"),
    ("os.listdir('data')", "data/ny.csv"),
    ("list(os.scandir('data'))", "data/ny.csv"),
    ("list(os.walk('.'))", "data/mappe/ny.csv"),
    ("glob.glob('data/*.csv')", "data/ny.csv"),
    ("list(pathlib.Path().rglob('*.csv'))", "data/mappe/ny.csv"),
]


@pytest.mark.parametrize(("code", "changes"), READINGS)
def test_a_change_of_what_was_read_makes_stale(root: Path, code: str, changes: str) -> None:
    # A second run imports compiled modules, and has read their source too.
    for _ in range(2 if "hjelp" in code else 1):
        folder = watched(root, code)
    assert why_stale("a", folder, root) == ""
    if changes.endswith(".db"):
        database(root / changes, 2)
    else:
        (root / changes).write_text("nytt")
    assert why_stale("a", folder, root).endswith("er endret")


def test_a_library_that_only_knows_of_another_is_followed(root: Path) -> None:
    assert why_stale("a", watched(root, "import statsmodels.tools.data"), root) == ""


def test_what_was_not_read_may_change(root: Path) -> None:
    folder = watched(root, "open('ut.txt', 'w'); open('ut.txt', 'a'); import hjelp; os.listdir('data')")
    for name in ("ut.txt", "notat.txt", "data/a.csv", "data/mappe/ny.csv", "notebooks/ny.py"):
        (root / name).write_text("nytt")
    (root / "ny_mappe").mkdir()
    assert why_stale("a", folder, root) == ""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import subprocess; subprocess.run(['true'])", "starter programmet true"),
        ("os.system('true data/a.csv')", "starter programmet true"),
        (
            "import multiprocessing as m; p = m.get_context('spawn').Process(target=print); p.start()",
            "starter programmet python",
        ),
        (
            "import urllib.request as u\ntry: u.urlopen('http://127.0.0.1:9')\nexcept OSError: pass",
            "leser fra nettet",
        ),
        ("import shelve", "bruker shelve, som leser utenom Python"),
    ],
)
def test_what_cannot_be_followed_is_never_fresh(root: Path, code: str, told: str) -> None:
    assert told in why_stale("a", watched(root, code), root)


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
    read = {entry["path"] for entry in [*run["inputs"], *run["others"]]}
    assert read > {
        "analysis_lib/present/chapter.py",
        "analysis_lib/present/templates/table.html.j2",
        "data/published/2025/tabeller/8.1.csv",
        "notebooks/hjelp.py",
    }
