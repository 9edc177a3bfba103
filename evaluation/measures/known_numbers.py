"""Numbers of an analysis as values: a reader can open an estimate down to the printed cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from analysis_lib.data.periods import Frequency, Period, key_of
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Value, missing
from evaluation.basis.requirements import Reason, refuse
from evaluation.register import Measure

T = TypeVar("T")
Known = Mapping[str, Mapping[str, Value]]


class _Named(dict[str, T]):
    """What a measure has, by name; to lack what its analysis asks for is an error in the register."""

    def __init__(self, found: Mapping[str, T], measure: str) -> None:
        super().__init__(found)
        self.measure = measure

    def __missing__(self, name: str) -> T:
        raise DataFeil(
            f"analysen trenger «{name}», som tiltaket ikke har",
            where=f"measures.yml, {self.measure}",
            hint=nearest(name, self),
        )


def known_values(measure: Measure, edition: Edition) -> Known:
    """Return the numbers of a measure's data that an edition knows: by series, then by period or group.

    Raises
    ------
    DataFeil
        If a place names no cell or fact.
    """
    found = {
        data.id: {key: value for key, place in data.values.items() if (value := _value(place, edition)).known}
        for data in measure.data
        if data.id
    }
    return _Named({name: _Named(values, measure.id) for name, values in found.items()}, measure.id)


def _value(place: str, edition: Edition) -> Value:
    try:
        key, row, column = place.rsplit("/", 2)
    except ValueError:
        raise ParameterFeil(
            f"«{place}» er ikke på formen tabell/rad/kolonne eller fakta/kapittel/navn",
            where="measures.yml",
            hint=nearest(place, ["8.3/sum_basis/2025", "fakta/12/delegert_sum"]),
        ) from None
    if key == "fakta":
        return edition.fact(row, column)
    table = edition.table(key)
    if Period.printed(column) and key_of(column) not in table.columns:
        # The register goes further back, or ahead, than this edition's table.
        return replace(missing(table), identity=place)
    year = table.column(column).year or table.spec.year
    value = edition.value(key, row, column)
    return value if year is None or year <= edition.year else value.untold()


def periods(keys: Iterable[str], measure: Measure, frequency: Frequency | None = None) -> list[Period]:
    """Return the keys of a series that goes over time, as periods of one frequency.

    Raises
    ------
    DataFeil
        If a key is no period, or of another frequency than asked for or than the first.
    """
    found: list[Period] = []
    for key in keys:
        try:
            period = Period.read(key)
        except ValueError as problem:
            raise DataFeil(str(problem), where=f"measures.yml, {measure.id}") from None
        frequency = frequency or period.frequency
        if period.frequency is not frequency:
            raise DataFeil(
                f"«{key}» er av slaget {period.frequency}, men serien går etter {frequency}",
                where=f"measures.yml, {measure.id}",
            )
        found.append(period)
    return found


def need(values: Mapping[str, Value], keys: Iterable[str], what: str) -> list[Value]:
    """Return the values asked for, or refuse because one is not known yet."""
    missing = [key for key in keys if key not in values]
    if missing:
        refuse(Reason.NOT_YET, f"{what} for {missing[0]} finnes ikke i kildene")
    return [values[key] for key in keys]
