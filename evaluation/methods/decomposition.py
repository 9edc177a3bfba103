"""What part of a change in an amount is price, and what part volume."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

from evaluation.basis.requirements import Reason, number, refuse


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Parts of a change, in the order of the factors; they sum to the change exactly."""

    parts: tuple[Any, ...]
    change: Any
    rule: str


def _factors(given: Sequence[Any]) -> list[Any]:
    """Return two to six factors as they are, decimals as fractions, or refuse them."""
    factors = list(given) if isinstance(given, Iterable) else []
    if not 2 <= len(factors) <= 6:
        refuse(Reason.INVALID_VALUE, "oppdelingen trenger de samme to til seks faktorene i begge år")
    for factor in factors:
        number(factor, "en faktor")
    return [Fraction(factor) if isinstance(factor, Decimal) else factor for factor in factors]


def price_volume(old_price: Any, old_volume: Any, new_price: Any, new_volume: Any) -> Decomposition:
    """Return the part of a change in price × volume that is price, and the part that is volume.

    Each change is weighted with the mean of the other factor (Marshall-Edgeworth; Bennet 1920), so no
    mixed term is left and the order of events does not matter. Works on fractions without rounding.

    Examples
    --------
    >>> price_volume(10, 100, 12, 110).parts
    (210.0, 110.0)
    """
    result = shapley((old_price, old_volume), (new_price, new_volume))
    return Decomposition(result.parts, result.change, "Bennet (snitt av pris- og volumvekter)")


def shapley(old: Sequence[Any], new: Sequence[Any]) -> Decomposition:
    """Return each factor's part of the change in a product of two to six factors.

    Parameters
    ----------
    old, new : sequence, length k
        Factors whose product is the amount; for a quotient, enter the inverse.

    Notes
    -----
    The mean over all orders in which the factors could have changed (Shapley 1953; Sun 1998).

    Examples
    --------
    >>> shapley((1, 2, 3), (2, 2, 3)).parts
    (6.0, 0.0, 0.0)
    """
    old, new = _factors(old), _factors(new)
    if len(old) != len(new):
        refuse(Reason.INVALID_VALUE, "oppdelingen trenger de samme to til seks faktorene i begge år")
    orders = list(permutations(range(len(old))))
    parts: list[Any] = [0] * len(old)
    for order in orders:
        state = list(old)
        for i in order:
            before = math.prod(state)
            state[i] = new[i]
            parts[i] = parts[i] + math.prod(state) - before
    return Decomposition(
        tuple(part / len(orders) for part in parts), math.prod(new) - math.prod(old), "Shapley"
    )
