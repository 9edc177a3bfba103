"""Why a relation may fail: what would make it true, each with how likely it is.

A slip of the keyboard or of rounding is only offered where what it would have been is allowed by the other
numbers; its confidence falls with the number of other slips that would do as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations

from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact, format_number, round_half_up
from analysis_lib.indicators.arithmetic import change_pct, difference, total
from number_audit.document import Ref
from number_audit.findings import CheckKind
from number_audit.language.periods import year_of
from number_audit.language.words import plain
from number_audit.reading.cells import read_cell
from number_audit.relations.equations import Check, check, contradicted
from number_audit.relations.web import Web, agreement

FEW = 3
# A wrong digit explains almost any small deviation, and so explains little.
LIKELY = {"et siffer er feil": 0.3}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A possible reason, for the reader, and how likely it is: 0 to 1."""

    text: str
    confidence: float


def digit_slips(cell: Cell, allowed: Interval) -> list[Explanation]:
    r"""Return the single slips of the keyboard that would turn an allowed number into what is printed.

    Examples
    --------
    >>> from analysis_lib.data.cells import parse_cell
    >>> four = Interval(Fraction(4978), Fraction(4980))
    >>> [slip.text.replace("\u00a0", " ") for slip in digit_slips(read_cell("4 79"), four)]
    ['et siffer er falt ut: 4 979']
    >>> [slip.text for slip in digit_slips(parse_cell("65"), Interval.exact(56))]
    ['to sifre har byttet plass: 56']
    """
    found: dict[str, str] = {}
    for text, slip in _edits("".join(cell.text.split())):
        candidate = read_cell(text, decimals=cell.decimals)
        if candidate.number is None or candidate.interval is None or candidate.decimals != cell.decimals:
            continue
        if candidate.interval.intersect(allowed):
            found.setdefault(format_number(candidate.number, candidate.decimals), slip)
    if len(found) > FEW:
        return []
    return [
        Explanation(f"{slip}: {text}", LIKELY.get(slip, 0.8) / len(found)) for text, slip in found.items()
    ]


