"""What an analyst has hidden: the usual tags and Quarto's cell options.

Code is never published, so what hides only code hides nothing more.
"""

from __future__ import annotations

import re
from typing import Any

from publishing.notebooks import source, tags

HIDES_CELL = {"parameters", "injected-parameters", "remove-cell", "hide-cell"}
HIDES_OUTPUT = {"remove-output", "hide-output", "remove-outputs", "hide-outputs", "remove-all-outputs"}
HIDES_CODE = {"remove-input", "hide-input", "remove-stdout", "remove-stderr"}
HIDES = HIDES_CELL | HIDES_OUTPUT | HIDES_CODE
_HIDING = re.compile(r"hid|remove|skjul|fjern|no-?(?:output|print|show)", re.I)
_OPTION = re.compile(r"^#\|[ \t]*([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$")
_NO = {"false", "no", "off"}


def cell_tags(cell: dict[str, Any]) -> set[str]:
    """Return a cell's tags, spelt one way."""
    return {tag.strip().lower().replace("_", "-") for tag in tags(cell)}


def cell_options(cell: dict[str, Any]) -> dict[str, str]:
    r"""Return the options that begin a code cell, as Quarto reads them.

    >>> cell_options({"cell_type": "code", "source": "#| output: false\nt"})
    {'output': 'false'}
    """
    options: dict[str, str] = {}
    if cell["cell_type"] != "code":
        return options
    for line in source(cell).split("\n"):
        if match := _OPTION.match(line.strip()):
            options[match[1]] = match[2].strip("\"'").lower()
        elif line.strip() and not line.startswith("%%"):
            break
    return options


def hidden(cell: dict[str, Any]) -> bool:
    """Tell whether nothing of a cell is to be published."""
    options = cell_options(cell)
    said = {options.get("output"), options.get("include")}
    hiding = HIDES_CELL if cell["cell_type"] == "markdown" else HIDES_CELL | HIDES_OUTPUT
    return bool(cell_tags(cell) & hiding or said & _NO)


def unknown_hiding(cell: dict[str, Any]) -> list[str]:
    """List the tags that seem to hide something, but hide nothing."""
    return sorted(tag for tag in cell_tags(cell) - HIDES if _HIDING.search(tag))
