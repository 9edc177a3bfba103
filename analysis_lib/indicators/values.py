"""A value: a number that remembers where it comes from and how precisely it is known."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from analysis_lib.data.breaks import Side, merged
from analysis_lib.data.cells import Cell, Kind
from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import Period
from analysis_lib.data.tables import Table
from analysis_lib.data.units import measure
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.titles import title

# A computation that meets one of these gives the first that it meets in this order. What waits comes last:
# beside one of the others there will be no number when it comes.
_SILENCE = (Kind.CONFIDENTIAL, Kind.NOT_AVAILABLE, Kind.IMPOSSIBLE, Kind.BLANK, Kind.AWAITED)
# The printed signs that say why there is no number; a blank says nothing.
SILENT = (*_SILENCE[:3], Kind.AWAITED)


class PrintVerdict(StrEnum):
    """How a computed value compares with the printed one: within its rounding, or not."""

    REPRODUCED = "gjengitt"
    DEVIATES = "avviker"


@dataclass(frozen=True, slots=True)
class Source:
    """A printed cell in a file: the leaf of every computation. `synthetic` is one of made-up rows."""

    label: str
    document: str
    file: str
    sha256: str
    register: str
    line: int
    printed: str
    corrected: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Computation:
    """How a value was computed: the operation by name, the formula with ``{0}``, ``{1}`` … for the terms.

    `function` takes the terms, as points or as intervals; None where the computation is not one of cells.
    A formula that is no arithmetic, such as a statistical method's rule, can be read but not computed again.
    `factor` is that of a mere change of unit; a computation from its result says it in its own formula.
    """

    how: str
    formula: str
    terms: tuple[Value, ...]
    function: Callable[..., Any] | None = None
    arithmetic: bool = True
    factor: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Value:
    """A number on its way to the page.

    Attributes
    ----------
    identity : str
        Names the quantity; two values with the same identity are the same quantity.
    label : str
        What it is, for the reader: «Tabell 8.1: Totalt, 2025».
    kind : Kind
        A number, or which of the five signs.
    point : Fraction or None
        The best single number.
    interval : Interval or None
        Everything that the rounding of the sources allows.
    unit : str
        For example «mill. kroner», «prosent», «prosentpoeng».
    decimals : int
        Decimals to show where nothing else is asked for.
    origin : Source or Computation
        Where it comes from.
    printed : str or None
        The same quantity as the published report prints it.
    verdict : PrintVerdict or None
        None where nothing is printed.
    computed : Fraction or None
        What the parts give, where that contradicts the printed value.
    note : str
        Why a deviating value stands as printed, where somebody decided so; or a break that it crosses.
    sides : tuple of Side
        Where it stands by the registered breaks of its series.
    period : Period or None
        What it tells of, where that is one period and known.
    """

    identity: str
    label: str
    kind: Kind
    point: Fraction | None
    interval: Interval | None
    unit: str
    decimals: int
    origin: Source | Computation
    printed: str | None = None
    verdict: PrintVerdict | None = None
    computed: Fraction | None = None
    note: str = ""
    sides: tuple[Side, ...] = ()
    period: Period | None = None

    @property
    def ref(self) -> str:
        """A short, stable name for links."""
        return "t-" + hashlib.blake2b(self.identity.encode(), digest_size=5).hexdigest()

    @property
    def known(self) -> bool:
        """True where there is a number."""
        return self.kind is Kind.NUMBER

    def untold(self) -> Value:
        """Return the same quantity as «not available»: what an earlier edition could not know."""
        return replace(
            self,
            kind=Kind.NOT_AVAILABLE,
            point=None,
            interval=None,
            printed=None,
            verdict=None,
            computed=None,
            note="",
        )

    def __float__(self) -> float:
        return float("nan") if self.point is None else float(self.point)

    def sources(self) -> tuple[Source, ...]:
        """Return the printed cells at the bottom of the tree, each once, in order."""
        found: dict[Source, None] = {}
        stack: list[Value] = [self]
        while stack:
            origin = stack.pop().origin
            if isinstance(origin, Source):
                found[origin] = None
            else:
                stack.extend(reversed(origin.terms))
        return tuple(found)


def from_cell(table: Table, row: str, column: str) -> Value:
    """Return the value of a cell as it is printed, after any correction."""
    cell, head = table.cells[row, column], table.column(column)
    label = f"Tabell {table.spec.number}: {table.row(row).label}, {table.place(column)}"
    return Value(
        identity=f"{table.key}/{row}/{column}",
        label=label,
        kind=cell.kind,
        point=cell.number,
        interval=cell.interval,
        unit=table.unit(row, column),
        decimals=cell.decimals if head.decimals is None else head.decimals,
        origin=_source(table, label, cell),
    )


def missing(table: Table) -> Value:
    """Return «not available» for a quantity that a table cannot give."""
    label, kind = f"Tabell {table.spec.number}", Kind.NOT_AVAILABLE
    source = _source(table, label, Cell(kind, ".."))
    return Value(f"{table.key}/..", label, kind, None, None, table.spec.unit, 0, source)


def _source(table: Table, label: str, cell: Cell) -> Source:
    spec = table.spec
    return Source(
        label=label,
        document=f"Tabell {spec.number} {spec.title}",
        file=table.path,
        sha256=table.sha256,
        register=", ".join(spec.sources),
        line=cell.line,
        printed=cell.printed,
        corrected=cell.corrected,
    )


def compute(
    function: Callable[..., Any],
    terms: Sequence[Value],
    *,
    how: str,
    formula: str,
    unit: str = "",
    decimals: int = 0,
    label: str = "",
    scale: int | Fraction = 1,
) -> Value:
    """Apply a pure function to values: to their points, and to their intervals.

    Parameters
    ----------
    function : callable
        From `analysis_lib.indicators.arithmetic`, or any that takes fractions and intervals.
    terms : sequence of Value
        Its arguments. If one is no number the result is none either, with the same sign.
    how, formula : str
        For the reader: the operation's name, and the formula with ``{0}``, ``{1}`` … for the terms.
    scale : int or Fraction
        Factor on the result, for a change of unit.

    Returns
    -------
    Value
        «Cannot exist» for a growth from zero or from below; «not available» where rounding leaves it open
        whether the divisor is zero.
    """
    kind, point, interval = Kind.NUMBER, None, None
    silent = [sign for sign in _SILENCE if any(term.kind is sign for term in terms)]
    if silent:
        kind = silent[0]
    else:
        try:
            point = function(*(term.point for term in terms)) * scale
            if all(term.interval is not None for term in terms):
                interval = function(*(term.interval for term in terms)) * scale
        except ZeroDivisionError:
            kind, point = Kind.IMPOSSIBLE if point is None else Kind.NOT_AVAILABLE, None
    factors = [term.origin.factor if isinstance(term.origin, Computation) else Fraction(1) for term in terms]
    if factors != [1] * len(terms):
        terms = [_before_conversion(term) for term in terms]
        formula = re.sub(r"(/ )?\{(\d+)\}", lambda m: _scaled(m[1] or "", m[2], factors[int(m[2])]), formula)
        inner, by = function, factors

        def function(*numbers: Any) -> Any:
            return inner(*(number * factor for number, factor in zip(numbers, by, strict=True)))

    return Value(
        identity=f"{how}({', '.join(term.identity for term in terms)})",
        label=label or title(how, [term.label for term in terms]),
        kind=kind,
        point=point,
        interval=interval,
        unit=unit,
        decimals=decimals,
        origin=Computation(how, formula, tuple(terms), lambda *numbers: function(*numbers) * scale),
        sides=merged(term.sides for term in terms),
        period=terms[0].period if len({term.period for term in terms}) == 1 else None,
    )


def _before_conversion(term: Value) -> Value:
    origin = term.origin
    return origin.terms[0] if isinstance(origin, Computation) and origin.factor != 1 else term


def _scaled(divides: str, place: str, factor: Fraction) -> str:
    """Return a term of a formula with the factor that brings it to the unit of the others.

    >>> _scaled("/ ", "1", Fraction(1000)), _scaled("", "0", Fraction(1, 1000))
    ('/ ({1} × 1000)', '{0} / 1000')
    """
    if factor == 1:
        return f"{divides}{{{place}}}"
    text = f"{{{place}}} × {factor}" if factor > 1 else f"{{{place}}} / {1 / factor}"
    return f"{divides}({text})" if divides else text


def in_unit(value: Value, unit: str) -> Value:
    """Return a value in another unit of its kind, as a number of its own; itself where the scale is its own.

    >>> from analysis_lib.indicators.edition import Edition
    >>> total = in_unit(Edition(2025).value("8.1", "totalt", 2025), "1000 kroner")
    >>> int(total.point), total.unit, total.origin.formula
    (18572000, '1000 kroner', '{0} × 1000')
    """
    (own, _), (other, _) = measure(value.unit), measure(unit)
    if own == other:
        return value
    factor = Fraction(own, other)
    zeros = len(str(max(factor, 1 / factor))) - 1
    made = compute(
        lambda amount: amount,
        (value,),
        how=f"i {unit}",
        formula=_scaled("", "0", factor),
        unit=unit,
        decimals=max(0, value.decimals + (zeros if factor < 1 else -zeros)),
        label=f"{value.label}, i {unit}",
        scale=factor,
    )
    origin = Computation(f"i {unit}", _scaled("", "0", factor), (value,), lambda n: n * factor, factor=factor)
    return replace(made, origin=origin)


def in_ones(value: Value) -> Value:
    """Return a value counted one by one: kroner for mill. kroner, persons for thousands of them."""
    return in_unit(value, measure(value.unit)[1])


def in_one_unit(values: Iterable[Value], unit: str = "") -> tuple[Value, ...]:
    """Return values in one unit: that of them that counts the fewest ones, where none is named.

    Raises
    ------
    NotatbokFeil
        If they do not count the same: kroner and persons, per cent and percentage points.
    """
    values = tuple(values)
    # What has no number has no unit either that it could be wrong in: a table may not tell it.
    known = [value for value in values if value.known] or values[:1]
    unit = unit or min((value.unit for value in known), key=lambda one: measure(one)[0], default="")
    for value in known:
        if measure(value.unit)[1] != measure(unit)[1]:
            other = next((v for v in known if v.unit == unit), None)
            raise NotatbokFeil(
                f"ulike enheter: «{value.label}» er i {value.unit}, "
                + (f"men «{other.label}» er i {unit}" if other else f"men skal være i {unit}"),
                hint="Bruk tall som teller det samme, eller forhold(…) for det ene per det andre.",
            )
    return tuple(in_unit(value, unit) if value.known else value for value in values)


def reconcile(computed: Value, cell: Cell, *, keep: str = "") -> Value:
    """Hold a computed value against the printed one.

    A printed number inside the range that rounding leaves is knowledge too: the result is what
    both allow, and so rounds to what is printed. Where they contradict each other the computed
    value stands (or the printed one, where `keep` gives the reason), and the verdict says so.
    A printed sign stands, whatever the parts give: what a source holds confidential is not published
    because it can be computed.

    Examples
    --------
    The parts 4 760 and 306 are rounded; the printed sum 5 065 is within their 5 066 ± 1.
    """
    if cell.kind in SILENT:
        return replace(computed.untold(), kind=cell.kind, printed=cell.text)
    if cell.interval is None or computed.interval is None or computed.point is None:
        return computed
    held = replace(computed, printed=cell.text, decimals=cell.decimals)
    common = computed.interval.intersect(cell.interval)
    if common is not None:
        point = computed.point if computed.point in common else common.middle
        return replace(held, point=point, interval=common, verdict=PrintVerdict.REPRODUCED)
    deviating = replace(held, verdict=PrintVerdict.DEVIATES, computed=computed.point)
    return replace(deviating, point=cell.number, interval=cell.interval, note=keep) if keep else deviating


def found(
    amount: int | float | Fraction,
    label: str,
    *,
    how: str,
    formula: str,
    terms: Iterable[Value],
    unit: str = "",
    decimals: int = 1,
) -> Value:
    """Return a number that a method found, with the method and what it was found from.

    What is not finite is «not available»: a method may have no answer for one point.

    Parameters
    ----------
    how, formula : str
        The method and its rule for the standard error; the formula with ``{0}``, ``{1}`` … for the terms.
    terms : iterable of Value
        The printed cells behind it.

    Examples
    --------
    >>> found(2.5, "Dager", how="kalender", formula="mandag–fredag", terms=()).origin.how
    'kalender'
    """
    parts = tuple(terms)
    known = math.isfinite(amount)
    exactly = amount if isinstance(amount, int | Fraction) else repr(float(amount))
    return Value(
        identity=f"{how}: {label}({', '.join(term.identity for term in parts)})",
        label=label,
        kind=Kind.NUMBER if known else Kind.NOT_AVAILABLE,
        point=Fraction(exactly) if known else None,
        # A whole number was counted; what a method estimates has an interval of another kind.
        interval=Interval.exact(amount) if isinstance(amount, int) else None,
        unit=unit,
        decimals=decimals,
        origin=Computation(how, formula, parts, arithmetic=False),
        sides=merged(term.sides for term in parts),
    )
