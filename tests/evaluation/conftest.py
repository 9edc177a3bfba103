"""Warnings are errors here, and the reference cases with files of their own are found or skipped."""

from __future__ import annotations

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
    """The folder of the reference cases, or a skip."""
    from case_table import cases_folder

    folder = cases_folder()
    if folder is None:
        pytest.skip("the folder of reference cases is not here (RAPPORT_CASES)")
    return folder


@pytest.fixture(scope="session")
def cases(cases_folder: Path) -> dict[str, Any]:
    """The reference cases by id."""
    from case_table import listed

    return listed(cases_folder)
