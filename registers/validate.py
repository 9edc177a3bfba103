"""Whether a delivery keeps its schema's rules: how many rows break which, and never what is in a row.

What the file's footer settles is not counted again. The rest is one aggregate a table; codes are counted by
code, and bills are held against their tariffs and diagnoses 32 at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import pandas as pd

from analysis_lib.errors import DataFeil
from registers.aggregates import bit_or, shifted
from registers.cache import frame
from registers.deliveries import YEAR, Delivery, Rows
from registers.footers import Span
from registers.geography import UNKNOWN, codes
from registers.schema import Column, schema_of, schemas

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Rules that real deliveries break a little: more than this share of the rows, and they stop as well.
TOLERATED = 0.01
COUNTED = (
    "ukjent kommune",
    "utenfor grensene",
    "alder og fødselsår avviker",
    "listebytte midt i måneden",
    "regning uten takst",
    "regning uten diagnose",
    "takst uten regning",
    "diagnose uten regning",
)
PLACES = ("kommuneNr", "kommunenrPB", "praksiskommune", "bostedskommune", "fra_kommune")
# Dates that may lie ahead.
_AHEAD = ("til", "avtale_til")
_BLOCK = 5
# So many keys at a time.
_KEYS = 4_000_000


@dataclass(frozen=True)
class Validation:
    """What was found in one table of one year.

    Attributes
    ----------
    table : str
    year : int
    file : str
    sha256 : str
    rows : int
    broken : mapping of str to int
        Rows by rule; only rules that are broken.
    """

    table: str
    year: int
    file: str
    sha256: str
    rows: int
    broken: Mapping[str, int]

    @property
    def stopping(self) -> tuple[str, ...]:
        """The rules that must be mended before anything is computed."""
        return tuple(
            rule
            for rule, count in self.broken.items()
            if rule.partition(":")[0] not in COUNTED or count > TOLERATED * self.rows
        )


def validate(rows: Rows, *, today: date | None = None) -> tuple[Validation, ...]:
    """Check every table of every year.

    Parameters
    ----------
    rows : Rows
    today : date, optional
        No contact can be later.

    Raises
    ------
    DataFeil
        If a rule is broken that stops: the file, the rule and how many rows, for each.
    """
    found, stopped = [], []
    for year in rows.years:
        for name in schemas():
            if year in rows.years_of(name):
                try:
                    found.append(checked(rows, name, year, today=today))
                except DataFeil as error:
                    stopped.append(error)
    if stopped:
        others = "; ".join(str(error) for error in stopped[1:])
        raise DataFeil(stopped[0].message, where=stopped[0].where, hint=others or stopped[0].hint)
    return tuple(found)


def checked(rows: Rows, name: str, year: int, *, today: date | None = None) -> Validation:
    """Check one table of one year; what was found well is kept in the cache.

    Raises
    ------
    DataFeil
        If a rule is broken that stops.
    """
    delivery = rows.delivery(name, year)

    def of(broken: Mapping[str, int]) -> Validation:
        return Validation(name, year, delivery.where, delivery.sha256, delivery.rows, broken)

    def compute() -> pd.DataFrame:
        found = of(broken_rules(rows, name, year, today or date.today()))
        if found.stopping:
            told = ", ".join(
                f"{rule} ({found.broken[rule]} av {found.rows} rader)" for rule in found.stopping
            )
            raise DataFeil(told, where=delivery.where)
        return pd.DataFrame(found.broken.items(), columns=["regel", "rader"]).astype({"rader": "int64"})

    made_of = ("regning", "takst", "diagnose") if name == "regning" else (name,)
    present = tuple(table for table in made_of if year in rows.years_of(table))
    kept = frame(rows, f"kontroll-{name}", year, present, compute)
    return of(dict(zip(kept["regel"], kept["rader"].astype(int), strict=True)))


def broken_rules(rows: Rows, name: str, year: int, today: date) -> dict[str, int]:
    """Return how many rows break which rule; rules that none breaks are left out."""
    table, delivery = rows.table(name, year), rows.delivery(name, year)
    if not delivery.rows:
        return {}
    rules = dict(_row_rules(table, delivery, today))
    counted: dict[str, int] = {}
    if rules:
        sums = [
            rule.fill_null(False).cast("int64").sum().name(f"r{number}")
            for number, rule in enumerate(rules.values())
        ]
        counted = dict(zip(rules, rows.fetch(table.aggregate(sums)).iloc[0].astype(int), strict=True))
    counted |= dict(_place_rules(rows, table, year)) | dict(_key_rules(rows, name, year))
    if name == "regning":
        counted |= dict(_bill_rules(rows, year))
    if name == "tilknytning":
        counted["på to lister samme dag"] = _two_lists(rows, table)
    return {rule: int(count) for rule, count in counted.items() if count}


def _row_rules(table: ir.Table, delivery: Delivery, today: date) -> Iterator[tuple[str, Any]]:
    schema, year = schema_of(delivery.table), delivery.year
    for name, column in schema.columns.items():
        span, values = delivery.footer.spans.get(name, Span()), table[name]
        if not column.nullable and span.nulls != 0:
            yield f"tomt felt: {name}", values.isnull()
        if column.values:
            yield f"ukjent verdi: {name}", ~values.isin(list(column.values))
        if (
            name == YEAR
            and delivery.table != "befolkning"
            and not _within(span, delivery.year, delivery.year)
        ):
            yield f"annet år: {name}", values != year
        if column.type == "date":
            yield from _date_rules(name, values, span, today)
        else:
            yield from _limits(name, column, values, span)
    if schema.period:
        first, last = date(year, 1, 1), date(year, 12, 31)
        if not _within(delivery.footer.spans.get(schema.period, Span()), first, last):
            days = table[schema.period]
            yield f"dato utenfor året: {schema.period}", (days < first) | (days > last)
    yield from _own_rules(table, delivery.table)


def _date_rules(name: str, values: Any, span: Span, today: date) -> Iterator[tuple[str, Any]]:
    if name not in _AHEAD and not (span.hi is not None and span.hi <= today):
        yield f"dato i framtiden: {name}", values > today


def _limits(name: str, column: Column, values: Any, span: Span) -> Iterator[tuple[str, Any]]:
    lo, hi = column.min, column.max
    if (lo is None and hi is None) or _within(span, lo, hi):
        return
    below = values < lo if lo is not None else ibis.literal(False)
    above = values > hi if hi is not None else ibis.literal(False)
    yield f"utenfor grensene: {name}", below | above


def _within(span: Span, lo: Any, hi: Any) -> bool:
    if span.lo is None or span.hi is None:
        return False
    return (lo is None or span.lo >= lo) and (hi is None or span.hi <= hi)


def _own_rules(table: ir.Table, name: str) -> Iterator[tuple[str, Any]]:
    if name == "regning":
        born = (table.aar - table.fodselsaar).cast("int32")
        # Off by one is a birthday later in the year.
        yield "alder og fødselsår avviker", (table.alder.cast("int32") - born).abs() > 1
    if name == "tilknytning":
        yield "listebytte midt i måneden", table.fra.day() != 1
    if {"fra", "til"} <= set(table.columns):
        yield "slutter før det begynner: til", table.til < table.fra


def _place_rules(rows: Rows, table: ir.Table, year: int) -> Iterator[tuple[str, int]]:
    known = {*codes(year), UNKNOWN}
    for name in PLACES:
        if name in table.columns:
            found = rows.fetch(table.group_by(code=table[name]).agg(n=table.count()))
            wrong = ~found["code"].isin(known) & found["code"].notna()
            yield f"ukjent kommune: {name}", int(found.loc[wrong, "n"].sum())


def _key_rules(rows: Rows, name: str, year: int) -> Iterator[tuple[str, int]]:
    key, table = schema_of(name).key, rows.table(name, year)
    if not key or name == "regning":
        return
    span = rows.delivery(name, year).footer.spans[key[0]]
    ranges: list[tuple[int, int] | None] = [None]
    if span.ordered and isinstance(span.lo, int) and span.hi - span.lo < 50 * _KEYS:
        ranges = [(lo, lo + _KEYS - 1) for lo in range(span.lo, span.hi + 1, _KEYS)]
    surplus = 0
    for between in ranges:
        some = table.filter(table[key[0]].between(*between)) if between else table
        groups = some.group_by(list(key)).agg(n=some.count())
        more = groups.filter(groups.n > 1)
        surplus += int(rows.fetch(more.agg(n=(more.n - 1).sum().fill_null(0)))["n"].iloc[0])
    yield "dobbel nøkkel", surplus


@ibis.udf.scalar.builtin(name="bit_count")  # type: ignore[untyped-decorator]
def _bits_set(number: dt.int64) -> dt.int32:
    """Return how many bits are set; DuckDB's and Spark's own."""
    raise NotImplementedError


def _blocks(table: ir.Table) -> ir.Table:
    """Return a bit for each bill's number, 32 neighbours in one."""
    number = table.enkeltregning_lnr
    bit = shifted(ibis.literal(1), number & 31)
    return table.group_by(blokk=number >> _BLOCK).agg(biter=bit_or(bit), n=table.count())


