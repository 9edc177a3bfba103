"""A figure from the numbers of its own file: which chart, and in which order the numbers come to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis_lib.data.cleared import FigureData
from analysis_lib.data.periods import Period
from analysis_lib.errors import DataFeil, NotatbokFeil, nearest
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value
from analysis_lib.present import charts
from analysis_lib.present.charts import Chart

if TYPE_CHECKING:
    from collections.abc import Iterable

# By panel, series and column, in the order of the file.
Panels = dict[str, dict[str, dict[str, Value]]]


def panels(points: Iterable[tuple[tuple[str, str, str], Value]]) -> Panels:
    """Return a figure's numbers by panel, series and column; what a panel lacks is «not available» there."""
    found: Panels = {}
    for (panel, series, column), value in points:
        found.setdefault(panel, {}).setdefault(series, {})[column] = value
    names = dict.fromkeys(name for panel in found.values() for name in panel)
    columns = dict.fromkeys(column for panel in found.values() for row in panel.values() for column in row)
    return {
        title: {name: {column: _at(panel, title, name, column) for column in columns} for name in names}
        for title, panel in found.items()
    }


def _at(panel: dict[str, dict[str, Value]], title: str, name: str, column: str) -> Value:
    row = panel.get(name, {})
    if column in row:
        return row[column]
    like = next(iter(next(iter(panel.values())).values())).untold()
    figure = "/".join(like.identity.split("/")[:2])
    place = [part for part in (title, name, column) if part]
    return replace(like, identity="/".join([figure, *place]), label=f"Figur: {', '.join(place)}")


def series_of(rows: Mapping[str, Mapping[str, Value]]) -> list[Series]:
    """Return rows as series, where their columns are periods.

    Raises
    ------
    DataFeil
        Names a column that is no period.
    """
    for row in rows.values():
        for column in row:
            if Period.printed(column) is None:
                raise DataFeil(f"«{column}» er ikke et år, kvartal eller en måned")
    return [Series(name or "Alle", dict(row)) for name, row in rows.items()]


def _turned(rows: Mapping[str, Mapping[str, Value]]) -> dict[str, dict[str, Value]]:
    """Return rows by column, as dots and boxes have them: one category a column."""
    columns = next(iter(rows.values()))
    return {column: {name: row[column] for name, row in rows.items()} for column in columns}


def _only(found: Panels) -> dict[str, dict[str, Value]]:
    """Return the rows of a figure without panels."""
    if len(found) == 1:
        return next(iter(found.values()))
    return {
        ", ".join(part for part in (title, name) if part): row
        for title, rows in found.items()
        for name, row in rows.items()
    }


def _categories(found: Panels) -> dict[str, Value]:
    return next(iter(_only(found).values()))


_CHARTS: dict[str, Callable[..., Chart]] = {
    "linjer": lambda found, **given: charts.linjer(series_of(_only(found)), **given),
    "søyler": lambda found, **given: charts.søyler(series_of(_only(found))[0], **given),
    "stablede_søyler": lambda found, **given: charts.stablede_søyler(series_of(_only(found)), **given),
    "små_multipler": lambda found, **given: charts.små_multipler(series_of(_only(found)), **given),
    "stolper": lambda found, **given: charts.stolper(_categories(found), **given),
    "fylkeskart": lambda found, **given: charts.fylkeskart(_categories(found), **given),
    "prikker": lambda found, **given: charts.prikker(_turned(_only(found)), **given),
    "bokser": lambda found, **given: charts.bokser(
        {title: _turned(rows) for title, rows in found.items()}, **given
    ),
    "paneler": lambda found, **given: charts.paneler(found, **given),
}


def chart_of(
    data: FigureData, points: Iterable[tuple[tuple[str, str, str], Value]]
) -> tuple[Chart | None, str]:
    """Draw a figure as its descriptor says.

    Returns
    -------
    tuple
        The chart and "", or None and why it cannot be drawn: so much is hidden that too little is left.

    Raises
    ------
    DataFeil
        For a chart that there is none of, or arguments that it does not take.
    """
    where = data.path.removesuffix(".csv") + ".yml"
    if data.spec.chart not in _CHARTS:
        raise DataFeil(
            f"«{data.spec.chart}» er ikke en figurtype", where=where, hint=nearest(data.spec.chart, _CHARTS)
        )
    given: dict[str, Any] = dict(data.spec.options)
    try:
        return _CHARTS[data.spec.chart](panels(points), **given), ""
    except NotatbokFeil as error:
        return None, f"Tallene kan ikke tegnes: {error.message}."
    except TypeError as error:
        raise DataFeil(f"figuren kan ikke tegnes slik: {error}", where=where) from None
