"""Which edition is meant: a folder of ``data/published``, named by its year (``2025``, ``2025-utkast``).

And which numbers a build has beside the printed ones; see `analysis_lib.data.cleared`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from analysis_lib.data.inputs import project_root, relative
from analysis_lib.errors import DataFeil, ParameterFeil, nearest

EDITION_VARIABLE = "RAPPORT_UTGAVE"
MODE_VARIABLE = "RAPPORT_DATA"
# By the name that a build is asked with: where the cleared folders lie, and what the reader is told.
MODES = {
    "trykt": ("", "trykte tabeller"),
    "register": ("data/register", "registerdata"),
    "open": ("data/open_edition", "åpne data"),
}
_NAME = re.compile(r"([0-9]{4})(?:-[\w-]+)?")


def editions(root: Path | None = None) -> dict[str, Path]:
    """Return the folders of editions by name, the oldest first; what is named by no year is none."""
    parent = (root or project_root()) / "data" / "published"
    folders = sorted(path for path in parent.glob("*") if path.is_dir() and _NAME.fullmatch(path.name))
    return {path.name: path for path in folders}


def edition_folder(name: str, root: Path | None = None) -> Path:
    """Return an edition's folder by its name.

    Raises
    ------
    DataFeil
        If there is none by that name; names the nearest.
    """
    known = editions(root)
    if name not in known:
        raise DataFeil(f"utgaven «{name}» finnes ikke", where="data/published", hint=nearest(name, known))
    return known[name]


def chosen_edition(name: str | None, root: Path | None = None) -> Path:
    """Return the edition that was asked for by name, or the newest.

    Raises
    ------
    DataFeil
        If there is none by that name, or none at all.
    """
    known = [*editions(root)]
    return edition_folder(name or (known[-1] if known else ""), root)


def edition_year(folder: Path) -> int:
    """Return the year that an edition is about.

    >>> edition_year(Path("data/published/2025-utkast"))
    2025
    """
    match = _NAME.fullmatch(folder.name)
    if match is None:
        raise DataFeil(
            f"«{folder.name}» er ikke navnet på en utgave",
            where=relative(folder),
            hint="En utgave heter som året sitt: 2025, eller 2025-utkast.",
        )
    return int(match[1])


def edition_of(year: int, root: Path | None = None) -> Path:
    """Return the edition that tells of a year, where nothing names one.

    A build names its edition, and the environment carries the name to every notebook. In a notebook that is
    open in JupyterLab it is the edition of the year itself, else the first later one, else the newest.
    """
    if named := os.environ.get(EDITION_VARIABLE):
        return edition_folder(named, root)
    known = editions(root)
    if not known:
        raise ParameterFeil("ingen utgave finnes", where="data/published", hint="Den heter som året sitt.")
    later = [folder for folder in known.values() if edition_year(folder) >= year]
    return known.get(str(year)) or (later or [[*known.values()][-1]])[0]


def chosen_mode(mode: str | None = None) -> str:
    """Return the mode that is asked for by name, or that a build has set; the printed tables by default.

    Raises
    ------
    ParameterFeil
        If there is none by that name.
    """
    name = mode or os.environ.get(MODE_VARIABLE) or next(iter(MODES))
    if name not in MODES:
        raise ParameterFeil(f"«{name}» er ikke et slags data", where="--data", hint=nearest(name, MODES))
    return name


def cleared_folder(mode: str, edition: str, root: Path | None = None) -> Path | None:
    """Return where the cleared tables of an edition lie; None for the printed ones."""
    parent = MODES[mode][0]
    return (root or project_root()) / parent / edition if parent else None
