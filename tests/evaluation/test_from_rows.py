"""A measure's verdict from a panel of rows: a planted effect is found, and none where none is planted."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from analysis_lib.data.cleared import checksum
from analysis_lib.data.editions import MODE_VARIABLE
from analysis_lib.data.inputs import ROOT_VARIABLE, project_root
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.chapter import Kapittel
from evaluation import vurder
from evaluation.measures import assess
from evaluation.register import Design
from evaluation.verdicts.verdict import Status, Verdict

ROOT = project_root()
SAID = {
    "unit": "prosent",
    "outcome": "Konsultasjoner hos lege",
    "sources": ["KUHR"],
    "definition": "Konsultasjoner per gruppe og måned.",
    "comparator": "andre",
}
MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)][:17]
Deliver = Callable[..., Path]


@pytest.fixture
def deliver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Write one measure's panel beside the printed edition: rows of unit, period, start and number."""
    for name in ("published", "open", "reference"):
        shutil.copytree(ROOT / "data" / name, tmp_path / "data" / name)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    monkeypatch.setenv(MODE_VARIABLE, "register")

    def write(name: str, rows: list[tuple[str, str, str, float]], *, synthetic: bool = True) -> Path:
        lines = [f"{u};{p};{f};{value:.6f}".replace(".", ",") for u, p, f, value in rows]
        files = {
            f"paneler/{name}.csv": "\n".join(["enhet;periode;fra;verdi", *lines, ""]).encode(),
            f"paneler/{name}.yml": yaml.safe_dump(SAID, allow_unicode=True).encode(),
        }
        folder = tmp_path / "data/register/2025"
        for path, raw in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(raw)
        digests = {path: hashlib.sha256(raw).hexdigest() for path, raw in files.items()}
        told = {"syntetisk": synthetic, "filer": digests, "kontrollsum": checksum(synthetic, digests)}
        (folder / "levering.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
        return folder

    return write


def made(
    starts: list[str], periods: list[str], effect: float, *, others: int = 60, seed: int = 1
) -> list[tuple[str, str, str, float]]:
    """Return a panel around 100 with a common season; the exposed change by `effect` from their start on."""
    rng = np.random.default_rng(seed)
    season = rng.normal(0, 5, len(periods))
    return [
        (f"enhet {i:03}", period, start, 100 + season[t] + effect * (start != "" and period >= start) + noise)
        for i, start in enumerate([*starts, *[""] * others])
        for t, (period, noise) in enumerate(zip(periods, rng.normal(0, 2, len(periods)), strict=True))
    ]


OFFICES = ["2026-01"] * 12 + ["2026-02"] * 6 + ["2026-03"] * 9 + ["2026-04"] * 7
PLACES = ["2025-07", "2025-11", "2025-11", "2025-11"]
YEARS = [str(year) for year in range(2019, 2026)]
CASES = [
    ("delegering", OFFICES, MONTHS, Design.STAGGERED_DID),
    ("nettlege", PLACES, MONTHS, Design.CONTROLLED_ITS),
    ("legemidler", ["2024", "2024"], YEARS, Design.DID),
]


def judged(name: str) -> Verdict:
    return assess(name, Edition(2025))


@pytest.mark.parametrize(("name", "starts", "periods", "design"), CASES, ids=[case[0] for case in CASES])
class TestPlanted:
    """The same rows with an effect and without."""

    def test_the_effect_lies_in_the_interval(self, deliver, name, starts, periods, design):
        deliver(name, made(starts, periods, -8.0))
        verdict = judged(name)
        assert (verdict.status, verdict.design) == (Status.ESTIMATED, design)
        assert verdict.estimate.low <= -8 <= verdict.estimate.high < 0
        assert not verdict.carries_cause
        assert verdict.sentence.startswith("Utforskende: ") or name == "delegering"

    def test_nothing_is_found_where_nothing_was_planted(self, deliver, name, starts, periods, design):
        deliver(name, made(starts, periods, 0.0))
        verdict = judged(name)
        assert verdict.estimate.low <= 0 <= verdict.estimate.high
        assert "viser ingen sikker forskjell" in verdict.sentence

    def test_a_measure_without_a_panel_is_judged_as_ever(
        self, deliver, monkeypatch, name, starts, periods, design
    ):
        deliver("video", made(["2025-07"] * 12, MONTHS, 0.0))
        found = judged(name)
        monkeypatch.delenv(MODE_VARIABLE)
        printed = judged(name)
        assert (found.sentence, found.caveats, found.measure) == (
            printed.sentence,
            printed.caveats,
            printed.measure,
        )


class TestSynthetic:
    """Rows that were made up are told of, in the verdict and on the page."""

    def test_every_number_of_the_sentence_carries_the_mark(self, deliver):
        deliver("delegering", made(OFFICES, MONTHS, -8.0))
        verdict = judged("delegering")
        assert verdict.numbers
        assert all(value.sources()[0].synthetic for value in verdict.numbers)
        assert "syntetiske data" in str(verdict.caveats[0])
        shown = vurder("delegering", Kapittel("17", aar=2025))
        assert not shown.payload.unbound
        assert shown.tall("Kontakter per virkedag", "Mai 2026", "Virkedager").known

    def test_real_rows_do_not(self, deliver):
        deliver("delegering", made(OFFICES, MONTHS, -8.0), synthetic=False)
        verdict = judged("delegering")
        assert not any(source.synthetic for value in verdict.numbers for source in value.sources())
        assert "syntetiske" not in str(verdict.caveats)


def test_units_that_start_alone_are_told_of(deliver):
    deliver("nettlege", made(PLACES, MONTHS, -8.0))
    assert any("startet alene" in str(caveat) for caveat in judged("nettlege").caveats)


def test_rows_that_carry_no_estimate_leave_the_printed_numbers(deliver, monkeypatch):
    deliver("legemidler", made(["2024"], ["2024", "2025"], 0.0))
    found = judged("legemidler")
    monkeypatch.delenv(MODE_VARIABLE)
    assert found.sentence == judged("legemidler").sentence
    assert "radene bærer ikke et anslag" in str(found.caveats[-1])


def test_a_changed_panel_is_refused(deliver):
    folder = deliver("delegering", made(OFFICES, MONTHS, 0.0))
    path = folder / "paneler/delegering.csv"
    path.write_bytes(path.read_bytes().replace(b"enhet 001", b"enhet 999"))
    with pytest.raises(DataFeil, match="ikke slik den ble klarert"):
        judged("delegering")
