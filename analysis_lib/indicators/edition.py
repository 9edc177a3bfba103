"""One edition of the report: every cell either as printed, or computed from what is printed.

A derived cell is computed from the cells that its relation names, however deep, and held against
its own printed value. Which years are shown, and in which year's prices, are parameters.
"""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.data.breaks import read_breaks
from analysis_lib.data.cells import Kind
from analysis_lib.data.facts import Facts, municipalities, read_facts
from analysis_lib.data.inputs import project_root, relative
from analysis_lib.data.reading import read_table
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table, check_year
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from analysis_lib.indicators.breaks import sides
from analysis_lib.indicators.deflator import PRICE_SOURCES, deflator
from analysis_lib.indicators.relations import RELATIONS
from analysis_lib.indicators.values import Computation, Source, Value, from_cell, reconcile


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
    name : str
        Folder below ``data/published``.

    Examples
    --------
    >>> edition = Edition(2025)
    >>> total = edition.value("8.1", "totalt", 2025)
    >>> int(total.point), total.verdict
    (18572, 'gjengitt')
    """

    def __init__(
        self,
        year: int,
        *,
        start_year: int | None = None,
        price_year: int | None = None,
        deflator_source: str = PRICE_SOURCES[0],
        name: str = "2025",
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
        self.folder = project_root() / "data" / "published" / name
        self._tables: dict[str, Table] = {}
        self._starts: dict[str, int] = {}
        self._facts: dict[str, Facts] = {}
        self._values: dict[tuple[str, str, str], Value] = {}
        self._begun: set[tuple[str, str, str]] = set()
        self._breaks = read_breaks()

    def table(self, key: str) -> Table:
        """Return a table as printed: ``8.1`` of this edition, or ``ssb/07459`` of the open data.

        Raises
        ------
        DataFeil
            If there is no such table, or its files are malformed.
        """
        if key not in self._tables:
            is_open = "/" in key
            parent = project_root() / "data" / "open" if is_open else self.folder / "tabeller"
            descriptor = parent / f"{key}.yml"
            if not descriptor.exists():
                known = [path.stem for path in descriptor.parent.glob("*.yml")]
                raise DataFeil(
                    f"tabell {key} finnes ikke", where=relative(descriptor), hint=nearest(key, known)
                )
            self._tables[key] = read_table(key, descriptor, self.folder / "corrections.yml")
        return self._tables[key]

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
            check_year("aar", self.year, table)
            check_year("startaar", start, table)
        first = start or (known[0] if known else self.year)
        if first > self.year:
            raise ParameterFeil(f"{first} er etter siste år ({self.year})", where="parameter startaar")
        return tuple(year for year in known if first <= year <= self.year)

    def begin(self, key: str, year: int) -> None:
        """Let one table begin later than the others, where its own series is shorter."""
        self._starts[key] = max(year, self.start_year or year)

    def value(self, key: str, row: str, column: str | int) -> Value:
        """Return a cell's value: as printed where it is primary, else computed and held against print."""
        cell = (key, row, str(column))
        if cell in self._begun:
            raise DataFeil(f"cellen «{'/'.join(cell)}» følger av seg selv", where=f"tabell {key}")
        if cell not in self._values:
            self._begun.add(cell)
            try:
                value = self._evaluate(self.table(key), row, str(column))
            finally:
                self._begun.remove(cell)
            year = self.table(key).column(str(column)).year
            self._values[cell] = value if year is None else self._sided(value, "/".join(cell), str(year))
        return self._values[cell]

    def _sided(self, value: Value, place: str, period: str) -> Value:
        own = sides(self._breaks, place, period)
        return replace(value, sides=(*value.sides, *own)) if own else value

    def _evaluate(self, table: Table, row: str, column: str) -> Value:
        table.row(row)
        head = table.column(column)
        relation = table.relation(row, column)
        if relation is None or table.row(row).kind == "heading":
            return from_cell(table, row, column)
        cell = table.cells[row, column]
        found = RELATIONS[relation.operation](self, table, relation, row, column)
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
        decision = table.corrections.get((row, column))
        shown = reconcile(computed, cell, keep=decision.why if decision and decision.keep else "")
        if relation.operation == "same" and (shown.note or found.note):
            # Kept against its parts, here or at home, it is a number of its own and not theirs.
            origin = Computation("samme størrelse", "{0}", (found,))
            return replace(shown, identity=f"{table.key}/{row}/{column}", origin=origin)
        return shown

    def _comparable(self, table: Table, relation: Relation, column: str) -> bool:
        """Tell whether the printed cell is the same quantity under these parameters."""
        if relation.operation == "change":
            # A real change is the same in any year's prices, so the years alone decide.
            return table.column(column).header == self.header(table, column).replace("–", "-")
        return table.spec.price_year in (None, self.price_year)

    def span(self, table: Table, relation: Relation) -> tuple[int, int] | None:
        """Return the two years that a change runs between, or None where there is only one year."""
        years = self.years(table)
        first = years[0] if relation.arguments[0] == "periode" else self.year - 1
        return (first, self.year) if first in years and first < self.year else None

    def header(self, table: Table, column: str) -> str:
        """Return a column's label; that of a change names the two years."""
        head = table.column(column)
        if head.relation is not None and head.relation.operation == "change":
            years = self.span(table, head.relation)
            return f"{years[0]}–{years[1]}" if years else "endring"
        return head.label

    def deflator(self, year: int) -> Value:
        """Return the price level of the price year over that of `year`."""
        cell = ("deflator", str(year), "")
        if cell not in self._values:
            self._values[cell] = deflator(self, year)
        return self._values[cell]

    def fact(self, chapter: str, key: str) -> Value:
        """Return a fact of a text; one of the report's own is «not available» if it is of a later year."""
        if chapter not in self._facts:
            self._facts[chapter] = read_facts(self.folder / "fakta" / f"{chapter}.csv")
        facts = self._facts[chapter]
        fact = facts[key]
        report = f"årsrapport {self.folder.name}"
        own = facts.spec.dokument if facts.spec else ""
        source = Source(
            label=f"{own or report.capitalize()}, {fact.place}",
            document=own or f"Teksten i kapittel {chapter}, {report}",
            file=facts.path,
            sha256=facts.sha256,
            register=fact.register,
            line=fact.cell.line,
            printed=fact.cell.printed,
        )
        # The report for a year is written the year after, and counts made then belong to it.
        last = self.year + (1 if self.year == int(self.folder.name) else 0)
        told = fact.year <= last or (facts.spec is not None and not facts.spec.aarsrapport)
        place = f"fakta/{chapter}/{key}"
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

    def missing(self, table: Table) -> Value:
        """Return «not available» for a quantity that the table cannot give."""
        return Value(
            identity=f"{table.key}/..",
            label=f"Tabell {table.spec.number}",
            kind=Kind.NOT_AVAILABLE,
            point=None,
            interval=None,
            unit=table.spec.unit,
            decimals=0,
            origin=Source(
                label=f"Tabell {table.spec.number}",
                document=f"Tabell {table.spec.number} {table.spec.title}",
                file=table.path,
                sha256=table.sha256,
                register=", ".join(table.spec.sources),
                line=0,
                printed="..",
            ),
        )