def _bill_rules(rows: Rows, year: int) -> Iterator[tuple[str, int]]:
    with rows.engine.held(_blocks(rows.table("regning", year))) as bills:
        numbers = rows.fetch(bills.agg(n=bills.n.sum(), one=_bits_set(bills.biter).sum())).iloc[0]
        yield "dobbel nøkkel", int(numbers["n"] - numbers["one"])
        for name in ("takst", "diagnose"):
            if year in rows.years_of(name):
                lines = _blocks(rows.table(name, year))
                both = bills.left_join(lines, "blokk")
                shared = _bits_set(both.biter & both.biter_right.fill_null(0)).sum()
                met = rows.fetch(both.agg(n=shared))["n"].iloc[0]
                there = rows.fetch(lines.agg(n=_bits_set(lines.biter).sum()))["n"].iloc[0]
                yield f"regning uten {name}", int(numbers["one"] - met)
                yield f"{name} uten regning", int(there - met)


def _two_lists(rows: Rows, table: ir.Table) -> int:
    following = table.fra.lead().over(ibis.window(group_by=table.kpr_lnr, order_by=table.fra))
    spells = table.select("til", neste=following)
    late = spells.filter(spells.neste.notnull() & (spells.til.isnull() | (spells.neste < spells.til)))
    return int(rows.fetch(late.agg(n=late.count()))["n"].iloc[0])
