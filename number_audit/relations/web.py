"""All relations of a set of tables: between cells alone, and with parameters that no table prints.

A hidden parameter is one deflator a year, or one population a year. Each pair of cells that it links allows
an interval for it. The largest group of pairs that agree gives the parameter; every pair then becomes an
equation with it. A pair outside the group contradicts it, and the pair in the group that binds that end is
the counter-example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval, consensus
from number_audit.document import Grid, Ref
from number_audit.findings import CheckKind
from number_audit.relations.equations import Cells, Check, Equation, check, common, contradicted, solve


@dataclass(frozen=True, slots=True)
class Link:
    """How two cells and a parameter belong together.

    `parameter` gives it from the term and the result, `result` gives the result from the term and
    the parameter; `formula` has ``{0}`` for the term and ``{p}`` for the parameter.
    """

    kind: CheckKind
    parameter: Callable[[Interval, Interval], Interval]
    result: Callable[[Interval, Interval], Interval]
    formula: str


DEFLATED = Link(CheckKind.CONSTANT_PRICES, lambda old, new: new / old, lambda old, p: old * p, "{0} × {p}")
# Growth in current and in constant prices differ by the price growth, whatever the amounts are.
DEFLATED_GROWTH = Link(
    CheckKind.CONSTANT_PRICES,
    lambda current, constant: (current + 100) / (constant + 100),
    lambda current, p: (current + 100) / p - 100,
    "(100 + {0}) / {p} − 100",
)
GROWTH_PER_CAPITA = Link(
    CheckKind.PER_CAPITA,
    lambda total, each: (total + 100) / (each + 100),
    lambda total, p: (total + 100) / p - 100,
    "(100 + {0}) / {p} − 100",
)


def per(number: int) -> Link:
    """Return the link between an amount and the amount for every so many inhabitants."""
    return Link(
        CheckKind.POPULATION,
        lambda amount, rate: amount / rate * number,
        lambda amount, p: amount / p * number,
        f"{{0}} / {{p}} × {number}",
    )


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two cells that a parameter links; `doubtful` says why a contradiction need not be an error."""

    link: Link
    term: Ref
    result: Ref
    doubtful: str = ""

    def allows(self, cells: Cells) -> Interval | None:
        """Return the parameters that the pair allows, None where it bounds none."""
        term, result = cells[self.term].interval, cells[self.result].interval
        if term is None or result is None:
            return None
        try:
            return self.link.parameter(term, result)
        except ZeroDivisionError:
            return None


class Parameter(NamedTuple):
    """A number that no table prints: what it is, and its year, or the two that it runs between.

    >>> str(Parameter("befolkningsveksten", (2023, 2024)))
    'befolkningsveksten 2023–2024'
    """

    what: str
    years: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.what} {'–'.join(map(str, self.years))}"


@dataclass(frozen=True, slots=True)
class Family:
    """All that bears on one parameter: the pairs, and cells that print it outright.

    `least` is the share of the family that must agree before a contradiction is one.
    """

    parameter: Parameter
    pairs: tuple[LinkedPair, ...]
    printed: tuple[Ref, ...] = ()
    from_printed: Callable[..., Interval] = lambda number: number
    least: float = 0.5


@dataclass(frozen=True, slots=True)
class Consensus:
    """A parameter as the largest agreeing group of a family allows it.

    `members` are the pairs of the group with what each allows, `fixed` is what cells print
    outright, `of` the number that could be compared.
    """

    interval: Interval
    members: tuple[tuple[LinkedPair, Interval], ...]
    fixed: Interval | None
    agree: int
    of: int

    def without(self, pair: LinkedPair) -> Interval:
        """Return what the group allows when one pair is left out, so that no cell vouches for itself."""
        own = next((interval for member, interval in self.members if member is pair), None)
        if own is None or (own.low < self.interval.low and own.high > self.interval.high):
            return self.interval
        others = [interval for member, interval in self.members if member is not pair]
        return common([*others, *([self.fixed] if self.fixed else [])]) or self.interval


def agreement(family: Family, cells: Cells) -> Consensus | None:
    """Return the parameter that the largest group of a family allows; None for less than two."""
    known = [(pair, interval) for pair in family.pairs if (interval := pair.allows(cells))]
    printed = [interval for ref in family.printed if (interval := cells[ref].interval)]
    fixed = family.from_printed(*printed) if printed and len(printed) == len(family.printed) else None
    intervals = [*(interval for _, interval in known), *([fixed] if fixed else [])]
    if len(intervals) < 2:
        return None
    shared, group = consensus(intervals)
    members = tuple(known[i] for i in group if i < len(known))
    held = fixed if len(known) in group else None
    return Consensus(shared, members, held, len(group), len(intervals))


