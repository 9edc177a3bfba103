"""The thresholds as they are written, and how labels become sets."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.errors import ParameterFeil
from registers.cells import TOTAL
from registers.disclosure.rules import read_rules
from registers.disclosure.structure import Geography, decompose
from tests.registers.disclosure.small import PLACES, RULES

WRITTEN = Path(__file__).resolve().parents[3] / "data/register/personvern.yml"


def test_the_thresholds_of_the_directorate() -> None:
    assert (RULES.patients, RULES.doctors, RULES.width) == (5, 3, 5)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pasienter: 5", "pasientar: 5"),
        ("leger: 3", "leger: 0"),
        ("leger: 3", "leger: ja"),
        ("{slag: egen}", "{slag: x}"),
    ],
)
def test_a_slip_in_the_thresholds_is_told(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "personvern.yml"
    path.write_text(WRITTEN.read_text().replace(old, new, 1))
    with pytest.raises(ParameterFeil):
        read_rules(path)


def test_a_municipality_goes_by_its_number_with_or_without_the_zero() -> None:
    geography = Geography(PLACES)
    assert geography.part("kommune", "nummer", "301") == geography.part("fylke", "fylke", "Oslo") == {"0301"}
    assert geography.part("sentralitet", "klasse", "2") == {"1103", "4201"}
    assert geography.part("kommune", "nummer", "-1") == {"ukjent"}


def test_every_column_of_the_reference_is_a_division() -> None:
    frame = pd.read_csv(WRITTEN.parents[1] / "reference/kommuner_2024.csv", sep=";", dtype=str)
    geography = Geography(frame)
    assert len(geography.whole) == 357
    assert len(geography.part("fylke", "fylke", "Rogaland")) == 23


@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), unique=True), st.booleans())
def test_every_label_is_split_into_disjoint_parts_that_make_it_up(
    labels: list[frozenset[str]], whole: bool
) -> None:
    universe = frozenset("abcdefg")
    sums = decompose(frozenset([*labels, *([TOTAL] if whole else [])]), universe)
    for label, parts in sums:
        members = [atom for part in parts for atom in part]
        assert sorted(members) == sorted(universe if label == TOTAL else label)
    split = {label for label, _ in sums}
    for one in labels:
        for other in labels:
            if one & other and not one <= other:
                assert one in split
