"""Index 06.2 by month becomes the deflator's table of years."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from registers.sources.catalogue import TableFeed, read_catalogue
from registers.sources.fetching import Fetching
from registers.sources.http import Answer
from registers.sources.jsonstat import read
from registers.sources.snapshots import save
from registers.sources.tables import yearly
from tests.conftest import ROOT
from tests.registers.sources.agency import dataset, reply

MONTHS = [f"{year}M{month:02}" for year in (2024, 2025) for month in range(1, 13)]
SIDES = {"Konsumgrp": ["06.2"], "ContentsCode": ["KpiIndMnd"], "Tid": [*MONTHS, "2026M01"]}
FEED = TableFeed.model_validate(
    {"key": "ssb/03013", "dimension": "Konsumgrp", "rows": {"06.2": ["indeks", "06.2"]}, "annual": True}
)


def index(codes: Any) -> float:
    return 100 + int(codes["Tid"][5:]) / 10 + (10 if codes["Tid"] > "2025" else 0)


def test_a_year_is_the_mean_of_its_months_with_their_decimals_and_one_that_lacks_a_month_waits() -> None:
    years, rows = yearly(read(dataset(SIDES, index, decimals=1), "kpi"), FEED, "kpi")
    # The mean of 100,1 … 101,2 is 100,65: half up.
    assert (years, rows) == (["2024", "2025"], [("indeks", "06.2", "100,7", "110,7")])


def test_the_edition_takes_its_deflator_from_the_index_that_was_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    catalogue = ROOT / "data" / "open" / "kilder.yml"
    months = [f"{year}M{month:02}" for year in range(2019, 2026) for month in range(1, 13)]
    raw = dataset(SIDES | {"Tid": months}, lambda codes: 100 + int(codes["Tid"][:4]) - 2015, decimals=1)
    source = read_catalogue(catalogue)[0]["konsumpriser"]
    folder = tmp_path / "data" / "open" / "snapshots" / "konsumpriser"
    save(folder, source, [Answer("https://x", None, reply(raw).body)], "2026-01-12")
    Fetching(tmp_path, lambda _: None).run(catalogue, ["konsumpriser"], 2025)
    edition = Edition(2025, deflator_source="indeks", folder=ROOT / "data" / "published" / "2025")
    assert edition.deflator(2019).point == Fraction(110, 104)
    assert edition.deflator(2019).sources()[0].file == "data/open/ssb/03013.csv"


def test_a_month_without_a_number_leaves_the_year_without_one() -> None:
    raw = dataset(SIDES, lambda codes: ".." if codes["Tid"] == "2025M03" else index(codes), decimals=1)
    assert yearly(read(raw, "kpi"), FEED, "kpi")[1] == [("indeks", "06.2", "100,7", "..")]


def test_a_row_is_one_cell_a_year() -> None:
    sides = SIDES | {"ContentsCode": ["KpiIndMnd", "Tolvmanedersendring"]}
    with pytest.raises(DataFeil, match="kpi: hver rad skal ha 12 celler hvert år"):
        yearly(read(dataset(sides, index), "kpi"), FEED, "kpi")
    with pytest.raises(DataFeil, match="hver rad skal ha"):
        yearly(read(dataset(SIDES | {"Konsumgrp": ["06.1"]}, index), "kpi"), FEED, "kpi")
