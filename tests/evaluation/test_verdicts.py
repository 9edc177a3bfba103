"""The contract: three answers, complete or not at all, and words of cause only where they are carried."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
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
from evaluation.verdicts.causal_language import causal_words
from evaluation.verdicts.from_panels import of_staggered, of_synthetic, of_two_by_two
from evaluation.verdicts.from_results import (
    of_controlled_its,
    of_controlled_its_counts,
    of_extrapolation,
    of_growth,
    of_its_continuous,
    of_its_counts,
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
    assert "endret nivå med" in moved.sentence
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
        MEASURE, extrapolate([10.0, 20.0], [2023, 2025], 2027), target="i 2027", unit="poeng"
    )
    assert "ingen prognose" in e.sentence
    assert len(e.caveats) == 3


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
