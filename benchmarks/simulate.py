"""How the methods behave when the truth is known: a Markdown table of coverage, size and bias.

Run ``python benchmarks/simulate.py [series [study …]]``; 1000 series take about twenty minutes on one core,
and the slower studies take a part of them. The seed is fixed, so the table is the same each time. Set
OMP_NUM_THREADS=1: small matrices are slower with threads.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis_lib.errors import AnalyseAvvist
from evaluation.basis.estimate import Estimate, exp_wald
from evaluation.basis.requirements import Strength
from evaluation.methods.arima import arima_its
from evaluation.methods.did import twfe, two_by_two
from evaluation.methods.dose import dose_effect
from evaluation.methods.experience import experience_scores
from evaluation.methods.few_points import growth
from evaluation.methods.fixed_effects import imputation
from evaluation.methods.its_continuous import its_continuous
from evaluation.methods.its_counts import its_counts
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.panel import Panel, simulated_panel
from evaluation.methods.panel_its import panel_its
from evaluation.methods.permutation import permuted_difference
from evaluation.methods.placebo import Study, synthetic_effect
from evaluation.methods.power import mde_level_change
from evaluation.methods.proportions import newcombe, wilson
from evaluation.methods.rates import byar, garwood, standardised_rate
from evaluation.methods.sensitivity import relative_magnitudes, smoothness
from evaluation.methods.staggered import callaway_santanna, sun_abraham
from evaluation.methods.structural import structural_series
from evaluation.methods.structural_breaks import structural_breaks
from evaluation.methods.synthetic_did import synthetic_did
from evaluation.methods.synthetic_panel import synthetic_panel

Row = tuple[str, str, str, str]
SEED = 20260518


def _percent(hits: float, of: int) -> str:
    share = hits / of
    return f"{100 * share:.1f} ± {100 * 1.96 * math.sqrt(share * (1 - share) / of):.1f} %"


def _holds(e: Estimate, truth: float) -> bool:
    return e.low <= truth <= e.high


def few_points(series: int) -> Iterator[Row]:
    """Growth on five months: three intervals from the same fit."""
    rng = np.random.default_rng(SEED)
    days = np.array([21, 20, 22, 19, 18.0])
    for noise in (0.0, 0.04, 0.08):
        hits = np.zeros(4)
        for _ in range(series):
            mean = 2000 * days * 1.08 ** np.arange(5) * rng.lognormal(0, noise, 5)
            r = growth(rng.poisson(mean), days, range(5))
            log, se, phi = math.log(r.factor.value), r.factor.se, r.dispersion
            poisson = exp_wald(log, se / math.sqrt(max(phi, 1.0)), "")
            hits += [_holds(poisson, 1.08), _holds(exp_wald(log, se, ""), 1.08), _holds(r.factor, 1.08),
                     r.single_rate]  # fmt: skip
        name = f"growth, 5 months, {noise:.0%} noise"
        yield name, "coverage, Poisson, z", "95 %", _percent(hits[0], series)
        yield name, "coverage, quasi-Poisson, z", "95 %", _percent(hits[1], series)
        yield name, "coverage, quasi-Poisson, t(n−p) (ours)", "95 %", _percent(hits[2], series)
        yield name, "a true single rate is called so", "95 %", _percent(hits[3], series)


def _ar1(rng: np.random.Generator, n: int, rho: float) -> NDArray[np.float64]:
    shocks = rng.normal(size=n) * math.sqrt(1 - rho**2)
    shocks[0] /= math.sqrt(1 - rho**2)
    y = np.empty(n)
    y[0] = shocks[0]
    for i in range(1, n):
        y[i] = rho * y[i - 1] + shocks[i]
    return y


def _found(e: Estimate, mde: float) -> float:
    """Return the share of the two effects of size MDE, up and down, that would have been found in a series.

    An effect that is added to a series moves the estimate as much, and not its error.
    """
    half = (e.high - e.low) / 2
    return float((abs(e.value + mde) > half) + (abs(e.value - mde) > half)) / 2


def interrupted(series: int) -> Iterator[Row]:
    """Size of the test of a level change that is not there, by rule, and the detectable effect."""
    rng = np.random.default_rng(SEED + 1)
    for side, rho in ((4, 0.2), (12, 0.0), (12, 0.4), (24, 0.4), (50, 0.4), (50, 0.8)):
        hits, found, bound, refused = np.zeros(5), np.zeros(2), 0, 0
        planned = mde_level_change(side, side, 1.0, rho=rho)
        for _ in range(series):
            try:
                r = its_continuous(_ar1(rng, 2 * side, rho), range(2 * side), side)
            except AnalyseAvvist:
                refused += 1
                continue
            steps = (r.ols.step, r.newey_west.step, r.prais_winsten.step, r.reml.step, r.reml.slope)
            hits += [step is not None and not _holds(step, 0.0) for step in steps]
            found += [_found(r.reml.step, r.mde), _found(r.reml.step, planned)]
            bound += r.reml.slope is None
        name = f"ITS, {side} + {side}, ρ = {rho}"
        rules = ("OLS", "Newey-West", "Prais-Winsten", "REML, Kenward-Roger (ours)", "the same, slope")
        for rule, count in zip(rules, hits, strict=True):
            yield name, f"false alarms, {rule}", "5 %", _percent(count, series)
        yield name, "slope not given: it hangs on the bound of ρ", "", _percent(bound, series)
        yield name, "refused: the step does too", "", _percent(refused, series)
        yield name, "effects of the quoted MDE that are found", "80 %", _percent(found[0], series - refused)
        yield name, "planned MDE (residual SD)", "", f"{planned:.1f}"
        yield name, "effects of the planned MDE that are found", "80 %", _percent(found[1], series - refused)


def arima(series: int) -> Iterator[Row]:
    """ARIMA errors, a fifth of the series: size, what is then said, and the detectable effect."""
    rng, series = np.random.default_rng(SEED + 8), max(series // 5, 20)
    for side, rho in ((24, 0.4), (30, 0.4), (50, 0.4)):
        alarms = both = found = 0.0
        refused = 0
        for _ in range(series):
            try:
                r = arima_its(_ar1(rng, 2 * side, rho), range(2 * side), side, starts=3)
            except AnalyseAvvist:
                refused += 1
                continue
            alarms, found = alarms + r.step.sure, found + _found(r.step, r.mde)
            both += r.step.sure and r.strength is Strength.SUPPORTED
        name = f"ITS by ARIMA, {side} + {side}, ρ = {rho}"
        yield name, "false alarms", "5 %", _percent(alarms, series - refused)
        yield name, "false alarms that are called supported", "≤ 5 %", _percent(both, series - refused)
        yield name, "effects of the quoted MDE that are found", "80 %", _percent(found, series - refused)


def structural(series: int) -> Iterator[Row]:
    """Simulate a level that drifts, a fifth of the series: size and the detectable effect of a step."""
    rng, series = np.random.default_rng(SEED + 9), max(series // 5, 20)
    for side, drift, season in (
        (12, 0.1, False),
        (24, 0.0, False),
        (24, 0.1, False),
        (24, 0.1, True),
        (50, 0.1, False),
    ):
        alarms = found = 0.0
        for _ in range(series):
            level = math.sqrt(drift) * rng.normal(size=2 * side).cumsum()
            y = level + rng.normal(size=2 * side) + season * 3 * np.sin(math.pi * np.arange(2 * side) / 6)
            r = structural_series(y, range(2 * side), side, season=season)
            assert r.step is not None
            assert r.mde is not None
            alarms, found = alarms + r.step.sure, found + _found(r.step, r.mde)
        name = f"structural ITS, {side} + {side}, drift {drift}{', season' if season else ''}"
        yield name, "false alarms", "5 %", _percent(alarms, series)
        yield name, "effects of the quoted MDE that are found", "80 %", _percent(found, series)


def interrupted_counts(series: int) -> Iterator[Row]:
    """Size of the test in counts, whose errors quasi-Poisson takes as independent, and what is then said."""
    rng = np.random.default_rng(SEED + 7)
    for side, rho in ((24, 0.0), (24, 0.4), (50, 0.4)):
        hits = supported = both = seen = 0
        one, when = np.ones(2 * side), range(2 * side)
        for _ in range(series):
            mean = 500 * np.exp(0.1 * _ar1(rng, 2 * side, rho))
            r = its_counts(rng.poisson(mean), one, when, side)
            moved = (
                500 * np.exp(0.1 * _ar1(rng, 2 * side, rho)) * r.mde_ratio ** (np.arange(2 * side) >= side)
            )
            seen += its_counts(rng.poisson(moved), one, when, side).step.sure if rho == 0 else 0
            alarm, strong = not _holds(r.step, 1.0), r.strength is Strength.SUPPORTED
            hits, supported, both = hits + alarm, supported + strong, both + (alarm and strong)
        name = f"ITS of counts, {side} + {side}, ρ = {rho}"
        yield name, "false alarms", "5 %", _percent(hits, series)
        yield name, "called supported", "", _percent(supported, series)
        yield name, "false alarms that are called supported", "≤ 5 %", _percent(both, series)
        if rho == 0:
            yield name, "effects of the quoted MDE that are found", "80 %", _percent(seen, series)


def staggered(series: int) -> Iterator[Row]:
    """Effects that grow: bias and coverage."""
    for size in (5, 20):
        rng = np.random.default_rng(SEED + 2)
        errors: list[list[float]] = []
        held = np.zeros(4)
        for _ in range(series):
            data = simulated_panel(
                rng, [3.0, 6.0, math.inf], units=size, periods=10, effect=lambda since: 1.0 + since
            )
            truth = float(1 + data.since[data.since >= 0].mean())
            found = (callaway_santanna(data).simple, sun_abraham(data).att, imputation(data).att)
            everything = (*found, twfe(data).effect)
            errors.append([e.value - truth for e in everything])
            held += [_holds(e, truth) for e in everything]
        bias = np.mean(errors, axis=0)
        names = ("Callaway-Sant'Anna", "Sun-Abraham", "imputation", "TWFE")
        error = 1.96 * np.std(errors, axis=0) / math.sqrt(series)
        for name, off, give, hits in zip(names, bias, error, held, strict=True):
            label = f"staggered DiD, {3 * size} units"
            yield label, f"bias, {name}", "0", f"{off:+.3f} ± {give:.3f}"
            yield label, f"coverage, {name}", "95 %", _percent(hits, series)


def unparallel(series: int) -> Iterator[Row]:
    """Simulate a drift and no effect: how often each interval leaves zero out."""
    rng = np.random.default_rng(SEED + 3)
    hits = np.zeros(2)
    for _ in range(series):
        study = callaway_santanna(
            simulated_panel(rng, [5.0, math.inf], units=30, periods=6, drift=0.3)
        ).event_study
        bounds = relative_magnitudes(study, (0.0, 1.0)).bounds
        hits += [not bounds[m][0] <= 0 <= bounds[m][1] for m in (0.0, 1.0)]
    yield (
        "no effect, straight drift",
        "false alarms, parallel trends taken for granted",
        "5 %",
        _percent(hits[0], series),
    )
    yield (
        "no effect, straight drift",
        "false alarms, relative magnitudes M = 1",
        "≤ 5 %",
        _percent(hits[1], series),
    )


def _panel(rng: np.random.Generator, treated: int, units: int, side: int, rho: float) -> Panel:
    """Return units of AR(1) errors, the first of them exposed halfway, with no effect."""
    first = np.r_[[float(side)] * treated, [math.inf] * (units - treated)]
    y = np.array([_ar1(rng, 2 * side, rho) for _ in range(units)]) + rng.normal(size=(units, 1))
    return Panel(tuple(range(units)), np.arange(2 * side), y, first, np.empty((0, units, 2 * side)), ())


def panels_interrupted(series: int) -> Iterator[Row]:
    """Size of the test of a step among many units, by rule and by how many are exposed."""
    rng = np.random.default_rng(SEED + 8)
    rules = ("cluster", "driscoll-kraay", "permutation")
    for treated, units, side in ((20, 60, 12), (20, 60, 50), (10, 60, 12), (5, 60, 12), (2, 15, 12)):
        hits = np.zeros(3)
        few = series if units == 15 else max(series // 4, 20)
        for _ in range(few):
            data = _panel(rng, treated, units, side, 0.4)
            hits += [panel_its(data, errors=rule, fewest=2).step.sure for rule in rules]
        name = f"panel ITS, {treated} of {units} units, {side} + {side}, ρ = 0.4"
        for rule, count in zip(rules, hits, strict=True):
            yield name, f"false alarms, {rule}", "5 %", _percent(count, few)


def few_counties(series: int) -> Iterator[Row]:
    """Two of fifteen counties: the difference in change, by Welch's t and by every choice of two."""
    rng = np.random.default_rng(SEED + 9)
    hits = np.zeros(3)
    for _ in range(series):
        change = rng.normal(size=15)
        welch, permuted = two_by_two(change[:2], change[2:]), permuted_difference(change[:2], change[2:])
        moved = permuted_difference(change[:2] + 2, change[2:])
        hits += [welch.effect.sure, permuted.p <= 0.05, _holds(moved.effect, 2.0)]
    name = "2 × 2, 2 of 15 units"
    yield name, "false alarms, Welch t", "5 %", _percent(hits[0], series)
    yield name, "false alarms, permutation", "5 %", _percent(hits[1], series)
    yield name, "coverage, permutation", "95 %", _percent(hits[2], series)


