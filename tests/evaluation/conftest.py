"""Warnings are errors here, and the reference cases with files of their own are found or skipped."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).resolve().parent
# The modules with the cases are no tests, and are found whatever import mode pytest runs in.
sys.path.insert(0, str(_HERE))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in Path(item.path).resolve().parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(scope="session")
def cases_folder() -> Path:
    """The folder of the reference cases: RAPPORT_CASES, or shared/cases beside the project."""
    named = os.environ.get("RAPPORT_CASES")
    folder = Path(named) if named else _HERE.parents[1].parent / "shared" / "cases"
    if not (folder / "cases.json").is_file():
        pytest.skip("the folder of reference cases is not here (RAPPORT_CASES)")
    return folder


@pytest.fixture(scope="session")
def cases(cases_folder: Path) -> dict[str, Any]:
    """The reference cases by id."""
    listed = json.loads((cases_folder / "cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in listed}
