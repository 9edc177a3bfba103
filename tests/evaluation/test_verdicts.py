"""The contract: three answers, complete or not at all, and words of cause only where they are carried."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import AnalyseAvvist
from evaluation.basis.requirements import Strength
from evaluation.basis.said import interval, joined, plain
from evaluation.methods.did import two_by_two
from evaluation.methods.few_points import extrapolate, growth
from evaluation.methods.its_continuous import controlled_its, its_continuous
from evaluation.methods.its_counts import controlled_its_counts, its_counts
from evaluation.methods.panel import simulated_panel
from evaluation.methods.placebo import Study, synthetic_effect
from evaluation.methods.sensitivity import relative_magnitudes
from evaluation.methods.staggered import callaway_santanna
from evaluation.methods.structural import structural_series
from evaluation.verdicts.causal_language import causal_words
from evaluation.verdicts.from_panels import of_staggered, of_synthetic, of_two_by_two
from evaluation.verdicts.from_results import (
    of_controlled_its,
    of_controlled_its_counts,
    of_extrapolation,
    of_growth,
    of_its_continuous,
    of_its_counts,
    of_structural,
)
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict, evaluate

MEASURE = Measure(
    id="delegering",
    name="Delegering til sykepleier",
    outcome="Konsultasjoner per virkedag",
    start="2026-01-01",
    data=("KUHR, januar–mai 2026",),
    exposure_unit="virkedager",
)
RNG = np.random.default_rng(8)


def _staggered(slope: float = 0.0, effect_size: float = 3.0) -> tuple[object, object]:
    data = simulated_panel(
        8, [6.0, np.inf], units=25, periods=10, effect=lambda s: 0 * s + effect_size, drift=slope, noise=0.3
    )
    result = callaway_santanna(data)
    return result, relative_magnitudes(result.event_study)


def test_growth_is_description_with_everything_the_contract_lists() -> None:
    v = of_growth(MEASURE, growth([21000, 22100, 26300, 25460, 26280], [21, 20, 22, 19, 18], range(1, 6)))
    assert v.status is Status.DESCRIPTIVE
    assert not v.carries_cause
    assert (v.points_after, v.exposure) == (5, 100.0)
    assert v.dispersion is not None
    assert v.mde is not None
    assert v.mde > 0
    assert "t(n−p)" in v.se_rule
    assert v.estimate is not None
    assert v.sentence == (
        "Konsultasjoner per virkedag økte med 10,0 prosent per måned "
        f"(95\u00a0% KI for endringen {interval((v.estimate.low - 1) * 100, (v.estimate.high - 1) * 100)}"
        ", 5 punkter)."
    )


def test_slowing_growth_gets_no_rate() -> None:
    v = of_growth(MEASURE, growth([1000, 2000, 3000, 3900, 4500, 4800], [1] * 6, range(6)))
    assert "avtok" in v.sentence
    assert "%" not in v.sentence


def test_unsure_growth_is_called_so() -> None:
    v = of_growth(MEASURE, growth([10, 12, 11, 9, 13], [1] * 5, range(5)))
    assert "ingen sikker vekst" in v.sentence


@pytest.mark.parametrize(
    ("each_side", "status", "strength"),
    [
        (6, Status.DESCRIPTIVE, Strength.NO_VERDICT),
        (12, Status.ESTIMATED, Strength.EXPLORATORY),
        (24, Status.ESTIMATED, Strength.SUPPORTED),
    ],
)
def test_length_decides_what_a_series_may_say(each_side: int, status: Status, strength: Strength) -> None:
    n = 2 * each_side
    y = 100 + RNG.normal(0, 3, n)
    r = its_continuous(y, range(n), each_side)
    one = np.ones(n)
    counted = controlled_its_counts(
        np.round(y), one, np.round(90 + RNG.normal(0, 3, n)), one, range(n), n // 2
    )
    for v in (
        of_controlled_its_counts(MEASURE, counted),
        of_its_continuous(MEASURE, r, unit="per dag"),
        of_its_counts(MEASURE, its_counts(np.round(y), np.ones(n), range(n), each_side)),
        of_controlled_its(
            MEASURE, controlled_its(y, 90 + RNG.normal(0, 3, n), range(n), each_side), unit="poeng"
        ),
    ):
        assert (v.status, v.strength) == (status, strength)
        assert (v.points_before, v.points_after) == (each_side, each_side)
        assert ("Utforskende" in v.sentence) == (strength is Strength.EXPLORATORY)
        assert any(
            any(word in plain(joined([c])) for word in ("vanlige reglene", "autokorrelasjon", "eget nivå"))
            for c in v.caveats
        ) == (v.estimate is not None)
        if status is Status.DESCRIPTIVE:
            assert v.estimate is None, "no verdict, so no number to quote"
            assert "for få" in v.sentence


def test_reml_is_quoted_and_the_usual_three_stand_beside_it() -> None:
    r = its_continuous(100 + RNG.normal(0, 3, 30), range(30), 15)
    v = of_its_continuous(MEASURE, r, unit="poeng")
    assert v.estimate == r.reml.step
    assert "Kenward-Roger" in v.se_rule
    for rule, usual in (("OLS", r.ols), ("Newey-West", r.newey_west), ("Prais-Winsten", r.prais_winsten)):
        assert f"{rule} {interval(usual.step.low, usual.step.high)}" in plain(joined(v.caveats[:1]))


def test_a_step_that_is_not_sure_is_not_said_to_be_a_change() -> None:
    noise = RNG.normal(0, 3, 60)
    jump = noise + np.repeat([0.0, 30.0], 30)
    flat, moved = (
        of_its_continuous(MEASURE, its_continuous(y, range(60), 30), unit="poeng") for y in (noise, jump)
    )
    assert "viser ikke noe sikkert skift" in flat.sentence
    assert "minste skiftet som kunne vært påvist, er" in flat.sentence
    assert "endret nivå etter" in moved.sentence
    assert "sikkert" not in moved.sentence


def test_counts_whose_errors_follow_each_other_are_only_exploratory() -> None:
    rng = np.random.default_rng(4)
    drift = np.zeros(80)
    for i in range(1, 80):
        drift[i] = 0.8 * drift[i - 1] + rng.normal(0, 0.1)
    independent, correlated = rng.poisson(500, 80), rng.poisson(500 * np.exp(drift))
    one = np.ones(80)
    for y, strength in ((independent, Strength.SUPPORTED), (correlated, Strength.EXPLORATORY)):
        assert its_counts(y, one, range(80), 40).strength is strength
        assert controlled_its_counts(y, one, independent[::-1], one, range(80), 40).strength is strength


def test_an_uncontrolled_series_never_names_a_cause() -> None:
    v = of_its_continuous(MEASURE, its_continuous(RNG.normal(size=60), range(60), 30), unit="poeng")
    with pytest.raises(AnalyseAvvist) as caught:
        replace(v, said=("Tiltaket førte til en økning.",))
    assert caught.value.reason == "årsaksord uten dekning"


def test_a_controlled_series_may_until_something_else_happened() -> None:
    r = controlled_its(RNG.normal(size=60), RNG.normal(size=60), range(60), 30)
    v = of_controlled_its(MEASURE, r, unit="poeng")
    assert replace(v, said=("Tiltaket førte til en økning.",)).carries_cause
    busy = Measure.model_validate({**MEASURE.model_dump(), "co_interventions": ["nytt takstår"]})
    assert "nytt takstår" in str(of_controlled_its(busy, r, unit="poeng").caveats[-1])
    with pytest.raises(AnalyseAvvist):
        replace(v, measure=busy, said=("Tiltaket førte til en økning.",))


def test_staggered_adoption_names_a_cause_only_if_trends_could_part() -> None:
    strong = of_staggered(MEASURE, *_staggered(), unit="poeng")  # type: ignore[arg-type]
    assert strong.strength is Strength.SUPPORTED
    assert "effekten" in strong.sentence
    weak = of_staggered(MEASURE, *_staggered(1.2, 0.0), unit="poeng")  # type: ignore[arg-type]
    assert weak.strength is Strength.EXPLORATORY
    assert causal_words(weak.sentence) == ()


def test_two_by_two_is_exploratory() -> None:
    v = of_two_by_two(MEASURE, two_by_two([3.0, 4.0, 5.0], [1.0, 2.0, 1.5]), unit="per dag")
    assert v.strength is Strength.EXPLORATORY
    assert not v.carries_cause
    assert "Welch" in v.se_rule


def test_synthetic_control_and_extrapolation_describe() -> None:
    z = RNG.normal(size=(10, 12)).cumsum(axis=0)
    study = Study(tuple("abcdefghijkl"), "a", np.arange(10), z, z[:7], start=7, fit_from=0, fit_to=6)
    v = of_synthetic(MEASURE, synthetic_effect(study, starts=3, placebo_starts=2), unit="poeng")
    assert v.status is Status.DESCRIPTIVE
    assert "av 12" in v.sentence
    e = of_extrapolation(
        MEASURE, extrapolate([10.0, 20.0], [2023, 2025], 2027, ceiling=100.0), target="i 2027", unit="poeng"
    )
    assert "ingen prognose" in e.sentence
    assert len(e.caveats) == 4


def test_a_refusal_becomes_a_verdict_and_a_bug_does_not() -> None:
    v = evaluate(MEASURE, Design.GROWTH, lambda: of_growth(MEASURE, growth([1, 2], [1, 1], [1, 2])))
    assert v.status is Status.REFUSED
    assert v.reason == "for få punkter"
    assert v.estimate is None
    assert v.sentence.startswith("Delegering til sykepleier kan ikke vurderes med disse dataene: 2 punkter")

    def boast() -> Verdict:
        whole = of_growth(MEASURE, growth([10, 12, 11, 9, 13], [1] * 5, range(5)))
        return replace(whole, said=("Tiltaket førte til vekst.",))

    with pytest.raises(AnalyseAvvist, match="førte til"):
        evaluate(MEASURE, Design.GROWTH, boast)

    def bug() -> Verdict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        evaluate(MEASURE, Design.GROWTH, bug)


@pytest.mark.parametrize(
    "change",
    [
        {"mde": None},
        {"se_rule": ""},
        {"points_before": None},
        {"points_after": None},
        {"estimate": None},
        {"said": ("uten punktum",)},
        {"mde_unit": ""},
        {"measure": Measure.model_validate({**MEASURE.model_dump(), "data": []})},
        {"status": Status.REFUSED, "reason": "x"},
        {"status": Status.DESCRIPTIVE, "reason": ""},
    ],
)
def test_an_incomplete_verdict_does_not_exist(change: dict[str, object]) -> None:
    whole = of_its_continuous(MEASURE, its_continuous(RNG.normal(size=60), range(60), 30), unit="poeng")
    with pytest.raises(AnalyseAvvist, match="mangler"):
        replace(whole, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "causal"),
    [
        ("Antallet økte etter 1. januar 2026.", False),
        ("Økningen kan ikke tilskrives tiltaket.", False),
        ("Økningen tilskrives tiltaket.", True),
        ("Tiltaket bidro til flere avtaler.", True),
        ("Økningen skyldes tilskuddet.", True),
        ("Flere fikk time som følge av ordningen.", True),
        ("Ordningen ga flere avtaler.", True),
        ("Andelen var høyere samtidig som tilskuddet økte.", False),
        ("Nedgangen kom på grunn av takstendringen.", True),
    ],
)
def test_words_of_cause(sentence: str, causal: bool) -> None:
    assert bool(causal_words(sentence)) is causal


def _falls() -> list[Verdict]:
    """Every verdict of an effect below zero."""
    rng = np.random.default_rng(2)
    drop = np.repeat([0.0, -9.0], 30)
    y, c, one = 100 + rng.normal(0, 2, 60) + drop, 100 + rng.normal(0, 2, 60), np.ones(60)
    whole, other = rng.poisson(300 * (1 + drop / 30)), rng.poisson(300, 60)
    z = rng.normal(size=(10, 12)).cumsum(axis=0)
    z[7:, 0] -= 30
    study = Study(tuple("abcdefghijkl"), "a", np.arange(10), z, z[:7], start=7, fit_from=0, fit_to=6)
    return [
        of_growth(MEASURE, growth(np.round(900 * 0.9 ** np.arange(12)), [1] * 12, range(12))),
        of_its_continuous(MEASURE, its_continuous(y, range(60), 30), unit="pakker"),
        of_controlled_its(MEASURE, controlled_its(y, c, range(60), 30), unit="pakker"),
        of_controlled_its(MEASURE, controlled_its(y[18:42], c[18:42], range(24), 12), unit="pakker"),
        of_controlled_its(MEASURE, controlled_its(c - y - drop, 0 * c + rng.normal(size=60), range(60), 30),
                          unit="pakker"),
        of_structural(MEASURE, structural_series(y, range(60), 30), unit="pakker"),
        of_its_counts(MEASURE, its_counts(whole, one, range(60), 30)),
        of_controlled_its_counts(MEASURE, controlled_its_counts(whole, one, other, one, range(60), 30)),
        of_staggered(MEASURE, *_staggered(0.0, -3.0), unit="poeng"),  # type: ignore[arg-type]
        of_staggered(MEASURE, *_staggered(1.2, -9.0), unit="poeng"),  # type: ignore[arg-type]
        of_two_by_two(MEASURE, two_by_two([-3.0, -4.0, -5.0], [1.0, 2.0, 1.5]), unit="per dag"),
        of_synthetic(MEASURE, synthetic_effect(study, starts=3, placebo_starts=2), unit="poeng"),
    ]  # fmt: skip


def test_a_fall_is_said_in_words_and_never_as_a_minus_beside_them() -> None:
    for sentence in (v.sentence for v in _falls()):
        assert not re.search(r"(?:med|snitt|lå|ble|er|ned|økte) −", sentence), sentence
        # A minus stands at the end of an interval, or as a plain difference; nothing is «more than» by it.
        assert not re.search(r"−[\d,]+ \w+ (?:mer|fra|forskjellig|høyere|lavere)", sentence), sentence
    controlled = _falls()[2].sentence
    assert "lavere" in controlled
    assert "enn med sammenligningens skift" in controlled


def test_months_without_a_season_say_so() -> None:
    months = pd.period_range("2020-01", periods=60, freq="M")
    y, start = 100 + RNG.normal(0, 3, 60), months[30]
    whole = np.round(y)
    for season, unseasonal in ((0, True), (1, False)):
        for v in (
            of_its_continuous(MEASURE, its_continuous(y, months, start, season=season), unit="poeng"),
            of_its_counts(MEASURE, its_counts(whole, np.ones(60), months, start, season=season)),
        ):
            assert ("uten sesong" in plain(joined(v.caveats))) == unseasonal
    years = of_its_continuous(MEASURE, its_continuous(y, range(60), 30), unit="poeng")
    assert "uten sesong" not in plain(joined(years.caveats))


def test_a_season_is_taken_out_of_a_continuous_series() -> None:
    months = pd.period_range("2020-01", periods=60, freq="M")
    noise = np.random.default_rng(1).normal(0, 0.5, 60)
    y = 10 * np.sin(2 * np.pi * np.arange(60) / 12) + noise + np.repeat([0.0, 2.0], 30)
    raw, fitted = (its_continuous(y, months, months[30], season=season) for season in (0, 1))
    assert fitted.reml.step.se < raw.reml.step.se / 3
    assert fitted.reml.step.low < 2 < fitted.reml.step.high
    assert fitted.reml.step.sure


def test_a_level_that_drifts_says_how_much_and_needs_a_step() -> None:
    y = 100 + RNG.normal(0, 3, 48) + RNG.normal(0, 1, 48).cumsum()
    v = of_structural(MEASURE, structural_series(y, range(48), 24), unit="poeng")
    assert v.strength is Strength.SUPPORTED
    assert "nivået får drive" in plain(joined(v.caveats))
    assert not v.carries_cause
    with pytest.raises(AnalyseAvvist, match="uten et trinn"):
        of_structural(MEASURE, structural_series(y, range(48)), unit="poeng")
