"""Where a code leads in its year: mergers, divisions, and what is known of every municipality."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.errors import ParameterFeil
from registers.geography import codes, labelled, municipality, places


@pytest.mark.parametrize(("year", "count"), [(2019, 422), (2020, 356), (2024, 357), (2026, 357)])
def test_every_municipality_of_a_year_has_a_county_and_a_class(year: int, count: int) -> None:
    table = places(year)
    assert table["kommune"].nunique() == count
    assert len(table) == len(codes(year)) > count
    assert set(table["sentralitet"]) == {1, 2, 3, 4, 5, 6}
    assert table["fylkesnavn"].nunique() == 15


def test_a_merged_municipality_lies_in_the_county_of_today() -> None:
    found = places(2021).set_index("kommune")
    assert found.loc["3002", ["navn", "fylkesnavn"]].to_list() == ["Moss", "Østfold"]


def test_a_number_out_of_use_leads_nowhere() -> None:
    assert [municipality(104, year) for year in (2019, 2020)] == ["0104", None]
    assert [municipality(9999, 2025), municipality(0, 2025)] == [None, None]


def test_rows_get_labels_of_their_own_year() -> None:
    rows = pd.DataFrame({"aar": [2019, 2025, 2025], "kommuneNr": [1504, 1508, -1]})
    found = labelled(rows, ("kommune", "fylke", "sentralitet"))
    assert found["kommune"].to_list() == ["1504", "1508", "ukjent"]
    assert found["fylke"].to_list() == ["Møre og Romsdal", "Møre og Romsdal", "ukjent"]
    with pytest.raises(ParameterFeil, match="Mente du «sentralitet»"):
        labelled(rows, ("sentralitett",))
