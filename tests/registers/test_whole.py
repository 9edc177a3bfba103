"""The whole way: made-up rows, validated, counted, cleared, and drawn by the notebooks' library."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from analysis_lib.data.inputs import project_root
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.chapter import Kapittel
from publishing.cli import main

ROOT = project_root()
YEARS = [arg for year in range(2019, 2027) for arg in ("--year", str(year))]


@pytest.fixture(scope="module")
def cleared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cleared folder of a small twin, as the two commands make it."""
    folder = tmp_path_factory.mktemp("register")
    run = CliRunner().invoke
    for arguments in (
        ["synth", *YEARS, "--scale", "0.01", "--out", str(folder / "rader")],
        ["register", "--rows", str(folder / "rader"), "--out", str(folder / "2025")],
    ):
        result = run(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    return folder / "2025"


@pytest.fixture
def in_register(cleared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the printed edition with the cleared folder beside it."""
    root = tmp_path / "prosjekt"
    (root / "data/register").mkdir(parents=True)
    (root / "notebooks").mkdir()
    for name in ("published", "open", "reference"):
        (root / "data" / name).symlink_to(ROOT / "data" / name)
    (root / "data/register/2025").symlink_to(cleared)
    monkeypatch.setenv("RAPPORT_PROSJEKT", str(root))
    monkeypatch.setenv("RAPPORT_DATA", "register")


@pytest.mark.slow
@pytest.mark.usefixtures("in_register")
class TestWhole:
    """One build of a small twin, looked at from all sides."""

    def test_every_figure_that_print_lacks_has_numbers(self, cleared: Path):
        from registers.bindings import read_bindings

        figures = read_bindings(ROOT).figures
        assert {path.stem for path in (cleared / "figurer").glob("*.csv")} == set(figures)

    def test_it_says_that_it_is_made_up(self, cleared: Path):
        said = yaml.safe_load((cleared / "levering.yml").read_text(encoding="utf-8"))
        assert said["syntetisk"] is True
        shown = Kapittel("12", aar=2025).figur("12.8").payload
        assert shown.status == "drawn"
        assert shown.note.startswith("Syntetiske data")

    def test_a_total_is_the_printed_one_at_the_scale(self):
        edition, printed = Edition(2025), Edition(2025, data="trykt")
        for year in (2019, 2025):
            found, known = (one.value("12.2", "fysisk", year) for one in (edition, printed))
            assert float(found) == pytest.approx(float(known) / 100, rel=0.001)
            assert found.sources()[0].synthetic
