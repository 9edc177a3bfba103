"""Formulas as they stand in the register, computed again: the text is held to what it says."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from string import Formatter
from typing import Any, TypeVar

T = TypeVar("T")

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


def _compute(node: ast.expr, named: dict[str, Any], formula: str) -> Any:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = (_compute(side, named, formula) for side in (node.left, node.right))
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Name) and node.id in named:
        return named[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value)
    raise ValueError(f"«{formula}» kan ikke regnes ut med {len(named)} ledd")
