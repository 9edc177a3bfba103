"""What an edition's descriptors say of its tables, as equations between printed cells.

A `relation` says how a cell is computed: an edition that only knows printed cells is asked to follow it, and
what it would compute with, and how, is the equation. A `check` says what must hold although no cell is
computed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import first_day
from analysis_lib.data.schema import CheckSpec, Relation
from analysis_lib.data.tables import Table
from analysis_lib.data.units import HEADCOUNTS, measure
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.arithmetic import rate, total
from analysis_lib.indicators.relations import Place
from analysis_lib.indicators.values import Computation
from number_audit.document import Ref
from number_audit.findings import CheckKind
from number_audit.relations.equations import (
    Cells,
    Equation,
    at_most,
    between,
    check,
    composed,
    contradicted,
    possible,
    rest_of_100,
    same,
    union,
)
from number_audit.relations.printed import Printed, cell_address, ref_of
from number_audit.relations.web import (
    DEFLATED,
    DEFLATED_GROWTH,
    GROWTH_PER_CAPITA,
    Family,
    Link,
    LinkedPair,
    Parameter,
    families_of,
    per,
)

LINEAR = {"sum", "difference", "net_change"}
CHANGES = {CheckKind.DIFFERENCE, CheckKind.NET_CHANGE, CheckKind.CHANGE, CheckKind.GROWTH}
DERIVED_TABLE = {"constant_prices", "per_capita"}
OPEN_POPULATION = ("ssb/07459", "folkemengde")


def declared(edition: Printed) -> list[Equation]:
    """Return every relation that the descriptors declare or imply, each between printed cells."""
    found = [
        equation
        for table in map(edition.table, edition.keys)
        for row in table.rows.values()
        if row.kind != "heading"
        for column in table.columns
        for relation in relations_of(edition, table, row.key, column)
        if (equation := _equation(edition, table, relation, row.key, column))
    ]
    found += [item for key in edition.keys for item in checks_of(edition, edition.table(key))]
    unique = {(item.kind, item.result, item.terms): item for item in found}
    return list(unique.values())


def finer(equations: Sequence[Equation], cells: Cells) -> list[Equation]:
    """Return the changes between cells that are known better from what they follow from than from print."""
    tight: dict[Ref, Equation] = {}
    for item in equations:
        outcome, printed = check(item, cells), cells[item.result].interval
        sure = item.firm and not item.bounds and outcome is not None and not contradicted(outcome)
        if sure and outcome and printed and outcome.allowed.width < printed.width / 2:
            tight[item.result] = item
    return [
        composed(item, inner)
        for item in equations
        if item.kind in CHANGES
        and (inner := [tight[term] for term in item.terms if term in tight and tight[term] is not item])
    ]


def relations_of(edition: Printed, table: Table, row: str, column: str) -> Iterator[Relation]:
    """Yield all relations of a cell: the one that it is computed by, and those that hold besides.

    A row's relation holds in a derived column too where the two commute: sums of differences are
    differences of sums, and what is the same has the same change.
    """
    first = table.relation(row, column)
    of_row = table.row(row).relation or inherited(edition, table, row)
    if first is not None and first.operation != "constant_prices":
        yield first
    if of_row is None or of_row is first or f"{row}/{column}" in table.spec.cells:
        return
    of_column = table.column(column).relation
    both_linear = of_column is not None and {of_row.operation, of_column.operation} <= LINEAR
    if of_column is None or of_row.operation == "same" or both_linear:
        yield of_row


def inherited(edition: Printed, table: Table, row: str) -> Relation | None:
    """Return a row's relation in the table that this one is made from, as it reads here."""
    made = table.spec.relation
    if made is None or made.operation not in DERIVED_TABLE:
        return None
    base = edition.table(made.arguments[0])
    relation = base.row(row).relation if row in base.rows else None
    relation = relation or (inherited(edition, base, row) if row in base.rows else None)
    if relation is None or relation.operation == "sum":
        return relation
    home, _, name = relation.arguments[0].rpartition("/")
    twin = next((key for key in edition.keys if _made_from(edition.table(key), made.operation, home)), None)
    if relation.operation != "same" or twin is None:
        return None
    return Relation(operation="same", arguments=(f"{twin}/{name}",))


def _made_from(table: Table, operation: str, base: str) -> bool:
    made = table.spec.relation
    return made is not None and made.operation == operation and made.arguments[0] == base


