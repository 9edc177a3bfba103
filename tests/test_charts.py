"""Charts: what each form accepts, says in words, and puts in the table beside it."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Source, Value
from analysis_lib.present.charts import (
    fylkeskart,
    linjer,
    prikker,
    små_multipler,
    stablede_søyler,
    stolper,
    søyler,
)
from analysis_lib.present.charts.base import spread
from analysis_lib.present.charts.tiles import COUNTIES
from analysis_lib.present.figures import data_table
from analysis_lib.present.series import Series


def number(point: float | None, unit: str = "leger") -> Value:
    exact = None if point is None else Fraction(point).limit_denominator(1000)
    return Value(
        identity=f"prøve/{point}",
        label="Prøve",
        kind=Kind.NOT_AVAILABLE if exact is None else Kind.NUMBER,
        point=exact,
        interval=None if exact is None else Interval.exact(exact),
        unit=unit,
        decimals=0,
        origin=Source("Prøve", "Prøve", "prøve.csv", "0" * 64, "Test", 1, str(point)),
    )


def series(label: str, *points: float | None, start: int = 2020, unit: str = "leger") -> Series:
    return Series(label, {start + i: number(point, unit) for i, point in enumerate(points)})


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(1, 20))
def test_labels_never_overlap(heights: list[float], step: float) -> None:
    labels = sorted((height, "", "") for height in heights)
    placed = spread(labels, step)
    assert all(b - a >= step - 1e-9 for a, b in pairwise(placed))
    assert all(place >= height for place, (height, _, _) in zip(placed, labels, strict=True))


@pytest.mark.parametrize(
    ("chart", "says"),
    [
        (lambda: linjer([series("A", 1, 5, 3)]), "A: 1 i 2020, 3 i 2022, høyest i 2021 med 5."),
        (lambda: linjer([series("A", 1, None, 3)]), "A: 1 i 2020, 3 i 2022."),
        (lambda: søyler(series("A", -2, 4)), "A: −2 i 2020, 4 i 2021."),
        (lambda: stablede_søyler([series("A", 1, 2), series("B", 3, 4)]), "B: 3 i 2020 og 4 i 2021."),
        (lambda: stolper({"a": number(1), "b": number(7)}), "b 7 og a 1."),
        (lambda: stolper({"jan": number(1), "feb": number(7)}, sorter=False), "jan 1 og feb 7."),
        (lambda: prikker({"A": {"før": number(1), "nå": number(2)}}), "A: 1 (før) og 2 (nå)."),
        (lambda: små_multipler([series(str(i), i, i + 1) for i in range(7)]), "6: 6 i 2020, 7 i 2021."),
        (
            lambda: fylkeskart({"Oslo": number(9), "Agder": number(2), "Troms": number(None)}),
            "Høyest er Oslo med 9, lavest er Agder med 2.",
        ),
    ],
)
def test_the_alt_text_says_what_the_chart_shows(chart, says: str) -> None:
    drawn = chart()
    assert says in drawn.alt
    drawn.figure.canvas.draw()


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        (lambda: linjer([series(str(i), 1, 2) for i in range(6)]), "flere enn 5"),
        (lambda: linjer([series("A", 1), series("B", 1, unit="kroner")]), "ulike enheter: kroner og leger"),
        (lambda: stolper({"a": number(None)}), "ingen av tallene"),
        (lambda: prikker({"A": {"før": number(1)}}), "to til 4 gruppene"),
        (lambda: fylkeskart({"Olso": number(1)}), "Mente du «Oslo»"),
        (lambda: linjer([]), "har ingen tall"),
    ],
)
def test_what_cannot_be_drawn_is_refused(chart, message: str) -> None:
    with pytest.raises(NotatbokFeil, match=message):
        chart()


def test_a_year_without_a_number_breaks_the_line() -> None:
    axes = linjer([series("A", 1, None, 3)]).figure.axes[0]
    drawn = axes.lines[0].get_ydata()
    assert [y != y for y in drawn] == [False, True, False]


def test_the_table_beside_a_chart_has_every_number() -> None:
    table = data_table(linjer([series("A", 1, None, 3), series("B", 4, 5, 6)]))
    assert [column["label"] for column in table["columns"]] == ["2020", "2021", "2022"]
    assert [[cell["text"] for cell in row["cells"]] for row in table["rows"]] == [
        ["1", "..", "3"],
        ["4", "5", "6"],
    ]


def test_the_map_has_the_fifteen_counties_each_in_its_own_square() -> None:
    assert len(COUNTIES) == len(set(COUNTIES.values())) == 15
