"""``rapport import``: it asks, it refuses, and what it writes the edition reads at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.indicators.edition import Edition
from publishing.cli import main

SSB = "region;Personer 2024;Personer 2025\n0 Hele landet;1 204;1 300\n31 Østfold;-;..\n32 Åsnes;1 204;1 300\n"
WHOLE = ("--table", "8.14", "--title", "Befolkning", "--source", "SSB", "--sign", "-=0", "--yes")


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of a project that has none yet, and a file beside it."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    folder = tmp_path / "data" / "published" / "2025" / "tabeller"
    folder.mkdir(parents=True)
    (tmp_path / "ssb.csv").write_bytes(SSB.encode("cp1252"))
    return folder


def run(published: Path, *options: str, answers: str = ""):
    file = str(published.parents[3] / "ssb.csv")
    return CliRunner().invoke(main, ["import", file, *options], input=answers)


def test_what_the_file_does_not_say_is_named_as_options_and_nothing_is_written(published: Path) -> None:
    result = run(published, "--yes")
    assert result.exit_code == 4
    assert "31 Østfold" in result.output
    for option in ("--title", "--source", "--sign", "--table"):
        assert f"{option} (" in result.output
    assert "--unit (" not in result.output
    assert not [*published.iterdir()]


def test_the_edition_reads_what_was_written(published: Path) -> None:
    assert run(published, *WHOLE).exit_code == 0
    edition = Edition(2025, folder=published.parent)
    table = edition.table("8.14")
    assert (table.spec.title, table.spec.unit, table.spec.sources) == ("Befolkning", "personer", ("SSB",))
    assert table.years == (2024, 2025)
    assert table.rows["0_hele_landet"].kind == "total"
    assert table.cells["31_ostfold", "2024"].number == 0
    assert edition.value("8.14", "32_aasnes", 2025).point == 1300
    assert table.cells["31_ostfold", "2025"].kind == "na"


def test_nothing_that_exists_is_overwritten(published: Path) -> None:
    (published / "8.14.yml").write_text("min", encoding="utf-8")
    result = run(published, *WHOLE)
    assert result.exit_code == 4
    assert "8.14.yml finnes allerede" in result.output
    assert [path.name for path in published.iterdir()] == ["8.14.yml"]
    assert (published / "8.14.yml").read_text(encoding="utf-8") == "min"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        (("--table", "åtte"), "«åtte» er ikke et tabellnummer"),
        (("--sign", "-=null"), "«null» er ikke en betydning"),
        (("--sign", "-"), "«-» mangler en betydning"),
        (("--edition", "2019"), "utgaven «2019» finnes ikke"),
        (("--header", "x"), "«x» er ikke linjer"),
        (("--encoding", "klingon"), "tegnkodingen «klingon» er ukjent"),
    ],
)
def test_an_answer_that_is_none_is_refused(published: Path, changed: tuple[str, str], error: str) -> None:
    result = run(published, *WHOLE, *changed)
    assert result.exit_code in (3, 4)
    assert error in result.output
    assert not [*published.iterdir()]


def test_on_a_terminal_it_asks(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.agencies.is_terminal", lambda: True)
    result = run(published, answers="Befolkning\nSSB\n-=0\n8.14\nja\n")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in published.iterdir()) == ["8.14.csv", "8.14.yml"]