def _equation(edition: Printed, table: Table, relation: Relation, row: str, column: str) -> Equation | None:
    place = Place(table, relation, row, column, edition.span(table, relation))
    try:
        named = place.named(relation.arguments) if relation.operation == "sum" else ()
        scales = {measure(edition.table(k).unit(r, c))[0] for k, r, c in named}
        if relation.operation == "sum" and scales == {measure(table.unit(row, column))[0]}:
            # With the blank terms, which a sum of values leaves out: a probe may put a number there.
            parts = tuple(ref_of(edition, *term) for term in place.named(relation.arguments))
            result = ref_of(edition, table.key, row, column)
            formula = " + ".join(f"{{{i}}}" for i in range(len(parts)))
            return Equation(CheckKind.SUM, result, parts, total, formula, blank_adds_nothing=True)
        value = edition.follow(place)
        result = ref_of(edition, table.key, row, column)
        if not isinstance(value.origin, Computation):
            other = _ref(edition, value.identity)
            return None if other == result else Equation(CheckKind.SAME, result, (other,), lambda x: x, "{0}")
        terms = tuple(_ref(edition, term.identity) for term in value.origin.terms)
    except DataFeil:
        # A relation that holds besides may name a column that the other table lacks.
        if relation is table.relation(row, column) and relation.operation != "change":
            raise
        return None
    function = value.origin.function
    if function is None or not terms:
        return None
    return Equation(CheckKind(relation.operation), result, terms, function, value.origin.formula)


def _ref(edition: Printed, identity: str) -> Ref:
    key, row, column = identity.rsplit("/", 2)
    return ref_of(edition, key, row, column)


def families(edition: Printed) -> list[Family]:
    """Return the hidden parameters of the edition: deflators, populations and their growth."""
    pairs = [*_price_pairs(edition), *_per_capita_pairs(edition)]
    for key in edition.keys:
        pairs += population_pairs(edition, edition.table(key))
    return [_with_open_data(edition, family) for family in families_of(pairs)]


def _price_pairs(edition: Printed) -> Iterator[tuple[Parameter, LinkedPair]]:
    """Yield the pairs of current and constant prices: tables of one title and unit and two price bases."""
    tables = [edition.table(key) for key in edition.keys]
    for current in tables:
        for constant in tables:
            same = (current.spec.title, current.spec.unit) == (constant.spec.title, constant.spec.unit)
            if not (same and constant.spec.price_year and current.spec.basis == "løpende priser"):
                continue
            for row, column, years in _common_cells(edition, current, constant):
                if years[-1] == constant.spec.price_year and years[0] != years[-1]:
                    link = DEFLATED_GROWTH if column not in map(str, current.years) else DEFLATED
                    yield (
                        Parameter("deflatoren", years[:1]),
                        _pair(edition, link, current, constant, row, column),
                    )


def _per_capita_pairs(edition: Printed) -> Iterator[tuple[Parameter, LinkedPair]]:
    for each in map(edition.table, edition.keys):
        made = each.spec.relation
        if made is None or made.operation != "per_capita":
            continue
        total = edition.table(made.arguments[0])
        for row, column, years in _common_cells(edition, total, each):
            if column not in map(str, total.years):
                grown = Parameter("befolkningsveksten", years)
                yield grown, _pair(edition, GROWTH_PER_CAPITA, total, each, row, column)


def _pair(edition: Printed, link: Link, a: Table, b: Table, row: str, column: str) -> LinkedPair:
    return LinkedPair(link, ref_of(edition, a.key, row, column), ref_of(edition, b.key, row, column))


def _common_cells(edition: Printed, a: Table, b: Table) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield row, column and years of the cells that two tables share; a level runs to the price year."""
    for column in a.columns:
        if column not in b.columns:
            continue
        first, second = _years(edition, a, column), _years(edition, b, column)
        if first is not None and first == second:
            last = b.spec.price_year
            years = (first[0], last) if len(first) == 1 and last else (first[0], first[-1])
            yield from ((row, column, years) for row in a.rows if row in b.rows)


def _years(edition: Printed, table: Table, column: str) -> tuple[int, ...] | None:
    head = table.column(column)
    if head.year is not None:
        return (head.year,)
    if head.relation is not None and head.relation.operation == "change":
        span = edition.span(table, head.relation)
        return tuple(first_day(str(end)).year for end in span) if span else None
    return None


def _with_open_data(edition: Printed, family: Family) -> Family:
    """Return a family with the open data's population, where it bears on it."""
    what, years = family.parameter
    key, row = OPEN_POPULATION
    columns = edition.table(key).columns if what in ("befolkningsveksten", "folkemengden") else {}
    known = all(str(year) in columns for year in years)
    if not known:
        return family
    refs = tuple(ref_of(edition, key, row, str(year)) for year in years)
    return Family(family.parameter, family.pairs, refs, _growth if len(refs) == 2 else _itself)


def _growth(first: Interval, last: Interval) -> Interval:
    return last / first


def _itself(number: Interval) -> Interval:
    return number


CLAIMS: dict[str, tuple[Callable[..., Interval], str]] = {
    CheckKind.PARTS: (rest_of_100, "100 − summen av de andre"),
    CheckKind.UNION: (union, "fra den største delen til summen av delene"),
    CheckKind.AT_MOST: (at_most, "høyst {0}"),
    CheckKind.BETWEEN: (between, "mellom den minste og den største gruppen"),
    CheckKind.POSSIBLE: (possible, "nærmeste andel av {0}"),
    CheckKind.SUM: (total, "summen"),
    CheckKind.SAME: (same, "{0}"),
}

