"""From rows to a cleared folder: tables and figures are computed, pass the gate, and are written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from analysis_lib.data.cells import SIGN_TEXT, Kind
from analysis_lib.data.package import natural
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.present.figures import FigureSpec, read_figures
from registers.bindings import SERIES, Bound, BoundCell, FigureBinding, Question, bound_cells
from registers.cells import Cells, Measure
from registers.disclosure.published import HIDDEN, Family, Published, Status
from registers.disclosure.rules import Kind as Adds
from registers.disclosure.rules import Rules

if TYPE_CHECKING:
    from analysis_lib.indicators.edition import Edition
    from registers.deliveries import Rows
    from registers.panels import Panel

Indicators = Mapping[str, Callable[..., Cells]]
Files = Mapping[str, bytes]
Answers = Mapping[Question, Mapping[tuple[str, ...], tuple[float, str]]]
HIDDEN_SIGN, MISSING_SIGN = SIGN_TEXT[Kind.CONFIDENTIAL], SIGN_TEXT[Kind.NOT_AVAILABLE]
DECIMALS = 6
# Arguments that say when something is counted, and are no other way of counting.
WHEN = ("naar", "per", "margin", "totaler", "aldersgrupper", "delaar", "fra_aar")

# A rate of contacts counts residents' alone, so its numerator is another than the count's.
OWN_NUMERATOR = {"aktivitet": {"per"}}


def number(value: float, status: str) -> str:
    """Return a cell as it is written: a comma for decimals, a sign where there is no number.

    >>> number(1278443.0, "vist"), number(248.25, "vist"), number(float("nan"), "skjult, for få")
    ('1278443', '248,25', ':')
    """
    if status in HIDDEN:
        return HIDDEN_SIGN
    if status == Status.MISSING or value != value:
        return MISSING_SIGN
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", ",")


def answer(asked: Question, rows: Rows, indicators: Indicators) -> Cells:
    """Compute one indicator.

    Raises
    ------
    DataFeil
        If there is none by that name, or it does not take the arguments.
    """
    if asked.indicator not in indicators:
        raise DataFeil(
            f"«{asked.indicator}» er ikke en indikator",
            where="data/register/bindinger",
            hint=nearest(asked.indicator, indicators),
        )
    indicator = indicators[asked.indicator]
    try:
        inspect.signature(indicator).bind(rows, by=asked.by, **asked.given)
    except TypeError as error:
        raise DataFeil(f"«{asked}» kan ikke regnes ut: {error}", where="data/register/bindinger") from None
    return indicator(rows, by=asked.by, **asked.given)


def family(asked: Question, rules: Rules, year: int) -> Family:
    """Return what a question counts: the indicator and how, and the parts of it that it keeps to.

    Arguments that are named as a dimension with parts choose some; the others are another way of counting.

    Parameters
    ----------
    year : int
        The edition's, which a question without a time is about.
    """
    known = {name for name, dimension in rules.dimensions.items() if dimension.kind is not Adds.OWN}
    timed = {"aar", "maaned"} & {*asked.by}
    fixed: dict[str, str | tuple[str, ...]] = {
        name: tuple(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in asked.given.items()
        if name in known and name not in asked.by
    }
    left_out = {*known, *WHEN} - (set() if timed else {"naar"}) - OWN_NUMERATOR.get(asked.indicator, set())
    how = [f"{name}={asked.given[name]}" for name in asked.given if name not in left_out]
    # A stock on the first of a month is no part of a year's number.
    how += ["per måned"] if "maaned" in asked.by else []
    if not timed and "naar" not in asked.given:
        fixed["aar"] = str(year)
    return Family(" ".join([asked.indicator, *how]), fixed)


@dataclass(frozen=True)
class Asked:
    """Everything that is asked of the rows: cells of tables, series of figures."""

    cells: Mapping[str, Mapping[tuple[str, str], BoundCell]]
    figures: Mapping[str, Mapping[str, Question]]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Each question once."""
        cells = (cell.question for table in self.cells.values() for cell in table.values())
        series = (one for figure in self.figures.values() for one in figure.values())
        return tuple(dict.fromkeys([*cells, *series]))


def asked_of(bound: Bound, printed: Edition) -> Asked:
    """Return what the bindings ask, for the rows and columns of the printed tables."""
    return Asked(
        {key: bound_cells(one, printed.table(key), printed.own_year) for key, one in bound.tables.items()},
        {number: figure.asked() for number, (_, figure) in bound.figures.items()},
    )


def table_lines(cells: Mapping[tuple[str, str], BoundCell], cleared: Answers) -> list[list[str]]:
    """Return a table as lines, by the keys of its descriptor; what was not computed is empty."""
    texts: dict[tuple[str, str], str] = {}
    for place, cell in cells.items():
        answers = cleared[cell.question]
        if (found := answers.get(tuple(cell.where.values()))) is not None:
            texts[place] = number(*found)
    columns = dict.fromkeys(column for _, column in texts)
    rows = dict.fromkeys(row for row, _ in texts)
    return [["rad", *columns], *([row, *(texts.get((row, one), "") for one in columns)] for row in rows)]


