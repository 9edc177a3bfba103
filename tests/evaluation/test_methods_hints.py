"""Every hint in a refusal leads somewhere: what it says to do is done here, and gives an answer."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evaluation
from analysis_lib.errors import AnalyseAvvist
from evaluation.methods.arima import arima_its
from evaluation.methods.experience import experience_scores
from evaluation.methods.few_points import doubling_time, extrapolate, growth
from evaluation.methods.its_continuous import its_continuous
from evaluation.methods.its_counts import its_counts
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.linear import ols
from evaluation.methods.proportions import independence_test
from evaluation.methods.rates import rate, rate_ratio
from evaluation.methods.structural_breaks import structural_breaks
from evaluation.methods.uptake import bass, logistic

RNG = np.random.default_rng(5)
NOISE = RNG.normal(size=60)
ONES = [1.0] * 8
STRAIGHT = np.arange(60) + np.tile([0.3, -0.3], 30)
ALTERNATING = [10, 11.2, 11.9, 13.1, 18, 19.2, 19.8, 21.1]
SLOWING = [100, 200, 300, 390, 450, 480]
STARTING = [1, 1.5, 2.2, 3.4, 5.1, 7.4]
DAYS = np.tile(np.arange(10.0), 6)
ALIKE = pd.DataFrame({"dag": DAYS})
WHO = np.repeat(list("abcdef"), 10)
SHARED = 50 + np.repeat(np.arange(6) * 3.0, 10) + DAYS + 0.1 * NOISE

Call = Callable[[], object]
# The hint, a call that is refused with it, and calls that do what it says.
LEADS: list[tuple[str, Call, tuple[Call, ...]]] = [
    ("Velg en lavere orden.",
     lambda: arima_its(np.tile(NOISE[:6], 10) + 1e-7 * NOISE, range(60), 30, order=(3, 0, 3), starts=2),
     (lambda: arima_its(NOISE, range(60), 30, order=(1, 0, 0), starts=2),)),
    ("Skaff flere punkter.", lambda: its_continuous(ALTERNATING, range(8), 4),
     (lambda: its_continuous(NOISE, range(60), 30),)),
    ("Bruk høyst halvparten så mange par som sesongen har perioder.",
     lambda: its_continuous(NOISE, range(60), 30, season=7),
     (lambda: its_continuous(NOISE, range(60), 30, season=6),)),
    ("Vis det samlede snittet.",
     lambda: experience_scores(np.tile([40.0, 50, 60, 70], 6), np.repeat(list("abcdef"), 4)),
     (lambda: ols(np.tile([40.0, 50, 60, 70], 6), np.ones((24, 1)), ["snitt"]).effect("snitt"),)),
    ("Oppgi skalaen, eller None for et utfall uten ender.",
     lambda: experience_scores(100 * SHARED, WHO),
     (lambda: experience_scores(100 * SHARED, WHO, scale=(0, 10_000)),
      lambda: experience_scores(100 * SHARED, WHO, scale=None))),
    ("La enhetene ha felles helning.", lambda: experience_scores(SHARED, WHO, ALIKE, slope="dag"),
     (lambda: experience_scores(SHARED, WHO, ALIKE),)),
    ("Oppgi veksten for hver periode.", lambda: doubling_time(growth(SLOWING, [1] * 6, range(6))),
     tuple((lambda k=k: rate_ratio(SLOWING[k + 1], 1.0, SLOWING[k], 1.0)) for k in range(5))),
    ("Velg et nærmere tidspunkt.", lambda: extrapolate([1.0, 2.0], [2020, 2021], 2030, ceiling=9.0),
     (lambda: extrapolate([1.0, 2.0], [2020, 2021], 2024, ceiling=9.0),)),
    ("Oppgi taket om det finnes, for en andel 100, eller beskriv serien hittil.",
     lambda: extrapolate([1.0, 2, 3, 4, 5], range(5), 6),
     (lambda: extrapolate([1.0, 2, 3, 4, 5], range(5), 6, ceiling=100.0),
      lambda: growth([10, 20, 30, 40, 50], [1] * 5, range(5)))),
    ("Beskriv serien med én linje.", lambda: joinpoint(STRAIGHT, range(60)),
     (lambda: ols(STRAIGHT, np.column_stack([np.ones(60), np.arange(60)]), ["a", "b"]),)),
    ("Vis de to ratene med hvert sitt intervall.", lambda: rate_ratio(3, 10.0, 0, 10.0),
     (lambda: rate(3, 10.0), lambda: rate(0, 10.0))),
    ("Slå sammen grupper.", lambda: independence_test([[1, 12, 30], [2, 15, 40]]),
     (lambda: independence_test([[13, 30], [17, 40]]),)),
    ("Bruk eksakte rater for de to periodene.",
     lambda: its_counts([9, 8, 7, 9, 0, 0, 0, 0], ONES, range(8), 4),
     (lambda: rate(33, 4.0), lambda: rate(0, 4.0))),
    ("Del serien eller skaff de manglende periodene.",
     lambda: growth([9, 12, 14, 19, 25, 31, 38, 50], ONES, [1, 2, 3, 4, 6, 7, 8, 9]),
     (lambda: growth([9, 12, 14, 19], [1.0] * 4, [1, 2, 3, 4]),
      lambda: growth([9, 12, 14, 19, 22, 25, 31, 38, 50], [1.0] * 9, range(1, 10)))),
    ("Serien må ha perioder både før og etter oppstart.", lambda: its_continuous(NOISE, range(60), 99),
     (lambda: its_continuous(NOISE, range(60), 20),)),
    ("Beskriv serien i stedet.", lambda: its_continuous(NOISE, range(60), 58),
     (lambda: structural_breaks(NOISE, range(60)),)),
    ("Beskriv veksten hittil, uten tak og uten framskriving.", lambda: logistic(STARTING, range(6)),
     (lambda: growth(np.round(100 * np.array(STARTING)), [1.0] * 6, range(6)),)),
    ("Beskriv veksten hittil, uten tak og uten framskriving.",
     lambda: bass([1, 1.6, 2.2, 3.4, 5.1, 7.4, 11], range(7)),
     (lambda: growth([10, 16, 22, 34, 51, 74, 110], [1.0] * 7, range(7)),)),
    ("Be om færre brudd eller kortere segmenter.",
     lambda: structural_breaks(NOISE, range(60), shortest=40),
     (lambda: structural_breaks(NOISE, range(60), shortest=20),
      lambda: structural_breaks(NOISE, range(60), count=0))),
]  # fmt: skip

# What says why, and nothing of what to do.
REASONS = {
    "Et hull kan ikke fylles stille.",
    "Et antall som er justert eller vektet, er ikke et antall hendelser.",
    "Uten eksponering finnes ingen rate.",
    "Det finnes ingen variasjon å forklare.",
    "En andel uten n kan ikke vurderes.",
}
# Said of any library's warning, in any model.
ANY_MODEL = {"Forenkle modellen eller skaff flere punkter."}
# Units over time have their own tests.
PANELS = {
    *("did", "dose", "fixed_effects", "panel", "panel_its", "permutation", "placebo", "register_panel"),
    *("sensitivity", "staggered", "synthetic_control", "synthetic_did", "synthetic_panel"),
}


@pytest.mark.parametrize(("hint", "refused", "followed"), LEADS, ids=[lead[0] for lead in LEADS])
def test_a_hint_that_is_followed_gives_an_answer(
    hint: str, refused: Call, followed: tuple[Call, ...]
) -> None:
    with pytest.raises(AnalyseAvvist) as caught:
        refused()
    assert caught.value.hint == hint
    assert all(call() is not None for call in followed)


def hints(path: Path) -> Iterator[str]:
    """Yield the hints that a module gives in so many words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for call in ast.walk(tree):
        for keyword in call.keywords if isinstance(call, ast.Call) else ():
            if keyword.arg == "hint" and not isinstance(keyword.value, ast.Call):
                for part in ast.walk(keyword.value):
                    text = (
                        part.value if isinstance(part, ast.Constant) else named.get(getattr(part, "id", ""))
                    )
                    if isinstance(text, str) and text:
                        yield text


def test_every_hint_is_tried_or_says_only_why() -> None:
    house = Path(evaluation.__file__).parent
    given = {
        hint
        for room in ("methods", "basis")
        for path in (house / room).glob("*.py")
        if path.stem not in PANELS
        for hint in hints(path)
    }
    assert given == {lead[0] for lead in LEADS} | REASONS | ANY_MODEL
