"""Tables as series: one quantity over its years, with the words, unit and cells that belong to it.

Years may stand in columns or in rows; a table without years gives series of one point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.units import power_in
from number_audit.document import Grid, Ref
from number_audit.language.periods import Period, years_in
from number_audit.language.quantities import rate_base
from number_audit.language.words import TOTALS, content

_CHANGE = re.compile(r"endr|tilvekst|vekst|økning|reduksjon", re.IGNORECASE)
_YEARLY = re.compile(r"årlig endring", re.IGNORECASE)
_BARE = re.compile(r"(?:i )?(?:prosent|pst\.?|%)", re.IGNORECASE)
_PERCENT = re.compile(r"prosent(?!poeng)|%|\bandel", re.IGNORECASE)
_COUNT = re.compile(r"\b(?:antall|gj\w*\.?\s?snitt\w*|gjenn\.\s?snitt|median|sum|per 1 ?000)", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:total\w*|sum|hele landet|landet|alle fylker|i alt|samlet)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """A cell of a series, and all numbers that it allows, in whole units."""

    ref: Ref
    interval: Interval
    printed: str


@dataclass(frozen=True, slots=True)
class TableSeries:
    """One quantity of a table.

    Attributes
    ----------
    grid : Grid
    name : str
        For the reader: row label, and column where it is no year.
    row, column : str
        The labels, without their years.
    words : frozenset of str
        Stems of the labels that tell it from the others of its table.
    caption : frozenset of str
        Stems of the table's caption, and of the heading that the row stands under.
    total : bool
        Whether it is the whole of the others.
    change : bool
        Whether its points are changes and not levels.
    unit : str
        As in `Quantity`.
    per : int
        Base of a rate, 0 for none.
    basis : str
        Price basis, see `price_basis`.
    points : dict
        By period; the key None stands for a table without years.
    """

    grid: Grid
    name: str
    row: str
    column: str
    words: frozenset[str]
    caption: frozenset[str]
    total: bool
    change: bool
    unit: str
    per: int
    basis: str = ""
    points: dict[Period | None, Point] = field(default_factory=dict)

    def reaches(self, period: Period | None) -> bool:
        """Tell whether there may be a cell of a time; one cell alone may be of any."""
        return (
            len(self.points) == 1
            or period in self.points
            or bool(period and Period(period.end) in self.points)
        )


def price_basis(words: frozenset[str]) -> str:
    """Return the price basis that words name: «løpend» or «fast», nothing where they name none or both.

    >>> price_basis(frozenset({"utgift", "fast", "pris"})), price_basis(frozenset({"fast", "lege"}))
    ('fast', '')
    """
    named = [basis for basis in ("løpend", "fast") if basis in words and "pris" in words]
    return named[0] if len(named) == 1 else ""


def series_of(grids: Iterable[Grid]) -> list[TableSeries]:
    """Return the series of all tables."""
    return [series for grid in grids for series in _series(grid)]


def _series(grid: Grid) -> Iterator[TableSeries]:
    """Gather the cells of one table by what they are, apart from their year."""
    found: dict[tuple[str, str, str, str, bool], TableSeries] = {}
    caption = content(grid.caption)
    own_years = years_in(grid.caption)
    yearly = bool(_YEARLY.search(grid.caption))
    headings = grid.headings()
    for ref in grid.refs():
        row, column = grid.rows[ref.row], grid.columns[ref.column]
        head = f"{column.group} {column.header}".strip()
        years = years_in(column.header) or years_in(row.label) or years_in(column.group)
        change = _of_change(grid, ref.column) or (yearly and len(years) == 1 and _is_small(grid, ref))
        period = _period(years or (own_years if len(own_years) == 1 else ()), change)
        label = _without_years(row.label)
        column_name = _without_years(head if years_in(column.header) == () else column.group)
        unit, power = _unit(grid, row.label, f"{head} {_in_cell(grid[ref].printed)}", change)
        heading = headings[ref.row]
        key = (heading, label, column_name, unit, change)
        if key not in found:
            found[key] = TableSeries(
                grid,
                ", ".join(part for part in (label, column_name) if part) or grid.caption,
                label,
                column_name,
                (_label_words(label) | content(column_name)) - TOTALS,
                caption | content(heading),
                bool(_TOTAL.search(label) or (not label and _TOTAL.search(head))),
                change,
                unit,
                _base(row.label, head, grid.caption),
                price_basis(caption | content(column_name)),
            )
        cell = grid[ref]
        if cell.interval is not None:
            found[key].points.setdefault(
                period, Point(ref, cell.interval * Fraction(10**power), cell.printed)
            )
    yield from _told_apart(list(found.values()))


def _told_apart(series: list[TableSeries]) -> Iterator[TableSeries]:
    """Move the words that every level, or every change, of a table shares from its labels to its caption."""
    for change in (False, True):
        alike = [one for one in series if one.change is change]
        shared = frozenset.intersection(*(one.words for one in alike)) if len(alike) > 1 else frozenset()
        for one in alike:
            yield replace(one, words=one.words - shared, caption=one.caption | shared)


def _of_change(grid: Grid, number: int) -> bool:
    """Tell whether a column holds changes: «Endring», and a bare «I prosent» that follows it."""
    column = grid.columns[number]
    if _CHANGE.search(f"{column.group} {column.header}"):
        return True
    bare = number > 0 and _BARE.fullmatch(column.header) and grid.columns[number - 1].group == column.group
    return bool(bare) and _of_change(grid, number - 1)


def _is_small(grid: Grid, ref: Ref) -> bool:
    """Tell a change from the level that stands in the same row."""
    sizes = [abs(cell.number) for cell in grid.rows[ref.row].cells if cell.number is not None]
    return 4 * abs(grid[ref].number or Fraction(0)) < max(sizes)


def _label_words(label: str) -> frozenset[str]:
    """Return the words of a row's label; a bare «6» or «6 (minst sentral)» is the name of a class."""
    bare = re.match(r"\d(?=\s*(?:\(|$))", label)
    return content(f"klasse {label}" if bare else label) - {"klass"}