def family_equations(family: Family, cells: Cells) -> list[Equation]:
    """Return one equation a pair, with the parameter that the rest of the family agrees on.

    Where too few agree, or there are only two to compare, nobody can tell who is wrong, and a
    contradiction is doubtful.
    """
    agreed = agreement(family, cells)
    if agreed is None:
        return []
    firm = agreed.of > 2 and agreed.agree > family.least * agreed.of
    note = "" if firm else f"Bare {agreed.agree} av {agreed.of} er enige om {family.parameter}."
    return [_equation(pair, agreed.without(pair), family.parameter, note) for pair in family.pairs]


def _equation(pair: LinkedPair, parameter: Interval, name: Parameter, note: str) -> Equation:
    note = note or pair.doubtful
    return Equation(
        pair.link.kind,
        pair.result,
        (pair.term,),
        lambda term: pair.link.result(term, parameter),
        pair.link.formula.replace("{p}", f"[{name}]"),
        not note,
        note,
    )


def families_of(pairs: Sequence[tuple[Parameter, LinkedPair]]) -> list[Family]:
    """Gather pairs that bear on the same parameter."""
    found: dict[Parameter, list[LinkedPair]] = {}
    for parameter, pair in pairs:
        found.setdefault(parameter, []).append(pair)
    return [Family(parameter, tuple(members)) for parameter, members in found.items()]


@dataclass(frozen=True)
class Web:
    """Cells and the relations between them.

    Attributes
    ----------
    grids : mapping from key to Grid
    cells : mapping from Ref to Cell
        Every cell of the grids; some may be tried with another content than is printed.
    given : tuple of Equation
        The relations between cells alone.
    families : tuple of Family
        The hidden parameters.
    equations : tuple of Equation
        The given ones, and those of the hidden parameters that the cells agree on.
    at : mapping from Ref to the equations that a cell stands in
    """

    grids: Mapping[str, Grid]
    cells: Cells
    given: tuple[Equation, ...]
    families: tuple[Family, ...]
    equations: tuple[Equation, ...]
    at: Mapping[Ref, tuple[Equation, ...]]

    def __getitem__(self, ref: Ref) -> Cell:
        return self.cells[ref]

    def audited(self, ref: Ref) -> bool:
        """Tell whether a cell is of a printed table, and not of what tables are only held against."""
        return self.grids[ref.grid].audited

    def place(self, ref: Ref) -> str:
        """Return a cell's address for a reader."""
        return self.grids[ref.grid].place(ref)

    def said(self, ref: Ref) -> str:
        """Return «place = printed»."""
        return f"{self.place(ref)} = {self.cells[ref].text.strip() or 'tomt'}"

    def touching(self, refs: Iterable[Ref]) -> list[Equation]:
        """Return the equations in which any of the cells stands, each once."""
        return list({id(item): item for ref in refs for item in self.at.get(ref, ())}.values())

    def outcomes(self, equations: Iterable[Equation], tried: Mapping[Ref, Cell] | None = None) -> list[Check]:
        """Check equations, with some cells tried as something else; leave out what cannot be checked."""
        if tried is None:
            found = (check(item, self.cells) for item in equations)
        else:
            found = (
                check(item, {ref: tried.get(ref) or self.cells[ref] for ref in item.cells})
                for item in equations
            )
        return [outcome for outcome in found if outcome]

    def broken(self, equations: Iterable[Equation], tried: Mapping[Ref, Cell] | None = None) -> list[Check]:
        """Return what contradicts print, with some cells tried as something else."""
        return [outcome for outcome in self.outcomes(equations, tried) if contradicted(outcome)]

    def allowed(self, ref: Ref) -> Interval | None:
        """Return what all other cells together allow for one; None where they allow nothing."""
        answers = [solve(item, ref, self.cells) for item in self.at.get(ref, ())]
        return common(answer for answer in answers if answer is not None)

    def with_cells(self, cells: Mapping[Ref, Cell]) -> Web:
        """Return the web as it would be with other cells, its hidden parameters agreed on anew."""
        return _tie(replace(self, cells={**self.cells, **cells}))

    def with_given(self, given: Iterable[Equation]) -> Web:
        """Return the web with other relations."""
        return _tie(replace(self, given=tuple(given)))


def weave(grids: Sequence[Grid], given: Sequence[Equation], families: Sequence[Family] = ()) -> Web:
    """Return the web of tables, their relations and their hidden parameters."""
    cells = {
        Ref(grid.key, i, j): cell
        for grid in grids
        for i, row in enumerate(grid.rows)
        for j, cell in enumerate(row.cells)
    }
    return _tie(Web({grid.key: grid for grid in grids}, cells, tuple(given), tuple(families), (), {}))


def _tie(web: Web) -> Web:
    hidden_ones = (item for family in web.families for item in family_equations(family, web.cells))
    every = (*web.given, *hidden_ones)
    at: dict[Ref, list[Equation]] = {}
    for item in every:
        for ref in item.cells:
            at.setdefault(ref, []).append(item)
    return replace(web, equations=every, at={ref: tuple(items) for ref, items in at.items()})
