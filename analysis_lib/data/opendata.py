"""Open data sets that come as a tidy frame: a CSV, and a descriptor that names source, date and licence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.data.files import Model, read_model, read_yaml
from analysis_lib.data.inputs import project_root, relative
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    import pandas as pd


class FrameSpec(Model):
    """The descriptor of an open data set.

    Attributes
    ----------
    title : str
    sources : tuple of str
        Who made the numbers.
    address, date : str
        Where and when they were fetched.
    licence : str
        That they may be passed on.
    columns : dict of str to str
        What each column holds.
    """

    title: str
    sources: tuple[str, ...]
    address: str
    date: str
    licence: str
    columns: dict[str, str]


def open_frame(key: str) -> pd.DataFrame:
    """Return an open data set, one row an observation.

    Parameters
    ----------
    key : str
        Folder and name below ``data/open``.

    Raises
    ------
    DataFeil
        If there is no such data set, or its columns are not those of the descriptor.

    Examples
    --------
    >>> open_frame("nist/rat42").shape
    (9, 2)
    """
    import pandas as pd

    path = project_root() / "data" / "open" / f"{key}.csv"
    descriptor = path.with_suffix(".yml")
    if not (path.is_file() and descriptor.is_file()):
        raise DataFeil(
            "datasettet finnes ikke, eller mangler beskrivelse", where=relative(path), hint=_known(path, key)
        )
    spec = read_model(FrameSpec, read_yaml(descriptor), relative(descriptor))
    frame = pd.read_csv(path, sep=";")
    if list(frame.columns) != list(spec.columns):
        raise DataFeil(
            f"kolonnene er {', '.join(frame.columns)}, ventet {', '.join(spec.columns)}", where=relative(path)
        )
    return frame


def _known(path: Path, key: str) -> str:
    folder = path.parent if path.parent.is_dir() else path.parents[1]
    return nearest(key, sorted(f"{item.parent.name}/{item.stem}" for item in folder.rglob("*.csv")))
