"""What share of planted slips the audit of a text finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from number_audit.audit import audit_grids
from number_audit.claims import check_claims, contradictions
from number_audit.claims.repeats import same_quantity
from number_audit.document import Document
from number_audit.findings import Finding
from number_audit.reading.document import read_document
from number_audit.references import check_references
from number_audit.relations.guess import guessed_web
from number_audit.selftest import plant as pointers
from number_audit.selftest import prose, tables
from number_audit.selftest.digits import Tally
from number_audit.selftest.plant import Plant, SlipKind

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


def plants(document: Document) -> dict[SlipKind, list[Plant]]:
    """Return every slip of each kind that can be planted in a document."""
    said = prose.ReproducedProse(document)
    chapters = tables.by_chapter(document)
    webs = [guessed_web(chapter.grids) for chapter in chapters]
    pairs = list(zip(chapters, webs, strict=True))
    return {
        SlipKind.CELL: [plant for pair in pairs for plant in tables.cells(*pair)],
        SlipKind.COLUMN: [plant for chapter in chapters for plant in tables.columns(chapter)],
        SlipKind.HEADER: [plant for chapter in chapters for plant in tables.headers(chapter)],
        SlipKind.ROW: [plant for pair in pairs for plant in tables.rows(*pair)],
        SlipKind.NUMBER: list(prose.numbers(said)),
        SlipKind.DIRECTION: list(prose.directions(said)),
        SlipKind.POINTS: list(prose.points(said)),
        SlipKind.TARGET: list(pointers.targets(document)),
        SlipKind.CAPTION: list(pointers.captions(document)),
        SlipKind.DUPLICATE: list(pointers.duplicates(document)),
    }


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
