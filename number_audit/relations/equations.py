"""Relations between printed cells, and what a check of one comes to.

Every relation says that its result lies in what a function makes of its terms. On the terms'
points the function tells whether the relation holds as printed, on their intervals whether
rounding can explain it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.data.cells import Cell, Kind
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import round_half_up
from analysis_lib.indicators.arithmetic import total
from number_audit.document import Ref
from number_audit.findings import CheckKind, Judgement

Cells = Mapping[Ref, Cell]


@dataclass(frozen=True, slots=True)
class Equation:
    """A relation between cells.

    Attributes
    ----------
    kind : CheckKind
    result : Ref
        The cell that follows from the others.
    terms : tuple of Ref
        The others, in the order of the function's arguments.
    function : callable
        Takes one interval a term, returns the interval in which the result lies.
    formula : str
        For the reader, with ``{0}``, ``{1}`` … for the terms.
    firm : bool
        False where a contradiction is at most doubtful; `note` then says why.
    blank_adds_nothing : bool
        True for sums: a blank term is no term, though not every one may be blank.
    bounds : bool
        True where the terms only bound the result: a part and its whole, a mean and its groups.
    """

    kind: CheckKind
    result: Ref
    terms: tuple[Ref, ...]
    function: Callable[..., Interval]
    formula: str = ""
    firm: bool = True
    note: str = ""
    blank_adds_nothing: bool = False
    bounds: bool = False

    @property
    def cells(self) -> tuple[Ref, ...]:
        """The result and the terms, each once."""
        return tuple(dict.fromkeys((self.result, *self.terms)))

    def says_of(self, ref: Ref) -> bool:
        """Tell whether the relation limits a cell: a mean is limited by its groups, no group by the mean."""
        return self.kind != CheckKind.BETWEEN or ref == self.result


@dataclass(frozen=True, slots=True)
class Check:
    """What a check came to, and the numbers that the terms allow for the result."""

    equation: Equation
    verdict: Judgement
    allowed: Interval


def check(equation: Equation, cells: Cells) -> Check | None:
    """Hold a relation against print; None where a cell holds no number, or a divisor may be zero.

    Examples
    --------
    >>> from analysis_lib.data.cells import parse_cell
    >>> a, b, c = (Ref("t", row, 0) for row in range(3))
    >>> total = Equation("sum", c, (a, b), lambda x, y: x + y, "{0} + {1}")
    >>> for printed in ("5 066", "5 065", "5 060"):
    ...     cells = {a: parse_cell("4 760"), b: parse_cell("306"), c: parse_cell(printed)}
    ...     print(check(total, cells).verdict, check(total, cells).allowed)
    holds [5065, 5067)
    explained_by_rounding [5065, 5067)
    contradiction [5065, 5067)
    """
    printed, allowed = cells[equation.result].interval, _value(equation, {}, cells)
    points = {
        ref: Interval.exact(number) for ref in equation.cells if (number := cells[ref].number) is not None
    }
    computed = _value(equation, points, cells)
    if printed is None or allowed is None or computed is None:
        return None
    if computed.intersect(printed):
        return Check(equation, Judgement.HOLDS, allowed)
    if allowed.intersect(printed):
        return Check(equation, Judgement.EXPLAINED, allowed)
    return Check(equation, Judgement.CONTRADICTION if equation.firm else Judgement.DOUBTFUL, allowed)


def contradicted(outcome: Check | None) -> bool:
    """Tell whether a check found something."""
    return outcome is not None and outcome.verdict in (Judgement.CONTRADICTION, Judgement.DOUBTFUL)


def solve(equation: Equation, ref: Ref, cells: Cells) -> Interval | None:
    """Return what the other cells of a relation allow for one of them, or None if that cannot be told.

    Every relation of a report is a ratio of linear expressions in each of its cells, so three
    points determine it and the cross-ratio inverts it.

    Examples
    --------
    >>> from analysis_lib.data.cells import parse_cell
    >>> a, b, c = (Ref("t", row, 0) for row in range(3))
    >>> total = Equation("sum", c, (a, b), lambda x, y: x + y, "{0} + {1}")
    >>> str(solve(total, a, {a: parse_cell("4 790"), b: parse_cell("306"), c: parse_cell("5 065")}))
    '[4758, 4760]'
    """
    if ref == equation.result:
        return _value(equation, {}, cells)
    if equation.bounds:
        return None
    target = cells[equation.result].interval
    near = abs(Fraction(cells[ref].number or 0)) or Fraction(1)
    points = (near, 2 * near, 4 * near)
    ranges = [_value(equation, {ref: Interval.exact(point)}, cells) for point in points]
    if target is None or None in ranges:
        return None
    first = _inverse(points, [item.low for item in ranges if item], target.high)
    second = _inverse(points, [item.high for item in ranges if item], target.low)
    if first is None or second is None:
        return None
    found = Interval(min(first, second), max(first, second))
    # Where the ratio has its pole between the two, what is allowed lies outside and has no end.
    inside = _value(equation, {ref: Interval.exact(found.middle)}, cells)
    return found if inside and inside.intersect(target) else None


def _value(equation: Equation, given: Mapping[Ref, Interval], cells: Cells) -> Interval | None:
    """Return what the function makes of the terms; None where it cannot be computed."""
    intervals = [given.get(term) or _interval(equation, cells[term]) for term in equation.terms]
    known = [interval for interval in intervals if interval is not None]
    silent = all(cells[term].number is None and term not in given for term in equation.terms)
    if silent or len(known) < len(intervals):
        return None
    try:
        return equation.function(*known)
    except ZeroDivisionError:
        return None


def _interval(equation: Equation, cell: Cell) -> Interval | None:
    absent = equation.blank_adds_nothing and cell.kind in (Kind.BLANK, Kind.IMPOSSIBLE)
    return Interval.exact(0) if absent else cell.interval


def _inverse(points: tuple[Fraction, ...], values: list[Fraction], wanted: Fraction) -> Fraction | None:
    """Return where the ratio of linear functions through three points takes the wanted value."""
    (x1, x2, x3), (y1, y2, y3) = points, values
    a, b = (wanted - y2) * (y3 - y1), (wanted - y1) * (y3 - y2)
    # (y - y2)(y3 - y1) / ((y - y1)(y3 - y2)) is the same for x; solved for x.
    p, q = a * (x3 - x2), b * (x3 - x1)
    return None if p == q else (p * x1 - q * x2) / (p - q)


def common(intervals: Iterable[Interval]) -> Interval | None:
    """Return what all intervals allow, or None where they contradict each other or there is none."""
    found: Interval | None = None
    for number, interval in enumerate(intervals):
        found = interval if number == 0 else found and found.intersect(interval)
    return found


def composed(outer: Equation, inner: Iterable[Equation]) -> Equation:
    """Return a relation with some of its terms replaced by what these follow from.

    A share printed as 23 may be computed to four digits from its counts, so a change of shares
    is known far better from the counts than from the printed shares.

    Examples
    --------
    >>> from analysis_lib.data.cells import parse_cell
    >>> part, whole, share, change, old = (Ref("t", row, 0) for row in range(5))
    >>> difference = Equation("difference", change, (old, share), lambda x, y: y - x, "{1} − {0}")
    >>> of = Equation("share", share, (part, whole), lambda x, y: x / y * 100, "{0} / {1} × 100")
    >>> composed(difference, [of]).terms == (old, part, whole)
    True
    """
    by_result = {item.result: item for item in inner}
    steps = [by_result.get(term) for term in outer.terms]
    terms = [step.terms if step else (term,) for step, term in zip(steps, outer.terms, strict=True)]

    def function(*values: Interval) -> Interval:
        left = list(values)
        arguments = []
        for step, parts in zip(steps, terms, strict=True):
            taken, left = left[: len(parts)], left[len(parts) :]
            arguments.append(step.function(*taken) if step else taken[0])
        return outer.function(*arguments)

    flat = tuple(term for parts in terms for term in parts)
    return replace(outer, terms=flat, function=function, formula="")


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
