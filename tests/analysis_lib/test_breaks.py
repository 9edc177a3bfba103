"""Breaks that no comparison crosses in silence, and the periods that they are dated by."""

from __future__ import annotations

from datetime import date

import pytest

from analysis_lib import (
    Series,
    differanse,
    endring,
    indeks,
    linjer,
    små_multipler,
    stablede_søyler,
    søyler,
)
from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.errors import AnalyseAvvist
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.figures import FigureSpec, ShownFigure

EDITION = Edition(2025)


def test_periods_have_a_first_and_a_last_day() -> None:
    assert (first_day("2025-11-03"), last_day("2025-11")) == (date(2025, 11, 3), date(2025, 11, 30))
    assert in_words("2024-12–2025-01") == "desember 2024–januar 2025"
    with pytest.raises(ValueError, match="er ikke et år"):
        first_day("2025-7")


def test_a_comparison_over_a_break_is_refused_or_says_so() -> None:
    old, new = (EDITION.value("10.1", "alis", year) for year in (2024, 2025))
    for compare in (endring, differanse):
        with pytest.raises(AnalyseAvvist, match="ni måneder, mot tolv") as caught:
            compare(old, new)
        assert caught.value.reason == "brudd i serien"
        shown = compare(old, new, brudd="vis")
        assert "ni måneder" in shown.note
        assert "alis_runde_2025" not in {side.at.id for side in shown.sides}, "said once, not carried along"
    with pytest.raises(AnalyseAvvist):
        indeks(Series("ALIS", {2024: old, 2025: new}), 2024)


def test_a_break_follows_what_is_computed_from_the_series() -> None:
    everybody, doctors = (
        {year: EDITION.value("10.1", row, year) for year in (2024, 2025)} for row in ("unike", "alis")
    )
    each = {year: differanse(doctors[year], everybody[year]) for year in everybody}
    with pytest.raises(AnalyseAvvist):
        endring(each[2024], each[2025])


def test_other_series_and_one_side_of_a_break_are_compared_as_before() -> None:
    assert endring(EDITION.value("8.1", "totalt", 2024), EDITION.value("8.1", "totalt", 2025)).note == ""
    assert endring(EDITION.fact("16", "form_tekst"), EDITION.fact("16", "form_telefon")).note == ""
    with pytest.raises(AnalyseAvvist, match="nasjonal ordning"):
        endring(EDITION.fact("sammendrag", "alis_2021"), EDITION.fact("sammendrag", "alis_2025"))


def test_a_line_over_a_break_is_refused_or_ends_there_with_the_break_named() -> None:
    doctors = Series("Leger", {year: EDITION.value("10.1", "alis", year) for year in range(2022, 2026)})
    for draw in (linjer, små_multipler, stablede_søyler):
        with pytest.raises(AnalyseAvvist, match="tolv måneder, mot ti"):
            draw([doctors, doctors.kalt("Igjen")])
    with pytest.raises(AnalyseAvvist, match="tolv måneder, mot ti"):
        søyler(doctors)
    chart = linjer([doctors], brudd="vis")
    years = [
        [x for x, y in zip(*line.get_data(), strict=True) if y == y] for line in chart.figure.axes[0].lines
    ]
    assert [found for found in years if len(found) in (1, 2)][:3] == [[2022, 2023], [2024], [2025]]
    assert "Markert: Brudd (2024) og Brudd (2025)" in chart.alt
    shown = ShownFigure("10.A", FigureSpec(title="Leger", sources=("Helsedirektoratet",)), chart)
    assert shown.payload.note.startswith("Brudd i serien, 2024: avtaleperioden")