def few_exposed(series: int) -> Iterator[Row]:
    """Size of Callaway and Sant'Anna's test where few are exposed."""
    for treated in (5, 10, 20):
        rng = np.random.default_rng(SEED + 13)
        alarms = 0
        for _ in range(series):
            data = simulated_panel(rng, [math.inf], units=60, periods=8)
            data = replace(data, first=np.r_[[5.0] * treated, [math.inf] * (60 - treated)])
            alarms += callaway_santanna(data).by_group.sure
        name = f"staggered DiD, {treated} of 60 units"
        yield name, "false alarms, Callaway-Sant'Anna", "5 %", _percent(alarms, series)


def adjusted(series: int) -> Iterator[Row]:
    """Trends that go with a covariate that the exposed have more of; and a straight drift."""
    rng = np.random.default_rng(SEED + 10)
    errors: list[list[float]] = []
    held, alarms = np.zeros(3), 0
    for _ in range(series):
        data = simulated_panel(
            rng, [5.0, math.inf], units=60, periods=8, effect=lambda since: 1.0 + 0 * since
        )
        x = rng.normal(size=120) + 0.5 * np.isfinite(data.first)
        y = data.y + 0.3 * np.outer(x, data.times)
        fixed = np.repeat(x[:, None], 8, axis=1)[None]
        plain = replace(data, y=y)
        both = replace(plain, covariates=fixed, names=("x",))
        found = [callaway_santanna(plain).by_group] + [
            callaway_santanna(both, adjust=how).by_group for how in ("doubly robust", "regression")
        ]
        errors.append([e.value - 1 for e in found])
        held += [_holds(e, 1.0) for e in found]
        drifting = simulated_panel(rng, [5.0, math.inf], units=30, periods=6, drift=0.3)
        bounds = smoothness(callaway_santanna(drifting).event_study, (0.0,)).bounds[0.0]
        alarms += not bounds[0] <= 0 <= bounds[1]
    name = "trends by a covariate, 120 units"
    give = 1.96 * np.std(errors, axis=0) / math.sqrt(series)
    for place, how in enumerate(("no covariate", "doubly robust", "regression")):
        off = float(np.mean(errors, axis=0)[place])
        yield name, f"bias, Callaway-Sant'Anna, {how}", "0", f"{off:+.3f} ± {give[place]:.3f}"
        yield name, f"coverage, Callaway-Sant'Anna, {how}", "95 %", _percent(held[place], series)
    yield "no effect, straight drift", "false alarms, smoothness M = 0", "5 %", _percent(alarms, series)


