"""Signs in place of numbers: one where the parts give a number, and a hidden number that others give away.

A hidden number is given away where fewer numbers are possible than the sign leaves, which hides what is
below five, or where what is possible spans less than a tenth of it.

Method: Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4: the interval that an outsider
can compute for a suppressed cell, held against a least count and the p % rule with p = 10. Bounds are
narrowed relation by relation, so what only several together give away is not always seen.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from number_audit.document import Ref
from number_audit.findings import CheckKind, Finding, Judgement
from number_audit.reading.cells import read_cell
from number_audit.relations.causes import DOUBTFUL, Slip, span
from number_audit.relations.equations import Equation, common, solve
from number_audit.relations.web import Web

LEAST_POSSIBLE = 5
LEAST_WIDTH = Fraction(1, 10)
# Beyond any number of a report: a hidden number may be anything until its relations say otherwise.
MOST = 10**15
ROUNDS = 10
GROWTH = (CheckKind.CHANGE, CheckKind.GROWTH, CheckKind.INDEX)


def sign_slips(web: Web) -> list[Slip]:
    """Return the signs that other cells contradict, and the hidden numbers that they give away.

    No finding tells a hidden number, nor what is printed beside it.
    """
    return [*_told(web), *_given_away(web)]


def _told(web: Web) -> Iterator[Slip]:
    """Yield the cells that say that there is no number, where their parts give one."""
    for ref, cell in web.cells.items():
        silent = cell.kind in (Kind.NOT_AVAILABLE, Kind.IMPOSSIBLE) and read_cell(cell.text).kind is cell.kind
        for item in web.at.get(ref, ()) if silent and web.audited(ref) else ():
            made = item.result == ref and item.firm and not item.bounds and not _cannot_exist(web, item)
            may_be = solve(item, ref, web.cells) if made else None
            if may_be:
                text = f"«{cell.text.strip()}» er trykt, men delene gir {span(may_be)}."
                yield _slip(web, CheckKind.SIGN, ref, item, text, tuple(map(web.said, item.cells)), may_be)
                break


def _cannot_exist(web: Web, item: Equation) -> bool:
    return item.kind in GROWTH and (web[item.terms[0]].number or 0) <= 0


def _given_away(web: Web) -> Iterator[Slip]:
    hidden = [ref for ref, cell in web.cells.items() if cell.kind is Kind.CONFIDENTIAL]
    ranges = possible({ref: Interval(Fraction(_least(web, ref)), Fraction(MOST)) for ref in hidden}, web)
    for ref in filter(web.audited, hidden):
        answers = [(answer, item) for item, answer in _answers(web, ref, ranges)]
        if not answers:
            continue
        _, item = min(answers, key=lambda pair: pair[0].width)
        places = tuple(web.place(other) for other in item.cells if other != ref)
        if (left := ranges[ref]) is None:
            text = "Tallet er skjult («:»), men tallene rundt levner ikke noe tall som det kan være."
        elif (count := _count(left, _step(web, ref))) < LEAST_POSSIBLE or left.width < LEAST_WIDTH * abs(
            left.high
        ):
            how = "nøyaktig" if count == 1 else "nesten nøyaktig"
            text = f"Tallet er skjult («:»), men tallene rundt gir det {how}. Skjul ett til av dem."
        else:
            continue
        yield _slip(web, CheckKind.GIVEN_AWAY, ref, item, text, (web.place(ref), *places))


def _slip(
    web: Web,
    kind: CheckKind,
    ref: Ref,
    item: Equation,
    text: str,
    cells: tuple[str, ...],
    may_be: Interval | None = None,
) -> Slip:
    finding = Finding(
        kind,
        web.place(ref),
        cells,
        web[ref].text.strip(),
        Judgement.DOUBTFUL,
        text,
        allowed=may_be,
        confidence=DOUBTFUL,
        cause=web.place(ref),
    )
    return Slip(finding, tuple(dict.fromkeys((ref, *item.cells))))


Ranges = Mapping[Ref, Interval | None]


def possible(ranges: Ranges, web: Web) -> Ranges:
    """Return what each hidden cell may be, by what is shown and what the others may be; None for nothing."""
    for _ in range(ROUNDS):
        narrower = {
            ref: common([own, *(answer for _, answer in _answers(web, ref, ranges))]) if own else None
            for ref, own in ranges.items()
        }
        if narrower == ranges:
            break
        ranges = narrower
    return ranges


def _answers(web: Web, ref: Ref, ranges: Ranges) -> Iterator[tuple[Equation, Interval]]:
    """Yield what each relation of a cell allows for it."""
    guessed = {
        other: replace(web[other], number=own.middle, interval=own) for other, own in ranges.items() if own
    }
    cells = ChainMap(guessed, dict(web.cells))
    for item in web.at.get(ref, ()):
        if item.firm and (answer := solve(item, ref, cells)):
            yield item, answer


def _least(web: Web, ref: Ref) -> int:
    """Return the least that a hidden number may be: zero, unless its table has numbers below."""
    rows = web.grids[ref.grid].rows
    return -MOST if any((cell.number or 0) < 0 for row in rows for cell in row.cells) else 0


def _step(web: Web, ref: Ref) -> Fraction:
    """Return the step of the numbers in a cell's column."""
    return Fraction(1, 10 ** max(row.cells[ref.column].decimals for row in web.grids[ref.grid].rows))


def _count(left: Interval, step: Fraction) -> int:
    """Return how many printed numbers are possible; at least one."""
    low, high = ceil(left.low / step), floor(left.high / step)
    low += left.low_open and low * step == left.low
    high -= left.high_open and high * step == left.high
    return max(high - low + 1, 1)
