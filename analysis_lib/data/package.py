"""The Data Package descriptor of an edition, made from its tables' own descriptors.

Others read ``datapackage.json``; people edit the YAML beside each table. A test keeps the two in step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from analysis_lib.data.cells import SIGNS
from analysis_lib.data.facts import FIELDS, read_descriptor
from analysis_lib.data.files import read_model
from analysis_lib.data.formats import is_there, read_text, read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.schema import TableSpec
from analysis_lib.data.tables import Column, expand_columns, read_printed

DESCRIPTOR = "datapackage.json"
# As others read it: digits in groups of three, a decimal comma, a hyphen for minus.
_NUMBER = re.compile(r"-?(\d{1,3}( \d{3})+|\d+)(,\d+)?")
_COMMON = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "dialect": {"delimiter": ";"}}


def package(folder: Path) -> dict[str, object]:
    """Describe every table and fact file of an edition, exactly as it is printed."""
    descriptors = sorted((folder / "tabeller").glob("*.yml"), key=lambda path: natural(path.stem))
    tables = [_table(path) for path in descriptors]
    facts = [_facts(path) for path in sorted((folder / "fakta").glob("*.csv"), key=lambda p: natural(p.stem))]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"allmennlegetjenesten-{folder.name}",
        "title": f"Tall fra årsrapporten om allmennlegetjenesten {folder.name}, slik de er trykt",
        "resources": [*tables, *facts],
    }


def natural(text: str) -> list[tuple[int, str]]:
    """Return a sorting key in which 8.2 comes before 8.10.

    >>> sorted(["8.10", "8.2", "16.1a"], key=natural)
    ['8.2', '8.10', '16.1a']
    """
    return [(int(digits or 0), letters) for digits, letters in re.findall(r"(\d*)([^\d.]*)", text)]


def _table(descriptor: Path) -> dict[str, object]:
    spec = read_model(TableSpec, read_yaml(descriptor), relative(descriptor))
    columns = expand_columns(spec)
    # The file as printed, not as corrected: the descriptor describes the file.
    header, lines = read_printed(descriptor.parent / spec.path, columns)
    fields = [
        {"name": "rad", "type": "string", "title": "rad", "description": "Radens nøkkel"},
        {"name": "navn", "type": "string", "title": "navn", "description": spec.stub},
        *(
            {
                "name": key,
                "title": header[position],
                "description": f"{_place(column)}, {column.unit}",
                **_type(line[position + 2] for _, line in lines),
            }
            for position, (key, column) in enumerate(columns.items())
        ),
    ]
    return {
        "name": spec.name,
        "path": f"tabeller/{spec.path}",
        "title": f"Tabell {spec.number} {spec.title}",
        "description": ", ".join(part for part in (spec.unit, spec.basis, spec.period) if part),
        "sources": [{"title": source} for source in spec.sources],
        **({"notes": list(spec.rounding_notes)} if spec.rounding_notes else {}),
        **_COMMON,
        # Printed headings repeat, so that they are passed over, and the fields named by the columns' keys.
        "dialect": {"delimiter": ";", "header": False, "commentRows": [1]},
        "schema": {"fields": fields, "missingValues": [*SIGNS], "primaryKey": ["rad"]},
    }


def _place(column: Column) -> str:
    """Return a column's label with the group that it stands in."""
    return f"{column.group}, {column.label}" if column.group else column.label


def _type(cells: Iterable[str]) -> dict[str, str]:
    """Return a column's type: a number where every cell is one or a sign, else the text that is printed."""
    whole = all(_NUMBER.fullmatch(cell) for cell in cells if cell not in SIGNS)
    return {"type": "number", "decimalChar": ",", "groupChar": " "} if whole else {"type": "string"}


def _facts(path: Path) -> dict[str, object]:
    spec = read_descriptor(path.with_suffix(".yml"))
    return {
        "name": f"fakta-{path.stem}",
        "path": f"fakta/{path.name}",
        "title": f"Tall som bare står i teksten: {spec.dokument if spec else path.stem}",
        **_COMMON,
        "schema": {"fields": [{"name": field, "type": "string"} for field in FIELDS], "primaryKey": ["id"]},
    }


def write_package(folder: Path) -> bool:
    """Write the descriptor; return True if it changed."""
    path = folder / DESCRIPTOR
    text = json.dumps(package(folder), ensure_ascii=False, indent=1) + "\n"
    if is_there(path) and read_text(path) == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
