"""When a guessed relation may accuse a number: only where the table itself confirms it.

A proposal is one relation in many instances, one a row or column. An instance speaks for it only
if it could have failed: if its terms allow less than a quarter of the size of the numbers, or, of
a bound, if the part is more than half of its whole.

- *confirmed*: at least three instances speak for it and at least two thirds of all agree. What
  disagrees is a contradiction.
- *bound*: at least three speak for it and all but one in ten, or one in all, agree. What disagrees
  is doubtful.
- *likely*: two speak for it and half agree. What disagrees is doubtful.
- else it is dropped, with two exceptions. A lone sum that its label names is kept, and is doubtful
  where it is wrong by less than a fifth, or where the one beside it speaks for it. A sum that its
  label names, and that its terms fall short of wherever they do not give it, has probably lost a
  term: its last instance is kept, as doubtful.

A table whose sums come out exactly throughout holds counts, which are not rounded at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval
from number_audit.document import Grid, Ref
from number_audit.findings import CheckKind
from number_audit.relations.equations import Cells, Check, Equation, check, contradicted

SPEAKING, FEW = 3, 2
# Terms that give less than half of a sum are hardly its terms.
MOST_LACKING = 0.5
GUESSED = "Sammenhengen er antatt, ikke oppgitt."
SHORT = "Delene er for små {count} steder og ikke for store noe sted: trolig er et ledd utelatt."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guessed relation: its instances, and whether the labels say it.

    `at_most` is the strongest verdict that it may give: a bound, or a denominator that the table
    does not name, is never more than doubtful.
    """

    instances: tuple[Equation, ...]
    labelled: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """How a proposal stands: instances that could be checked, that agree, that speak for it."""

    checked: int
    agree: int
    speak: int

    @property
    def confirmed(self) -> bool:
        """True where what disagrees is a contradiction."""
        return self.speak >= SPEAKING and 3 * self.agree >= 2 * self.checked

    @property
    def likely(self) -> bool:
        """True where what disagrees is doubtful."""
        return self.speak >= FEW and 2 * self.agree >= self.checked


def support(instances: Iterable[Equation], cells: Cells) -> Support:
    """Count how the instances of a proposal stand against print."""
    outcomes = [outcome for item in instances if (outcome := check(item, cells))]
    size = max((abs(_number(outcome, cells)) for outcome in outcomes), default=0)
    agree = [outcome for outcome in outcomes if not contradicted(outcome)]
    speak = [outcome for outcome in agree if _speaks(outcome, cells, size)]
    return Support(len(outcomes), len(agree), len(speak))


def _speaks(outcome: Check, cells: Cells, size: float) -> bool:
    if outcome.equation.bounds:
        return 2 * _number(outcome, cells) > outcome.allowed.high
    return 4 * _room(outcome, cells) < size


def _number(outcome: Check, cells: Cells) -> float:
    return float(cells[outcome.equation.result].number or 0)


def _room(outcome: Check, cells: Cells) -> float:
    printed = cells[outcome.equation.result].interval
    return float(outcome.allowed.width + (printed.width if printed else 0))


def confirmed(proposal: Proposal, cells: Cells) -> list[Equation]:
    """Return the instances of a proposal that the table lets stand, each as firm as it may be."""
    found = support(proposal.instances, cells)
    if found.confirmed and not proposal.doubtful:
        return list(proposal.instances)
    few_against = found.checked - found.agree <= max(1, found.checked // 10)
    if any(item.bounds for item in proposal.instances) and not few_against:
        return []
    unsure = [replace(item, firm=False, note=GUESSED) for item in proposal.instances]
    if found.confirmed or found.likely:
        return unsure
    if proposal.labelled and found.checked <= FEW:
        return [item for item in unsure if found.speak or _near(item, cells)]
    return []


def _near(item: Equation, cells: Cells) -> bool:
    outcome, printed = check(item, cells), cells[item.result].interval
    if outcome is None or printed is None:
        return False
    return 5 * abs(outcome.allowed.middle - printed.middle) < abs(printed.middle)


def best(proposals: Sequence[Proposal], cells: Cells) -> list[Equation]:
    """Return the instances of the one proposal, of several that exclude each other, that most speaks for."""
    ranked = [(support(item.instances, cells), item) for item in proposals if item.instances]
    if not ranked:
        return []
    _, winner = max(ranked, key=lambda pair: (pair[0].agree / max(pair[0].checked, 1), pair[0].speak))
    return confirmed(winner, cells)


def lost_term(proposals: Sequence[Proposal], cells: Cells) -> list[Equation]:
    """Return the last instance of the labelled sum that its terms are nearest to, if always short of it."""
    found = []
    for proposal in (item for item in proposals if item.labelled):
        outcomes = [outcome for item in proposal.instances if (outcome := check(item, cells))]
        wrong = [outcome for outcome in outcomes if contradicted(outcome)]
        lacking = [1 - float(outcome.allowed.middle) / (_number(outcome, cells) or 1) for outcome in wrong]
        if len(wrong) >= SPEAKING and min(lacking) > 0 and max(lacking) < MOST_LACKING:
            found.append((max(lacking), wrong))
    if not found:
        return []
    wrong = min(found, key=lambda pair: pair[0])[1]
    return [replace(wrong[-1].equation, firm=False, note=f"{SHORT.format(count=len(wrong))} {GUESSED}")]


# The chance that a sum of two rounded terms comes out exactly; of more terms it is less.
CHANCE = 0.75
LUCK = 0.001
NEARLY_ALL, MOST = 0.95, 0.8
COUNT = re.compile(r"antall", re.IGNORECASE)


def exact_counts(grids: Sequence[Grid], equations: Sequence[Equation], cells: Cells) -> dict[Ref, Cell]:
    """Return as exact the whole numbers of the tables whose sums and differences come out exactly.

    Where the caption calls them a number of things, most of at least three must; else nearly all,
    and so many that chance is out of the question. A table with decimals anywhere has none.
    """
    tables: dict[str, list[bool]] = {}
    for item in equations:
        if item.kind in (CheckKind.SUM, CheckKind.DIFFERENCE) and len({ref.grid for ref in item.cells}) == 1:
            exact = _comes_out(item, cells)
            if exact is not None:
                tables.setdefault(item.result.grid, []).append(exact)
    captions = {grid.key: grid.caption for grid in grids if _whole(grid)}
    counted = {key for key, exact in tables.items() if key in captions and _counts(exact, captions[key])}
    return {
        ref: replace(cell, interval=Interval.exact(cell.number))
        for ref, cell in cells.items()
        if ref.grid in counted and cell.number is not None and cell.decimals == 0
    }


def _whole(grid: Grid) -> bool:
    """Tell whether a table prints whole numbers only."""
    return all(cell.decimals == 0 for row in grid.rows for cell in row.cells)


def _comes_out(item: Equation, cells: Cells) -> bool | None:
    """Tell whether whole terms give their result exactly; None where there is more than whole numbers."""
    numbers = [cells[ref].number for ref in item.cells]
    outcome = check(item, {ref: _exact(cells[ref]) for ref in item.cells})
    if outcome is None or any(number is not None and number.denominator != 1 for number in numbers):
        return None
    return not contradicted(outcome)


def _exact(cell: Cell) -> Cell:
    return cell if cell.number is None else replace(cell, interval=Interval.exact(cell.number))


def _counts(exact: Sequence[bool], caption: str) -> bool:
    share = sum(exact) / len(exact)
    if COUNT.search(caption) and len(exact) > 2:
        return share >= MOST
    return share >= NEARLY_ALL and CHANCE ** sum(exact) < LUCK
