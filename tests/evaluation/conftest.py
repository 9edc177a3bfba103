"""Warnings are errors here, and the reference cases with files of their own are found or skipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluation import case_table

_HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in Path(item.path).resolve().parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(scope="session")
def cases_folder() -> Path:
    """The folder of the reference cases, or a skip."""
    folder = case_table.cases_folder()
    if folder is None:
        pytest.skip("the folder of reference cases is not here (RAPPORT_CASES)")
    return folder


@pytest.fixture(scope="session")
def cases(cases_folder: Path) -> dict[str, Any]:
    """The reference cases by id."""
    return case_table.listed(cases_folder)
