"""A value to its last digit, as JSON: what a later build, or a check of this one, computes with.

A reader sees rounded numbers. Fractions travel as text («9286/3»), so nothing is lost on the way.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from analysis_lib.data.interval import Interval
from analysis_lib.indicators.values import Computation, Source, Value


def exact(value: Value) -> dict[str, Any]:
    """Return a value without rounding, ready for JSON.

    Returns
    -------
    dict
        ``identity, kind, decimals, point, interval`` (low, high, and whether each is open); ``formula`` with
        ``{0}``, ``{1}`` … for the terms where it can be computed again, or ``file, printed, corrected`` of
        the cell; and ``contradicted``, what the parts give where the value is held against a printed one that
        they do not allow.

    Examples
    --------
    >>> from analysis_lib.indicators.edition import Edition
    >>> total = exact(Edition(2025).value("8.1", "totalt", 2025))
    >>> total["identity"], total["point"], total["formula"]
    ('8.1/totalt/2025', '18572', '{0} + {1} + {2} + {3}')
    """
    found: dict[str, Any] = {
        "identity": value.identity,
        "kind": value.kind.value,
        "decimals": value.decimals,
        "point": None if value.point is None else str(value.point),
        "interval": None if value.interval is None else _ends(value.interval),
    }
    if value.computed is not None:
        found["contradicted"] = str(value.computed)
    if isinstance(value.origin, Computation):
        if value.origin.arithmetic:
            found["formula"] = value.origin.formula
    else:
        found |= _cell(value.origin)
    return found


def _ends(interval: Interval) -> list[Any]:
    return [str(interval.low), str(interval.high), interval.low_open, interval.high_open]


def _cell(source: Source) -> dict[str, Any]:
    return {"file": source.file, "printed": source.printed, "corrected": source.corrected}


def read_number(text: str | None) -> Fraction | None:
    """Read a fraction that `exact` wrote.

    >>> read_number("9286/3"), read_number(None)
    (Fraction(9286, 3), None)
    """
    return None if text is None else Fraction(text)


def read_interval(ends: list[Any] | None) -> Interval | None:
    """Read an interval that `exact` wrote.

    >>> str(read_interval(["371/20", "373/20", False, True]))
    '[18.55, 18.65)'
    """
    if ends is None:
        return None
    low, high, low_open, high_open = ends
    return Interval(Fraction(low), Fraction(high), low_open, high_open)