def _edits(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may have been meant, the likeliest slips first."""
    places = [i for i, sign in enumerate(text) if sign.isdecimal()]
    for i, sign in enumerate(text):
        if not (sign.isdecimal() or sign in "-−,"):
            yield text[:i] + text[i + 1 :], "et fremmed tegn er kommet med"
    for i, j in pairwise(places):
        if j == i + 1 and text[i] != text[j]:
            yield text[:i] + text[j] + text[i] + text[j + 1 :], "to sifre har byttet plass"
    for i in [*places, len(text)]:
        for digit in "0123456789":
            yield text[:i] + digit + text[i:], "et siffer er falt ut"
    for i in places:
        yield text[:i] + text[i + 1 :], "et siffer er kommet til"
    for i in places:
        for digit in "0123456789":
            yield text[:i] + digit + text[i + 1 :], "et siffer er feil"
    yield (text[1:] if text[:1] in "-−" else f"-{text}"), "fortegnet er snudd"


def rounding_slips(cell: Cell, allowed: Interval) -> list[Explanation]:
    """Return ways of rounding that give what is printed: cut off, up, or in two steps.

    >>> from analysis_lib.data.cells import parse_cell
    >>> fifteen = Interval.exact(Fraction(726 * 100, 5010))
    >>> [slip.text for slip in rounding_slips(parse_cell("15"), fifteen)]
    ['tallet er avrundet i to trinn: 14,49 til 14,5 til 15']
    """
    if cell.number is None:
        return []
    places, middle = cell.decimals, allowed.middle
    once = round_half_up(middle, places + 1)
    unit = Fraction(1, 10**places)
    if round_half_up(once, places) == cell.number != round_half_up(middle, places):
        steps = (format_exact(middle, places + 2), format_exact(once), format_exact(cell.number))
        return [Explanation(f"tallet er avrundet i to trinn: {' til '.join(steps)}", 0.8)]
    if cell.number <= middle < cell.number + unit and cell.number >= 0:
        return [
            Explanation(f"tallet er kuttet og ikke avrundet: {format_exact(once)} er blitt {cell.text}", 0.6)
        ]
    if cell.number - unit < middle <= cell.number and cell.number >= 0:
        return [Explanation(f"tallet er rundet opp: {format_exact(once)} er blitt {cell.text}", 0.5)]
    return []


def is_copy(cell: Cell, neighbour: Cell) -> bool:
    """Tell whether a number of at least two digits, other than 100, is the same as its neighbour's.

    >>> from analysis_lib.data.cells import parse_cell
    >>> is_copy(parse_cell("1 013"), parse_cell("1 013")), is_copy(parse_cell("3"), parse_cell("3"))
    (True, False)
    """
    number = cell.number
    return number is not None and number == neighbour.number and abs(number) >= 10 and number != 100


def explained(web: Web, outcome: Check, root: Ref | None) -> list[Explanation]:
    """Return every reason that would make the relation true."""
    item = outcome.equation
    suspects = [root] if root else [ref for ref in item.cells if web.audited(ref)]
    reasons = [
        reason
        for ref in suspects
        if ref == item.result or not _turns_negative(web, ref)
        for reason in _of_cell(web, ref, len(suspects))
    ]
    if item.kind in (CheckKind.SUM, CheckKind.DIFFERENCE):
        reasons += _terms(web, outcome)
    if item.kind in (CheckKind.CHANGE, CheckKind.GROWTH, CheckKind.DIFFERENCE, CheckKind.NET_CHANGE):
        reasons += _bases(web, outcome)
    if item.kind == CheckKind.SAME:
        reasons += _both_fit(web, outcome)
    if item.kind == CheckKind.POPULATION:
        reasons += _other_years(web, outcome)
    return reasons


def _turns_negative(web: Web, ref: Ref) -> bool:
    """Tell whether a term would have to be negative to make the relation true: it is not what is wrong."""
    may_be = web.allowed(ref)
    return may_be is not None and may_be.high <= 0 <= (web[ref].number or 0)


def _of_cell(web: Web, ref: Ref, suspects: int) -> Iterator[Explanation]:
    """Yield slips of one number, where some number in its place would mend all that it stands in."""
    may_be = web.allowed(ref)
    if may_be is None:
        return
    for slip in (*rounding_slips(web[ref], may_be), *digit_slips(web[ref], may_be)):
        yield Explanation(f"{slip.text} i {web.place(ref)}", slip.confidence / max(suspects - 1, 1))
    for other in _namesakes(web, ref) if suspects == 1 else ():
        yield Explanation(f"tallet er det som står i {web.place(other)}", 0.6)
    for neighbour in _neighbours(web, ref):
        if is_copy(web[ref], web[neighbour]):
            text = f"{web[ref].text} er skrevet av fra {web.place(neighbour)}"
            yield Explanation(text, 0.7 if suspects == 1 else 0.2)


def _namesakes(web: Web, ref: Ref) -> Iterator[Ref]:
    """Yield cells of other tables that stand under the same label and header and hold the same number."""
    own, number = web.grids[ref.grid], web[ref].number
    label, header = plain(own.rows[ref.row].label), own.columns[ref.column].header
    for grid in web.grids.values():
        headers = [j for j, column in enumerate(grid.columns) if column.header == header]
        labels = [i for i, row in enumerate(grid.rows) if plain(row.label) == label]
        if grid is own or not headers or not labels or not number:
            continue
        for other in (Ref(grid.key, i, j) for i in labels for j in headers):
            if web[other].number == number:
                yield other


def _neighbours(web: Web, ref: Ref) -> list[Ref]:
    steps = ((-1, 0), (1, 0), (0, -1), (0, 1))
    around = [Ref(ref.grid, ref.row + down, ref.column + right) for down, right in steps]
    return [other for other in around if other in web.cells]


def _terms(web: Web, outcome: Check) -> list[Explanation]:
    """Return the terms without which, or with which twice, a sum is what is printed."""
    item, printed = outcome.equation, web[outcome.equation.result].interval
    parts = [(ref, interval) for ref in item.terms if (interval := web[ref].interval)]
    if item.kind != CheckKind.SUM or printed is None or len(parts) < 3:
        return []
    found = []
    for ref, interval in parts:
        others = total(*(other for term, other in parts if term != ref))
        if others.intersect(printed):
            found.append(f"{web.said(ref)} er ikke regnet med i summen")
        if (outcome.allowed + interval).intersect(printed):
            found.append(f"{web.said(ref)} er regnet med to ganger")
    return [Explanation(text, 0.6 / len(found)) for text in found]


def _bases(web: Web, outcome: Check) -> list[Explanation]:
    """Return the other bases that give the printed change: the end value, other years."""
    item, printed = outcome.equation, web[outcome.equation.result].interval
    line = _line(web, item.result, item.terms)
    intervals = {ref: interval for ref in line if (interval := web[ref].interval) and interval.low > 0}
    old, new = item.terms[0], item.terms[-1]
    if printed is None or old not in intervals or new not in intervals:
        return []
    measure = difference if item.kind in (CheckKind.DIFFERENCE, CheckKind.NET_CHANGE) else change_pct
    found = []
    if measure is change_pct and (-1 * change_pct(intervals[new], intervals[old])).intersect(printed):
        found.append(Explanation("prosenten er regnet av sluttverdien", 0.7))
    if measure is change_pct and difference(intervals[old], intervals[new]).intersect(printed):
        found.append(Explanation("det er endringen i antall og ikke i prosent", 0.5))
    others = [
        (a, b)
        for a, b in permutations(intervals, 2)
        if (a, b) != (old, new) and measure(intervals[a], intervals[b]).intersect(printed)
    ]
    if len(others) <= FEW:
        found += [
            Explanation(f"endringen er regnet fra {_year(web, a, b)}", 0.5 / len(others)) for a, b in others
        ]
    return found


def _line(web: Web, result: Ref, terms: Sequence[Ref]) -> list[Ref]:
    """Return the cells that a change may run between: the row's years, or the rows of the column."""
    grid = web.grids[result.grid]
    if len({(ref.grid, ref.row) for ref in (result, *terms)}) == 1:
        years = [j for j, column in enumerate(grid.columns) if year_of(column.header)]
        return [Ref(grid.key, result.row, j) for j in years if j != result.column]
    if len({(ref.grid, ref.column) for ref in terms}) == 1:
        return [Ref(grid.key, i, terms[0].column) for i in range(len(grid.rows))]
    return []


def _year(web: Web, old: Ref, new: Ref) -> str:
    grid = web.grids[old.grid]
    if old.row == new.row:
        return f"{grid.columns[old.column].header} til {grid.columns[new.column].header}"
    return f"{grid.rows[old.row].label} til {grid.rows[new.row].label}"


def _both_fit(web: Web, outcome: Check) -> list[Explanation]:
    """Say so where each of two numbers for the same thing fits all else: two sources, not a slip."""
    held = []
    for ref in outcome.equation.cells:
        others = [item for item in web.at[ref] if item is not outcome.equation and not item.bounds]
        checked = [found for item in others if (found := check(item, web.cells))]
        held.append(bool(checked) and not any(map(contradicted, checked)))
    text = "begge tallene stemmer med resten av sin egen tabell, så grunnlagene er trolig ulike"
    return [Explanation(text, 0.6)] if len(held) == 2 and all(held) else []


def _other_years(web: Web, outcome: Check) -> list[Explanation]:
    """Return the years whose population gives the printed rate."""
    item, printed = outcome.equation, web[outcome.equation.result].interval
    row = (item.result.grid, item.result.row)
    found = []
    for family in web.families:
        # The population of another year is that of the same row's other cells.
        pair = next((pair for pair in family.pairs if pair.result[:2] == row), None)
        agreed = agreement(family, web.cells) if pair and pair.result != item.result else None
        term = web[item.terms[0]].interval
        if (
            pair
            and agreed
            and term
            and printed
            and pair.link.result(term, agreed.interval).intersect(printed)
        ):
            found.append(Explanation(f"regnet med {family.parameter} stemmer det", 0.5))
    return found
