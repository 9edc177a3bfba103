"""How much an audit would find: change one digit at a time, and see whether any relation notices.

Run on an edition after its corrections. Every digit of every cell that stands in some relation is
changed, unless the number then moves by no more than its own rounding. A change is found if a
relation that held, or that rounding explained, no longer does. Nothing else decides: that the
other numbers would allow the changed one is the reason of a miss, and no excuse for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_number
from number_audit.audit import edition_web
from number_audit.document import Ref
from number_audit.relations.printed import read_cell
from number_audit.relations.web import Web
from number_audit.relations.wording import NAMES, span

# What is added to a digit: two of the nine other digits at every place.
SOME = (3, 7)
DETERMINED, BOUNDED, GROUP, ALONE = "bestemt", "avgrenset", "gruppe", "ingen"
SAYING = (DETERMINED, BOUNDED)


@dataclass(frozen=True, slots=True)
class Missed:
    """A change that no relation noticed, and why not."""

    where: str
    printed: str
    changed: str
    reason: str


@dataclass
class Tally:
    """Changes that were tried and found, in all and by what they were tried on."""

    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def add(self, key: str, found: bool) -> None:
        """Count one change."""
        self.tried[key] += 1
        self.found[key] += found

    def percent(self, *keys: str) -> float:
        """Return the changes found, in per cent, of some keys or of all."""
        chosen = keys or tuple(self.tried)
        tried = sum(self.tried[key] for key in chosen)
        return 100 * sum(self.found[key] for key in chosen) / tried if tried else 0.0

    def said(self, *keys: str) -> str:
        """Return the same for a reader."""
        chosen = keys or tuple(self.tried)
        found, tried = (sum(counts[key] for key in chosen) for counts in (self.found, self.tried))
        return f"{self.percent(*keys):.1f} prosent ({found} av {tried})".replace(".", ",")


@dataclass(frozen=True)
class SelfTest:
    """What a self-test came to.

    Attributes
    ----------
    cells : Counter
        Cells with a number: «bestemt» by a relation, «avgrenset» by one (a part and its whole, a
        doubtful relation), «gruppe» in a mean, which limits the mean and not the group, and
        «ingen» for those that stand in no relation.
    by_hold : Tally
        Changes by the first three of these.
    by_table, by_kind : Tally
        Changes in determined and bounded cells, by table, and by the relations that the cell
        stands in; there a change is found if this very relation found it.
    missed : list of Missed
        All changes in determined and bounded cells that no relation noticed.
    """

    cells: Counter[str]
    by_hold: Tally
    by_table: Tally
    by_kind: Tally
    missed: list[Missed]

    @property
    def share(self) -> float:
        """Changes found, in per cent of those in all cells that a relation says something about."""
        return self.by_hold.percent(*SAYING)

    def summary(self) -> list[str]:
        """Return the result in lines: in all, by table, by relation, and why the rest was missed."""
        reasons = Counter(miss.reason.partition(":")[0] for miss in self.missed)
        related = sum(self.cells[hold] for hold in SAYING)
        return [
            f"Fant {self.by_hold.said(*SAYING)} av endringene av ett siffer i {related} av "
            f"{self.cells.total()} celler med tall.",
            f"I {self.cells[DETERMINED]} celler som er bestemt: {self.by_hold.said(DETERMINED)}.",
            f"I {self.cells[BOUNDED]} celler som bare er avgrenset: {self.by_hold.said(BOUNDED)}.",
            f"Ikke regnet med: {self.cells[GROUP]} celler er bare grupper i et gjennomsnitt "
            f"({self.by_hold.said(GROUP)}), {self.cells[ALONE]} står ikke i noen sammenheng.",
            *(f"Tabell {key}: {self.by_table.said(key)}" for key in self.by_table.tried),
            *(f"{NAMES[key].capitalize()}: {self.by_kind.said(key)}" for key in sorted(self.by_kind.tried)),
            *(f"Ikke funnet, {reason}: {count}" for reason, count in reasons.most_common()),
        ]


def selftest(folder: Path) -> SelfTest:
    """Change digits of an edition's tables, and count how many changes its relations notice.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``.

    Raises
    ------
    DataFeil
        If a table, a descriptor or a correction cannot be read.
    """
    return try_digits(edition_web(folder, corrected=True), SOME)


def try_digits(web: Web, steps: Sequence[int]) -> SelfTest:
    """Change digits of any tables whose relations are known; `steps` are added to each digit."""
    before = {id(outcome.equation) for outcome in web.broken(web.equations)}
    result = SelfTest(Counter(), Tally(), Tally(), Tally(), [])
    for ref, cell in web.cells.items():
        if cell.number is None or "/" in ref.grid:
            continue
        hold = _hold(web, ref)
        result.cells[hold] += 1
        for changed in mutations(cell, steps) if hold != ALONE else ():
            broken = web.broken(web.at[ref], {ref: changed})
            kinds = {outcome.equation.kind for outcome in broken if id(outcome.equation) not in before}
            result.by_hold.add(hold, bool(kinds))
            if hold == GROUP:
                continue
            result.by_table.add(ref.grid, bool(kinds))
            for kind in {item.kind for item in web.at[ref]}:
                result.by_kind.add(kind, kind in kinds)
            if not kinds:
                result.missed.append(_missed(web, ref, changed, bool(broken), hold))
    return result


def _hold(web: Web, ref: Ref) -> str:
    """Return what the relations of a cell do with it."""
    relations = web.at.get(ref, ())
    if any(item.firm and not item.bounds for item in relations):
        return DETERMINED
    if any(item.says_of(ref) for item in relations):
        return BOUNDED
    return GROUP if relations else ALONE


def mutations(cell: Cell, steps: Sequence[int] = SOME) -> Iterator[Cell]:
    """Yield a cell with one digit changed, where that moves it by more than its own rounding.

    >>> [changed.text for changed in mutations(read_cell("12"), steps=[1, 5])]
    ['22', '62', '17']
    """
    text = cell.text.strip()
    for place, sign in enumerate(text):
        for step in steps if sign.isdecimal() else ():
            other = text[:place] + str((int(sign) + step) % 10) + text[place + 1 :]
            changed = read_cell(other, decimals=cell.decimals)
            if changed.number is None or cell.number is None or cell.interval is None:
                continue
            if other.lstrip("-−")[0] == "0" != text.lstrip("-−")[0]:
                continue
            if abs(changed.number - cell.number) > cell.interval.width:
                exact = cell.interval.width == 0
                interval = Interval.exact(changed.number) if exact else changed.interval
                yield replace(changed, interval=interval)


def _missed(web: Web, ref: Ref, changed: Cell, already_broken: bool, hold: str) -> Missed:
    if already_broken:
        reason = "sammenhengen var brutt fra før"
    elif hold == BOUNDED:
        reason = "tallet er bare avgrenset"
    else:
        may_be = web.allowed(ref)
        reason = f"avrundingen av de andre tallene rommer det: {span(may_be) if may_be else 'ukjent'}"
    number = changed.number or 0
    return Missed(web.place(ref), web[ref].text.strip(), format_number(number, changed.decimals), reason)
