"""How much an audit would find: one slip planted at a time, and counted where the audit notices it.

In an edition, after its corrections, every digit of every cell that stands in some relation is changed,
unless the number then moves by no more than its own rounding. A change is found if a relation that held, or
that rounding explained, no longer does. Nothing else decides: that the other numbers would allow the changed
one is the reason of a miss, and no excuse for it.

In a text, a sample of each kind of slip is planted (`plants`), and found where the audit has something new to
say at its place.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from analysis_lib.data.cells import Cell
from analysis_lib.data.norwegian import format_number
from number_audit.audit import audit_grids, edition_web
from number_audit.claims import check_claims, contradictions
from number_audit.claims.repeats import same_quantity
from number_audit.document import Document, Ref
from number_audit.findings import CheckKind, Finding
from number_audit.reading.parse import read_document
from number_audit.references import check_references
from number_audit.relations.causes import span
from number_audit.relations.web import Web
from number_audit.selftest.plants import SOME, Plant, SlipKind, mutations, plants


class Hold(StrEnum):
    """What the relations of a cell do with it."""

    DETERMINED = "bestemt"
    BOUNDED = "avgrenset"
    GROUP = "gruppe"
    ALONE = "ingen"


SAYING = (Hold.DETERMINED, Hold.BOUNDED)


class MissReason(StrEnum):
    """Why no relation noticed a change."""

    BROKEN = "sammenhengen var brutt fra før"
    BOUNDED = "tallet er bare avgrenset"
    ROOM = "avrundingen av de andre tallene rommer det"


@dataclass(frozen=True, slots=True)
class Missed:
    """A change that no relation noticed, and why not; what the other numbers allow, where that is why."""

    where: str
    printed: str
    changed: str
    reason: MissReason
    allowed: str = ""


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
        reasons = Counter(miss.reason for miss in self.missed)
        related = sum(self.cells[hold] for hold in SAYING)
        return [
            f"Fant {self.by_hold.said(*SAYING)} av endringene av ett siffer i {related} av "
            f"{self.cells.total()} celler med tall.",
            f"I {self.cells[Hold.DETERMINED]} celler som er bestemt: {self.by_hold.said(Hold.DETERMINED)}.",
            f"I {self.cells[Hold.BOUNDED]} celler som bare er avgrenset: {self.by_hold.said(Hold.BOUNDED)}.",
            f"Ikke regnet med: {self.cells[Hold.GROUP]} celler er bare grupper i et gjennomsnitt "
            f"({self.by_hold.said(Hold.GROUP)}), {self.cells[Hold.ALONE]} står ikke i noen sammenheng.",
            *(f"Tabell {key}: {self.by_table.said(key)}" for key in self.by_table.tried),
            *(
                f"{CheckKind(key).said.capitalize()}: {self.by_kind.said(key)}"
                for key in sorted(self.by_kind.tried)
            ),
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
        if cell.number is None or not web.audited(ref):
            continue
        hold = _hold(web, ref)
        result.cells[hold] += 1
        for changed in mutations(cell, steps) if hold != Hold.ALONE else ():
            broken = web.broken(web.at[ref], {ref: changed})
            kinds = {outcome.equation.kind for outcome in broken if id(outcome.equation) not in before}
            result.by_hold.add(hold, bool(kinds))
            if hold == Hold.GROUP:
                continue
            result.by_table.add(ref.grid, bool(kinds))
            for kind in {item.kind for item in web.at[ref]}:
                result.by_kind.add(kind, kind in kinds)
            if not kinds:
                result.missed.append(_missed(web, ref, changed, bool(broken), hold))
    return result


def _hold(web: Web, ref: Ref) -> Hold:
    """Return what the relations of a cell do with it."""
    relations = web.at.get(ref, ())
    if any(item.firm and not item.bounds for item in relations):
        return Hold.DETERMINED
    if any(item.says_of(ref) for item in relations):
        return Hold.BOUNDED
    return Hold.GROUP if relations else Hold.ALONE


def _missed(web: Web, ref: Ref, changed: Cell, already_broken: bool, hold: Hold) -> Missed:
    reason, allowed = MissReason.ROOM, ""
    if already_broken:
        reason = MissReason.BROKEN
    elif hold == Hold.BOUNDED:
        reason = MissReason.BOUNDED
    else:
        may_be = web.allowed(ref)
        allowed = span(may_be) if may_be else ""
    number = format_number(changed.number or 0, changed.decimals)
    return Missed(web.place(ref), web[ref].text.strip(), number, reason, allowed)


SAMPLE = 12
Part = Callable[[Document], Sequence[Finding]]


def of_tables(document: Document) -> Sequence[Finding]:
    """Return what the tables of a document say against each other."""
    return audit_grids(document.grids).findings


def of_prose(document: Document) -> Sequence[Finding]:
    """Return what the prose of a document has against it."""
    claims = contradictions(check_claims(document, document.grids))
    return [*claims, *same_quantity(document, document.grids)]


# The parts of the audit that can see each kind of slip; the others would only take time.
SEEN_BY: dict[SlipKind, tuple[Part, ...]] = {
    SlipKind.CELL: (of_tables,),
    SlipKind.COLUMN: (of_tables,),
    SlipKind.HEADER: (of_tables, check_references),
    SlipKind.ROW: (of_tables,),
    SlipKind.NUMBER: (of_prose,),
    SlipKind.DIRECTION: (of_prose,),
    SlipKind.POINTS: (of_prose,),
    SlipKind.TARGET: (check_references,),
    SlipKind.CAPTION: (check_references,),
    SlipKind.DUPLICATE: (check_references,),
}


@dataclass
class TextTest:
    """What a self-test of a text came to.

    Attributes
    ----------
    possible : mapping from SlipKind to int
        How many slips of each kind could be planted; a sample of them was.
    tally : Tally
        By kind, those that were planted and found.
    missed : list of Plant
    """

    possible: dict[SlipKind, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    missed: list[Plant] = field(default_factory=list)

    def summary(self) -> list[str]:
        """Return the result in lines: how it was measured, each kind, and what was not found."""
        return [
            "Én feil er plantet om gangen, og er funnet når kontrollen melder noe nytt på stedet. Feil i en "
            "tabell er prøvd mot tabellene i samme kapittel, feil i teksten mot all tekst og alle tabeller, "
            "feil i numre og overskrifter mot henvisningene.",
            *(
                f"{kind.capitalize()}: {self.tally.said(kind)}, et utvalg av {possible} mulige"
                if possible
                else f"{kind.capitalize()}: ingen steder å plante"
                for kind, possible in self.possible.items()
            ),
            *(f"Ikke funnet, {plant.kind}: {plant.places[0]}, {plant.change}" for plant in self.missed),
        ]


def selftest_text(path: Path) -> TextTest:
    """Plant slips in a report's text, PDF or HTML; see `try_slips`.

    Raises
    ------
    DataFeil
        If the file cannot be read.
    """
    return try_slips(read_document(path))


def try_slips(document: Document, sample: int = SAMPLE, seed: int = 0) -> TextTest:
    """Plant slips in a document, one at a time, and count what the audit finds of each kind.

    Parameters
    ----------
    document : Document
    sample : int
        Most slips of each kind; which ones, follows from `seed`.
    """
    chosen, result = random.Random(seed), TextTest()
    known: dict[tuple[Part, int], frozenset[str]] = {}
    for kind, possible in plants(document).items():
        result.possible[kind] = len(possible)
        for plant in chosen.sample(possible, min(sample, len(possible))):
            found = any(_sees(part, plant, known) for part in SEEN_BY[kind])
            result.tally.add(kind, found)
            if not found:
                result.missed.append(plant)
    return result


def _sees(part: Part, plant: Plant, known: dict[tuple[Part, int], frozenset[str]]) -> bool:
    """Tell whether a part of the audit has something at the slip that it had not without it."""
    key = (part, id(plant.before))
    if key not in known:
        known[key] = frozenset(finding.id for finding in part(plant.before))
    return plant.caught_by(finding for finding in part(plant.document) if finding.id not in known[key])
