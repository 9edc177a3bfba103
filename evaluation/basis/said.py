"""A sentence as pieces: text, and the numbers in it as themselves; numbers as Norwegian prose writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from string import Formatter

import pandas as pd

from analysis_lib.data.norwegian import MINUS, NBSP, format_number
from analysis_lib.indicators.values import Value, found
from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Reason, refuse

# What is said: pieces that read as one sentence. A minus sign is text, beside its number.
Said = tuple[str | Value, ...]
DASH = "\u2013"
KI = f"95{NBSP}% KI"


def say(template: str, **given: str | int | Value | Said) -> Said:
    """Return a sentence in pieces: the template, with what is given in its fields.

    A value stays itself, with its sign in the text before it; pieces that are said already are taken as
    they stand.

    Raises
    ------
    AnalyseAvvist
        MISSING_VALUE for a number that is not there.

    Examples
    --------
    >>> ten = found(-10, "Leger", how="", formula="", terms=(), decimals=0)
    >>> before, number, after = say("I {year} {n} her.", year=2010, n=ten)
    >>> before, number.label, after
    ('I 2010 −', 'Leger', ' her.')
    """
    said: list[str | Value] = [""]
    for text, field, *_ in Formatter().parse(template):
        for piece in (text, *(_pieces(given[field]) if field else ())):
            if isinstance(piece, str) and isinstance(said[-1], str):
                said[-1] += piece
            else:
                said.append(piece)
    return tuple(piece for piece in said if piece != "")


def _pieces(given: str | int | Value | Said) -> Said:
    if isinstance(given, Value):
        return (MINUS, given) if written(given).startswith(MINUS) else (given,)
    return given if isinstance(given, tuple) else (str(given),)


def joined(items: Iterable[str | Said]) -> Said:
    """Return several things said as one, with semicolons between; what is empty is left out.

    >>> joined(["et brudd", "", ("to ", "punkter")])
    ('et brudd; to punkter',)
    """
    parts = [(item,) if isinstance(item, str) else item for item in items if item]
    return say("{all}", all=tuple(piece for part in parts for piece in ("; ", *part))[1:])


def plain(said: Said) -> str:
    """Return what is said as text.

    >>> plain(("Fra ", found(2.25, "Andel", how="", formula="", terms=()), " prosent."))
    'Fra 2,3 prosent.'
    """
    return "".join(piece if isinstance(piece, str) else digits(piece) for piece in said)


def written(value: Value) -> str:
    """Return a value as a sentence writes it, with its sign."""
    if value.point is None:
        refuse(Reason.MISSING_VALUE, "et tall i setningen er ikke endelig")
    return format_number(value.point, value.decimals)


def digits(value: Value) -> str:
    """Return the piece of a sentence that a value is: its digits, without the sign."""
    return written(value).removeprefix(MINUS)


def between(low: Value, high: Value) -> Said:
    """Return an interval; with a negative end in words, since dash and minus look alike.

    >>> ends = (found(end, "", how="", formula="", terms=()) for end in (-2.0, 3.0))
    >>> plain(between(*ends))
    'fra −2,0 til 3,0'
    """
    below = min(float(low), float(high)) < 0
    return say("fra {low} til {high}" if below else f"{{low}}{DASH}{{high}}", low=low, high=high)


def counted(n: int, what: str) -> Value:
    """Return how many there are, as a value."""
    return found(n, what, how="telling", formula=what, terms=(), decimals=0)


def with_interval(
    estimate: Estimate,
    label: str,
    *,
    how: str,
    formula: str = "",
    terms: Iterable[Value] = (),
    unit: str = "",
    decimals: int = 1,
) -> tuple[Value, Value, Value]:
    """Return an estimate and the two ends of its interval as values, with the rule that made them."""
    behind = tuple(terms)

    def value(amount: float, name: str) -> Value:
        rule, about = f"{how} ({estimate.rule})", formula or how
        return found(amount, name, how=rule, formula=about, terms=behind, unit=unit, decimals=decimals)

    low, high = f"{label}, nedre grense", f"{label}, øvre grense"
    return value(estimate.value, label), value(estimate.low, low), value(estimate.high, high)


def number(value: float, decimals: int = 1) -> str:
    r"""Return a number as Norwegian prose prints it, rounded half up.

    >>> number(2.25), number(-0.04), number(1234567.0, 0)
    ('2,3', '0,0', '1\xa0234\xa0567')
    """
    if not math.isfinite(value):
        refuse(Reason.MISSING_VALUE, "et tall i setningen er ikke endelig")
    # By its shortest decimals: 2.25 is meant as 2,25 and rounds to 2,3.
    return format_number(Fraction(repr(float(value))), decimals)


def interval(low: float, high: float, decimals: int = 1) -> str:
    """Return an interval; with a negative end in words, since dash and minus look alike.

    >>> interval(5.2, 14.8), interval(-2.0, 3.0)
    ('5,2–14,8', 'fra −2,0 til 3,0')
    """
    a, b = number(low, decimals), number(high, decimals)
    return f"fra {a} til {b}" if low < 0 or high < 0 else f"{a}{DASH}{b}"


def amount(estimate: Estimate, label: str, unit: str, decimals: int = 1) -> Said:
    r"""Return an estimate with its unit and interval.

    >>> plain(amount(Estimate(2.0, 0.5, 1.0, 3.0, "OLS"), "Nivåskift", "poeng"))
    '2,0 poeng (95\xa0% KI 1,0–3,0)'
    """
    value, low, high = with_interval(estimate, label, how="anslag", unit=unit, decimals=decimals)
    return say("{value} {unit} ({ki} {ends})", value=value, unit=unit, ki=KI, ends=between(low, high))


def direction(value: Value, rising: str = "høyere", falling: str = "lavere") -> str:
    """Return the word for a value's sign as it is shown; both words where it shows as zero.

    >>> [direction(found(x, "", how="", formula="", terms=())) for x in (2.0, -2.0, -0.01)]
    ['høyere', 'lavere', 'høyere eller lavere']
    """
    shown = written(value)
    if not any(sign in "123456789" for sign in shown):
        return f"{rising} eller {falling}"
    return falling if shown.startswith(MINUS) else rising


def apart(estimate: Estimate, label: str, unit: str, decimals: int = 1) -> Said:
    r"""Return how much higher or lower something is, with the interval of the difference.

    >>> plain(apart(Estimate(-2.0, 0.5, -3.0, -1.0, "OLS"), "Nivåskift", "poeng"))
    '2,0 poeng lavere (95\xa0% KI for forskjellen fra −3,0 til −1,0)'
    """
    value, low, high = with_interval(estimate, label, how="anslag", unit=unit, decimals=decimals)
    return say(
        "{value} {unit} {way} ({ki} for forskjellen {ends})",
        # The word has its sign.
        value=(value,),
        unit=unit,
        way=direction(value),
        ki=KI,
        ends=between(low, high),
    )


def as_percent(ratio: Estimate) -> Estimate:
    """Return the estimate of a ratio as that of a change in per cent; its rule is the ratio's own."""
    value, low, high = (percent(end) for end in (ratio.value, ratio.low, ratio.high))
    return replace(ratio, value=value, low=low, high=high, ratio=False)


