"""One report built from a copy of the project, then everything that must not break it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis_lib.data.inputs import file_hash

Run = Callable[..., "subprocess.CompletedProcess[str]"]
OUT = Path("reports/_build/arsrapport-2025")


def manifest(project: Path) -> dict[str, Any]:
    return json.loads((project / OUT / "manifest.json").read_text(encoding="utf-8"))


def chapter(project: Path, name: str = "utgifter") -> dict[str, Any]:
    return next(entry for entry in manifest(project)["chapters"] if entry["name"] == name)


def test_a_report_from_beginning_to_end(built: Path, rapport: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = chapter(built)
    assert [table["number"] for table in costs["tables"]].count("8.13") == 1
    assert len(costs["tables"]) == 13
    assert [(t["number"], len(t["deviating"])) for t in costs["tables"] if t["deviating"]] == [("8.11", 1)]
    assert {f["number"]: f["status"] for f in costs["figures"]} == {
        **dict.fromkeys(["8.1", "8.2", "8.3", "8.4", "8.6"], "drawn"),
        "8.5": "missing",
    }
    assert all(f["alt"] for f in costs["figures"] if f["status"] == "drawn")
    assert costs["numerals_unbound"] == []
    assert costs["numbers_bound"] > 500
    assert {entry["path"] for entry in costs["inputs"]} > {"data/published/2025/tabeller/8.1.csv"}

    html = (built / OUT / "html" / "utgifter.html").read_text(encoding="utf-8")
    assert '<html lang="nb">' in html
    assert "18,6\u00a0mrd.\u00a0kroner" in html
    assert not re.search("https?:", html.replace("http://www.w3.org", "").split("<main")[0])
    assert (built / OUT / "arsrapport-2025.pdf").read_bytes().startswith(b"%PDF")

    workbook = openpyxl.load_workbook(built / OUT / "arsrapport-2025.xlsx", read_only=True)
    assert workbook.sheetnames == ["Innhold", *(f"Tabell 8.{n}" for n in range(1, 14)), "Tallregister"] or (
        set(workbook.sheetnames) >= {"Innhold", "Tabell 8.1", "Tallregister"}
    )
    workbook.close()
    package = json.loads((built / OUT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert all((built / OUT / "data" / resource["path"]).exists() for resource in package["resources"])

    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPROFILEIMPORTTIME", "1")
        again = rapport("build", "--renderer", "pandoc")
    assert "Alt er ferskt" in again.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in again.stderr.splitlines()}
    assert imported.isdisjoint({"jupyter_client", "pandas", "papermill", "pydantic", "zmq"})

    shutil.rmtree(built / OUT / "html")
    assert "Publisert" in rapport("build", "--renderer", "pandoc").stdout


def test_a_changed_fact_changes_the_sentence_and_bad_input_changes_nothing(built: Path, rapport: Run) -> None:
    facts = built / "data/published/2025/fakta/8.csv"
    page = built / OUT / "html" / "utgifter.html"
    facts.write_text(facts.read_text(encoding="utf-8").replace("grunn_leger;59", "grunn_leger;61"), "utf-8")
    done = rapport("build", "--renderer", "pandoc")
    assert "fakta/8.csv er endret" in done.stderr
    assert ">61</a> fastleger" in page.read_text(encoding="utf-8")

    before = page.read_bytes()
    table = built / "data/published/2025/tabeller/8.3.csv"
    good = table.read_text(encoding="utf-8")
    for name, text, code, message in [
        ("broken", good.replace("5 222", "5 2x22"), 3, "linje 3: «5 2x22» er verken et tall"),
        ("contradicting", good.replace("4 760;5 222", "4 760;6 222"), 8, "1 motsigelse. Rett tallet"),
    ]:
        table.write_text(text, encoding="utf-8")
        failed = rapport("build", "--renderer", "pandoc")
        assert (name, failed.returncode) == (name, code)
        assert message in failed.stderr
        assert "Traceback" not in failed.stderr
        assert page.read_bytes() == before

    # No chapter here reads the reasons, but the book is held against them all the same.
    table.write_text(good, encoding="utf-8")
    assert rapport("build", "--renderer", "pandoc").returncode == 0
    before = page.read_bytes()
    with (built / "data/published/2025/audit.yml").open("a", encoding="utf-8") as file:
        file.write("- {finding: sum-000000, why: Borte.}\n")
    failed = rapport("build", "--renderer", "pandoc")
    assert (failed.returncode, "  sum-000000: Mente du «" in failed.stderr) == (8, True), failed.stderr
    assert page.read_bytes() == before


def test_a_report_that_contradicts_itself_is_not_published(built: Path, rapport: Run) -> None:
    """A fault planted between execution and assembly: the build stops, and the last report stands."""
    page = built / OUT / "html" / "utgifter.html"
    before = page.read_bytes(), manifest(built)
    executed = built / "reports/_build/.arbeid/arsrapport-2025/utgifter/executed.ipynb"
    good = json.dumps(json.loads(executed.read_text(encoding="utf-8")), ensure_ascii=False)
    theme = built / "reports/theme/report.css"
    theme.write_text(theme.read_text(encoding="utf-8") + "/* */", encoding="utf-8")
    amount = "18,6\u00a0mrd.\u00a0kroner"
    assert f"[{amount}]" in good
    record = executed.with_name("run.json")
    hashed = file_hash(executed)
    executed.write_text(good.replace(f"[{amount}]", "[18,7\u00a0mrd.\u00a0kroner]"), encoding="utf-8")
    # A fault that the record of the run vouches for, as one in our own code would be.
    record.write_text(
        record.read_text(encoding="utf-8").replace(hashed, file_hash(executed)), encoding="utf-8"
    )
    failed = rapport("build", "--renderer", "pandoc")
    assert failed.returncode == 8, failed.stderr
    assert "utgifter.html, " in failed.stderr
    assert (page.read_bytes(), manifest(built)) == before
    assert [path.name for path in (built / "reports/_build").iterdir() if path.name.endswith(".ny")] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-p", "aar=1999"], 4, "1999 er utenfor dataene i tabell 8.1 (2019–2025)"),
        (["-p", "aar"], 4, "NAVN=VERDI"),
        (["utgfter"], 4, "Mente du «utgifter»?"),
        (["--renderer", "latex"], 6, "ukjent renderer"),
        (["--report", "annen"], 4, "filen finnes ikke"),
    ],
)
def test_wrong_commands(rapport: Run, project: Path, arguments: list[str], code: int, message: str) -> None:
    done = rapport("build", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / OUT).exists()


def edit_notebook(project: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = project / "notebooks" / "utgifter.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_a_failing_cell_is_shown_with_its_code(rapport: Run, project: Path) -> None:
    extra = {
        "cell_type": "code",
        "source": "1 / 0  # her",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    edit_notebook(project, lambda notebook: notebook["cells"].insert(4, {**extra, "id": "x"}))
    done = rapport("build", "--keep-going")
    assert done.returncode == 5
    assert "ZeroDivisionError" in done.stderr
    assert "1 / 0  # her" in done.stderr
    assert not (project / OUT).exists()


def test_a_notebook_that_never_ends_is_stopped(rapport: Run, project: Path) -> None:
    sleep = {"cell_type": "code", "source": "import time; time.sleep(600)", "metadata": {}, "outputs": []}
    edit_notebook(project, lambda n: n["cells"].insert(3, {**sleep, "execution_count": None, "id": "x"}))
    done = rapport("build", "--timeout", "6")
    assert done.returncode == 5
    assert "tidsfristen på 6 sekunder er ute" in done.stderr


def test_invalid_yaml_is_named_with_its_line(rapport: Run, project: Path) -> None:
    (project / "params" / "2025.yml").write_text("aar: 2025\nstartaar: [\n", encoding="utf-8")
    done = rapport("build")
    assert done.returncode == 4
    assert "params/2025.yml, linje 3: ugyldig YAML" in done.stderr
