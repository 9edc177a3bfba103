"""Charts: what each form accepts, says in words, puts in the table beside it, and never overlaps."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Source, Value
from analysis_lib.present.charts import (
    Chart,
    bokser,
    fylkeskart,
    linjer,
    paneler,
    prikker,
    små_multipler,
    stablede_søyler,
    stolper,
    søyler,
)
from analysis_lib.present.charts.base import GREY, HEIGHT, PALETTE, ink_on, luminance
from analysis_lib.present.charts.labels import spread, text_width
from analysis_lib.present.charts.tiles import CLASSES, COUNTIES, class_limits, hues
from analysis_lib.present.figures import data_table

Draw = Callable[[], Chart]


def number(point: float | None, unit: str = "leger", decimals: int = 0) -> Value:
    exact = None if point is None else Fraction(point).limit_denominator(1000)
    return Value(
        identity=f"prøve/{point}",
        label="Prøve",
        kind=Kind.NOT_AVAILABLE if exact is None else Kind.NUMBER,
        point=exact,
        interval=None if exact is None else Interval.exact(exact),
        unit=unit,
        decimals=decimals,
        origin=Source("Prøve", "Prøve", "prøve.csv", "0" * 64, "Test", 1, str(point)),
    )


def series(label: str, *points: float | None, start: int = 2020, unit: str = "leger") -> Series:
    return Series(label, {start + i: number(point, unit) for i, point in enumerate(points)})


def numbers(**points: float | None) -> dict[str, Value]:
    return {label: number(point) for label, point in points.items()}


def boxes(chart: Chart) -> list[Any]:
    """Where every text stands, shrunk by a hair: labels may touch."""
    return [box for axes in chart.figure.axes for box in boxes_of(chart, axes)]


def boxes_of(chart: Chart, axes: Any) -> list[Any]:
    """The same in one set of axes."""
    chart.figure.canvas.draw()
    texts = [text for text in axes.texts if text.get_text()]
    return [text.get_window_extent().shrunk(0.98, 0.75) for text in texts]


# Labels


@given(st.lists(st.floats(-50, 150), min_size=1, max_size=8), st.floats(1, 12))
def test_labels_are_moved_apart_in_their_order_and_stay_within(wanted: list[float], size: float) -> None:
    placed = spread(wanted, [size] * len(wanted), 0, 100)
    in_order = [placed[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert all(b - a >= size - 1e-6 for a, b in pairwise(in_order))
    assert all(size / 2 - 1e-6 <= place <= 100 - size / 2 + 1e-6 for place in placed)


@given(st.lists(st.integers(0, 90), min_size=2, max_size=5, unique=True))
def test_labels_with_room_stay_where_they_belong(wanted: list[int]) -> None:
    apart = [20.0 * place for place in wanted]
    assert spread(apart, [15] * len(apart), -100, 2000) == pytest.approx(apart)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5))
def test_no_label_of_a_drawing_overlaps_another(ends: list[tuple[int, int]]) -> None:
    names = ("Kort", "En serie med et langt navn som må brytes", "Legevakt")
    lines = [series(f"{names[i % 3]} {i}", a, b) for i, (a, b) in enumerate(ends)]
    chart = linjer(lines)
    drawn = boxes(chart)
    assert not any(a.overlaps(b) for a, b in combinations(drawn, 2))
    page = chart.figure.bbox.padded(1)
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 for box in drawn)


def test_marks_stand_over_the_drawing_without_touching() -> None:
    marks = {(2020, 2021): "Pandemi", 2021: "En reform med langt navn", 2022: "Nytt takstsystem"}
    chart = linjer([series("A", 1, 2, 3, 4)], markeringer={**marks, 1999: "Utenfor"})
    assert not any(a.overlaps(b) for a, b in combinations(boxes(chart), 2))
    assert "Markert: Pandemi (2020–2021), En reform med langt navn (2021) og Nytt takst" in chart.alt
    assert "Utenfor" not in chart.alt


# Words


@pytest.mark.parametrize(
    ("chart", "says"),
    [
        (lambda: linjer([series("A", 1, 5, 3)]), "A: 1 i 2020, 3 i 2022, høyest i 2021 med 5."),
        (lambda: linjer([series("A", 1, None, 3)]), "A: 1 i 2020, 3 i 2022, uten tall i 2021."),
        (lambda: linjer([series("A", 1, 2), series("B", None, None)]), "B: ingen tall."),
        (lambda: søyler(series("A", -2, 4)), "A: −2 i 2020, 4 i 2021."),
        (lambda: søyler(series("A", 1, None, 4)), "A: 1 i 2020, uten tall i 2021, 4 i 2022."),
        (lambda: stablede_søyler([series("A", 1, 2), series("B", 3, 4)]), "B: 3 i 2020 og 4 i 2021."),
        (lambda: stablede_søyler([series("A", 1, 2), series("B", 3, None)]), "tall mangler: 2021."),
        (
            lambda: stablede_søyler([series("A", 5, -2), series("B", 1, 3)]),
            "A: 5 i 2020 og −2 i 2021. B: 1 i 2020 og 3 i 2021. Sum av delene: 6",
        ),
        (lambda: stolper(numbers(a=1, b=7)), "fra størst til minst: b 7 og a 1."),
        (lambda: stolper(numbers(a=1, b=None)), "leger: a 1. Uten tall: b."),
        (lambda: stolper(numbers(jan=1, feb=7), sorter=False), "jan 1 og feb 7. Høyest er feb med 7"),
        (lambda: prikker({"A": numbers(før=1, nå=2)}), "A: 1 (før) og 2 (nå)."),
        (lambda: prikker({"A": numbers(x=1, y=2), "B": numbers(x=9, y=3)}), "størst for B."),
        (lambda: små_multipler([series(str(i), i, i + 1) for i in range(7)]), "6: 6 i 2020, 7 i 2021."),
        (
            lambda: bokser({"": {"1": numbers(a=1, b=2, c=5, d=6, e=9)}}),
            "1: median 5, halvparten mellom 2 og 6, a 1 og e 9",
        ),
        (
            lambda: paneler({"K": {"a": numbers(x=1, y=2)}, "M": {"a": numbers(x=3, y=5)}}),
            "høyest er M med 5",
        ),
        (lambda: fylkeskart(numbers(Oslo=9, Agder=2)), "Høyest er Oslo med 9, lavest er Agder med 2."),
        (lambda: fylkeskart(numbers(Oslo=9, Agder=9)), "Alle har 9. Uten tall: Troms, Finnmark"),
    ],
)
def test_the_alt_text_says_what_the_chart_shows(chart: Draw, says: str) -> None:
    drawn = chart()
    assert says in drawn.alt
    assert "\u00a0" not in drawn.alt
    drawn.figure.canvas.draw()


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from(sorted(COUNTIES)), st.none() | st.integers(-500, 5000), min_size=2, max_size=15
    ).filter(lambda points: len({point for point in points.values() if point is not None}) > 1)
)
def test_the_alt_text_names_the_true_maximum(points: dict[str, int | None]) -> None:
    values = {name: number(point) for name, point in points.items()}
    known = {name: point for name, point in points.items() if point is not None}
    top = max(known, key=lambda name: known[name])
    for alt in (fylkeskart(values).alt, stolper(values, sorter=False).alt):
        named = alt[alt.index("Høyest er ") : alt.index(", lavest er")]
        assert top in named
        assert named.endswith(str(known[top]).replace("-", "−")) or known[top] >= 1000


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        (lambda: linjer([series(str(i), 1, 2) for i in range(6)]), "flere enn 5. Bruk små_multipler"),
        (lambda: linjer([series("A", 1), series("B", 1, unit="kroner")]), "ulike enheter: kroner og leger"),
        (lambda: linjer([series("A", 1), series("A", 2)]), "flere serier heter «A»"),
        (lambda: linjer([series("A", None)]), "ingen av seriene har tall"),
        (lambda: linjer([]), "har ingen tall"),
        (lambda: linjer([series("A", 1)], bånd={"a": (series("l", 0), series("h", 2))}), "Gyldige: A"),
        (lambda: stablede_søyler([series("A", 1), series("B", None)]), "ingen år har tall for alle delene"),
        (lambda: stolper(numbers(a=None)), "ingen av tallene"),
        (lambda: prikker({"A": numbers(før=1)}), "to til 4 gruppene"),
        (lambda: små_multipler([series("A", 1)]), "2–12 serier, ikke 1"),
        (lambda: bokser({"": {"A": numbers(median=2)}}), "de samme fem tallene"),
        (lambda: paneler({str(i): {"a": numbers(x=1)} for i in range(17)}), "17 paneler"),
        (lambda: paneler({"A": {"a": numbers(x=1)}, "B": {"b": numbers(x=1)}}), "«B» har andre serier"),
        (lambda: fylkeskart({"Olso": number(1)}), "Mente du «Oslo»"),
    ],
)
def test_what_cannot_be_drawn_is_refused(chart: Draw, message: str) -> None:
    with pytest.raises(NotatbokFeil, match=message):
        chart()


# Drawing


def test_a_year_without_a_number_breaks_the_line_and_a_lone_point_is_marked() -> None:
    line = linjer([series("A", 1, None, 3)]).figure.axes[0].lines[0]
    assert [y != y for y in line.get_ydata()] == [False, True, False]
    assert line.get_marker() == "o"


def test_an_axis_from_zero_begins_there_and_cuts_no_point() -> None:
    for chart in (
        linjer([series("A", 1, 100)], fra_null=True),
        små_multipler([series("A", 1, 100), series("B", 2, 3)], fra_null=True),
    ):
        low, high = chart.figure.axes[0].get_ylim()
        assert low == 0
        assert high > 100


def test_no_number_of_a_panel_stands_among_the_years() -> None:
    chart = små_multipler([series("A", 10, 90, 30), series("B", 3, None, 61)], fra_null=True)
    assert all(box.y0 >= axes.bbox.y0 for axes in chart.figure.axes for box in boxes_of(chart, axes))


def test_bars_and_columns_begin_at_zero() -> None:
    for chart in (stolper(numbers(a=100, b=101)), søyler(series("A", 100, 101))):
        assert all(0 in (bar.get_x(), bar.get_y()) for bar in chart.figure.axes[0].patches)
    low, high = søyler(series("A", 100, 101)).figure.axes[0].get_ylim()
    assert low == 0 < high


def test_negative_parts_are_stacked_down_from_zero_and_the_sum_is_told() -> None:
    """The small table::

           2020   2021
    A         4     −3
    B         2      5
    C        −1     −2
    Sum       5      0
    """
    chart = stablede_søyler([series("A", 4, -3), series("B", 2, 5), series("C", -1, -2)])
    axes = chart.figure.axes[0]
    assert [(bar.get_y(), bar.get_y() + bar.get_height()) for bar in axes.patches] == [
        (0, 4),
        (0, -3),
        (4, 6),
        (0, 5),
        (0, -1),
        (-3, -5),
    ]
    low, high = axes.get_ylim()
    assert low < -5 < 6 < high
    sums = [line[:, 1].tolist() for line in axes.collections[-1].get_segments()]
    assert sums == [[5, 5], [0, 0]]
    assert [cell.text for cell in data_table(chart).rows[-1].cells] == ["5", "0"]
    assert data_table(chart).rows[-1].label == "Sum av delene"


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=1, max_size=6))
def test_the_labels_of_a_stack_never_overlap_and_every_part_is_within_the_axes(
    parts: list[tuple[int, int]],
) -> None:
    chart = stablede_søyler([series(f"En del med navn {i}", *part) for i, part in enumerate(parts)])
    assert not any(a.overlaps(b) for a, b in combinations(boxes(chart), 2))
    axes = chart.figure.axes[0]
    low, high = axes.get_ylim()
    assert all(
        low <= end <= high for bar in axes.patches for end in (bar.get_y(), bar.get_y() + bar.get_height())
    )


@pytest.mark.parametrize(
    "chart",
    [
        lambda: linjer([series("A", 1, 2)], markeringer={2021: "reform"}),
        lambda: søyler(series("A", *range(1, 12))),
        lambda: stablede_søyler([series("A", 1, 2)]),
        lambda: stolper({f"Kategori {i}": number(i) for i in range(9)}),
        lambda: prikker({f"Kategori {i}": numbers(a=i, b=2) for i in range(8)}),
        lambda: små_multipler([series(f"Serie {i}", i, 5) for i in range(8)]),
    ],
)
def test_a_chart_is_at_most_70_mm_high_at_text_width(chart: Draw) -> None:
    assert chart().figure.get_figheight() <= HEIGHT


def test_the_classes_of_a_map_are_round_and_hold_every_number() -> None:
    values = [number(point, decimals=1) for point in (9.6, 12.4, 19.8)]
    assert class_limits(values) == [9, 12, 15, 18, 21]
    assert class_limits([number(7)]) == [7, 8]
    assert len(COUNTIES) == len(set(COUNTIES.values())) == 15


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=15))
def test_a_map_has_at_most_five_classes(points: list[int]) -> None:
    limits = class_limits([number(point) for point in points])
    assert limits[0] <= min(points) <= max(points) < limits[-1]
    assert len(set(hues(len(limits) - 1))) == len(limits) - 1 <= 5


def test_every_text_can_be_read_on_its_ground() -> None:
    for color in (*CLASSES, *PALETTE[:5]):
        ink = "#ffffff" if ink_on(color) == "white" else ink_on(color)
        high, low = sorted((luminance(color), luminance(ink)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, color
    assert 1.05 / (luminance(GREY) + 0.05) >= 4.5


def test_widths_are_measured_in_points() -> None:
    assert text_width("to ord\nen lengre linje") == text_width("en lengre linje") > text_width("to ord") > 20


# The table beside


def test_the_table_beside_a_chart_has_every_number_and_explains_its_signs() -> None:
    table = data_table(linjer([series("A", 1, None, 3), series("B", 4, 5, 6)]))
    assert [column.label for column in table.columns] == ["2020", "2021", "2022"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["1", "..", "3"],
        ["4", "5", "6"],
    ]
    assert table.signs == (("..", "tall finnes ikke"),)


def test_many_years_go_down_and_the_limits_of_a_band_are_in_the_table() -> None:
    line, low, high = series("A", *range(14)), series("lav", *range(14)), series("høy", *range(1, 15))
    table = data_table(linjer([line], bånd={"A": (low, high)}))
    assert [column.label for column in table.columns] == ["A", "A, nedre grense", "A, øvre grense"]
    assert [row.label for row in table.rows][:2] == ["2020", "2021"]
    assert len(table.rows) == 14


def test_a_table_of_categories_is_in_the_order_of_the_bars() -> None:
    table = data_table(stolper(numbers(a=1, b=None, c=3), kolonne="Antall"))
    assert [(row.label, row.cells[0].text) for row in table.rows] == [
        ("c", "3"),
        ("a", "1"),
        ("b", ".."),
    ]
    assert [column.label for column in table.columns] == ["Antall"]
