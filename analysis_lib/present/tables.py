"""A table on its way to the page: the years asked for, computed cells, labels, signs and sources.

What the page is given: columns and groups, cells with their marks, notes, and how print compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from analysis_lib.data.cells import Kind
from analysis_lib.data.corrections import HEADER
from analysis_lib.data.periods import (
    YEAR,
    Period,
    When,
    first_day,
    in_words,
    key_of,
    last_day,
    of_another_year,
    when,
)
from analysis_lib.data.tables import Column, Row
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import Series, differanse
from analysis_lib.indicators.values import PrintVerdict, Value, missing
from analysis_lib.present.display import Shown, cell, signs, synthetic_note
from analysis_lib.present.escape import anchor
from analysis_lib.present.numbers import format_cell, format_exact
from analysis_lib.present.payload import Deviation, MissingTablePayload, PrintCheck, TablePayload
from analysis_lib.present.pieces import CellPayload, ColumnPayload, Flag, GroupPayload, RowPayload
from analysis_lib.present.register import entries
from analysis_lib.present.words import listing


def table_payload(shown: ShownTable) -> TablePayload | MissingTablePayload:
    """Return a table as report assembly reads it; one whose every number waits says so."""
    spec = shown.table.spec
    values = {(row, column): value for row, column, value in shown.values()}
    if {value.kind for value in values.values()} - {Kind.BLANK} == {Kind.AWAITED}:
        note = f"Tabellen venter på {len(values)} tall."
        return MissingTablePayload(
            id=anchor(shown.key), number=spec.number, title=spec.title, note=note, awaits=("hele tabellen",)
        )
    return TablePayload(
        id=anchor(shown.key),
        number=spec.number,
        title=spec.title,
        unit=spec.unit,
        basis=f"faste {shown.edition.price_year}-priser" if spec.price_year else spec.basis,
        period=shown.periode,
        stub=spec.stub,
        groups=_groups(shown),
        columns=_columns(shown),
        rows=tuple(_row(shown, key, values) for key in shown.lines),
        signs=signs(values.values()),
        remarks=(*spec.notes, *spec.rounding_notes),
        notes=(
            *filter(None, [synthetic_note(values.values())]),
            *spec.notes,
            *spec.rounding_notes,
            *_deviation_notes(values),
            *_correction_notes(shown),
        ),
        source=", ".join(spec.sources),
        date=spec.date,
        numbers=entries(values.values()),
        check=_check(shown, values),
    )


def _groups(shown: ShownTable) -> tuple[GroupPayload, ...]:
    runs = groupby(column.group for column in shown.columns.values())
    groups = tuple(GroupPayload(label=label, span=len(list(run))) for label, run in runs)
    return groups if any(group.label for group in groups) else ()


def _columns(shown: ShownTable) -> tuple[ColumnPayload, ...]:
    groups = [column.group for column in shown.columns.values()]
    return tuple(
        ColumnPayload(
            key=key, label=shown.edition.header(shown.table, key), group_start=before != column.group
        )
        for (key, column), before in zip(shown.columns.items(), [None, *groups], strict=False)
    )


def _row(shown: ShownTable, key: str, values: dict[tuple[str, str], Value]) -> RowPayload:
    row = shown.table.rows[key]
    keys = () if row.kind == "heading" else tuple(shown.columns)
    cells = tuple(_cell(shown, values[key, column], column, key) for column in keys)
    return RowPayload(key=key, label=row.label, kind=row.kind, level=row.level, cells=cells)


def _cell(shown: ShownTable, value: Value, column: str, row: str) -> CellPayload:
    flag = None
    if value.verdict is PrintVerdict.DEVIATES:
        flag = Flag.DEVIATES
    elif shown.table.cells[row, column].corrected is not None:
        flag = Flag.CORRECTED
    held = {"flag": flag, "printed": value.printed, "verdict": value.verdict}
    return cell(value).model_copy(update=held)


def _correction_notes(shown: ShownTable) -> list[str]:
    """Say what was mended, once for each reason."""
    reasons: dict[str, list[str]] = {}
    for (row, column), entry in shown.table.corrections.items():
        if column in shown.columns and not entry.keep and (row in shown.table.rows or row == HEADER):
            reasons.setdefault(entry.why, []).append(shown.edition.header(shown.table, column))
    return [f"Rettet, {listing(sorted(set(columns)))}: {why}" for why, columns in reasons.items()]


def _check(shown: ShownTable, values: dict[tuple[str, str], Value]) -> PrintCheck:
    """Count the derived cells, and list those that their parts do not allow."""
    held = [value for value in values.values() if value.verdict]
    deviating = tuple(
        Deviation(
            row=row,
            column=column,
            printed=value.printed,
            computed=format_exact(value.computed, 2) if value.computed is not None else None,
            shown=format_cell(value),
            reason=value.note,
        )
        for (row, column), value in values.items()
        if value.verdict is PrintVerdict.DEVIATES
    )
    derived = [
        value
        for (row, column), value in values.items()
        if value.known and shown.table.relation(row, column) is not None
    ]
    return PrintCheck(
        cells=sum(value.known for value in values.values()),
        derived=len(derived),
        reproduced=len(held) - len(deviating),
        not_printed=len(derived) - len(held),
        deviating=deviating,
    )


def _deviation_notes(values: dict[tuple[str, str], Value]) -> list[str]:
    notes = []
    for value in values.values():
        if value.verdict is PrintVerdict.DEVIATES and value.computed is not None:
            both = f"trykt {value.printed}, beregnet {format_exact(value.computed, 2)}"
            notes.append(f"{value.label}: {both}. {value.note}".strip())
    return notes


class ShownTable(Shown):
    """A published table seen from one edition's parameters.

    Cells are asked for by row key and year or column key: ``t["totalt", 2025]``.

    Parameters
    ----------
    edition : Edition
        Gives the years, the prices and every value.
    key : str
        ``8.1``, or ``ssb/07459`` for an open table.
    """

    def __init__(self, edition: Edition, key: str) -> None:
        self.edition = edition
        self.table = edition.table(key)
        self.key = key
        shown = edition.years(self.table)
        self.columns: dict[str, Column] = {
            name: column
            for name, column in self.table.columns.items()
            if (column.year in shown if column.year is not None else self._sayable(column))
        }
        # Where the years run down the table, an earlier edition ends earlier; codes are no years.
        rows = self.table.rows
        coded = any(key.isdigit() and not YEAR.fullmatch(key) for key in rows)
        self.lines: dict[str, Row] = {
            key: row for key, row in rows.items() if coded or _last_year(key) <= edition.year
        }

    def _sayable(self, column: Column) -> bool:
        """Tell whether a column means anything here: a change needs two years."""
        if self.table.years and self.table.spec.year not in (None, self.edition.year):
            # Seen from an earlier year, only the columns of the years until then are there.
            return False
        relation = column.relation
        return (
            relation is None
            or relation.operation != "change"
            or self.edition.span(self.table, relation) is not None
        )

    @property
    def available(self) -> bool:
        """False for a table of one year only, when a year that it has no column for is asked for."""
        return self.table.spec.year in (None, self.edition.year) or self.edition.year in self.table.years

    def __getitem__(self, cell: tuple[str, str | When]) -> Value:
        row, column = cell[0], key_of(cell[1])
        if of_another_year(row, self.table.rows) is not None:
            label = f"Tabell {self.table.spec.number}: {row}, {self._head(column)}"
            return replace(missing(self.table), identity=f"{self.key}/{row}/{column}", label=label)
        if self.table.years and self.table.spec.year is not None and column not in self.columns:
            label = f"Tabell {self.table.spec.number}: {self.navn(row)}, {self._head(column)}"
            identity = f"{self.key}/{row}/{column}"
            return replace(missing(self.table), identity=identity, label=label)
        value = self.edition.value(self.key, row, column)
        return value if self.available and row in self.lines else value.untold()

    def _head(self, column: str) -> str:
        """Return the label of a column that is not shown, or of one like it for another year."""
        if (period := Period.printed(column)) and column not in self.table.columns:
            return period.words
        other = of_another_year(column, self.table.columns)
        if other is None:
            return self.table.column(column).label
        return YEAR.sub(YEAR.findall(column)[-1], self.table.column(other).label)

    def differanse(self, rad: str, fra: When | str, til: When | str) -> Value:
        """Return `til` less `fra` in a row: the printed column of differences where there is one.

        Rounded numbers need not give the difference that is printed beside them, which was taken
        before rounding.

        >>> from analysis_lib.indicators.edition import Edition
        >>> table = ShownTable(Edition(2025), "11.1")
        >>> table.differanse("listelengde", 2024, 2025).printed
        '-20'
        """
        for key, column in self.columns.items():
            relation = column.relation
            if (
                relation
                and relation.operation == "difference"
                and relation.arguments == (key_of(fra), key_of(til))
            ):
                return self[rad, key]
        return differanse(self[rad, fra], self[rad, til])

    def navn(self, rad: str) -> str:
        """Return a row's label."""
        return self.table.row(rad).label

    def serie(self, rad: str, *, frekvens: str = "") -> Series:
        """Return a row's values by year, quarter or month; `frekvens` chooses where the table has several."""
        periods = self.edition.periods(self.table, frekvens)
        return Series(self.navn(rad), {period: self[rad, period] for period in periods})

    def nedover(self, kolonne: str) -> Series:
        """Return a column's values by year, where the years run down the table.

        >>> table = ShownTable(Edition(2024), "16.1a")
        >>> table.nedover("fysisk").navn, list(table.nedover("fysisk").verdier)[-2:]
        ('Nei, fysisk oppmøte var nødvendig', [2023, 2024])
        """
        label = self.table.column(kolonne).label
        return Series(label, {period: self[str(period), kolonne] for period in self._down()})

    def _down(self) -> list[When]:
        """Return the periods that run down the table, in order."""
        periods = [key for key in self.lines if Period.printed(key) and key == key_of(key)]
        return sorted(map(when, periods), key=lambda one: first_day(str(one)))

    def bortover(self, rad: str, navn: str) -> Series:
        """Return a row's values by year where the columns are several quantities, each by year.

        >>> from analysis_lib.indicators.edition import Edition
        >>> doctors = ShownTable(Edition(2025), "10.3").bortover("sentralitet_6", "alis")
        >>> [(year, int(value.point)) for year, value in doctors.verdier.items()]
        [(2024, 111), (2025, 141)]
        """
        columns = self.table.columns.items()
        keys = {one.period: key for key, one in columns if one.period and key == f"{navn}_{one.period}"}
        return Series(self.navn(rad), {period: self[rad, key] for period, key in keys.items()})

    def rader(self, *, slag: str = "data") -> list[str]:
        """Return the keys of the rows of one kind (data, subtotal, total), in order."""
        return [row.key for row in self.lines.values() if row.kind == slag]

    def values(self) -> Iterator[tuple[str, str, Value]]:
        """Yield (row, column, value) of every cell that is shown, heading rows left out."""
        for row in self.lines.values():
            if row.kind != "heading" and self.available:
                for column in self.columns:
                    yield row.key, column, self[row.key, column]

    @property
    def periode(self) -> str:
        """The years or periods shown, as text."""
        years = self.edition.periods(self.table) or self._down()
        if not years or (self.table.spec.period and self.table.spec.year == self.edition.year):
            return self.table.spec.period or str(self.table.spec.year or "")
        return in_words(f"{years[0]}–{years[-1]}")

    @property
    def payload(self) -> TablePayload | MissingTablePayload:
        """The table for the report; see `Shown`."""
        if self.available:
            return table_payload(self)
        spec = self.table.spec
        note = f"Kildene har ikke tall for {self.edition.year}."
        return MissingTablePayload(id=anchor(self.key), number=spec.number, title=spec.title, note=note)

    @property
    def summary(self) -> str:
        """Number, title and how the computed cells compare with print."""
        if not self.available:
            return f"Tabell {self.table.spec.number}: finnes ikke for {self.edition.year}"
        payload = table_payload(self)
        if isinstance(payload, MissingTablePayload):
            return f"Tabell {self.table.spec.number} {self.table.spec.title}: {payload.note}"
        check = payload.check
        return (
            f"Tabell {self.table.spec.number} {self.table.spec.title}, {self.periode}: {check.cells} tall, "
            f"{check.derived} beregnet, {check.reproduced} gjengitt, {len(check.deviating)} avviker"
        )


def _last_year(row: str) -> int:
    """Return the last year that a row's key names, 0 where it names none.

    >>> _last_year("2024K3"), _last_year("2015-2025"), _last_year("sum_totalt")
    (2024, 2025, 0)
    """
    try:
        return last_day(row).year
    except ValueError:
        return 0