def percent(ratio: float) -> float:
    """Return a ratio as a change in per cent.

    >>> round(percent(1.099), 1)
    9.9
    """
    return (ratio - 1) * 100


def moved(change: float) -> str:
    """Return the verb for a change.

    >>> moved(1.0), moved(-1.0)
    ('økte', 'gikk ned')
    """
    return "økte" if change > 0 else "gikk ned" if change < 0 else "var uendret"


def side_by_side(estimates: Mapping[str, Estimate], *, decimals: int = 2) -> pd.DataFrame:
    """Return estimates as a table with one row each: value, interval, and the rule that made it.

    Examples
    --------
    >>> from evaluation.methods.rates import byar, garwood
    >>> print(side_by_side({"eksakt": garwood(4), "Byar": byar(4)}, decimals=1))
           anslag nedre  øvre             regel
    eksakt    4,0   1,1  10,2  eksakt (Garwood)
    Byar      4,0   1,1  10,2              Byar
    """
    return pd.DataFrame(
        {
            "anslag": [number(e.value, decimals) for e in estimates.values()],
            "nedre": [number(e.low, decimals) for e in estimates.values()],
            "øvre": [number(e.high, decimals) for e in estimates.values()],
            "regel": [e.rule for e in estimates.values()],
        },
        index=list(estimates),
    )


def reckoned(amount: float, label: str, unit: str, decimals: int) -> Value:
    """Return a number that a method found, with its origin.

    >>> reckoned(2.5, "Skift", "poeng", 1).label
    'Skift'
    """
    return found(amount, label, how="anslag", formula=label, terms=(), unit=unit, decimals=decimals)
