"""Units over time: the numbers that others published, the definitions in full, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis_lib.errors import AnalyseAvvist
from evaluation.basis.requirements import Reason, Strength
from evaluation.methods import staggered
from evaluation.methods.dose import dose_effect, doses
from evaluation.methods.fixed_effects import fixed_effects, imputation
from evaluation.methods.panel import Panel, panel, simulated_panel
from evaluation.methods.panel_its import panel_its
from evaluation.methods.permutation import permuted_difference
from evaluation.methods.register_panel import register_effect
from evaluation.methods.sensitivity import relative_magnitudes, smoothness
from evaluation.methods.staggered import callaway_santanna, sun_abraham
from evaluation.methods.synthetic_did import synthetic_did
from evaluation.methods.synthetic_panel import synthetic_panel
from evaluation.register import Measure
from evaluation.verdicts.from_panels import of_register
from evaluation.verdicts.verdict import Design
from tests.evaluation.case_table import compare
from tests.evaluation.cases_panels import PANELS as CASES
from tests.evaluation.cases_panels import benzarti_carloni
from tests.evaluation.test_methods_bad_input import PANELS, SPOILT_LISTS, answers_or_refuses, bare_nans, tidy

R = Reason
NEVER = np.inf


@pytest.mark.parametrize("case", CASES)
def test_published_numbers(case: str) -> None:
    compute, expected, tolerance = CASES[case]
    assert [line for line in compare(case, compute(), expected, tolerance) if not line.holds] == []


def test_covariates_as_in_the_vignette_of_the_r_package_did(cases_folder: Path) -> None:
    d = pd.read_csv(cases_folder / "data/mpdta.csv")
    columns = {"unit": "countyreal", "time": "year", "outcome": "lemp", "first": "first.treat"}
    r = callaway_santanna(panel(d, covariates=["lpop"], **columns))
    after = [round(e.effect.value, 4) for e in r.effects if e.since >= 0]
    assert after == [-0.0145, -0.0764, -0.1404, -0.1069, 0.0010, -0.0413, -0.0288]


def test_conditional_sets_of_honestdid_lie_within_the_union() -> None:
    ours = relative_magnitudes(benzarti_carloni(), (0.5, 1.0), period=0).bounds
    assert ours[0.5][0] < 0.1189 < 0.2708 < ours[0.5][1]
    assert ours[1.0][0] < 0.0672 < 0.3179 < ours[1.0][1]


def with_covariates(data: Panel, k: int = 2) -> Panel:
    x = np.random.default_rng(0).normal(size=(k, *data.y.shape))
    return replace(data, covariates=x, names=tuple("ab"[:k]))


GROWING = simulated_panel(7, [3.0, 6.0, NEVER], units=8, periods=9, effect=lambda s: 1.0 + s)


def test_the_influences_we_borrow_give_the_errors_that_the_package_states() -> None:
    found = staggered._fit(GROWING, False, "varying", "regression")
    for (g, t), cell in found.group_time_effects.items():
        influence = staggered._influence(found, g, t, len(GROWING.units))
        assert np.sqrt(influence @ influence) == pytest.approx(cell["se"], rel=1e-12)
    # And their means those of its own table of groups.
    r = callaway_santanna(replace(GROWING, first=np.where(GROWING.first == 6, NEVER, GROWING.first)))
    assert (r.by_group.value, r.by_group.se) == pytest.approx((r.groups[3].value, r.groups[3].se), rel=1e-12)


@pytest.mark.parametrize("data", [GROWING, with_covariates(GROWING)], ids=["plain", "covariates"])
def test_sun_abraham_is_the_regression_on_every_dummy(data: Panel) -> None:
    cells = [(g, int(t) - g) for g in data.cohorts for t in data.times if int(t) - g != -1]
    dummies = [np.outer(data.first == g, data.times == g + s).astype(float) for g, s in cells]
    fit = fixed_effects(data.y, np.stack([*dummies, *data.covariates]), [*map(str, cells), *data.names])
    ours = sun_abraham(data)
    size = np.array([(data.first == g).sum() * (s >= 0.0) for g, s in cells] + [0.0] * len(data.names))
    whole = fit.combination(size / size.sum())
    assert (ours.att.value, ours.att.se) == pytest.approx((whole.value, whole.se), rel=1e-10)
    for name in data.names:
        assert ours.covariates[name].se == pytest.approx(fit.effect(name).se, rel=1e-10)


@pytest.mark.parametrize("data", [GROWING, with_covariates(GROWING)], ids=["plain", "covariates"])
def test_imputation_is_the_fit_on_the_unexposed(data: Panel) -> None:
    units, periods = data.y.shape
    design = np.hstack(
        [
            np.kron(np.eye(units), np.ones((periods, 1))),
            np.kron(np.ones((units, 1)), np.eye(periods))[:, 1:],
            data.covariates.reshape(len(data.names), data.y.size).T,
        ]
    )
    flat = data.exposed.ravel() == 1
    coef = np.linalg.lstsq(design[~flat], data.y.ravel()[~flat], rcond=None)[0]
    effects = (data.y.ravel() - design @ coef)[flat]
    ours = imputation(data)
    assert ours.att.value == pytest.approx(effects.mean(), abs=1e-9)
    since = data.since.ravel()[flat]
    assert [e.value for e in ours.effects] == pytest.approx(
        [effects[since == s].mean() for s in ours.since], abs=1e-9
    )


@pytest.mark.parametrize("errors", ["cluster", "driscoll-kraay"])
def test_panel_its_is_the_regression_on_every_dummy(errors: str) -> None:
    data = simulated_panel(3, [9.0, NEVER], units=6, periods=16, effect=lambda s: 1 + 0 * s)
    (n, t), since = data.y.shape, data.times - 9.0
    after = (since >= 0).astype(float)
    columns = [np.outer(~data.never, x).ravel() for x in (since, after, since * after)]
    units, periods = np.kron(np.eye(n), np.ones((t, 1))), np.kron(np.ones((n, 1)), np.eye(t))[:, 1:]
    model = sm.OLS(data.y.ravel(), np.column_stack([*columns, units, periods]))
    kinds: dict[str, tuple[str, dict[str, Any], int]] = {
        "cluster": ("cluster", {"groups": np.repeat(np.arange(n), t)}, n),
        "driscoll-kraay": ("hac-groupsum", {"time": np.tile(np.arange(t), n), "maxlags": 2}, t),
    }
    kind, given, groups = kinds[errors]
    fit = model.fit(cov_type=kind, cov_kwds=given | {"use_correction": False})
    factor = np.sqrt(groups / (groups - 1) * (n * t - 1) / (n * t - 3 - t))
    ours = panel_its(data, errors=errors, lags=2 if groups == t else None, fewest=2)
    for place, estimate in enumerate((ours.trend, ours.step, ours.slope)):
        assert estimate.value == pytest.approx(fit.params[place], rel=1e-8)
        assert estimate.se == pytest.approx(fit.bse[place] * factor, rel=1e-8)
        assert estimate.df == groups - 1


def test_the_units_own_steps_are_what_the_panel_compares() -> None:
    data = simulated_panel(3, [9.0, NEVER], units=6, periods=16)
    clustered, permuted = panel_its(data, fewest=2), panel_its(data, errors="permutation")
    assert permuted.step.value == pytest.approx(clustered.step.value)
    assert permuted.permuted is not None
    assert permuted.permuted.choices == 924


def test_two_counties_of_fifteen_are_one_choice_of_105() -> None:
    others = np.linspace(-1, 1, 13)
    r = permuted_difference([2.0, 2.2], others)
    assert (r.choices, r.every) == (105, True)
    assert r.p == pytest.approx(1 / 105)
    assert r.effect.low > 0
    assert permuted_difference([2.0, 2.2], others, draws=99).every is False
    # The interval holds just those effects that are not rejected when they are taken out first.
    for effect, inside in ((r.effect.low - 1e-6, False), (r.effect.low + 1e-6, True)):
        assert (permuted_difference(np.array([2.0, 2.2]) - effect, others).p > 0.05) is inside


def test_synthetic_panel_finds_the_units_it_was_made_of() -> None:
    rng = np.random.default_rng(4)
    y = 50 + rng.normal(0, 5, (20, 1)) + rng.normal(size=(20, 40)).cumsum(axis=1)
    y[0] = 0.6 * y[3] + 0.4 * y[7] + 0.05 * rng.normal(size=40)
    y[0, 30:] += 3
    data = Panel(
        tuple(map(str, range(20))), np.arange(40), y, np.r_[30.0, [NEVER] * 19], np.empty((0, 20, 40)), ()
    )
    r = synthetic_panel(data)
    assert list(r.control.weights)[:2] == ["3", "7"]
    assert r.control.weights["3"] == pytest.approx(0.6, abs=0.03)
    assert (r.rank, r.n, r.n_validation) == (1, 20, 10)
    assert r.interval is not None
    assert r.interval.low < 3 < r.interval.high
    assert r.mean_gap == pytest.approx(3, abs=0.2)
    by_predictors = synthetic_panel(replace(data, covariates=y[None] + 1, names=("x",)), placebos=False)
    assert by_predictors.rank == 0
    assert list(bare_nans(by_predictors)) == [".p", ".ranked_ratio"]


PANEL_METHODS: dict[str, Callable[[Panel], object]] = {
    "panel_its": panel_its,
    "panel_its, Driscoll-Kraay": lambda data: panel_its(data, errors="driscoll-kraay"),
    "panel_its, permutation": lambda data: panel_its(data, errors="permutation"),
    "synthetic_panel": synthetic_panel,
    "synthetic_did": lambda data: synthetic_did(data, draws=20),
    "smoothness": lambda data: smoothness(callaway_santanna(data).event_study, (0.0, 0.1)),
    "callaway_santanna, covariates": lambda data: callaway_santanna(with_covariates(data)),
    "imputation, covariates": lambda data: imputation(with_covariates(data)),
    "sun_abraham, covariates": lambda data: sun_abraham(with_covariates(data)),
}


@pytest.mark.parametrize("method", PANEL_METHODS)
@pytest.mark.parametrize("spoilt", PANELS)
def test_a_spoilt_panel(method: str, spoilt: str) -> None:
    frame = PANELS[spoilt]()
    answers_or_refuses(
        lambda: PANEL_METHODS[method](panel(frame, unit="k", time="t", outcome="y", first="g"))
    )


@pytest.mark.parametrize("spoilt", PANELS)
@pytest.mark.parametrize("design", ["auto", "synthetic", "panel_its", "difference", "dose"])
def test_spoilt_rows(design: str, spoilt: str) -> None:
    frame = PANELS[spoilt]()
    names: dict[str, Any] = {"unit": "k", "time": "t", "outcome": "y", "first": "g"}
    if design == "dose" and isinstance(frame, pd.DataFrame):
        place = np.arange(len(frame))
        frame = frame.assign(d=(place // 6) * (place % 6 > 2) * 1.0)
        names["dose"] = "d"
    answers_or_refuses(lambda: register_effect(frame, design=design, **names))


def made(starts: list[float], *, units: int = 8, periods: int = 12, **more: Any) -> Panel:
    return simulated_panel(2, starts, units=units, periods=periods, **more)


def one_exposed(units: int = 12, periods: int = 12) -> Panel:
    data = made([NEVER], units=units, periods=periods)
    return replace(data, first=np.r_[9.0, [NEVER] * (units - 1)])


Y = np.random.default_rng(1).normal(size=(24, 6))
STEP = np.outer(np.arange(24.0), np.arange(6) >= 3)
REFUSALS: list[tuple[str, Reason, Callable[[], object]]] = [
    ("panel ITS, few exposed", R.TOO_FEW_UNITS, lambda: panel_its(made([7.0, NEVER], units=4))),
    ("panel ITS, two starts", R.NOT_ABSORBING, lambda: panel_its(made([5.0, 7.0, NEVER]))),
    ("panel ITS, two before", R.TOO_FEW_POINTS, lambda: panel_its(made([3.0, NEVER]))),
    ("panel ITS, all exposed", R.ALL_TREATED, lambda: panel_its(made([7.0]))),
    ("panel ITS, none exposed", R.NONE_TREATED, lambda: panel_its(made([NEVER]))),
    ("panel ITS, other errors", R.INVALID_VALUE, lambda: panel_its(made([7.0, NEVER]), errors="hc3")),
    ("panel ITS, lags beyond", R.TOO_FEW_POINTS,
     lambda: panel_its(made([7.0, NEVER]), errors="driscoll-kraay", lags=12)),
    ("panel ITS, through every point", R.CONSTANT_SERIES,
     lambda: panel_its(replace(made([7.0, NEVER]), y=np.outer(np.arange(16.0), np.ones(12))), fewest=2)),
    ("permutation, one of nineteen", R.TOO_FEW_UNITS, lambda: permuted_difference([3.0], np.arange(18.0))),
    ("permutation, all exposed", R.ALL_TREATED, lambda: permuted_difference([3.0, 1.0], [])),
    ("permutation, none exposed", R.NONE_TREATED, lambda: permuted_difference([], [3.0, 1.0])),
    ("permutation, no variation", R.CONSTANT_SERIES, lambda: permuted_difference([1.0, 1.0], [1.0] * 20)),
    ("dose, few units", R.TOO_FEW_UNITS, lambda: dose_effect(Y[:19], STEP[:19])),
    ("dose, nobody's moves", R.NONE_TREATED, lambda: dose_effect(Y, 0 * STEP + 1)),
    ("dose, the same for all", R.COLLINEAR, lambda: dose_effect(Y, np.outer(np.ones(24), np.arange(6.0)))),
    ("dose, explains everything", R.CONSTANT_SERIES, lambda: dose_effect(3 * STEP, STEP)),
    ("dose, shapes differ", R.INVALID_VALUE, lambda: dose_effect(Y, STEP[:, 1:])),
    ("dose, a column gone", R.MISSING_VALUE,
     lambda: doses(tidy(), unit="k", time="t", outcome="y", dose="x")),
    ("synthetic panel, two exposed", R.INVALID_VALUE, lambda: synthetic_panel(made([7.0, NEVER], units=2))),
    ("synthetic panel, none exposed", R.TOO_FEW_UNITS, lambda: synthetic_panel(made([NEVER]))),
    ("synthetic panel, few donors", R.TOO_FEW_UNITS, lambda: synthetic_panel(one_exposed(units=8))),
    ("synthetic panel, more donors than it was made for", R.INVALID_VALUE,
     lambda: synthetic_panel(one_exposed(units=1502))),
    ("synthetic panel, no validation", R.TOO_FEW_POINTS,
     lambda: synthetic_panel(one_exposed(), validation=2)),
    ("synthetic panel, a copy", R.NOT_IDENTIFIED,
     lambda: synthetic_panel(replace(one_exposed(), y=np.tile(np.arange(12.0) ** 2, (12, 1))))),
    ("synthetic DiD, two starts", R.NOT_ABSORBING, lambda: synthetic_did(made([5.0, 7.0, NEVER]))),
    ("synthetic DiD, as many exposed", R.TOO_FEW_UNITS, lambda: synthetic_did(made([7.0, NEVER]))),
    ("synthetic DiD, two before", R.TOO_FEW_POINTS, lambda: synthetic_did(made([3.0, NEVER, NEVER]))),
    ("sensitivity, no such period", R.START_OUTSIDE,
     lambda: relative_magnitudes(callaway_santanna(made([7.0, NEVER])).event_study, period=9)),
    ("smoothness, M below zero", R.INVALID_VALUE, lambda: smoothness(benzarti_carloni(), (-1.0,))),
    ("rows, always exposed alone", R.NONE_TREATED,
     lambda: panel(tidy(g=np.repeat([1.0, np.nan, np.nan], 60)), unit="k", time="t", outcome="y", first="g",
                   always="leave out")),
    ("rows, other choice", R.INVALID_VALUE,
     lambda: panel(tidy(), unit="k", time="t", outcome="y", first="g", always="x")),
    ("rows, no dose", R.MISSING_VALUE, lambda: register_effect(rows(), design="dose")),
    ("rows, no column", R.MISSING_VALUE, lambda: register_effect(rows().drop(columns="verdi"))),
    ("rows, no period", R.INVALID_VALUE,
     lambda: register_effect(rows().assign(periode=lambda d: d.periode.where(d.index != 5, "i fjor")))),
    ("rows, no table", R.INVALID_VALUE, lambda: register_effect([1, 2])),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize(("name", "reason", "call"), REFUSALS, ids=[case[0] for case in REFUSALS])
def test_refuses(name: str, reason: Reason, call: Callable[[], object]) -> None:
    with pytest.raises(AnalyseAvvist) as caught:
        call()
    assert caught.value.reason == str(reason)
    assert caught.value.message


CHANCES = (0, 1, -0.5, 1.5, np.nan, "x", None, True)
SOUND = made([7.0, NEVER], units=12)
STUDY = benzarti_carloni()
OTHERS = np.linspace(-1, 1, 30)
OPTIONS: dict[str, tuple[Callable[..., object], dict[str, tuple[Any, ...]]]] = {
    "panel_its": (
        lambda **o: panel_its(SOUND, **o), {"level": (), "fewest": (1, -1, "x"), "errors": ("x", None)}),
    "panel_its, lags": (
        lambda **o: panel_its(SOUND, errors="driscoll-kraay", **o),
        {"level": (), "lags": (-1, 2.5, "x", 99)}),
    "permuted_difference": (
        lambda **o: permuted_difference([3.0, 4.0], OTHERS, **o), {"level": (), "draws": (0, 2.5, None)}),
    "dose_effect": (
        lambda **o: dose_effect(Y, STEP, **o), {"level": (), "errors": ("x",), "fewest": (None, 2.5)}),
    "synthetic_panel": (
        lambda **o: synthetic_panel(one_exposed(), **o), {"level": (), "validation": (0, -1, "x", 2.5, 99)}),
    "synthetic_did": (
        lambda **o: synthetic_did(made([9.0, NEVER, NEVER]), **{"draws": 20} | o),
        {"level": (), "draws": (0, -1, "x")}),
    "smoothness": (
        lambda **o: smoothness(STUDY, **{"magnitudes": (0.0,)} | o),
        {"level": (), "magnitudes": ((-1.0,), (np.nan,), ("x",)), "period": (-1, 0.5, "x", 99)}),
    "relative_magnitudes": (
        lambda **o: relative_magnitudes(STUDY, **o), {"level": (), "period": (-1, 0.5, "x", 99)}),
    "callaway_santanna": (lambda **o: callaway_santanna(SOUND, **o), {"level": (), "adjust": ("ipw", None)}),
    "register_effect": (lambda **o: register_effect(rows(), **o), {"level": (), "design": ("its", None)}),
}  # fmt: skip


@pytest.mark.parametrize("method", OPTIONS)
def test_an_option_that_cannot_be_is_refused(method: str) -> None:
    run, options = OPTIONS[method]
    run()
    for option, values in options.items():
        for value in values or CHANCES:
            with pytest.raises(AnalyseAvvist):
                run(**{option: value})


LISTS: dict[str, tuple[Any, Callable[[Any], object]]] = {
    "permuted_difference": (np.arange(12.0), lambda x: permuted_difference(x, OTHERS)),
    "permuted_difference, others": (np.arange(12.0), lambda x: permuted_difference([1.0, 2.0], x)),
    "dose_effect, dose": (STEP[0], lambda x: dose_effect(Y, [x, *STEP[1:]])),
    "dose_effect, outcome": (Y[0], lambda x: dose_effect([x, *Y[1:]], STEP)),
}


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize("spoilt", SPOILT_LISTS)
def test_a_spoilt_list(method: str, spoilt: str) -> None:
    good, run = LISTS[method]
    answers_or_refuses(lambda: run(SPOILT_LISTS[spoilt](good)))


def test_what_a_refusal_hints_at_answers() -> None:
    early = tidy(g=np.repeat([1.0, 4.0, np.nan], 60))
    columns = {"unit": "k", "time": "t", "outcome": "y", "first": "g"}
    with pytest.raises(AnalyseAvvist, match="førperiode") as caught:
        panel(early, **columns)
    assert "leave out" in caught.value.hint
    kept = panel(early, **columns, always="leave out")
    assert (len(kept.units), len(kept.left_out)) == (20, 10)
    assert callaway_santanna(kept).left_out == 10
    few = replace(made([7.0, NEVER], units=16), first=np.r_[[7.0] * 3, [NEVER] * 29])
    with pytest.raises(AnalyseAvvist) as caught:
        panel_its(few)
    assert "permutation" in caught.value.hint
    assert panel_its(few, errors="permutation").permuted is not None
    # A covariate that does not vary in time is what this method is for; the others say why they refuse it.
    fixed = np.broadcast_to(np.random.default_rng(1).normal(size=(1, 24, 1)), (1, 24, 12))
    still = replace(made([5.0, 7.0, NEVER]), covariates=fixed.copy(), names=("folketall",))
    with pytest.raises(AnalyseAvvist) as caught:
        callaway_santanna(still)
    assert "regression" in caught.value.hint
    assert callaway_santanna(still, adjust="regression").n_treated == 16
    for method in (sun_abraham, imputation):
        with pytest.raises(AnalyseAvvist) as caught:
            method(still)
        assert caught.value.reason == str(R.COLLINEAR)


def rows(data: Panel | None = None, **changes: object) -> pd.DataFrame:
    """Return what a register gives: months as text, and the month that each unit started in."""
    data = data or made([7.0, 9.0, NEVER], effect=lambda s: 2.0 + 0 * s)
    months = [f"2024-{t:02d}" for t in range(1, 13)]
    table = data.tidy()
    return pd.DataFrame(
        {
            "enhet": table.unit,
            "periode": table.time.map(lambda t: months[int(t) - 1]),
            "verdi": table.y,
            "fra": table["first"].map(lambda g: months[int(g) - 1] if g else None),
        }
    ).assign(**changes)


MEASURE = Measure(id="x", name="Ordningen", outcome="Kontakter", start="2024-07-01", data="register")


def test_offices_that_start_in_different_months() -> None:
    data = made([7.0, 9.0, NEVER], effect=lambda s: 2.0 + 0 * s)
    # One that always was, and one that starts alone.
    data = replace(data, first=np.r_[1.0, 5.0, data.first[2:]])
    found = register_effect(rows(data))
    assert (found.design, found.always, found.alone) == ("staggered", 1, 1)
    assert found.result.by_group.low < 2 < found.result.by_group.high  # type: ignore[union-attr]
    verdict = of_register(MEASURE, found, unit="per 1000")
    assert verdict.design is Design.STAGGERED_DID
    assert verdict.strength is Strength.EXPLORATORY, "fourteen units are too few to name a cause by"
    said = " ".join(map(str, verdict.caveats))
    assert "for smalt intervall" in said
    assert "februar 2024" in said
    assert "alene" in said
    # The same from dates, and from pandas' months.
    dated = rows(data).assign(
        periode=lambda d: pd.to_datetime(d.periode + "-15"), fra=lambda d: pd.to_datetime(d.fra + "-20")
    )
    assert register_effect(dated).result.by_group == found.result.by_group  # type: ignore[union-attr]
    in_months = dated.assign(periode=dated.periode.dt.to_period("M"))
    assert register_effect(in_months).result.by_group == found.result.by_group  # type: ignore[union-attr]


def test_one_municipality_among_many() -> None:
    data = one_exposed(units=30)
    found = register_effect(rows(replace(data, y=data.y - 5 * data.exposed)))
    verdict = of_register(MEASURE, found, unit="per 1000")
    assert (found.design, verdict.design) == ("synthetic", Design.SYNTHETIC_CONTROL)
    assert "under en sammensatt sammenligning (rang 1 av 30" in verdict.sentence
    assert "−" not in verdict.sentence
    # Two neighbours with one start are their mean.
    two = replace(data, first=np.r_[9.0, 9.0, [NEVER] * 28])
    assert register_effect(rows(two), design="synthetic").result.n == 29  # type: ignore[union-attr]


def test_two_counties_by_month_and_by_year() -> None:
    data = replace(made([NEVER], units=15), first=np.r_[7.0, 7.0, [NEVER] * 13])
    data = replace(data, y=data.y + 4 * data.exposed)
    found = register_effect(rows(data))
    assert (found.design, found.result.permuted.choices) == ("panel_its", 105)  # type: ignore[union-attr]
    verdict = of_register(MEASURE, found, unit="per 1000")
    assert verdict.mde is not None
    assert "permutasjon, 105 valg" in verdict.se_rule
    years = rows(data).query("periode in ['2024-06', '2024-07']")
    found = register_effect(years)
    assert found.design == "difference"
    assert found.result.effect.low < 4 < found.result.effect.high  # type: ignore[union-attr]
    assert of_register(MEASURE, found, unit="per 1000").design is Design.DID


def test_lists_that_got_more_or_less() -> None:
    rng = np.random.default_rng(3)
    grant = np.outer(rng.uniform(0, 10, 60), np.arange(12) >= 6)
    y = rng.normal(size=(60, 1)) + 0.5 * grant + rng.normal(0, 0.5, (60, 12))
    data = replace(made([NEVER], units=60), y=y)
    found = register_effect(rows(data, dose=grant.ravel()), dose="dose")
    assert found.result.effect.value == pytest.approx(0.5, abs=0.05)  # type: ignore[union-attr]
    assert found.result.before.sure is False  # type: ignore[union-attr]
    verdict = of_register(MEASURE, found, unit="per 1000")
    assert "for hver enhet dose (60 enheter)" in verdict.sentence
    assert not verdict.carries_cause


def test_an_unsure_difference_is_called_that() -> None:
    verdict = of_register(MEASURE, register_effect(rows(made([7.0, 9.0, NEVER]))), unit="per 1000")
    assert "ingen sikker forskjell" in verdict.sentence
    assert "minste forskjellen som kunne vært påvist" in verdict.sentence
