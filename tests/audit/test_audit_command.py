"""The command `rapport audit`: what it says, what it writes, and how it ends."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis_lib.cli import main

GOOD = "Tabell 1.1 Leger\n\n\t2024\t2025\nKvinner\t12\t14\nMenn\t10\t11\nSum\t22\t25\n"
TWICE = f"{GOOD}\n{GOOD}"


def audit(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def text(folder: Path, content: str) -> Path:
    path = folder / "rapport.txt"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_edition_has_a_reason_for_every_finding(tmp_path: Path) -> None:
    result = audit("--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "Utgave 2025: 2135 tall kontrollert" in result.output
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter=";"))
    assert all(item["handled"] for item in found)
    assert {"contradiction", "doubtful"} == {item["verdict"] for item in found}
    written = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert written["findings"] == found


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (GOOD, 0, "6 tall kontrollert"),
        (TWICE, 8, "Tabell 1.1 står 2 ganger"),
        ("Bare ord.\n", 0, "teksten har ingen tabell som kan leses"),
        ("", 3, "filen er tom"),
    ],
)
def test_any_text_is_audited(tmp_path: Path, content: str, code: int, says: str) -> None:
    result = audit("--text", text(tmp_path, content), "--out", tmp_path / "ut")
    assert (result.exit_code, says in result.output) == (code, True), result.output


def test_slips_are_planted_in_any_text(tmp_path: Path) -> None:
    result = audit("--text", text(tmp_path, GOOD), "--selftest")
    assert result.exit_code == 0, result.output
    assert "Siffer i en celle som står i en sammenheng: 100,0 prosent (12 av 12)" in result.output
    assert "Henvisning til noe som ikke finnes: ingen steder å plante" in result.output


def test_what_cannot_be_written_or_read(tmp_path: Path) -> None:
    path = text(tmp_path, GOOD)
    assert audit("--text", path, "--out", path).exit_code == 4
    missing = audit("--edition", "1999")
    assert (missing.exit_code, "Gyldige: 2025." in missing.output) == (3, True)
