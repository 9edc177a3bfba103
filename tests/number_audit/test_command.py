"""The command `rapport audit`: what it says, what it writes, and how it ends."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis_lib.data.inputs import ROOT_VARIABLE
from publishing.cli import main

GOOD = "Tabell 1.1 Leger\n\n\t2024\t2025\nKvinner\t12\t14\nMenn\t10\t11\nSum\t22\t25\n"
TWICE = f"{GOOD}\n{GOOD}"


def audit(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def text(folder: Path, content: str) -> Path:
    path = folder / "rapport.txt"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.fixture
def edition(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the edition that the command then audits."""
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    return project / "data" / "published" / "2025"


def test_what_nobody_has_accounted_for_stops_the_contradiction_first(edition: Path, tmp_path: Path) -> None:
    """A changed cell, a doubtful finding that has lost its reason, and a reason that fits nothing."""
    table, reasons = edition / "tabeller/12.2.csv", edition / "audit.yml"
    changed = table.read_text(encoding="utf-8").replace("13 878 225", "13 878 252")
    table.write_text(changed, encoding="utf-8")
    misspelt = reasons.read_text(encoding="utf-8").replace("mean-094296", "mean-094269")
    reasons.write_text(misspelt, encoding="utf-8")

    result = audit("--out", tmp_path / "ut")
    lines = result.stderr.splitlines()
    assert (result.exit_code, lines[0][:21]) == (8, "Feil: Utgave 2025: ko")
    contradiction, number, doubtful, mean, stale, hint = lines[1:]
    assert contradiction == ("1 motsigelse. Rett tallet, eller skriv en grunn i audit.yml under denne id-en:")
    assert doubtful.startswith("1 tvilsomt funn. Rett tallet, eller skriv en grunn")
    assert stale.startswith("1 grunn i audit.yml passer ikke til noe funn. Fjern den")
    assert ": tabell 12.2, Fysisk, 2024: " in number
    assert mean.startswith("  mean-094296: tabell 11.1, ")
    assert hint.startswith("  mean-094269: Mente du «mean-094296»?")

    accounted = (
        f"{misspelt.replace('094269', '094296')}- {{finding: {number.split(':')[0].strip()}, why: Venter.}}\n"
    )
    reasons.write_text(accounted, encoding="utf-8")
    assert audit("--out", tmp_path / "ut").exit_code == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- finding: [", "audit.yml, linje 2: ugyldig YAML"),
        ("finding: sum-3fadf7", "audit.yml: ventet en liste"),
        ("- sum-3fadf7", "audit.yml, vurdering 1: «sum-3fadf7» er ikke felter med navn"),
        (
            "- {finding: 12, why: x}",
            "vurdering 1: «12» er ikke en tekst (sett den i anførselstegn)",
        ),
        ("- {finding: sum-3fadf7, why: ' '}", "vurdering 1: feltet er tomt (felt «why»)"),
    ],
)
def test_reasons_that_cannot_be_read(edition: Path, tmp_path: Path, content: str, says: str) -> None:
    (edition / "audit.yml").write_text(f"{content}\n", encoding="utf-8")
    result = audit("--out", tmp_path / "ut")
    assert (result.exit_code, says in result.stderr) == (3, True), result.stderr
