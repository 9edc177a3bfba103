"""What headers and labels say of a number: its year or period, that it is a sum, a share, a change."""

from __future__ import annotations

import re

from analysis_lib.audit.grid import Grid, GridColumn, GridRow
from analysis_lib.data.periods import YEAR

PERIOD = re.compile(r"((?:19|20)\d\d)\s*[-–—]\s*((?:19|20)\d\d)")
TOTAL = re.compile(r"\W*(?:(?:del)?sum|totalt?|i alt|samlet|hele landet|til sammen|alle)\b", re.IGNORECASE)
PERCENT = re.compile(r"prosent|%|andel", re.IGNORECASE)
CHANGE = re.compile(r"endr|vekst|netto", re.IGNORECASE)
WHOLE = re.compile(r"unike|totalt|samlet|i alt", re.IGNORECASE)
INDEX = re.compile(r"indeks", re.IGNORECASE)


def year_of(text: str) -> int | None:
    """Return the only year that a header names.

    >>> year_of("2025 Kv4"), year_of("2024-2025"), year_of("Endr. siste år")
    (2025, None, None)
    """
    years = YEAR.findall(text)
    return int(years[0]) if len(years) == 1 else None


def period_of(text: str) -> tuple[int, int] | None:
    """Return the two years that a header runs between.

    >>> period_of("Endring 2024- 2025 Kv4")
    (2024, 2025)
    """
    found = PERIOD.search(text)
    return (int(found[1]), int(found[2])) if found else None


def level_columns(grid: Grid) -> dict[int, int]:
    """Return the columns of levels by their year; a year that several columns name is not among them."""
    years: dict[int, list[int]] = {}
    for j, column in enumerate(grid.columns):
        year = year_of(column.header)
        if year is not None and not CHANGE.search(column.header) and not PERCENT.search(said(column)):
            years.setdefault(year, []).append(j)
    return {year: columns[0] for year, columns in years.items() if len(columns) == 1}


def said(column: GridColumn) -> str:
    """Return all that is printed over a column."""
    return f"{column.group} {column.header}"


def is_total(label: str) -> bool:
    """Tell whether a label calls its number a sum.

    >>> is_total("Sum refusjoner"), is_total("Totalt"), is_total("Summer")
    (True, True, False)
    """
    return TOTAL.match(label) is not None


def is_heading(row: GridRow) -> bool:
    """Tell whether a row heads those below: at least half of its cells hold no number."""
    return 2 * sum(cell.number is not None for cell in row.cells) < len(row.cells)


def plain(label: str) -> str:
    """Return a label's words, without marks, hyphens and case, so that two tables' rows can be matched.

    >>> plain("+ Utjamnings-tilskudd*")
    'utjamningstilskudd'
    """
    return re.sub(r"[\W\d_]+", "", label).lower() or label.strip()
