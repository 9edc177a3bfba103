"""A printed sign stands, a printed total stands, and what cannot exist is never a number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.cells import SIGN_TEXT, Kind, parse_cell
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import SILENT, Source, Value
from analysis_lib.present.numbers import format_cell

HEAD = 'name: t\npath: "9.9.csv"\nnumber: "9.9"\ntitle: T\nunit: personer\nstub: Gruppe\nsources: [KUHR]\n'
TOTAL = "columns: [{years: 2024-2025}]\nexact: true\nrows: {tot: {kind: total, relation: {sum: [a, b, c]}}}\n"


@pytest.fixture
def edition(tmp_path: Path) -> Callable[..., Edition]:
    """An edition with one table, written as it is printed."""

    def made(printed: str, descriptor: str = TOTAL) -> Edition:
        folder = tmp_path / "2025"
        (folder / "tabeller").mkdir(parents=True, exist_ok=True)
        (folder / "tabeller/9.9.csv").write_text(f"rad;navn;2024;2025\n{printed}", encoding="utf-8")
        (folder / "tabeller/9.9.yml").write_text(HEAD + descriptor, encoding="utf-8")
        return Edition(2025, folder=folder)

    return made


@pytest.mark.parametrize("sign", [":", ".", ".."])
def test_a_sign_printed_where_a_total_could_be_computed_stands(edition, sign: str) -> None:
    value = edition(f"a;A;10;1\nb;B;2;3\nc;C;20;21\ntot;I alt;{sign};25\n").value("9.9", "tot", 2024)
    assert (format_cell(value), value.printed, value.known) == (sign, sign, False)


def test_a_printed_total_of_parts_that_are_not_shown_stands_as_printed(edition) -> None:
    value = edition("a;A;10;1\nb;B;:;3\nc;C;:;21\ntot;I alt;32;25\n").value("9.9", "tot", 2024)
    assert (format_cell(value), value.note) == ("32", "Som trykt: delene er ikke kjent.")
    assert isinstance(value.origin, Source)


@given(st.lists(st.sampled_from(["10", "0", "", *SIGN_TEXT.values()]), min_size=4, max_size=4))
def test_no_cell_shows_another_sign_or_a_number_that_is_not_printed(tmp_path_factory, cells) -> None:
    folder = tmp_path_factory.mktemp("edition") / "2025"
    (folder / "tabeller").mkdir(parents=True)
    rows = "".join(f"{key};{key};{cell};1\n" for key, cell in zip(["a", "b", "c", "tot"], cells, strict=True))
    (folder / "tabeller/9.9.csv").write_text(f"rad;navn;2024;2025\n{rows}", encoding="utf-8")
    (folder / "tabeller/9.9.yml").write_text(HEAD + TOTAL, encoding="utf-8")
    shown = Edition(2025, folder=folder).value("9.9", "tot", 2024)
    printed = parse_cell(cells[-1])
    if printed.kind in SILENT or (printed.kind is Kind.NUMBER and shown.verdict != "avviker"):
        assert format_cell(shown) == cells[-1]


@pytest.mark.parametrize(
    ("old", "kind"), [("-10", Kind.IMPOSSIBLE), ("0", Kind.IMPOSSIBLE), ("4", Kind.NUMBER)]
)
def test_growth_from_zero_or_below_cannot_exist(edition, old: str, kind: Kind) -> None:
    descriptor = (
        "columns: [{years: 2024-2025}, {key: v, header: v, relation: {change: siste}}]\nexact: true\n"
    )
    made = edition(f"a;A;{old};5\n", descriptor)
    made.folder.joinpath("tabeller/9.9.csv").write_text(f"rad;navn;2024;2025;v\na;A;{old};5;\n")
    value: Value = made.value("9.9", "a", "v")
    assert value.kind is kind
