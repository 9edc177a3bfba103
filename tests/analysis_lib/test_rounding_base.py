"""Whole numbers that the source rounded to a base: what they allow, and what is said of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.cells import Rounding, parse_cell
from analysis_lib.data.schema import TableSpec
from analysis_lib.data.tables import read_table
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.payload import TablePayload
from analysis_lib.present.tables import ShownTable
from number_audit.reading.cells import is_unreadable, read_cell
from tests.analysis_lib.test_shorter_periods import write

COLUMNS = "columns:\n  - {years: 2024-2025}\n  - {key: andel, unit: prosent}\n"
TOTAL = "rows:\n  sum: {kind: total, relation: {sum: [a, b]}}\n"


@given(st.integers(0, 10**6), st.sampled_from([5, 10, 25, 100]))
def test_the_number_behind_is_always_inside(count: int, base: int) -> None:
    nearest = (2 * count + base) // (2 * base) * base
    assert count in parse_cell(str(nearest), rounding=Rounding(base)).interval
    for neighbour in (count // base * base, -(-count // base) * base):
        assert count in parse_cell(str(neighbour), rounding=Rounding(base, at_random=True)).interval


def test_the_ends_are_those_of_the_way_it_is_rounded() -> None:
    assert str(parse_cell("15", rounding=Rounding(5)).interval) == "[12.5, 17.5)"
    assert str(parse_cell("9", rounding=Rounding(3, at_random=True)).interval) == "[7, 11]"


def test_a_sum_holds_within_the_base_and_the_page_says_so(tmp_path: Path) -> None:
    text = "rad;navn;2024;2025;andel\na;A;15;20;12,3\nb;B;25;20;87,7\nsum;Sum;45;40;100\n"
    write(tmp_path / "2025" / "tabeller", "1.1", "rounding_base: 5\n" + COLUMNS + TOTAL, text)
    edition = Edition(2025, folder=tmp_path / "2025")
    total = edition.value("1.1", "sum", 2024)
    assert (total.verdict, str(total.interval)) == ("gjengitt", "[42.5, 45)")
    assert str(edition.value("1.1", "a", "andel").interval) == "[12.25, 12.35)", "a share is not a count"
    payload = ShownTable(edition, "1.1").payload
    assert isinstance(payload, TablePayload)
    assert "Tallene er avrundet til nærmeste 5." in payload.notes
    assert "Tallene er avrundet til nærmeste 5." in payload.remarks


def test_a_number_that_is_no_multiple_is_an_error_and_a_finding(tmp_path: Path) -> None:
    text = "rad;navn;2024;2025;andel\na;A;15;21;12,3\n"
    path = write(tmp_path, "1.1", "rounding_base: 5\n" + COLUMNS, text)
    with pytest.raises(DataFeil, match="linje 2: «21» går ikke opp i 5"):
        read_table("1.1", path, tmp_path / "corrections.yml")
    assert is_unreadable(read_cell("21", rounding=Rounding(5)))


def spec(**told: object) -> TableSpec:
    head = dict.fromkeys(("name", "path", "number", "title", "unit", "stub"), "x")
    return TableSpec.model_validate({**head, "sources": ["x"], "columns": [{"key": "a"}], **told})


def test_rows_and_columns_may_have_a_base_of_their_own() -> None:
    told = spec(
        random_rounding=3, columns=[{"key": "a", "rounding_base": 10}, {"key": "b", "rounding_base": 1}]
    )
    assert told.rounding_notes == (
        "Tallene er avrundet tilfeldig, opp eller ned, til et multiplum av 3.",
        "Tallene i kolonnen «a» er avrundet til nærmeste 10.",
    )


@pytest.mark.parametrize(
    "both", [{"rounding_base": 5, "random_rounding": 3}, {"rounding_base": 5, "exact": True}]
)
def test_two_ways_at_once_are_refused(both: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="kan ikke gjelde samtidig"):
        spec(**both)


def test_an_exact_number_stays_exact() -> None:
    assert parse_cell("12", exact=True).interval.width == Fraction(0)
