"""The project keeps its own rules."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from analysis_lib.data.formats import read_semicolons
from analysis_lib.data.package import package
from publishing.cli import EXIT_CODES, main
from publishing.notebooks import chapters, examples
from tests.conftest import invalid

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = [*chapters(ROOT), *examples(ROOT)]


def declared(group: str | None = None) -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = project["dependencies"] if group is None else project["optional-dependencies"][group]
    return dict(re.match(r"([\w-]+)>=(.+)", line).groups() for line in listed)


def test_the_conda_route_keeps_in_step() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(item["pip"] for item in environment if isinstance(item, dict))
    found = dict(
        line.split(">=") for line in [*(x for x in environment if isinstance(x, str) and ">=" in x), *pip]
    )
    found["matplotlib"] = found.pop("matplotlib-base")
    del found["python"]
    assert found.pop("quarto") == "1.9"
    assert found == declared() | declared("dev")


def test_the_lock_file_names_no_index_and_hashes_everything() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    packages = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in package for package in packages)
    locked = {re.match(r"[\w.-]+", package)[0] for package in packages}
    assert set(declared() | declared("dev") | declared("docs")) <= locked


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_committed_thin(path: Path) -> None:
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1):
        kinds = {kind for output in cell.get("outputs", []) for kind in output.get("data", {})}
        checked = "NBVAL_CHECK_OUTPUT" in "".join(cell["source"])
        assert kinds <= {"text/plain"}, f"celle {number} har lagrede bilder eller HTML"
        assert checked or not cell.get("outputs"), f"celle {number} har lagrede utdata"


def test_numbers_are_rounded_in_one_place_only() -> None:
    allowed = {"indicators/prices.py"}
    for path in (ROOT / "analysis_lib").rglob("*.py"):
        name = path.relative_to(ROOT / "analysis_lib").as_posix()
        code = [line for line in path.read_text(encoding="utf-8").splitlines() if ">>>" not in line]
        bare = [line for line in code if re.search(r"(?<![\w.])round\(", line)]
        assert not bare or name in allowed, f"{name}: bruk round_half_up"


def test_every_option_and_exit_code_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in main.commands.values():
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                if option.startswith("--"):
                    assert f"`{option}" in readme, f"{option} mangler i README"
    assert all(f"| {code} |" in readme for code in EXIT_CODES)


def test_the_data_package_descriptor_is_in_step() -> None:
    folder = ROOT / "data" / "published" / "2025"
    written = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert written == package(folder), "kjør «rapport tidy»"
    for resource in written["resources"]:
        header = read_semicolons(folder / resource["path"])[0]
        assert header == [field.get("title", field["name"]) for field in resource["schema"]["fields"]]


def test_the_data_package_of_the_edition_is_valid_by_its_own_word() -> None:
    assert invalid(ROOT / "data" / "published" / "2025" / "datapackage.json") == []


def test_help_tells_the_exit_codes() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    assert "Sluttkoder" in text
    assert "4  en parameter er ukjent" in text
