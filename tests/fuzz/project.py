"""A small project with one input of each kind, so that all that reads it is quick."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import typst
import yaml

from tests.conftest import ROOT

TABLES = ("12.1", "12.2", "12.3", "16.2")
FACTS = ("8", "12", "levanger")
EDITION = "data/published/2025"
COPIED = (
    *(f"{EDITION}/tabeller/{name}.{kind}" for name in TABLES for kind in ("csv", "yml")),
    *(f"{EDITION}/fakta/{name}.csv" for name in FACTS),
    *(f"{EDITION}/{name}.yml" for name in ("fakta/levanger", "figurer/8", "utgave")),
    *(f"data/open/{name}.{kind}" for name in ("nist/rat42", "ssb/07459") for kind in ("csv", "yml")),
    *("data/reference/kommuner.csv", "data/reference/kommuner.yml", "params/2025.yml", "requirements.lock"),
    *("notebooks/utgifter.ipynb", "notebooks/kommune.ipynb", "notebooks/metoder/rater.ipynb"),
    *(
        f"reports/theme/{name}"
        for name in ("filter.lua", "page.html", "report.css", "report.js", "report.typ")
    ),
)
LISTS = ("audit", "breaks", "measures", "paastander", "sammenhenger")
REPORT = """\
id: rapport-{aar}
title: Prøve
edition: Årsrapport {aar}
params: 2025
data: "{aar}"
chapters:
  - {notebook: utgifter, number: 8}
  - kommune
"""
REVISIONS = """\
- table: "12.1"
  row: total
  column: "2024"
  expect: {old: "1", new: "2"}
  cause: rettet
  why: Et siffer manglet.
  evidence: Kilden.
"""
CORRECTIONS = """\
- table: "12.1"
  row: fysisk
  column: "2019"
  expect: 15 687 572
  use: 15 687 573
  why: Et siffer mangler.
  evidence: Summen.
"""
TEXT = """\
Tabell 1.1 Dyr i byen

Dyr      2024    2025   Endring
Katter  1 300   1 310   0,8 %
Hunder    780     790   1,3 %
Sum     2 080   2 100

I 2025 var det 1 310 katter, 0,8 prosent flere enn i 2024. Se figur 1.2 og kapittel 8.
"""
TYPST = "#table(columns: 3, [Dyr], [2024], [2025], [Katter], [1300], [1310])\nDet var 1 310 katter i 2025.¹"
CSV = "Dyr;2024;2025\nKatter;1 300;1 310\nHunder;780,5;:\n"


def small_project(root: Path) -> Path:
    """Write the project into a folder."""
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    (root / "reports/theme/fonts").mkdir()
    for name in LISTS:
        raw = yaml.safe_load((ROOT / EDITION / f"{name}.yml").read_text(encoding="utf-8"))
        kept = _within(raw)
        if name == "measures":
            kept["measures"] = [one for one in kept["measures"] if one["id"] == "delegering"]
        text = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)
        (root / EDITION / f"{name}.yml").write_text(text, encoding="utf-8")
    deflator = (ROOT / EDITION / "deflator.yml").read_text(encoding="utf-8")
    (root / EDITION / "deflator.yml").write_text(re.sub(r"\[.*\]", '["12.2"]', deflator), encoding="utf-8")
    (root / EDITION / "corrections.yml").write_text(CORRECTIONS, encoding="utf-8")
    (root / EDITION / "revisjoner.yml").write_text(REVISIONS, encoding="utf-8")
    (root / "reports/arsrapport.yml").write_text(REPORT, encoding="utf-8")
    # A notebook of a few cells, with each thing that a cell may hold.
    path = root / "notebooks/utgifter.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = notebook["cells"][:5]
    notebook["cells"][0]["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
    output = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": ["1"]},
    }
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "x",
            "metadata": {"tags": []},
            "source": ["# NBVAL_CHECK_OUTPUT\n", "1"],
            "execution_count": 1,
            "outputs": [output, {"output_type": "stream", "name": "stdout", "text": "x"}],
        }
    )
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    _write_foreign(root / "inn")
    return root


def _within(raw: Any) -> Any:
    """Leave out the entries of a register that name what is not here."""
    if isinstance(raw, dict):
        return {key: _within(value) for key, value in raw.items()}
    if not isinstance(raw, list) or any(isinstance(item, str) for item in raw):
        return raw
    return [kept for item in raw if not any(_missing(kept := _within(item)))]


def _missing(item: Any) -> Iterator[bool]:
    text = str(item)
    yield from (name not in TABLES for name in re.findall(r"(?<![\w.])(\d+\.\d+\w?)(?=[/'])", text))
    yield from (name not in FACTS for name in re.findall(r"fakta/(\w+)", text))
    if isinstance(item, dict):
        yield str(item.get("table", "12.1")) not in TABLES
        yield str(item.get("fact", "8/")).partition("/")[0] not in FACTS
        yield item.get("dokument", "levanger") not in FACTS


def _write_foreign(folder: Path) -> None:
    """Write what others deliver: texts to audit, and tables to import."""
    folder.mkdir()
    (folder / "tekst.txt").write_text(TEXT, encoding="utf-8")
    rows = "".join(f"<tr><td>{line.replace(';', '<td>')}" for line in CSV.splitlines())
    (folder / "side.html").write_text(f"<h1>Dyr</h1><table>{rows}</table><p>{TEXT}", encoding="utf-8")
    (folder / "dyr.csv").write_text(CSV, encoding="utf-8")
    (folder / "rapport.pdf").write_bytes(typst.compile(TYPST.encode()))
    book = openpyxl.Workbook()
    for row in (["Dyr", 2024, 2025], ["Katter", 1300, 1310.5], ["Hunder", 780, None]):
        book.active.append(row)
    book.active.merge_cells("A4:B4")
    book.save(folder / "dyr.xlsx")