def by_dose(series: int) -> Iterator[Row]:
    """Cover the effect of a dose that everybody gets, some more of than others; errors are AR(1)."""
    rng, rules = np.random.default_rng(SEED + 11), ("cluster", "driscoll-kraay")
    for units in (20, 100):
        held = np.zeros(2)
        for _ in range(series):
            data = _panel(rng, 0, units, 12, 0.4)
            dose = np.outer(rng.exponential(1.0, units), data.times >= 12)
            y = data.y + 0.5 * dose
            held += [_holds(dose_effect(y, dose, errors=rule).effect, 0.5) for rule in rules]
        for place, rule in enumerate(rules):
            name = f"dose, {units} units, 12 + 12, ρ = 0.4"
            yield name, f"coverage, {rule}", "95 %", _percent(held[place], series)


def held_out(series: int) -> Iterator[Row]:
    """One of forty units that share two factors: ranks by validation, and the interval of an effect of 2."""
    rng = np.random.default_rng(SEED + 12)
    few = max(series // 5, 20)
    first, covered, weighted = 0, 0, 0
    for _ in range(few):
        factors = rng.normal(size=(2, 48)).cumsum(axis=1) / 2
        data = _panel(rng, 1, 40, 24, 0.0)
        data = replace(
            data, y=data.y + rng.normal(size=(40, 2)) @ factors, first=np.r_[36.0, [math.inf] * 39]
        )
        r = synthetic_panel(replace(data, y=data.y + 2 * data.exposed))
        covered += r.interval is not None and _holds(r.interval, 2.0)
        first += synthetic_panel(data).p <= 0.05
        weighted += _holds(synthetic_did(data, draws=100).effect, 0.0)
    name = "synthetic panel, 40 units, 36 + 12"
    yield name, "rank among the 5 % largest", "5 %", _percent(first, few)
    yield name, "coverage of a constant effect", "95 %", _percent(covered, few)
    yield name, "coverage, synthetic difference-in-differences", "95 %", _percent(weighted, few)


def small_counts(series: int) -> Iterator[Row]:
    """Intervals of rates and proportions."""
    rng = np.random.default_rng(SEED + 4)
    for mean in (3.0, 10.0, 40.0):
        x = rng.poisson(mean, series)
        for name, method in (("Garwood", garwood), ("Byar", byar)):
            hits = sum(_holds(method(int(k)), mean) for k in x)
            yield f"Poisson, mean {mean:.0f}", f"coverage, {name}", "95 %", _percent(hits, series)
    x, z = rng.binomial(30, 0.1, series), rng.binomial(40, 0.3, series)
    hits = sum(_holds(wilson(int(k), 30), 0.1) for k in x)
    yield "proportion 0.1, n = 30", "coverage, Wilson", "95 %", _percent(hits, series)
    hits = sum(_holds(newcombe(int(b), 40, int(a), 30), 0.2) for a, b in zip(x, z, strict=True))
    yield "difference, n = 30 and 40", "coverage, Newcombe", "95 %", _percent(hits, series)
    people, rates, weights = (
        np.array([4000, 2500, 900.0]),
        np.array([2, 5, 12]) / 1000,
        np.array([0.5, 0.3, 0.2]),
    )
    draws = [d for d in rng.poisson(people * rates, (series, 3)) if d.sum() >= 10]
    hits = sum(_holds(standardised_rate(d, people, weights), float(weights @ rates)) for d in draws)
    yield "standardised rate, 31 events", "coverage, Dobson", "95 %", _percent(hits, len(draws))


def straight_lines(series: int) -> Iterator[Row]:
    """Look for a joinpoint where there is none."""
    for n in (15, 40):
        rng = np.random.default_rng(SEED + 5)
        found = 0
        for _ in range(series):
            try:
                joinpoint(0.1 * np.arange(n) + rng.normal(size=n), range(n))
                found += 1
            except AnalyseAvvist:
                continue
        yield f"straight line, {n} points", "joinpoints found", "≤ 5 %", _percent(found, series)


def bent_counts(series: int) -> Iterator[Row]:
    """Joinpoints of counts and proportions, a tenth of the series: none, and one in the middle."""
    rng, series, t = np.random.default_rng(SEED + 10), max(series // 10, 20), np.arange(20)
    for kind, name in (("exposure", "counts"), ("n", "proportions")):
        found = held = missed = 0
        for _ in range(series):
            straight, bent = 0.1 * np.exp(0.03 * t), 0.1 * np.exp(0.08 * np.minimum(t, 10))
            seen = [
                rng.poisson(1000 * p) if kind == "exposure" else rng.binomial(1000, p)
                for p in (straight, bent)
            ]
            for counts, there in zip(seen, (False, True), strict=True):
                try:
                    r = joinpoint(counts, t, **{kind: np.full(20, 1000)})
                    found += not there
                    held += there and r.profile[0] <= 10 <= r.profile[1]
                except AnalyseAvvist:
                    missed += there
        yield f"straight {name}, 20 points", "joinpoints found", "≤ 5 %", _percent(found, series)
        yield f"bent {name}, 20 points", "profile holds the place", "95 %", _percent(held, series - missed)


def broken(series: int) -> Iterator[Row]:
    """Simulate one break of 1.5 standard deviations in 60 points, half of the series: its interval."""
    rng, series, t = np.random.default_rng(SEED + 11), max(series // 2, 20), np.arange(60)
    for trend in (False, True):
        held = found = 0
        for _ in range(series):
            y = rng.normal(size=60) + (0.1 * t if trend else 0)
            (place,) = structural_breaks(y + 1.5 * (t >= 33), t, trend=trend, count=1).breaks
            held += place.low <= 32 <= place.high
            found += bool(structural_breaks(y, t, trend=trend, most=2).breaks)
        name = f"break in a {'trend' if trend else 'mean'}, 60 points"
        yield name, "interval holds the place", "95 %", _percent(held, series)
        yield name, "breaks found by BIC where there is none", "", _percent(found, series)


def slopes(series: int) -> Iterator[Row]:
    """Let slopes vary between 20 units of 30, a tenth of the series: coverage of their mean and their own."""
    rng, series = np.random.default_rng(SEED + 12), max(series // 10, 20)
    who, held = np.repeat(np.arange(20), 30).astype(str), np.zeros(3)
    for _ in range(series):
        age, own = rng.normal(size=600), rng.normal(size=(20, 2)) * [5, 2]
        y = np.repeat(own[:, 0], 30) + (1 + np.repeat(own[:, 1], 30)) * age + rng.normal(0, 9, 600)
        r = experience_scores(y, who, pd.DataFrame({"alder": age}), slope="alder", scale=None)
        truth = dict(zip(np.arange(20).astype(str), own[:, 1], strict=True))
        each = [_holds(u.slope, 1 + truth[u.unit]) for u in r.units if u.slope is not None]
        held += [_holds(r.coefficients["alder"], 1.0), np.mean(each), 1]
    name = "random slopes, 20 units of 30"
    yield name, "coverage, mean slope", "95 %", _percent(held[0], int(held[2]))
    yield name, "coverage, the units' own", "95 %", _percent(held[1], int(held[2]))


def placebos(series: int) -> Iterator[Row]:
    """Rank one of twenty units that share a drift, where no unit has a measure: half of the series."""
    rng = np.random.default_rng(SEED + 6)
    units, times = tuple(f"{i:02d}" for i in range(20)), np.arange(16)
    ranks, few = [], max(series // 2, 20)
    for _ in range(few):
        y = rng.normal(size=(16, 20)).cumsum(axis=0) + rng.normal(size=(16, 1)).cumsum(axis=0)
        study = Study(units, units[0], times, y, y[[3, 7, 11]], start=12, fit_from=0, fit_to=11)
        try:
            ranks.append(synthetic_effect(study, starts=6, placebo_starts=2).rank)
        except AnalyseAvvist:
            continue
    name, n = "synthetic control, 20 units, no effect", len(ranks)
    yield name, "largest ratio of all (p = 0.05)", "5 %", _percent(sum(r == 1 for r in ranks), n)
    yield name, "among the four largest (p ≤ 0.20)", "20 %", _percent(sum(r <= 4 for r in ranks), n)
    yield name, "refused: the starts disagree", "", _percent(few - n, few)


def main(series: int, *chosen: str) -> None:
    """Print the table, or the rows of the chosen studies."""
    print(f"{series} series each, seed {SEED}; ± is simulation error.\n")
    print("| design | quantity | should be | is |")
    print("|---|---|---|---|")
    studies = (
        few_points,
        interrupted,
        interrupted_counts,
        arima,
        structural,
        staggered,
        unparallel,
        panels_interrupted,
        few_counties,
        few_exposed,
        adjusted,
        by_dose,
        held_out,
        small_counts,
        straight_lines,
        bent_counts,
        broken,
        slopes,
        placebos,
    )
    for study in [each for each in studies if not chosen or each.__name__ in chosen]:
        for row in study(series):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, *sys.argv[2:])
