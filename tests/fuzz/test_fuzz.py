"""Damaged inputs: a short seeded search, and inputs that once ended a build."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import RapportFeil
from publishing.cli import main
from tests.fuzz.project import EDITION, small_project
from tests.fuzz.readers import readers
from tests.fuzz.run import OTHER, outcomes

CASES = 40
CHAPTER = b"id: a\ntitle: T\nchapters:\n  - "
NOTEBOOK, DEFINITION, PARAMETERS = "notebooks/utgifter.ipynb", "reports/arsrapport.yml", "params/2025.yml"
TABLE, FIGURES = f"{EDITION}/tabeller/12.1.yml", f"{EDITION}/figurer/8.yml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "prosjekt"))
    monkeypatch.chdir(tmp_path)
    return small_project(tmp_path / "prosjekt")


def read_all(root: Path, name: str) -> None:
    for reader in readers(root, name, all_of_them=False):
        reader()


@pytest.mark.slow
def test_a_damaged_input_is_a_typed_error_or_is_read() -> None:
    assert [one for one in outcomes(1, range(CASES)) if one.kind == OTHER] == []


def test_the_project_that_is_damaged_is_sound(root: Path) -> None:
    for name in (NOTEBOOK, DEFINITION, TABLE, f"{EDITION}/measures.yml", "inn/dyr.xlsx", "inn/rapport.pdf"):
        read_all(root, name)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            DEFINITION,
            b"id: ../../notebooks\ntitle: T\nchapters:\n  - kommune",
            "er «../../notebooks», som ikke kan",
        ),
        (DEFINITION, b'id: "a{aar"\ntitle: T\nchapters:\n  - kommune', "kan ikke fylles"),
        (DEFINITION, b'id: a\ntitle: "{aar.x}"\nchapters:\n  - kommune', "aar.x"),
        (
            DEFINITION,
            CHAPTER + b"{notebook: kommune, nummer: 8}",
            "linje 4: ukjent felt «nummer». Mente du «number»",
        ),
        (DEFINITION, CHAPTER + b"{notebook: kommune, number: [8]}", "«number» er ikke tekst"),
        (DEFINITION, b"- a", "er ikke felter med verdier"),
        (PARAMETERS, b"aar: 2025\naar: 2024", "params/2025.yml, linje 2: ugyldig YAML: «aar» står to ganger"),
        (
            PARAMETERS,
            b"aar: 2025\nx: 2025-02-30",
            "params/2025.yml, linje 2, x: ingen notatbok har denne parameteren",
        ),
        (
            NOTEBOOK,
            b'{"cells": [null], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "utgifter.ipynb, celle 1",
        ),
        (
            NOTEBOOK,
            '{"cells": [{"source": ["# Blå"]}]}'.encode("latin-1"),
            "utgifter.ipynb: filen er ikke UTF-8",
        ),
        (NOTEBOOK, b"[" * 100_000, "utgifter.ipynb, linje 1: ugyldig JSON: for mange nivåer"),
        (NOTEBOOK, b'{"cells": [], "cells": []}', "«cells» står to ganger"),
        (TABLE, b"? " * 100_000, "12.1.yml, linje 1: ugyldig YAML: for mange nivåer"),
        (TABLE, b"name: a\nzz: " + b"[" * 100_000, "12.1.yml, linje 2: ugyldig YAML: for mange nivåer"),
        (TABLE, b"a: &a [1]\nb: [*a, *a]", "et alias"),
        (TABLE, b"year: " + b"9" * 5000, "ugyldig dato eller tall"),
        (
            TABLE,
            b"date: 2025-02-30",
            "12.1.yml, linje 1: ugyldig YAML: ugyldig dato eller tall: «2025-02-30»",
        ),
        (FIGURES, b"- a", "figurer/8.yml: filen er ikke figurer med nummer"),
        ("inn/tekst.txt", b"\xff\xfea\xd8", "tekst.txt: filen er ikke UTF-16"),
    ],
)
def test_what_once_ended_a_build(root: Path, name: str, content: bytes, message: str) -> None:
    (root / name).write_bytes(content)
    with pytest.raises(RapportFeil) as refused:
        read_all(root, name)
    assert message in str(refused.value)


def test_a_table_lies_beside_its_descriptor(root: Path) -> None:
    path = root / TABLE
    path.write_text(path.read_text(encoding="utf-8").replace("12.1.csv", "../../../open/ssb/07459.csv"))
    with pytest.raises(RapportFeil, match="er ikke navnet på en fil ved siden av beskrivelsen"):
        read_all(root, TABLE)


@pytest.mark.parametrize("target", ["/dev/zero", "2025.yml", "borte", "/"])
def test_a_link_to_no_file_is_told(root: Path, target: str) -> None:
    (root / PARAMETERS).unlink()
    (root / PARAMETERS).symlink_to(target)
    with pytest.raises(RapportFeil, match=r"params/2025\.yml"):
        read_all(root, PARAMETERS)


@pytest.mark.parametrize(
    "command",
    [
        ["build", "--params", "."],
        ["build", "--params", "/dev/zero"],
        ["build", "-p", "aar=2025-02-30"],
        ["build", "-p", "aar=" + "9" * 5000],
        ["build", "-p", "x\nb=1"],
        ["build", "--report", "../x"],
        ["build", "a/b"],
        ["new", "../x"],
        ["new", "x", "--report", "../../x"],
        ["roll", "../../2026"],
        ["roll", "--status", ".."],
        ["tidy", "."],
        ["coverage", "--report", "x/../arsrapport"],
        ["audit", "--text", "."],
        ["audit", "--edition", "../x"],
        ["diff", "2025", "a/../.."],
        ["diff", "", "\n"],
        ["preview", "--port", "99999"],
        ["import", "."],
        ["import", "prosjekt/inn/dyr.csv", "--encoding", "idna"],
        ["import", "prosjekt/inn/dyr.csv", "--delimiter", "ab"],
        ["import", "prosjekt/inn/dyr.csv", "--table", "../../x", "--yes"],
    ],
    ids=lambda command: " ".join(command)[:40],
)
def test_an_odd_command_is_told_so(root: Path, command: list[str]) -> None:
    done = CliRunner().invoke(main, command)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code
    assert "Traceback" not in done.output
