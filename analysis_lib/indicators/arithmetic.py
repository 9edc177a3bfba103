"""The arithmetic of the report: one pure function an operation, each with its Norwegian name.

Every function works alike on fractions, exact intervals, floats and pandas columns, so the same
line computes the value, the range that rounding leaves, and an analyst's whole column.

Formulas as they stand in the register, computed again: the text is held to what it says.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from numbers import Real
from operator import add
from string import Formatter
from typing import Any, TypeVar

T = TypeVar("T")


class NegativeBaseError(ZeroDivisionError):
    """A growth, an index or a share of something below zero: the number would have the wrong sign."""


def _base(amount: T) -> T:
    """Return what is divided by, refused where it is surely below zero; in a column it becomes nothing.

    From −10 to 5 is a rise, but 5 / −10 − 1 is −150 per cent.
    """
    if hasattr(amount, "where"):
        return amount.where(amount > 0)  # type: ignore[operator,no-any-return]
    high = getattr(amount, "high", amount)
    if isinstance(high, Real) and high < 0:
        raise NegativeBaseError("grunnlaget er under null")
    return amount


def total(*terms: T) -> T:
    """Return the sum of the terms.

    >>> total(5577, 7872, 2755)
    16204
    """
    return reduce(add, terms)


def change_pct(old: T, new: T) -> T:
    """Return the change from `old` to `new` in per cent of `old`.

    >>> from fractions import Fraction
    >>> float(change_pct(Fraction(200), Fraction(250)))
    25.0
    >>> change_pct(-10, 5)
    Traceback (most recent call last):
    analysis_lib.indicators.arithmetic.NegativeBaseError: grunnlaget er under null
    """
    # Written as new/old - 1, not (new - old)/old: `old` appears once, so intervals stay tight.
    return (new / _base(old) - 1) * 100  # type: ignore[operator,no-any-return]


def difference(old: T, new: T) -> T:
    """Return the change from `old` to `new` in the unit of both (points, for percentages).

    >>> difference(5517, 5720)
    203
    """
    return new - old  # type: ignore[operator,no-any-return]


def ratio(numerator: T, denominator: T) -> T:
    """Return `numerator` over `denominator`."""
    return numerator / denominator  # type: ignore[operator,no-any-return]


def share_pct(part: T, whole: T) -> T:
    """Return `part` in per cent of `whole`.

    >>> share_pct(34, 136)
    25.0
    """
    return part / _base(whole) * 100  # type: ignore[operator,no-any-return]


def rate(count: T, population: T, per: int) -> T:
    """Return `count` for every `per` of `population`.

    >>> rate(30, 12000, 10_000)
    25.0
    """
    return count / _base(population) * per  # type: ignore[operator,no-any-return]


def index_number(value: T, base: T) -> T:
    """Return `value` as an index with `base` = 100.

    >>> index_number(125.0, 100.0)
    125.0
    """
    return value / _base(base) * 100  # type: ignore[operator,no-any-return]


def per_capita(amount: T, population: T) -> T:
    """Return `amount` for each inhabitant.

    >>> per_capita(9e6, 3e6)
    3.0
    """
    return amount / _base(population)  # type: ignore[operator,no-any-return]


def constant_prices(amount: T, deflator: T) -> T:
    """Return `amount` in the prices of the year that `deflator` leads to.

    The deflator is the price level of the price year over that of the amount's own year.

    >>> constant_prices(1000.0, 1.25)
    1250.0
    """
    return amount * deflator  # type: ignore[operator,no-any-return]


AND = " og "
_WRITTEN = str.maketrans({"×": "*", "−": "-", "\u00a0": None})
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(formula: str, terms: Sequence[T]) -> T:
    """Compute a formula with ``{0}``, ``{1}`` … for the terms, on fractions or on intervals.

    Parameters
    ----------
    formula : str
        As the register writes it: ``×``, ``−``, ``/``, parentheses, hard space between groups of three.
    terms : sequence of Fraction or Interval

    Raises
    ------
    ValueError
        If it is no such formula, or names a term that is not there.
    ZeroDivisionError
        If a divisor is, or may be, zero.

    Examples
    --------
    >>> from fractions import Fraction
    >>> evaluate("({1} / {0} − 1) × 100", [Fraction(200), Fraction(250)])
    Fraction(25, 1)
    """
    try:
        names = "".join(
            literal + ("" if field is None else f"t{field}")
            for literal, field, *_ in Formatter().parse(formula)
        )
        tree = ast.parse(names.translate(_WRITTEN).strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"«{formula}» er ikke en formel: {error}") from None
    named = {f"t{position}": term for position, term in enumerate(terms)}
    return _compute(tree, named, formula)  # type: ignore[no-any-return]


def _compute(node: ast.expr, named: Mapping[str, object], formula: str) -> Any:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = (_compute(side, named, formula) for side in (node.left, node.right))
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Name) and node.id in named:
        return named[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value)
    raise ValueError(f"«{formula}» kan ikke regnes ut med {len(named)} ledd")
