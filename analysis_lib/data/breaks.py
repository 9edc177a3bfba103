"""The register of breaks in an edition's series: ``breaks.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analysis_lib.data.files import Model, Period, Text, read_model, read_register
from analysis_lib.data.formats import is_there
from analysis_lib.data.periods import first_day, in_words, last_day


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


@dataclass(frozen=True, slots=True)
class Side:
    """A registered break of a number's series, and whether the number is counted the new way."""

    at: Break
    after: bool


def sides(breaks: Iterable[Break], place: str, period: str) -> tuple[Side, ...]:
    """Return where a number stands by the breaks of its series.

    Parameters
    ----------
    place : str
        The cell or fact, as the register names it: ``10.1/alis/2025``.
    period : str
        What the number covers; one that the break falls inside is counted as after it.
    """
    return tuple(Side(at, last_day(period) >= first_day(at.start)) for at in breaks if at.hits(place))


def merged(terms: Iterable[tuple[Side, ...]]) -> tuple[Side, ...]:
    """Return the sides of a number computed from others; a break that they stand on both sides of is gone."""
    found = dict.fromkeys(side for term in terms for side in term)
    return tuple(side for side in found if Side(side.at, not side.after) not in found)


def read_breaks(folder: Path) -> tuple[Break, ...]:
    """Return the breaks that an edition's ``breaks.yml`` registers, none where it has no such file.

    Raises
    ------
    DataFeil
        If the file is malformed, a field is unknown or of the wrong kind, or an id stands twice.
    """
    path = folder / "breaks.yml"
    entries = read_register(path, "breaks") if is_there(path) else []
    return tuple(read_model(Break, raw, where) for where, raw in entries)
