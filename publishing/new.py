"""A new chapter: a notebook that already builds, and its line in the report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from analysis_lib.data.formats import read_text
from analysis_lib.errors import NotatbokFeil, RapportFeil
from publishing.definition import plain, usual_parameters
from publishing.notebooks import complete, python_only, read_notebook, shown, source
from publishing.parameters import read_parameters

_NAME = re.compile(r"[a-zæøå][a-zæøå0-9_]*")
CHECKED = "NBVAL_CHECK_OUTPUT"
_CELLS = [
    ("markdown", "# {title}", []),
    (
        "code",
        "aar: int = {aar}  # siste år som vises\nstartaar: int = {startaar}  # første år som vises",
        ["parameters"],
    ),
    (
        "code",
        "from analysis_lib import Kapittel\n\n"
        'kap = Kapittel("{number}", aar=aar, startaar=startaar)\n'
        'utgifter = kap.tabell("8.1")\n'
        'vekst = utgifter["totalt", "endring_siste"]',
        [],
    ),
    (
        "code",
        '%%prosa\nUtgiftene var {{utgifter["totalt", aar]:mrd}} i {{aar}}. '
        "De {{vekst:endring økte|gikk ned prosent}} fra året før.",
        [],
    ),
]


def new_chapter(root: Path, name: str, report: str = "arsrapport") -> Path:
    """Write a notebook that builds, and add it to a report's chapters.

    Returns
    -------
    Path
        The notebook.

    Raises
    ------
    NotatbokFeil
        If the name cannot be a file name in a link, or the notebook is there already.
    """
    if not _NAME.fullmatch(name):
        raise NotatbokFeil(
            f"«{name}» kan ikke være navnet på et kapittel", hint="Bruk små bokstaver, tall og understrek."
        )
    path = root / "notebooks" / f"{name}.ipynb"
    if path.exists():
        raise NotatbokFeil("notatboken finnes allerede", where=f"notebooks/{path.name}")
    definition = root / "reports" / f"{plain(report, 'rapporten', '--report')}.yml"
    text = read_text(definition).rstrip("\n")
    if not re.search(r"^chapters:", text, re.M) or not re.match(r" *- ", text.splitlines()[-1]):
        raise RapportFeil("«chapters» skal stå sist", where=f"reports/{report}.yml")
    title = name.replace("_", " ").capitalize()
    years = _years(definition, root)
    cells = [
        _cell(i, kind, text_.format(title=title, number=name, **years), tags)
        for i, (kind, text_, tags) in enumerate(_CELLS)
    ]
    write_notebook(path, {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})
    definition.write_text(f"{text}\n  - {{notebook: {name}}}\n", encoding="utf-8")
    return path


def _years(definition: Path, root: Path) -> dict[str, str]:
    """Return the last and the first year of a report, by its usual parameters."""
    parameters = read_parameters(usual_parameters(definition, root), root, ())
    if not (last := parameters.get("aar")):
        raise RapportFeil("parameteren «aar» mangler", where=f"reports/{definition.name}, felt «params»")
    return {"aar": last, "startaar": parameters.get("startaar", last)}


_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _cell(position: int, kind: str, text: str, tags: list[str]) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"c{position:02d}",
        "metadata": {"tags": tags} if tags else {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def write_notebook(path: Path, notebook: dict[str, Any]) -> None:
    """Write a notebook the way Jupyter does, so that a save makes no difference in the history."""
    path.write_text(
        json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


# What a run or an editor leaves behind in a cell; all else is somebody's (jupytext, slides, an extension).
_LEFT = frozenset({"ExecuteTime", "collapsed", "execution", "outputId", "papermill", "scrolled"})


def tidy(path: Path) -> bool:
    """Strip outputs and counters, except the text of cells that the tests compare; name the usual kernel.

    Returns
    -------
    bool
        True if the file changed.

    Raises
    ------
    NotatbokFeil
        If the notebook is malformed, or of another language; the file is left as it was.
    """
    before = read_notebook(path)
    python_only(before, shown(path))
    notebook = complete(before)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and CHECKED not in source(cell):
            cell["outputs"] = []
            cell["execution_count"] = None
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key not in _LEFT}
    kept = {key: value for key, value in notebook["metadata"].items() if key not in ("papermill", "widgets")}
    notebook["metadata"] = kept | _METADATA
    if notebook == before:
        return False
    write_notebook(path, notebook)
    return True
