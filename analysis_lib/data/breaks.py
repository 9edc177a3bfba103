"""The register of breaks in series: ``data/breaks.yml``."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analysis_lib.data.inputs import project_root
from analysis_lib.data.measures import Period, read_register
from analysis_lib.data.models import Model, Text, read_model
from analysis_lib.data.periods import in_words


class Break(Model):
    """A point where a series begins to count something else, or in another way.

    `series` are cells or facts as `Data.values` names them, ``*`` for any part; `start` is the first
    period that is counted the new way.
    """

    id: Text
    series: Annotated[tuple[Text, ...], Field(min_length=1)]
    start: Period
    what: str
    source: str

    def __str__(self) -> str:
        return f"{in_words(self.start)}: {self.what}"

    def hits(self, place: str) -> bool:
        """Tell whether a cell or fact belongs to a series that breaks.

        >>> alis = Break(id="a", series=("10.1/alis",), start="2025", what="…", source="…")
        >>> alis.hits("10.1/alis/2024"), alis.hits("10.1/alis_budsjett/2024")
        (True, False)
        """
        return any(fnmatchcase(place, one) or fnmatchcase(place, f"{one}/*") for one in self.series)


def read_breaks(path: Path | None = None) -> tuple[Break, ...]:
    """Return the registered breaks; errors as for `read_measures`."""
    entries = read_register(path or project_root() / "data" / "breaks.yml", "breaks")
    return tuple(read_model(Break, raw, where) for where, raw in entries)