def figure_lines(binding: FigureBinding, cleared: Answers, whole: Container[Question]) -> list[list[str]]:
    """Return a figure as lines, in the order that the binding gives its names in.

    Parameters
    ----------
    whole : container of Question
        Those whose answers are counts: what they do not mention is none.
    """
    places = (binding.panel, binding.serie, binding.kolonne)
    records = [
        ({**dict(zip(binding.by, key, strict=True)), SERIES: name}, found)
        for name, asked in binding.asked().items()
        for key, found in _filled(cleared[asked], counts=asked in whole).items()
    ]
    orders = {place: _order(binding.names.get(place, {}), place, records) for place in places if place}
    kept = [
        ([orders[place][record[place]] if place else (0, "") for place in places], found)
        for record, found in records
        if all(record[place] in orders[place] for place in places if place)
    ]
    kept.sort(key=lambda one: [position for position, _ in one[0]])
    lines = [[*(word for _, word in named), number(*found)] for named, found in kept]
    return [["panel", "serie", "kolonne", "verdi"], *lines]


def _filled(
    answers: Mapping[tuple[str, ...], tuple[float, str]], *, counts: bool
) -> Mapping[tuple[str, ...], tuple[float, str]]:
    """Return answers with every pair of values: zero for what nobody was counted in, else «..»."""
    values = (dict.fromkeys(place) for place in zip(*answers, strict=True))
    lacking = (0.0, Status.SHOWN) if counts else (float("nan"), Status.MISSING)
    return {key: answers.get(key, lacking) for key in product(*values)} if answers else answers


def _order(
    names: Mapping[str, str], place: str, records: Iterable[tuple[Mapping[str, str], object]]
) -> dict[str, tuple[int, str]]:
    """Return the place and the words of each value of a dimension: as named, else as they come, sorted."""
    values = dict.fromkeys(record[place] for record, _ in records)
    if names:
        return {value: (position, word) for position, (value, word) in enumerate(names.items())}
    ordered = list(values) if place == SERIES else sorted(values, key=natural)
    return {value: (position, value) for position, value in enumerate(ordered)}


def answers_of(published: Published) -> dict[tuple[str, ...], tuple[float, str]]:
    """Return a cleared answer by its key: the number, and whether it is shown."""
    keys = zip(*(published.frame[name].astype(str) for name in published.by), strict=True)
    numbers = zip(published.frame["verdi"].astype(float), published.frame["status"], strict=True)
    return dict(zip(keys, numbers, strict=True))


def figure_said(binding: FigureBinding, published: Published, spec: FigureSpec) -> dict[str, Any]:
    """Return what the descriptor of a figure says."""
    whole = published.measure is Measure.COUNT
    return {
        "unit": published.unit,
        "sources": [*spec.sources],
        "chart": binding.chart,
        "options": dict(binding.options),
        "decimals": (0 if whole else 1) if binding.decimals is None else binding.decimals,
        "subtitle": binding.subtitle or spec.subtitle,
        "definition": "; ".join(dict.fromkeys(str(one) for one in binding.asked().values())),
        "notes": [*binding.notes],
    }


def panel_files(panels: Mapping[str, tuple[Panel, Published]]) -> Files:
    """Return the files of panels that have passed the gate."""
    files: dict[str, bytes] = {}
    for name, (panel, cleared) in panels.items():
        found = panel.lines(cleared, number)
        # Without a unit that got the measure there is nothing to find.
        if any(first for _, _, first, _ in found[1:]):
            files[f"paneler/{name}.csv"] = _csv(found)
            files[f"paneler/{name}.yml"] = _yaml(panel.said)
    return files


def files_of(bound: Bound, asked: Asked, cleared: Mapping[Question, Published], edition: Path) -> Files:
    """Return every file of the cleared folder but the panels, by its name in it.

    Parameters
    ----------
    edition : Path
        The printed edition's folder, whose figures say their sources.
    """
    answers = {one: answers_of(published) for one, published in cleared.items()}
    whole = {one for one, published in cleared.items() if published.measure is Measure.COUNT}
    files: dict[str, bytes] = {}
    for key, cells in asked.cells.items():
        if len(lines := table_lines(cells, answers)) > 1:
            files[f"tabeller/{key}.csv"] = _csv(lines)
    specs: dict[str, FigureSpec] = {}
    for figure, (chapter, binding) in bound.figures.items():
        if figure not in specs:
            specs |= read_figures(edition / "figurer" / f"{chapter}.yml")
        if len(lines := figure_lines(binding, answers, whole)) > 1:
            first = cleared[next(iter(asked.figures[figure].values()))]
            files[f"figurer/{figure}.csv"] = _csv(lines)
            files[f"figurer/{figure}.yml"] = _yaml(figure_said(binding, first, specs[figure]))
    return files


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    return "".join(f"{';'.join(line)}\n" for line in lines).encode()


def _yaml(said: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=110).encode()
