"""Numbers of an analysis as values: a reader can open an estimate down to the printed cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from analysis_lib.data.measures import Measure
from analysis_lib.data.norwegian import format_number
from analysis_lib.data.periods import first_day
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.refusal import Reason, refuse
from analysis_lib.indicators.breaks import merged
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Computation, Value

Known = Mapping[str, Mapping[str, Value]]


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


def with_interval(estimate: Estimate, label: str, **about: object) -> tuple[Value, Value, Value]:
    """Return an estimate and the two ends of its interval as values; `about` as for `found`."""
    how = f"{about.pop('how')} ({estimate.rule})"
    ends = (
        (estimate.value, label),
        (estimate.low, f"{label}, nedre grense"),
        (estimate.high, f"{label}, øvre grense"),
    )
    value, low, high = (found(end, name, how=how, **about) for end, name in ends)  # type: ignore[arg-type]
    return value, low, high


def shown(value: Value) -> str:
    """Return a value as it stands in a verdict's sentence."""
    assert value.point is not None
    return format_number(value.point, value.decimals)


def known_values(measure: Measure, edition: Edition) -> Known:
    """Return the numbers of a measure's data that an edition knows: by series, then by period or group.

    Raises
    ------
    DataFeil
        If a place names no cell or fact.
    """
    return {
        data.id: {key: value for key, place in data.values.items() if (value := _value(place, edition)).known}
        for data in measure.data
        if data.id
    }


def _value(place: str, edition: Edition) -> Value:
    try:
        key, row, column = place.rsplit("/", 2)
    except ValueError:
        raise ParameterFeil(
            f"«{place}» er ikke på formen tabell/rad/kolonne eller fakta/kapittel/navn",
            where="data/measures.yml",
            hint=nearest(place, ["8.3/sum_basis/2025", "fakta/12/delegert_sum"]),
        ) from None
    if key == "fakta":
        return edition.fact(row, column)
    table = edition.table(key)
    year = table.column(column).year or table.spec.year
    value = edition.value(key, row, column)
    return value if year is None or year <= edition.year else value.untold()


def periods(values: Mapping[str, Value], measure: Measure) -> list[str]:
    """Return the keys of a series that goes over time.

    Raises
    ------
    DataFeil
        If a key is no year, month or date.
    """
    for key in values:
        try:
            first_day(key)
        except ValueError as problem:
            raise DataFeil(str(problem), where=f"data/measures.yml, {measure.id}") from None
    return list(values)


def need(values: Mapping[str, Value], keys: Iterable[str], what: str) -> list[Value]:
    """Return the values asked for, or refuse because one is not known yet."""
    missing = [key for key in keys if key not in values]
    if missing:
        refuse(Reason.NOT_YET, f"{what} for {missing[0]} finnes ikke i kildene")
    return [values[key] for key in keys]
