"""Open data sets: nothing without a source and a licence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.data.inputs import ROOT_VARIABLE, project_root
from analysis_lib.data.opendata import open_frame
from analysis_lib.errors import DataFeil

FRAMES = sorted(
    path.with_suffix("").relative_to(project_root() / "data" / "open").as_posix()
    for path in (project_root() / "data" / "open").glob("*/*.yml")
    if "licence:" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("key", FRAMES)
def test_an_open_data_set_is_read_as_described(key: str) -> None:
    assert len(open_frame(key)) > 0


def test_a_misspelt_name_is_met_with_the_nearest() -> None:
    with pytest.raises(DataFeil, match="Mente du «nist/rat42»"):
        open_frame("nist/rat24")


@pytest.fixture
def frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pd.DataFrame]:
    """Read a small data set; `columns` is YAML."""
    folder = tmp_path / "data" / "open" / "egen"
    folder.mkdir(parents=True)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))

    def read(text: str | bytes, columns: str) -> pd.DataFrame:
        (folder / "a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        head = "title: T\nsources: [NAV]\naddress: https://x\ndate: mai 2026\nlicence: NLOD\n"
        (folder / "a.yml").write_text(f"{head}columns: {{{columns}}}\n", encoding="utf-8")
        return open_frame("egen/a")

    return read


@pytest.mark.parametrize("typed", [True, False])
def test_a_cell_is_read_as_what_its_column_holds(frame: Callable[..., pd.DataFrame], typed: bool) -> None:
    kinds = {"nr": "code", "land": "text", "antall": "integer", "andel": "number"}
    columns = ", ".join(f"{n}: {{label: L{f', type: {k}' if typed else ''}}}" for n, k in kinds.items())
    read = frame("\ufeffnr;land;antall;andel\n0301;NA;1 400;12,5\n1103;null;:;−0,5\n4601;;..;.\n", columns)
    assert [*read["nr"]] == ["0301", "1103", "4601"]
    assert [*read["land"]] == ["NA", "null", ""]
    assert [*read["antall"].dropna()] == [1400]
    assert [*read["andel"].dropna()] == [12.5, -0.5]
    assert read.attrs["tegn"] == {("antall", 1): ":", ("antall", 2): "..", ("andel", 2): "."}


def test_a_period_is_written_one_way(frame: Callable[..., pd.DataFrame]) -> None:
    read = frame("p\n2024Q3\n2025M05\n", "p: {label: P, type: period}")
    assert [*read["p"]] == ["2024K3", "2025-05"]


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("a\nNA\n5\n", "a: A", "«NA» kan leses på flere måter. Skriv kolonnens type"),
        ("a\n1.400\n", "a: A", "«1.400» kan leses på flere måter"),
        ("a\n1.400\n2,5\n", "a: {label: A, type: number}", "både desimalkomma og punktum"),
        ("a\n0301\n", "a: {label: A, type: integer}", "linje 2: «0301» er ikke et heltall"),
        ("a;b\n1;\n", "a: A, b: {label: B, type: number}", "Skriv «missing: ['']»"),
        ("a;b\n1\n", "a: A, b: B", "1 felter, overskriften har 2"),
        ("a\nÅl\n".encode("cp1252"), "a: A", "filen er ikke UTF-8"),
    ],
)
def test_a_cell_that_is_something_else_is_refused(
    frame: Callable[..., pd.DataFrame], text: str | bytes, columns: str, message: str
) -> None:
    with pytest.raises(DataFeil) as refused:
        frame(text, columns)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [(("licence:", "lisens:"), "felt «"), (("  y: {", "  z: {"), "kolonnene er x, y, ventet x, z")],
)
def test_a_data_set_without_its_licence_or_columns_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], message: str
) -> None:
    source, folder = project_root() / "data" / "open" / "nist", tmp_path / "data" / "open" / "nist"
    folder.mkdir(parents=True)
    (folder / "rat42.csv").write_text((source / "rat42.csv").read_text())
    (folder / "rat42.yml").write_text((source / "rat42.yml").read_text(encoding="utf-8").replace(*change))
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    with pytest.raises(DataFeil, match=message):
        open_frame("nist/rat42")
