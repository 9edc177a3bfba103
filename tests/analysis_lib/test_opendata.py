"""Open data sets: nothing without a source and a licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.data.inputs import ROOT_VARIABLE, project_root
from analysis_lib.data.opendata import open_frame
from analysis_lib.errors import DataFeil

FRAMES = sorted(
    path.with_suffix("").relative_to(project_root() / "data" / "open").as_posix()
    for path in (project_root() / "data" / "open").rglob("*.yml")
    if "licence:" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("key", FRAMES)
def test_an_open_data_set_is_read_as_described(key: str) -> None:
    assert len(open_frame(key)) > 0


def test_a_misspelt_name_is_met_with_the_nearest() -> None:
    with pytest.raises(DataFeil, match="Mente du «nist/rat42»"):
        open_frame("nist/rat24")


@pytest.mark.parametrize(
    ("change", "message"),
    [(("licence:", "lisens:"), "felt «"), (("  y: Avling", "  z: Avling"), "kolonnene er x, y, ventet x, z")],
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
