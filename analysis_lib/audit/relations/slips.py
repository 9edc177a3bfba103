"""What may have happened to a number on its way to print, judged by what the other numbers allow.

A slip is only offered where what it would have been is allowed; its confidence falls with the
number of other slips that would do as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from analysis_lib.audit.relations.printed import read_cell
from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact, format_number, round_half_up

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