def _period(years: tuple[int, ...], change: bool) -> Period | None:
    if not years:
        return None
    if len(years) > 1:
        return Period(years[-1], years[0])
    return Period(years[0], years[0] - 1) if change else Period(years[0])


def _without_years(text: str) -> str:
    plain = re.sub(r"(?i)\b(?:19|20)\d\d\b|\b[kh]v\.?\s?\d\b|\bmai\b|\bper\b(?=\s*$)|\btall per\b", "", text)
    return re.sub(r"\s+", " ", plain).strip(" -–,*")


def _in_cell(printed: str) -> str:
    """Return the unit that stands in the cell itself: «241,9 mill.»."""
    return "mill. kroner" if re.search(r"mill|mrd", printed) else ""


def _unit(grid: Grid, label: str, head: str, change: bool) -> tuple[str, int]:
    """Return the unit of a cell and the power of ten that it is printed in."""
    if _PERCENT.search(head):
        return "prosent", 0
    if _PERCENT.search(label) and not _COUNT.match(label):
        return ("prosentpoeng" if change else "prosent"), 0
    if (
        _PERCENT.search(grid.caption)
        and not _COUNT.search(f"{label} {head}")
        and not _COUNT.search(grid.caption)
    ):
        return ("prosentpoeng" if change else "prosent"), 0
    where = (
        f"{label} {head}"
        if re.search(r"kroner|tusen|mill|1000 pers", f"{label} {head}", re.I)
        else grid.caption
    )
    money = re.search(r"kroner|\bpriser\b", f"{where} {grid.caption}", re.IGNORECASE)
    return "kroner" if money else "", power_in(where)


def _base(label: str, head: str, caption: str) -> int:
    return rate_base(label) or rate_base(head) or rate_base(caption)
