"""One edition of the report: every cell either as printed, or computed from what is printed.

A derived cell is computed from the cells that its relation names, however deep, and held against
its own printed value. Which years are shown, and in which year's prices, are parameters.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis_lib.data.breaks import read_breaks, sides
from analysis_lib.data.cells import Kind
from analysis_lib.data.cleared import FigureData, read_cleared
from analysis_lib.data.editions import edition_of, edition_year
from analysis_lib.data.facts import Facts, municipalities, read_facts
from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import is_name, is_there, read_yaml
from analysis_lib.data.inputs import project_root, relative
from analysis_lib.data.periods import Frequency, Period, When, in_words, key_of, step, when
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table, awaiting_year, read_table
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from analysis_lib.indicators.counted import from_cleared, from_figure
from analysis_lib.indicators.prices import PRICE_SOURCES, deflator, from_pairs, read_deflator
from analysis_lib.indicators.relations import DEFLATOR, RELATIONS, Address, Place
from analysis_lib.indicators.values import (
    Computation,
    Source,
    Value,
    from_cell,
    reconcile,
)


class EditionSpec(Model):
    """What ``utgave.yml`` says of an edition: its name in a sentence, and when its numbers were taken out."""

    name: str = ""
    date: str = ""


def read_edition(folder: Path) -> EditionSpec:
    """Return an edition's ``utgave.yml``; where it has none, it is named by its year alone."""
    path = folder / "utgave.yml"
    spec = read_model(EditionSpec, read_yaml(path), relative(path)) if is_there(path) else EditionSpec()
    return spec if spec.name else spec.model_copy(update={"name": f"årsrapport {edition_year(folder)}"})


def is_open(key: str) -> bool:
    """Tell whether a table is one of the open data, which are named by their source: ``ssb/07459``."""
    return "/" in key


def _check_year(parameter: str, year: int | None, table: Table) -> None:
    """Refuse a year that the table does not have."""
    if year is not None and year not in table.years:
        raise ParameterFeil(
            f"{year} er utenfor dataene i tabell {table.spec.number} ({table.years[0]}–{table.years[-1]})",
            where=f"parameter {parameter}",
            hint=nearest(year, table.years),
        )