BOUNDS = (CheckKind.UNION, CheckKind.AT_MOST, CheckKind.BETWEEN, CheckKind.POSSIBLE)


def checks_of(edition: Printed, table: Table) -> Iterator[Equation]:
    """Yield the equations of a table's `checks`, one a row or column in which the claim is made."""
    for claim in table.spec.checks:
        if claim.claim == "population":
            continue
        for line in _lines(table, claim):
            result, *terms = _named(edition, table, claim, line)
            if claim.claim == "possible":
                terms.append(result)
            if terms:
                function, formula = _function(edition, claim, terms)
                kind = CheckKind.SHARE if claim.claim == "rate" else CheckKind(claim.claim)
                yield Equation(
                    kind,
                    result,
                    tuple(terms),
                    function,
                    formula,
                    not claim.doubtful,
                    claim.doubtful,
                    blank_adds_nothing=claim.claim in ("union", "sum"),
                    bounds=claim.claim in BOUNDS,
                )


def population_pairs(edition: Printed, table: Table) -> Iterator[tuple[Parameter, LinkedPair]]:
    """Yield the pairs of an amount and its rate by which a year's population is implied."""
    for claim in table.spec.checks:
        if claim.claim != "population":
            continue
        number, amount, of = claim.arguments
        for year in _lines(table, claim):
            if year.isdecimal():
                term, result = _at(edition, table, amount, year), _at(edition, table, of, year)
                yield (
                    Parameter("folkemengden", (int(year),)),
                    LinkedPair(per(int(number)), term, result, claim.doubtful),
                )


def _function(
    edition: Printed, claim: CheckSpec, terms: Sequence[Ref]
) -> tuple[Callable[..., Interval], str]:
    if claim.claim == "mean":
        scales = [_heads(edition, ref) for ref in terms[1:]]
        parts = " + ".join(f"{{{i}}}" for i in range(1, len(terms)))
        return partial(_mean, scales), f"({parts}) / {{0}}"
    if claim.claim == "rate":
        each = int(claim.arguments[1])
        return partial(rate, per=each), f"{{0}} / {{1}} × {each}"
    return CLAIMS[claim.claim]


def _mean(scales: Sequence[int], count: Interval, *sums: Interval) -> Interval:
    return total(*(part * scale for part, scale in zip(sums, scales, strict=True))) / count


def _heads(edition: Printed, ref: Ref) -> int:
    table = edition.table(ref.grid)
    return HEADCOUNTS.get(table.unit(list(table.rows)[ref.row], list(table.columns)[ref.column]), 1)


def _names(claim: CheckSpec) -> list[str]:
    """Return the names of a claim's rows, columns or cells: «per 1000» is none of them."""
    return [name for i, name in enumerate(claim.arguments) if not (claim.claim == "rate" and i == 1)]


def _of_columns(table: Table, claim: CheckSpec) -> bool:
    return all(name in table.columns for name in _names(claim) if "/" not in name)


def _lines(table: Table, claim: CheckSpec) -> list[str]:
    """Return the rows, or the columns, in which a claim is made."""
    if claim.claim == "population":
        return [*table.columns, *table.rows]
    every = [row.key for row in table.rows.values() if row.kind != "heading"]
    lines = every if _of_columns(table, claim) else list(table.columns)
    for name in claim.only:
        if name not in lines:
            raise DataFeil(
                f"«{name}» i «only» finnes ikke",
                where=f"tabell {table.spec.number}",
                hint=nearest(name, lines),
            )
    return list(claim.only) or lines


def _named(edition: Printed, table: Table, claim: CheckSpec, line: str) -> list[Ref]:
    """Return the cells of a claim; a group that is blank bounds nothing."""
    names = _names(claim)
    if len(names) == 1:
        names += [row.key for row in table.rows.values() if row.kind == "data"]
    found: list[Ref] = []
    for i, name in enumerate(names):
        if "/" in name:
            key, row, column = cell_address(name, f"tabell {table.spec.number}")
        elif _of_columns(table, claim):
            key, row, column = table.key, line, name
        else:
            key, row, column = table.key, name, line
        cell = edition.value(key, row, column)
        if i == 0 or claim.claim != "between" or cell.kind not in (Kind.BLANK, Kind.IMPOSSIBLE):
            found.append(ref_of(edition, key, row, column))
    return found


def _at(edition: Printed, table: Table, name: str, year: str) -> Ref:
    """Return the cell of a quantity and a year, whichever of the two is the row, here or in another table."""
    key, _, own = name.rpartition("/")
    home = edition.table(key) if key else table
    row, column = (own, year) if own in home.rows else (year, own)
    return ref_of(edition, home.key, home.row(row).key, home.column(column).key)
