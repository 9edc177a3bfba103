"""Pictures of evaluations: points first, what happened when, and what a model leaves over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from analysis_lib.data.breaks import Break, Side
from analysis_lib.data.periods import Frequency, Period
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Computation, Value
from analysis_lib.present.charts import Chart
from analysis_lib.present.charts.base import GREY, HEIGHT, PALETTE
from analysis_lib.present.figures import data_table
from evaluation import (
    autokorrelasjon,
    forløp,
    hendelsesforløp,
    innflytelse,
    plasebofordeling,
    residualplott,
    traktplott,
)
from evaluation.basis.estimate import wald
from evaluation.basis.requirements import autocorrelations
from evaluation.methods.few_points import growth
from evaluation.methods.funnel import funnel_proportions
from evaluation.methods.its_continuous import its_continuous
from evaluation.methods.its_counts import controlled_its_counts, its_counts
from evaluation.methods.placebo import Study, SyntheticEffect, synthetic_effect
from evaluation.methods.staggered import EventStudy
from evaluation.pictures.model_check import without_each
from evaluation.pictures.shared import Timeline
from evaluation.register import CoIntervention, Measure, Start
from tests.analysis_lib.test_charts import boxes, number, series

Draw = Callable[[], Chart]
MONTHS = [f"2026-{month:02d}" for month in range(1, 6)]
CONTACTS = growth([1000, 1105, 1195, 1340, 1400], [21, 20, 22, 21, 19], range(1, 6))
BEFORE_AND_AFTER = [100, 110, 95, 105, 70, 78, 66, 74]
STEP = its_counts(BEFORE_AND_AFTER, [1.0] * 8, range(2011, 2019), 2015)
COMPARED = controlled_its_counts(
    BEFORE_AND_AFTER, [1.0] * 8, [90, 95, 88, 92, 94, 90, 96, 91], [1.0] * 8, range(8), 4
)
LEVEL = its_continuous([10, 11.2, 11.9, 13.1, 18.3, 18.9, 19.6, 21.4], range(2016, 2024), 2020)
FUNNEL = funnel_proportions([10, 12, 9, 11, 8, 10, 13, 7, 10, 30], [100] * 10, target=0.1)


def months(*points: float | None) -> dict[str, Value]:
    return {month: number(point) for month, point in zip(MONTHS, points, strict=False)}


def event_study(*values: float, base: str = "varying") -> EventStudy:
    since = tuple(range(-2, len(values) - 2))
    effects = tuple(wald(value, 0.1, "") for value in values)
    return EventStudy(since, effects, np.eye(len(since)) / 100, 2.5, wald(1.0, 0.1, ""), base)


OUTCOMES = np.random.default_rng(1).normal(0, 1, (12, 12)).cumsum(axis=0)
STUDY = Study(tuple("abcdefghijkl"), "a", np.arange(12), OUTCOMES, OUTCOMES[:8], 8, 0, 7)


def placebos(**ratios: float) -> SyntheticEffect:
    """An effect against a synthetic control, with the ratios of the units."""
    made = synthetic_effect(STUDY, starts=4, placebos=False)
    own = ratios.pop("own")
    rank = 1 + sum(ratio >= own for ratio in ratios.values())
    return replace(made, ranked_ratio=own, placebo_ratios=ratios, rank=rank, n=len(ratios) + 1)


def points_drawn(chart: Chart) -> list[tuple[float, float]]:
    return [tuple(at) for group in chart.figure.axes[0].collections for at in np.asarray(group.get_offsets())]


# The course of events


def test_points_are_drawn_first_and_strongest_and_the_line_is_grey_and_named() -> None:
    chart = forløp(months(74, 110, 165, 230, 235), modell=[80, 110, 150, 205, 270], navn="Kontakter")
    axes = chart.figure.axes[0]
    (points,) = axes.collections
    line = axes.lines[0]
    assert points.get_zorder() > line.get_zorder()
    assert tuple(np.asarray(points.get_facecolor())[0][:3]) == pytest.approx(to_rgb(PALETTE[0]))
    assert line.get_color() == GREY
    assert {"modell", "Kontakter\u00a0235"} <= {text.get_text() for text in axes.texts}
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "jan. 2026",
        "feb. 2026",
        "mars 2026",
        "apr. 2026",
        "mai 2026",
    ]


def test_the_alt_text_tells_points_line_uncertainty_and_what_happened() -> None:
    chart = forløp(
        months(74, 110, 165, 230, 235),
        modell=[80, 110, 150, 205, 270],
        nedre=[70, 100, 140, 190, 250],
        øvre=[90, 120, 160, 220, 290],
        oppstart={"2026-01-01": "Delegering"},
        samtidig={"2026-04": "krav om video", "2024": "utenfor"},
        navn="Kontakter",
        metode="kvasi-Poisson",
    )
    assert chart.alt == (
        "Punkter for januar–mai 2026, leger. Kontakter: 74 i januar 2026, 235 i mai 2026. "
        "Modellens linje (kvasi-Poisson): 80 i januar 2026, 270 i mai 2026. "
        "Usikkerhet i mai 2026: 250 til 290. "
        "Oppstart: Delegering (1. januar 2026). Samtidig: krav om video (april 2026)."
    )


def test_the_table_beside_has_the_line_whose_numbers_lead_back_to_the_points() -> None:
    chart = forløp(
        months(10, 20), modell=[11, None], nedre=[9, None], øvre=[12, None], navn="A", metode="OLS"
    )
    table = data_table(chart)
    assert [(row.label, [cell.text for cell in row.cells]) for row in table.rows] == [
        ("A", ["10", "20"]),
        ("modell", ["11", ".."]),
        ("modell, nedre grense", ["9", ".."]),
        ("modell, øvre grense", ["12", ".."]),
    ]
    origin = chart.rows["modell"]["jan. 2026"].origin
    assert isinstance(origin, Computation)
    assert (origin.how, [float(term) for term in origin.terms]) == ("OLS", [10.0, 20.0])


def test_a_registered_break_interrupts_the_line_and_is_named() -> None:
    at = Break(id="b", series=("x",), start="2022", what="tolv måneder, mot ti før", source="Kilden")
    values = {y: replace(number(y - 2010), sides=(Side(at, y >= 2022),)) for y in range(2020, 2024)}
    chart = forløp(values, modell=[10, 11, 12, 13], nedre=[9, 10, 11, 12], øvre=[11, 12, 13, 14])
    axes = chart.figure.axes[0]
    pieces = [
        list(line.get_xdata())
        for line in axes.lines
        if line.get_color() == GREY and len(line.get_xdata()) == 2
    ]
    assert [2020, 2021] in pieces
    assert [2022, 2023] in pieces
    assert 2021.5 in [line.get_xdata()[0] for line in axes.lines]
    assert "Brudd i serien: tolv måneder, mot ti før (2022)." in chart.alt


def test_a_measure_marks_its_starts_and_what_else_happened() -> None:
    measure = Measure(
        id="m",
        name="Tiltaket",
        outcome="x",
        data="x",
        start=[Start(when="2021"), Start(when="2022-07", place="Oslo")],
        co_interventions=[CoIntervention(what="en reform", when="2021"), CoIntervention(what="uten tid")],
    )
    chart = forløp(series("A", 1, 2, 3, 4), tiltak=measure)
    named = {text.get_text() for text in chart.figure.axes[0].texts}
    assert {"Oppstart: Tiltaket", "Oppstart: Oslo", "en reform"} <= named
    assert "uten tid" not in chart.alt
    assert not any(a.overlaps(b) for a, b in combinations(boxes(chart), 2))


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.sampled_from(list(Frequency)[:-1]))
def test_a_day_falls_in_the_half_step_about_its_period(day: date, frequency: Frequency) -> None:
    axis, period = Timeline(frequency), Period.at(day, frequency)
    number = axis.number(str(period))
    assert -0.5 <= axis.edge(day) - number < 0.5
    assert axis.reach(str(period)) == (number - 0.5,) * 2
    assert axis.period(number) == period


@pytest.mark.parametrize(
    "chart",
    [
        lambda: forløp(months(5), modell=[5], nedre=[4], øvre=[6], oppstart={"2026-01": "Start"}),
        lambda: forløp({2019: number(4), 2025: number(9)}, modell=[4, 9]),
        lambda: forløp(months(5, None, 7), modell=[float("nan"), 6, float("inf")]),
        lambda: forløp(months(5, 6), modell=[None, None], brudd={"2026-02": ""}),
        lambda: forløp(months(0, 0, 0), fra_null=True),
        lambda: forløp({"2025K4": number(5), "2026K1": number(6)}, oppstart={"2026": "Start"}),
        lambda: forløp(
            {str(p): number(i) for i, p in enumerate(pd.period_range("2019-03", periods=70, freq="M"))}
        ),
    ],
)
def test_thin_input_is_drawn(chart: Draw) -> None:
    drawn = chart()
    drawn.figure.canvas.draw()
    assert drawn.figure.get_figheight() <= HEIGHT
    assert data_table(drawn).rows


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        (lambda: forløp({}), "ingen tall"),
        (lambda: forløp(months(None)), "ingen av seriene har tall"),
        (lambda: forløp(months(1, 2), modell=[1]), "«modell» har 1 tall, men figuren har 2 punkter"),
        (lambda: forløp(months(1), modell=[1], nedre=[0]), "både nedre og øvre"),
        (
            lambda: forløp(months(1), modell=[1], nedre=[2], øvre=[0]),
            "nedre grense er over øvre i januar 2026",
        ),
        (lambda: forløp({"jan": number(1)}), "«jan» er ikke et år"),
        (lambda: forløp({"2026-13": number(1)}), "«2026-13» er en ugyldig dato"),
        (lambda: forløp({"2026": number(1), "2026-01": number(1)}), "enten år .* eller måneder"),
        (lambda: forløp(months(1), oppstart={"i fjor": "x"}), "«i fjor» er ikke"),
        (lambda: forløp({2025: number(1), 2026: number(1, "kroner")}), "ulike enheter"),
        (lambda: residualplott([1, 2]), "Growth, .* ikke av «list»"),
        (lambda: residualplott(CONTACTS, perioder=MONTHS[:4]), "4 ulike perioder .* 5 punkter"),
        (lambda: innflytelse(STEP, ledd="trin"), "Mente du «trinn»"),
        (lambda: hendelsesforløp(CONTACTS), "EventStudy"),
        (lambda: plasebofordeling(CONTACTS), "SyntheticEffect"),
        (lambda: traktplott(FUNNEL, navn=["a"]), "1 ulike navn .* 10 enheter"),
    ],
)
def test_what_cannot_be_drawn_is_refused(chart: Draw, message: str) -> None:
    with pytest.raises(NotatbokFeil, match=message):
        chart()


# Diagnostics


def test_residuals_are_drawn_as_the_model_has_them() -> None:
    chart = residualplott(CONTACTS, perioder=MONTHS)
    left, right = chart.figure.axes
    for axes, across in ((left, CONTACTS.fit.fitted), (right, [12 * 2026 + month for month in range(5)])):
        drawn = np.asarray(axes.collections[-1].get_offsets())
        assert drawn == pytest.approx(np.column_stack([across, CONTACTS.fit.pearson]))
    assert "Størst er avviket i mars 2026" in chart.alt


def test_each_point_is_left_out_in_turn() -> None:
    chart = innflytelse(CONTACTS, perioder=MONTHS)
    without_last = growth([1000, 1105, 1195, 1340], [21, 20, 22, 21], range(4)).factor
    assert points_drawn(chart)[-1] == pytest.approx((12 * 2026 + 4, without_last.value))
    assert float(chart.rows["mai 2026"]["Øvre grense"]) == pytest.approx(without_last.high)
    assert "Mest endrer det seg uten mai 2026." in chart.alt


def test_a_point_that_the_rest_cannot_do_without_is_named() -> None:
    alone = its_counts([5, 0, 6, 0, 0, 7, 0], [1.0] * 7, range(2001, 2008), 2004).fit
    assert [e is None for e in without_each(alone, "trinn")].count(True) == 1
    chart = innflytelse(alone, perioder=range(2001, 2008), ledd="trinn")
    assert "Uten 2006 kan det ikke beregnes." in chart.alt
    assert data_table(chart).rows[6].cells[0].text == ".."


def test_autocorrelation_is_zero_where_nothing_varies() -> None:
    assert autocorrelations(np.zeros(5), 2).tolist() == [0.0, 0.0]
    assert "±0,693." in autokorrelasjon(STEP).alt


@pytest.mark.parametrize(
    ("chart", "says"),
    [
        (lambda: residualplott(COMPARED), "Størst er avviket i 2 (eksponert)"),
        (lambda: residualplott(LEVEL.fit, perioder=range(2016, 2024)), "Avvik fra modellen for 2016–2023"),
        (lambda: autokorrelasjon(COMPARED), "Autokorrelasjon, eksponert: "),
        (lambda: innflytelse(COMPARED), "Estimatet for leddet gruppe × trinn uten hvert punkt"),
        (lambda: innflytelse(LEVEL, ledd="helning"), "leddet helning"),
        (
            lambda: hendelsesforløp(event_study(0.1, 0.4, 1.0, 0.1), periode="måneder"),
            "Før oppstart er båndet unna null ved −1. Fra oppstart er båndet unna null ved 0.",
        ),
        (lambda: hendelsesforløp(event_study(0.1, 0.1)), "Før oppstart holder båndet alltid null."),
        (lambda: plasebofordeling(placebos(own=9.0, b=1.0, c=20.0)), "Minst like stort forhold har c."),
        (lambda: plasebofordeling(placebos(own=9e5, b=1.0, c=0.1)), "p kan ikke bli lavere enn 1 av 3"),
        (lambda: plasebofordeling(placebos(own=9.0, b=float("inf"))), "Uten øvre ende: b."),
        (lambda: plasebofordeling(placebos(own=float("nan"))), "plaseboer er ikke regnet ut"),
        (lambda: traktplott(FUNNEL, navn=list("abcdefghij")), "Over grensen på 99,8 %: j."),
    ],
)
def test_the_alt_text_says_what_the_picture_shows(chart: Draw, says: str) -> None:
    drawn = chart()
    drawn.figure.canvas.draw()
    assert says in drawn.alt
    assert data_table(drawn).rows
    assert not any(a.overlaps(b) for a, b in combinations(boxes(drawn), 2))


def test_changes_before_the_start_are_hollow_and_the_wide_bar_holds_all_at_once() -> None:
    study = event_study(0.1, -0.1, 1.0)
    axes: Any = hendelsesforløp(study).figure.axes[0]
    wide = axes.collections[0]
    assert [tuple(segment[:, 1]) for segment in wide.get_segments()] == [study.band(s) for s in study.since]
    after, before = axes.collections[-2:]
    white, blue = (1.0, 1.0, 1.0), pytest.approx(to_rgb(PALETTE[0]))
    assert (tuple(after.get_facecolor()[0][:3]), tuple(before.get_facecolor()[0][:3])) == (blue, white)
    assert (len(after.get_offsets()), len(before.get_offsets())) == (1, 2)


def test_the_marked_placebo_stands_where_the_ranking_has_it() -> None:
    ranked = synthetic_effect(STUDY, starts=4, placebo_starts=2)
    names = list(plasebofordeling(ranked, navn="a").rows)
    assert len(names) == 12
    assert names.index("a") + 1 == ranked.rank


def test_a_chart_shows_itself_in_a_notebook_with_its_alt_text() -> None:
    bundle = traktplott(FUNNEL)._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="Traktplott av 10 enheter, andel, om 0,100;' in bundle["text/html"]


def test_the_band_of_a_line_is_narrowest_where_the_points_are() -> None:
    low, high = CONTACTS.fit.band()
    assert np.all(low < CONTACTS.fit.fitted)
    assert np.argmin(np.log(high / low)) == 2
    below, above = LEVEL.fit.band()
    assert (below + above) / 2 == pytest.approx(LEVEL.fit.fitted)