class Edition:
    """The tables and facts of one edition, seen from one year and one price year.

    Parameters
    ----------
    year : int
        Last year shown.
    start_year : int, optional
        First year shown, and base of changes and indices; the first that a table has by default.
    price_year : int, optional
        Year whose prices «constant prices» are; `year` by default.
    deflator_source : {"trykte par", "indeks"}
        Derive the deflator from printed pairs, or read the index table.
    folder : Path, optional
        The edition's folder; the one that tells of the year by default, see `edition_of`.
    data : str, optional
        «trykt», «register» or «open»: which numbers there are beside the printed ones; that of the build by
        default, see `analysis_lib.data.cleared`.

    Attributes
    ----------
    awaits : bool
        True once somebody has asked for a number that the edition still waits for.

    Examples
    --------
    >>> edition = Edition(2025)
    >>> total = edition.value("8.1", "totalt", 2025)
    >>> int(total.point), total.verdict.value
    (18572, 'gjengitt')
    """

    def __init__(
        self,
        year: int,
        *,
        start_year: int | None = None,
        price_year: int | None = None,
        deflator_source: str = PRICE_SOURCES[0],
        folder: Path | None = None,
        data: str | None = None,
    ) -> None:
        if deflator_source not in PRICE_SOURCES:
            raise ParameterFeil(
                f"«{deflator_source}» er ikke en kilde for deflatoren",
                where="parameter deflator",
                hint=nearest(deflator_source, PRICE_SOURCES),
            )
        self.year = year
        self.start_year = start_year
        self.price_year = price_year or year
        self.deflator_source = deflator_source
        self.folder = folder or edition_of(year)
        self.own_year = edition_year(self.folder)
        self.spec = read_edition(self.folder)
        self.cleared = read_cleared(self.folder.name, data)
        self._tables: dict[str, Table] = {}
        self._starts: dict[str, int] = {}
        self._facts: dict[str, Facts] = {}
        self._values: dict[Address, Value] = {}
        self._begun: set[Address] = set()
        self._breaks = read_breaks(self.folder)
        self.awaits = False

    def table(self, key: str) -> Table:
        """Return a table as printed: ``8.1`` of this edition, or ``ssb/07459`` of the open data.

        Raises
        ------
        DataFeil
            If there is no such table, or its files are malformed.
        """
        if key not in self._tables:
            parent = self.open_folder if is_open(key) else self.folder / "tabeller"
            descriptor = parent / f"{key}.yml"
            if not is_name(key) or not is_there(descriptor):
                known = [path.stem for path in descriptor.parent.glob("*.yml")]
                raise DataFeil(
                    f"tabell {key} finnes ikke", where=relative(descriptor), hint=nearest(key, known)
                )
            self._tables[key] = self._read(key, descriptor)
        return self._tables[key]

    @property
    def open_folder(self) -> Path:
        """Where the open data lie."""
        return project_root() / "data" / "open"

    def _read(self, key: str, descriptor: Path) -> Table:
        table = read_table(key, descriptor, self.folder / "corrections.yml")
        # The open data are of no edition: they may not have come as far as this one.
        return awaiting_year(table, self.own_year) if is_open(key) else table

    def years(self, table: Table) -> tuple[int, ...]:
        """Return the years of a table that this edition shows.

        Raises
        ------
        ParameterFeil
            If the last or the first year is outside the table, or the first is after the last.
        """
        known = table.years
        start = self._starts.get(table.key, self.start_year)
        # A table made for one year is asked whether it can be shown; the others must have the year.
        if known and table.spec.year is None:
            _check_year("aar", self.year, table)
            _check_year("startaar", start, table)
        first = start or (known[0] if known else self.year)
        if first > self.year:
            raise ParameterFeil(f"{first} er etter siste år ({self.year})", where="parameter startaar")
        return tuple(year for year in known if first <= year <= self.year)

    def periods(self, table: Table, frequency: str = "") -> tuple[When, ...]:
        """Return the periods that a table has a column of its own for and this edition shows, in order.

        `frequency`, such as ``kvartal``, chooses among several; see `Frequency`.
        """
        shown = self.years(table)
        plain = [one.period for key, one in table.columns.items() if one.period and key == str(one.period)]
        chosen = [one for one in plain if not frequency or one.frequency == frequency]
        if any(one.frequency is not Frequency.YEAR for one in chosen):
            return tuple(when(one) for one in sorted(chosen) if one.last.year in shown)
        return shown

    def begin(self, key: str, year: int) -> None:
        """Let one table begin later than the others, where its own series is shorter."""
        self._starts[key] = max(year, self.start_year or year)

    def value(self, key: str, row: str, column: str | When) -> Value:
        """Return a cell's value: as printed where it is primary, else computed and held against print."""
        column = key_of(column)
        cell = (key, row, column)
        if cell in self._begun:
            raise DataFeil(f"cellen «{'/'.join(cell)}» følger av seg selv", where=f"tabell {key}")
        if cell not in self._values:
            self._begun.add(cell)
            try:
                value = self._evaluate(self.table(key), row, column)
            finally:
                self._begun.remove(cell)
            self.awaits |= value.kind is Kind.AWAITED
            period = self.table(key).column(column).period
            self._values[cell] = value if period is None else self._sided(value, "/".join(cell), period)
        return self._values[cell]

    def _sided(self, value: Value, place: str, period: Period) -> Value:
        own = sides(self._breaks, place, str(period))
        return replace(value, period=period, sides=(*value.sides, *own))

    def _evaluate(self, table: Table, row: str, column: str) -> Value:
        table.row(row)
        head = table.column(column)
        relation = table.relation(row, column)
        if table.row(row).kind == "heading":
            return from_cell(table, row, column)
        counted = from_cleared(self.cleared, table, row, column) if self.cleared else None
        # A computed cell goes before «the same as»: it says whether both tables are reproduced.
        if counted is not None and (relation is None or relation.operation == "same"):
            return self._counted(table, counted, row, column)
        if relation is None:
            return from_cell(table, row, column)
        cell = table.cells[row, column]
        found = self.follow(Place(table, relation, row, column, self.span(table, relation)))
        computed = replace(
            found,
            label=f"Tabell {table.spec.number}: {table.row(row).label}, "
            f"{table.place(column, self.header(table, column))}",
            unit=table.unit(row, column),
            decimals=cell.decimals if head.decimals is None else head.decimals,
            printed=None,
            verdict=None,
            computed=None,
            note="",
        )
        if relation.operation != "same":
            computed = replace(computed, identity=f"{table.key}/{row}/{column}")
        if not self._comparable(table, relation, column):
            return computed
        if counted is not None and not computed.known:
            return self._counted(table, counted, row, column)
        if cell.kind is Kind.NUMBER and not computed.known:
            # The total of parts that are not shown, or have not come, stands as it is printed.
            waits = computed.kind is Kind.AWAITED
            note = "" if waits else "Som trykt: delene er ikke kjent."
            return replace(from_cell(table, row, column), note=note)
        decision = table.corrections.get((row, column))
        shown = reconcile(computed, cell, keep=decision.why if decision and decision.keep else "")
        if relation.operation == "same" and (shown.note or found.note):
            # Kept against its parts, here or at home, it is a number of its own and not theirs.
            origin = Computation("samme størrelse", "{0}", (found,))
            return replace(shown, identity=f"{table.key}/{row}/{column}", origin=origin)
        return shown

    def _counted(self, table: Table, counted: Value, row: str, column: str) -> Value:
        """Hold a cell that was computed from rows against the printed one; what is hidden stays hidden."""
        cell = table.cells[row, column]
        waits = cell.kind in (Kind.AWAITED, Kind.BLANK)
        return counted if waits or not counted.known else reconcile(counted, cell)

    def figure(self, number: str) -> list[tuple[tuple[str, str, str], Value]]:
        """Return a figure's numbers by panel, series and column; empty where this edition has none."""
        data = self.figure_data(number)
        if data is None or self.cleared is None:
            return []
        return [
            ((point.panel, point.series, point.column), from_figure(self.cleared, data, point))
            for point in data.points
        ]

    def figure_data(self, number: str) -> FigureData | None:
        """Return what the build's data hold of a figure, or None."""
        return self.cleared.figure(number) if self.cleared else None

    def follow(self, place: Place) -> Value:
        """Return what a relation gives, from the cells that it names."""
        recipe = RELATIONS[place.relation.operation](place)
        if recipe is None:
            return from_cell(place.table, place.row, place.column)
        return recipe.make(
            [
                self.deflator(int(row)) if key == DEFLATOR else self.value(key, row, column)
                for key, row, column in recipe.terms
            ]
        )

    def _comparable(self, table: Table, relation: Relation, column: str) -> bool:
        """Tell whether the printed cell is the same quantity under these parameters."""
        if relation.operation == "change":
            # A real change is the same in any year's prices, so the years alone decide.
            span = self.span(table, relation)
            return span is not None and table.column(column).header in (
                "-".join(map(str, span)),
                self.header(table, column),
            )
        return table.spec.price_year in (None, self.price_year)

    def span(self, table: Table, relation: Relation) -> tuple[When, When] | None:
        """Return the two periods that a change runs between, or None where it is none, or has one only."""
        if relation.operation != "change":
            return None
        periods = self.periods(table)
        last = periods[-1] if isinstance(periods[-1], Period) else self.year
        before = last.year_before if isinstance(last, Period) else last - 1
        first = {"periode": periods[0], "forrige": step(last, -1), "siste": before}[relation.arguments[0]]
        return (first, last) if first in periods and first != last else None

    def header(self, table: Table, column: str) -> str:
        """Return a column's label; that of a change names the two periods."""
        head = table.column(column)
        if head.relation is not None and head.relation.operation == "change":
            span = self.span(table, head.relation)
            return in_words(f"{span[0]}–{span[1]}") if span else "endring"
        return head.label

    def deflator(self, year: int) -> Value:
        """Return the price level of the price year over that of `year`.

        Its interval is what the printed pairs leave, or the rounding of the index.

        Raises
        ------
        DataFeil
            If the index is asked for and its table is missing, or the printed pairs disagree.
        """
        cell = (DEFLATOR, str(year), "")
        if cell not in self._values:
            self._values[cell] = self._deflator(year)
        return self._values[cell]

    def _deflator(self, year: int) -> Value:
        spec = read_deflator(self.folder)
        _check_year("prisaar", self.price_year, self.table(spec.pairs[0]))
        if year == self.price_year:
            return deflator(spec, year, self.price_year, ())
        if self.deflator_source == "indeks":
            levels = [self.value(spec.index, "indeks", column) for column in (self.price_year, year)]
            return deflator(spec, year, self.price_year, levels)
        constant = [self.table(number) for number in spec.pairs]
        pairs = [
            (table, self.table(table.spec.relation.arguments[0])) for table in constant if table.spec.relation
        ]
        own = from_pairs(spec, pairs, year)
        if self.price_year == spec.price_year:
            return own
        return deflator(spec, year, self.price_year, [own, from_pairs(spec, pairs, self.price_year)])

    def facts(self, chapter: str) -> Facts:
        """Return the facts of a chapter, or of a document of its own."""
        if chapter not in self._facts:
            path = self.folder / "fakta" / f"{chapter}.csv"
            if not is_name(chapter) or is_open(chapter):
                raise DataFeil(f"«{chapter}» er ikke et kapittel med fakta", where=relative(path.parent))
            self._facts[chapter] = read_facts(path)
        return self._facts[chapter]

    def fact(self, chapter: str, key: str) -> Value:
        """Return a fact of a text; one of the report's own is «not available» if it is of a later year."""
        facts = self.facts(chapter)
        fact = facts[key]
        own = facts.spec.dokument if facts.spec else ""
        name = self.spec.name
        source = Source(
            label=f"{own or name[:1].upper() + name[1:]}, {fact.place}",
            document=own or f"Teksten i kapittel {chapter}, {name}",
            file=facts.path,
            sha256=facts.sha256,
            register=fact.register,
            line=fact.cell.line,
            printed=fact.cell.printed,
        )
        # The report for a year is written the year after, and counts made then belong to it.
        last = self.year + (1 if self.year == self.own_year else 0)
        told = fact.year <= last or facts.by_own_dates
        self.awaits |= told and fact.cell.kind is Kind.AWAITED
        place, single = f"fakta/{chapter}/{key}", fact.single_period
        return Value(
            identity=place,
            label=f"{fact.label}, {fact.period}",
            kind=fact.cell.kind if told else Kind.NOT_AVAILABLE,
            point=fact.cell.number if told else None,
            interval=fact.cell.interval if told else None,
            unit=fact.unit,
            decimals=fact.cell.decimals,
            origin=source,
            sides=sides(self._breaks, place, fact.period),
            # A fact of a month is often a stock that was counted then, and may be held against a year's end.
            period=None if single and single.frequency is Frequency.MONTH else single,
        )

    def municipality(self, key: str) -> str:
        """Return the name of a municipality that has facts of its own.

        Raises
        ------
        ParameterFeil
            If there is none by that key; names the nearest.
        """
        known = municipalities(self.folder / "fakta")
        if key not in known:
            raise ParameterFeil(
                f"«{key}» er ikke en kommune med egne fakta",
                where="parameter kommune",
                hint=nearest(key, known),
            )
        return known[key]
