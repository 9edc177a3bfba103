"""What an import brings with it: a chapter's kernel starts with what the chapter needs, and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = ("scipy", "statsmodels", "seaborn", "matplotlib", "pandas", "numpy", "IPython")
HOUSES = ("evaluation", "number_audit", "publishing")


def loaded(code: str) -> set[str]:
    """Return the packages that a fresh interpreter has loaded after `code`."""
    show = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; {show}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "forbidden"),
    [
        (
            "import analysis_lib; [getattr(analysis_lib, name) for name in analysis_lib.__all__]",
            (*HEAVY, *HOUSES),
        ),
        (
            "from number_audit import Kontroll, Påstander",
            ("scipy", "statsmodels", "evaluation", "publishing"),
        ),
        ("from evaluation import vurder", ("number_audit", "publishing")),
        ("import publishing.cli, publishing.build", (*HEAVY, "pydantic", "papermill", "jupyter_client")),
    ],
    ids=["chapter", "audit", "evaluation", "command"],
)
def test_an_import_is_light(code: str, forbidden: tuple[str, ...]) -> None:
    assert loaded(code).isdisjoint(forbidden)


@pytest.mark.slow
def test_drawing_needs_no_statistics() -> None:
    draw = (
        "from analysis_lib import Kapittel, endring, linjer; k = Kapittel('8', aar=2025); "
        "linjer([k.tabell('8.1').serie('totalt')])"
    )
    assert loaded(draw).isdisjoint(("scipy", "statsmodels", "seaborn", *HOUSES))
