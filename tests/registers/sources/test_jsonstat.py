"""json-stat2 keeps what other clients lose: marks, notes, units. What does not add up is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind
from analysis_lib.data.formats import parse_json
from analysis_lib.errors import DataFeil
from registers.sources.jsonstat import Cube, join, read, split
from tests.registers.sources.agency import dataset

ANSWERS = Path(__file__).parent / "answers"


def recorded(name: str) -> Any:
    return parse_json((ANSWERS / name).read_text(encoding="utf-8"), name)


def test_a_recorded_table_of_statistics_norway() -> None:
    cube = read(recorded("ssb_05300.json"), "05300")
    assert cube.updated == "2022-05-24T06:00:00Z"
    assert cube.values.shape == (6, 8, 1, 9)
    assert cube.kind("02", "01", "Avstand", "2021") is Kind.IMPOSSIBLE
    assert cube.kind("06", "01", "Avstand", "1991") is Kind.NOT_AVAILABLE
    assert cube.cells()["01", "01", "Avstand", "1991"] == "16"
    assert ((cube.signs == ".").sum(), (cube.signs == "..").sum()) == (20, 8)
    assert cube.dimension("ContentsCode").units == ("prosent",)
    assert cube.dimension("Kulturtilbud").labels[4] == "Museum"


def test_the_example_of_fhi() -> None:
    cube = read(recorded("fhi_befolkningsvekst.json"), "fhi")
    assert cube.cells()["30", "2021_2021", "0", "0", "BEFVEKST_ANT"] == "16846"
    assert cube.dimension("MEASURE_TYPE").units == ("antall",)


def one_side(cells: Any, **more: Any) -> dict[str, Any]:
    codes = [str(2020 + at) for at in range(len(cells))]
    category = {"index": codes}
    plain = {"class": "dataset", "id": ["Tid"], "size": [len(codes)], "value": cells}
    return plain | {"dimension": {"Tid": {"label": "år", "category": category}}} | more


def test_the_five_kinds() -> None:
    cube = read(one_side([0, None, None, None, None], status={"2": "..", "3": ".", "4": ":"}), "x")
    kinds = [cube.kind(str(year)) for year in range(2020, 2025)]
    assert kinds == [Kind.NUMBER, Kind.BLANK, Kind.NOT_AVAILABLE, Kind.IMPOSSIBLE, Kind.CONFIDENTIAL]


def test_a_source_says_what_its_own_marks_mean() -> None:
    raw = one_side([3, "k", None, 5], status={"2": "-", "3": "*"})
    cube = read(raw, "fhi", {"k": ":", "-": "0", "*": "tall"})
    assert [*cube.cells().values()] == ["3", ":", "0", "5"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"error": "Too many values selected"}, "ikke en json-stat2-tabell"),
        (["dataset"], "ikke en json-stat2-tabell"),
        (one_side([1, 2], size=[3]), r"størrelsen er \[3\], men dimensjonene har \[2\] koder"),
        (one_side([1, 2], value=[1]), "«value» har 1 verdier, ventet 2"),
        (one_side([1, 2], value={"2": 1}), "celler nummerert under 2"),
        (one_side([1, 2], value={"én": 1}), "celler nummerert under 2"),
        (one_side([1, 2], value=None), "«value» er verken en liste"),
        (one_side([1, 2], status=["", "", ""]), "«status» har 3 verdier"),
        (one_side([1, None], status={"1": "q"}), "ingen har sagt hva tegnet «q» betyr"),
        (one_side([1, "k"]), "ingen har sagt hva tegnet «k» betyr"),
        (one_side([1, "12,5"]), "tallet «12,5» er skrevet som tekst"),
        (one_side([1, "-7"]), "tallet «-7» er skrevet som tekst"),
        (one_side([1, True]), "verken et tall eller et tegn"),
        (one_side([1, [2]]), "verken et tall eller et tegn"),
        (one_side([1, 2], status={"1": ":"}), "både et tall og tegnet «:»"),
        (one_side([1, 2], id=["Tid", "Tid"], size=[2, 2]), "størrelsen"),
        (one_side([1, 2], dimension={}), "dimensjonene kan ikke leses"),
        (one_side([1, 2], dimension={"Tid": {"category": {"index": {"a": 0, "b": 2}}}}), "ikke nummerert"),
        (one_side([1, 2], dimension={"Tid": {"category": {"index": ["a", "a"]}}}), "samme kode to ganger"),
    ],
)
def test_what_does_not_add_up_is_refused(raw: Any, said: str) -> None:
    with pytest.raises(DataFeil, match=said) as found:
        read(raw, "kilden")
    assert "kilden" in str(found.value)


def test_notes_that_must_be_shown_come_first() -> None:
    raw = one_side([1], note=["Kan vises.", "Må vises."], extension={"noteMandatory": {"1": True}})
    raw["dimension"]["Tid"] |= {"note": ["Om år."], "extension": {"noteMandatory": {"0": True}}}
    assert read(raw, "x").notes == ("Må vises.", "Om år.", "Kan vises.")


CELLS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.sampled_from([None, ".", "..", ":"]),
)


@st.composite
def cubes(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[Any]]:
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    sides = {f"D{at}": [f"k{number}" for number in range(size)] for at, size in enumerate(shape)}
    return sides, draw(st.lists(CELLS, min_size=prod(shape), max_size=prod(shape)))


def written(sides: dict[str, list[str]], cells: list[Any]) -> dict[str, Any]:
    at = dict(zip(product(*sides.values()), cells, strict=True))
    return dataset(sides, lambda codes: at[tuple(codes.values())])


def same(one: Cube, other: Cube) -> bool:
    return (
        one.dimensions == other.dimensions
        and np.array_equal(one.values, other.values, equal_nan=True)
        and np.array_equal(one.signs, other.signs)
    )


@given(cubes(), st.sampled_from(["list", "dict"]), st.sampled_from(["list", "dict"]))
def test_a_cube_comes_back_however_it_is_written(
    cube: tuple[dict[str, list[str]], list[Any]], value: str, status: str
) -> None:
    sides, cells = cube
    raw = written(sides, cells)
    if value == "dict":
        raw["value"] = {str(at): one for at, one in enumerate(raw["value"]) if one is not None}
    if status == "list":
        raw["status"] = [raw["status"].get(str(at), "") for at in range(len(cells))]
    got = read(parse_json(json.dumps(raw), "x"), "x")
    for codes, cell in zip(product(*sides.values()), cells, strict=True):
        text = got.cells()[codes]
        assert text == (cell or "") if isinstance(cell, str | None) else float(text) == cell


@given(st.sampled_from([".", "..", ":"]), st.integers(1, 5))
def test_one_status_may_stand_for_all(sign: str, size: int) -> None:
    assert {*read(one_side([None] * size, status=sign), "x").cells().values()} == {sign}


@given(cubes(), st.integers(1, 20))
def test_a_cube_that_is_split_is_joined_again(
    cube: tuple[dict[str, list[str]], list[Any]], most: int
) -> None:
    sides, cells = cube
    whole = read(written(sides, cells), "x")
    at = whole.cells()
    parts = split(sides, most)
    assert all(prod(map(len, part.values())) <= most for part in parts)

    def cell(codes: Any) -> Any:
        text = at[tuple(codes.values())]
        return text or None if text in ("", ".", "..", ":") else float(text)

    assert same(join([read(dataset(part, cell), "x") for part in parts], "x"), whole)


def test_parts_of_different_times_are_not_joined() -> None:
    parts = [read(dataset({"Tid": [year]}, lambda _: 1, updated=year), "leger") for year in ("2024", "2025")]
    with pytest.raises(DataFeil, match="oppdatert mens den ble hentet"):
        join(parts, "leger")


def test_parts_that_overlap_or_leave_out_are_not_joined() -> None:
    one = read(dataset({"A": ["1"], "B": ["1", "2"]}, lambda _: 1), "x")
    other = read(dataset({"A": ["2"], "B": ["1"]}, lambda _: 1), "x")
    for parts in ([one, one], [one, other]):
        with pytest.raises(DataFeil, match="passer ikke sammen"):
            join(parts, "x")


WHOLE = dataset(
    {"Region": ["0301", "1103"], "ContentsCode": ["Personer1"], "Tid": ["2024", "2025"]},
    lambda codes: ":" if codes["Tid"] == "2025" else 7,
    note=["Merk."],
    extension={"noteMandatory": {"0": True}},
)
ODD = st.sampled_from(
    [None, True, -1, 0, 3, 1e300, 10**30, "", "k", "²", "0301", [], ["a"], {}, {"a": 1}, [[0]]]
)


@given(st.data())
def test_whatever_is_damaged_is_read_or_refused(data: st.DataObject) -> None:
    raw = part = json.loads(json.dumps(WHOLE))
    while True:
        keys = [*part] if isinstance(part, dict) else [*range(len(part))]
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    part[key] = data.draw(ODD)
    with suppress(DataFeil):
        read(raw, "x").frame()
