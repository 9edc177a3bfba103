"""The index of methods names every example, and functions that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import evaluation

FOLDER = Path(__file__).resolve().parents[2] / "notebooks" / "metoder"
ROWS = [line for line in (FOLDER / "LESMEG.md").read_text(encoding="utf-8").splitlines() if ".ipynb)" in line]


def test_every_function_in_the_index_exists_and_is_called_in_its_notebook() -> None:
    for row in ROWS:
        (stem,) = re.findall(r"\((\w+)\.ipynb\)", row)
        text = (FOLDER / f"{stem}.ipynb").read_text(encoding="utf-8")
        code = "".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        for function in re.findall(r"`(\w+)`", row):
            assert callable(getattr(evaluation, function))
            assert re.search(rf"\b{function}\(", code), f"{stem} bruker ikke {function}"


def test_every_example_is_in_the_index() -> None:
    listed = {stem for row in ROWS for stem in re.findall(r"\((\w+)\.ipynb\)", row)}
    assert listed == {path.stem for path in FOLDER.glob("*.ipynb")}


def test_made_up_data_are_called_so_in_the_first_line() -> None:
    for path in FOLDER.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        made_up = any("default_rng" in "".join(cell["source"]) for cell in cells)
        assert ("syntetiske data" in cells[0]["source"][0]) == made_up, path.stem


def test_every_name_that_the_house_offers_is_there() -> None:
    assert [name for name in evaluation.__all__ if not callable(getattr(evaluation, name))] == [
        "EARLIER",
        "LATER",
        "NEVER",
    ]
