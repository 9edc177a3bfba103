"""What the report prints, as the twin needs it: read from the edition's tables and facts, never typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis_lib.data.cells import Kind
from analysis_lib.indicators.edition import Edition
from registers.twin.exact import Floats, scaled

CLASSES = tuple(f"sentralitet_{number}" for number in range(1, 7))
_MONTHS = {"mai": 5}


@dataclass(frozen=True)
class Margins:
    """The printed numbers of one edition, at a scale.

    Months are counted from January of the first year that table 12.2 tells of. A series of counts is
    straight between the dates that are printed, and flat before the first.
    """

    edition: Edition
    scale: float = 1.0
    _seen: dict[tuple[str, str], Floats] = field(default_factory=dict)

    @cached_property
    def start(self) -> int:
        """The first year of bills and lists."""
        return self.edition.table("12.2").years[0]

    @cached_property
    def last(self) -> tuple[int, int]:
        """Year and month of the last printed status."""
        last = max(self.anchors("11.1", "lister"))
        return self.start + last // 12, last % 12 + 1

    @property
    def months(self) -> int:
        """How many months there are to the last printed status, both ends included."""
        return self.month(*self.last) + 1

    def month(self, year: int, month: int) -> int:
        """Return the number of a month."""
        return (year - self.start) * 12 + month - 1

    def cell(self, table: str, row: str, column: str | int) -> float | None:
        """Return a printed number, None where there is none."""
        cell = self.edition.table(table).cells.get((row, str(column)))
        return (
            float(cell.number)
            if cell is not None and cell.kind is Kind.NUMBER and cell.number is not None
            else None
        )

    def number(self, table: str, row: str, column: str | int) -> float:
        """Return a printed number; a row or column that is not there is an error of the edition."""
        printed = self.cell(table, row, column)
        return float(self.edition.value(table, row, str(column)).point or 0) if printed is None else printed

    def fact(self, chapter: str, key: str) -> float:
        """Return a fact of the text."""
        number = self.edition.facts(chapter)[key].cell.number
        return float(number or 0)

    def yearly(self, chapter: str, prefix: str) -> dict[int, float]:
        """Return the facts ``prefix_YEAR`` by year."""
        found = {}
        for key in self.edition.facts(chapter).facts:
            if match := re.fullmatch(rf"{prefix}_((?:19|20)\d\d)", key):
                found[int(match[1])] = self.fact(chapter, key)
        return found

    def count(self, number: float) -> int:
        """Return a stratum's size at the scale."""
        return scaled(number, self.scale)

    def anchors(self, table: str, row: str) -> dict[int, float]:
        """Return a row's printed numbers by month: December of a year, or a month that has a column."""
        found = {}
        for key in self.edition.table(table).columns:
            value = self.cell(table, row, key)
            named = re.fullmatch(r"([a-z]+)_(\d{4})", key)
            if value is None or not (key.isdigit() or (named and named[1] in _MONTHS)):
                continue
            year, month = (int(named[2]), _MONTHS[named[1]]) if named else (int(key), 12)
            found[self.month(year, month)] = value
        return found

    def along(self, anchors: Mapping[int, float]) -> Floats:
        """Return a series by month, straight between its anchors and flat outside them."""
        known = sorted(anchors)
        return np.interp(np.arange(self.months), known, [anchors[month] for month in known])

    def counts(self, anchors: Mapping[int, float]) -> np.ndarray:
        """Return a series of whole numbers by month, at the scale."""
        return np.floor(self.along(anchors) * self.scale + 0.5).astype(np.int64)

    def rate(self, anchors: Mapping[int, float]) -> Floats:
        """Return a series by month that no scale changes."""
        return self.along(anchors)

    @cached_property
    def class_means(self) -> Floats:
        """Mean list length by month and class of centrality, (months, 6), from table 11.2."""
        found = []
        for row in CLASSES:
            first = self.number("11.2", row, self.start)
            steps = self.anchors("11.2", row)
            months = sorted(steps)
            sums = dict(zip(months, first + np.cumsum([0.0, *(steps[m] for m in months[1:])]), strict=True))
            sums[months[-1]] = self.number("11.2", row, "naa")
            found.append(self.along(sums))
        return np.array(found).T

    @cached_property
    def mean_length(self) -> dict[int, float]:
        """Mean length of the lists with a doctor in the whole country, by month, from table 11.2."""
        steps = self.anchors("11.2", "landet")
        months = sorted(steps)
        sums = self.number("11.2", "landet", self.start) + np.cumsum([0.0, *(steps[m] for m in months[1:])])
        return dict(zip(months, sums.tolist(), strict=True))

    @cached_property
    def population(self) -> dict[int, float]:
        """Inhabitants on 1 January by year (SSB 07459)."""
        table = self.edition.table("ssb/07459")
        return {year: self.number("ssb/07459", "folkemengde", year) for year in table.years}
