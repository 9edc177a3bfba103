"""Municipal reforms: which numbers are of the same place before and after, and which areas are not the same.

``data/reference/kommuner.csv`` leads each number since 1990 to those of 2024. A number that two or more lead
to was merged; one that leads to several was divided, and no arithmetic makes its numbers theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis_lib.data.formats import is_there, read_semicolons
from analysis_lib.data.inputs import project_root, relative
from analysis_lib.errors import DataFeil, nearest

_LATEST = 9999


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality number, the years that it was in use, and what the area became.

    Attributes
    ----------
    first, last : int
        Years; 0 and 9999 where the list has none.
    successors : tuple of str
        Numbers of 2024; none for a number in use.
    """

    number: str
    name: str
    first: int
    last: int
    successors: tuple[str, ...]

    @property
    def named(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}"


def municipalities() -> Mapping[str, Municipality]:
    """Return the municipalities by number; none where the project has no list.

    >>> municipalities()["1507"]
    Municipality(number='1507', name='Ålesund', first=2020, last=2023, successors=('1508', '1580'))
    """
    path = project_root() / "data" / "reference" / "kommuner.csv"
    return _read(path) if is_there(path) else {}


@cache
def _read(path: Path) -> Mapping[str, Municipality]:
    known: dict[str, Municipality] = {}
    for line, fields in enumerate(read_semicolons(path)[1:], start=2):
        where = f"{relative(path)}, linje {line}"
        if len(fields) != 5 or not all(re.fullmatch("(?:[0-9]{4})?", year) for year in fields[2:4]):
            raise DataFeil("linjen er ikke «nummer;navn;første år;siste år;ble til»", where=where)
        number, name, first, last, after = fields
        known[number] = Municipality(
            number, name, int(first or 0), int(last or _LATEST), tuple(after.split())
        )
    lost = [(one.named, after) for one in known.values() for after in one.successors if after not in known]
    for name, after in lost:
        raise DataFeil(f"{name} ble til «{after}», som ikke står i listen", where=relative(path))
    return known


def valid(number: str, year: int) -> bool:
    """Tell whether a number was in use in a year.

    >>> [valid("1507", year) for year in (2019, 2020, 2024)], valid("1508", 2023), valid("0301", 2000)
    ([False, True, False], False, True)
    """
    place = municipalities().get(number)
    return place is not None and place.first <= year <= place.last


def successors(number: str) -> tuple[str, ...]:
    """Return the numbers of 2024 that an area became a part of; none for a number in use.

    >>> successors("0136"), successors("1507"), successors("0301")
    (('3103',), ('1508', '1580'), ())
    """
    place = municipalities().get(number)
    return place.successors if place else ()


def predecessors(number: str) -> tuple[str, ...]:
    """Return the numbers of all years that became a number of 2024, or a part of it.

    >>> predecessors("3103"), predecessors("0301")
    (('0104', '0136', '3002'), ())
    """
    return tuple(old for old, place in municipalities().items() if number in place.successors)


def is_split(number: str) -> bool:
    """Tell whether an area was divided.

    >>> is_split("1507"), is_split("0136")
    (True, False)
    """
    return len(successors(number)) > 1


def is_renumbered(old: str, new: str) -> bool:
    """Tell whether two numbers are of the same area.

    >>> is_renumbered("3001", "3101"), is_renumbered("0136", "3103"), is_renumbered("1507", "1508")
    (True, False, False)
    """
    place = municipalities().get(old)
    return place is not None and place.successors == (new,) and _valid_parts(new, place.last) == (old,)


def parts(number: str, year: int) -> tuple[str, ...]:
    """Return the numbers of a year that together are the area of one of 2024, a municipality or a county.

    Raises
    ------
    DataFeil
        If one of them was divided, so that they are more than the area; or the number is none of 2024.

    Examples
    --------
    >>> parts("3103", 2019), parts("3103", 2022), parts("3103", 2025)
    (('0104', '0136'), ('3002',), ('3103',))
    >>> parts("1103", 2019), parts("1580", 2019), parts("56", 2019)
    (('1103', '1141', '1142'), ('1534',), ('20',))
    >>> parts("1580", 2022)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis_lib.errors.DataFeil: kommune 1580, 2022: 1507 Ålesund er delt mellom 1508 Ålesund ...
    >>> parts("56", 2022)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis_lib.errors.DataFeil: fylke 56, 2022: 54 er mer enn 56, for 5401 Tromsø er ikke der...
    """
    known = municipalities()
    whole = [one for one, place in known.items() if not place.successors and one.startswith(number)]
    if not whole or len(number) not in (2, 4):
        latest = {one[: len(number)] for one, place in known.items() if not place.successors}
        raise DataFeil(f"«{number}» er ikke et nummer i 2024", hint=nearest(number, sorted(latest)))
    before = dict.fromkeys(part[: len(number)] for one in whole for part in _valid_parts(one, year))
    for old, place in known.items():
        beyond = [after for after in place.successors or (old,) if after not in whole]
        if old[: len(number)] in before and beyond and valid(old, year):
            raise DataFeil(_more_than(number, place, beyond), where=_where(number, year), hint=_LATER)
    return tuple(before)


_LATER = "En serie over delingen sier noe annet før og etter: begynn den etterpå."


def _where(number: str, year: int) -> str:
    return f"{'fylke' if len(number) == 2 else 'kommune'} {number}, {year}"


def _more_than(number: str, place: Municipality, beyond: Iterable[str]) -> str:
    known = municipalities()
    if len(number) == 2:
        there = " og ".join(known[other].named for other in beyond)
        return f"{place.number[:2]} er mer enn {number}, for {place.named} er ikke der, men i {there}"
    return f"{place.named} er delt mellom {' og '.join(known[other].named for other in place.successors)}"


def _valid_parts(number: str, year: int) -> tuple[str, ...]:
    return tuple(old for old in (number, *predecessors(number)) if valid(old, year))


def told(number: str, others: Iterable[str]) -> str:
    """Say what reform lies between a number and those of another year; "" if none does.

    Parameters
    ----------
    others : iterable of str
        The numbers on the other side.

    Examples
    --------
    >>> told("0136", ["3103"])
    'kommunen er slått sammen: 0104 Moss og 0136 Rygge → 3103 Moss'
    >>> told("1580", ["1507"])
    'kommunen er delt: 1507 Ålesund → 1508 Ålesund og 1580 Haram'
    >>> told("0301", ["3103"])
    ''
    """
    known = municipalities()
    for old, new in ((a, b) for other in others for a, b in ((number, other), (other, number))):
        if new not in successors(old):
            continue
        after = " og ".join(known[other].named for other in successors(old))
        if is_split(old):
            return f"kommunen er delt: {known[old].named} → {after}"
        if is_renumbered(old, new):
            return f"kommunen har fått nytt nummer: {known[old].named} → {after}"
        before = " og ".join(known[part].named for part in _valid_parts(new, known[old].last))
        return f"kommunen er slått sammen: {before} → {after}"
    return ""
