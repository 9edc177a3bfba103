"""The `checks` of a descriptor as equations: what must hold although no cell is computed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import round_half_up
from analysis_lib.data.schema import CheckSpec
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.arithmetic import rate, total
from analysis_lib.indicators.relations import HEADCOUNTS
from number_audit.document import Ref
from number_audit.relations.equations import Equation
from number_audit.relations.hidden import LinkedPair, per
from number_audit.relations.printed import Printed, cell_address, ref_of


def rest_of_100(*others: Interval) -> Interval:
    """Return what is left of 100 per cent."""
    return 100 - total(*others)


def at_most(whole: Interval) -> Interval:
    """Return what a part of a whole may be."""
    return Interval(min(whole.low, 0 * whole.low), whole.high, False, whole.high_open)


def union(*parts: Interval) -> Interval:
    """Return how many there are in all, when one may count in several parts."""
    return Interval(max(part.low for part in parts), total(*parts).high)


def between(*groups: Interval) -> Interval:
    """Return where a weighted mean of the groups may lie."""
    return Interval(min(group.low for group in groups), max(group.high for group in groups))


def possible(count: Interval, share: Interval) -> Interval:
    """Return the percentage nearest to a printed one that so few can give.

    Method: Brown and Heathers (2017), the GRIM test, for percentages.

    >>> str(possible(Interval.exact(7), Interval.exact(30)))
    '[28.57142857, 28.57142857]'
    """
    number = count.middle
    return Interval.exact(round_half_up(share.middle * number / 100) * 100 / number)


def same(other: Interval) -> Interval:
    """Return the same quantity."""
    return other


CLAIMS: dict[str, tuple[Callable[..., Interval], str]] = {
    "parts": (rest_of_100, "100 − summen av de andre"),
    "union": (union, "fra den største delen til summen av delene"),
    "at_most": (at_most, "høyst {0}"),
    "between": (between, "mellom den minste og den største gruppen"),
    "possible": (possible, "nærmeste andel av {0}"),
    "sum": (total, "summen"),
    "same": (same, "{0}"),
}

BOUNDS = ("union", "at_most", "between", "possible")


def equations(edition: Printed, table: Table) -> Iterator[Equation]:
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
                kind = "share" if claim.claim == "rate" else claim.claim
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


def population_pairs(edition: Printed, table: Table) -> Iterator[tuple[str, LinkedPair]]:
    """Yield the pairs of an amount and its rate by which a year's population is implied."""
    for claim in table.spec.checks:
        if claim.claim != "population":
            continue
        number, amount, of = claim.arguments
        for year in _lines(table, claim):
            if year.isdecimal():
                term, result = _at(edition, table, amount, year), _at(edition, table, of, year)
                yield f"folkemengden {year}", LinkedPair(per(int(number)), term, result, claim.doubtful)


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
