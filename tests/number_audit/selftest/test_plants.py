"""Slips planted in a small report: where each kind goes, and whether the audit finds it."""

from dataclasses import replace

import pytest

from number_audit.document import Document
from number_audit.reading.parse import parse_document
from number_audit.selftest.measure import SEEN_BY, try_slips
from number_audit.selftest.plants import SlipKind, plants

REPORT = """1 Bøker og filmer

Tabell 1.1 viser utlån per år. I 2025 ble det lånt ut 1 470 bøker. Utlån av bøker (tabell 1.1) økte med 5,0
prosent fra 2024 til 2025. Utlån av filmer (tabell 1.1) gikk ned fra 2024 til 2025.

Tabell 1.1 Utlån av bøker og filmer, 2021–2025.

\t2021\t2022\t2023\t2024\t2025
Bøker\t1 200\t1 312\t1 350\t1 400\t1 470
Filmer\t310\t331\t345\t362\t351
Spill\t105\t98\t120\t131\t144
Sum\t1 615\t1 741\t1 815\t1 893\t1 965

2 Besøk

Tabell 2.1 og tabell 2.2 viser besøk ved avdelingene, i hele landet og i nord.

Tabell 2.1 Besøk per avdeling, 2023–2025.

\t2023\t2024\t2025
Barn\t720\t745\t771
Voksne\t512\t533\t549

Tabell 2.2 Besøk per avdeling i nord, 2023–2025.

\t2023\t2024\t2025
Barn\t72\t74\t77
Voksne\t51\t53\t54
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return parse_document(REPORT.splitlines(), "rapport.txt")


@pytest.mark.parametrize(
    ("kind", "change", "found"),
    [
        (SlipKind.CELL, "1 470 → 4 470", True),
        (SlipKind.COLUMN, "kolonnen «2024» én rad opp", True),
        (SlipKind.HEADER, "2024 → 2023", True),
        (SlipKind.HEADER, "2021 → 2020", True),  # the caption says 2021
        (SlipKind.ROW, "uten raden «Spill»", True),
        (SlipKind.ROW, "uten raden «Bøker»", False),  # what is left is less than half of the sum
        (SlipKind.NUMBER, "1 → 4", True),
        (SlipKind.DIRECTION, "økte → gikk ned", True),
        (SlipKind.DIRECTION, "gikk ned → gikk opp", True),
        (SlipKind.POINTS, "prosent → prosentpoeng", True),
        (SlipKind.TARGET, "tabell 2.2 → tabell 2.3", True),
        (SlipKind.CAPTION, "2025 → 2024", True),
        (SlipKind.DUPLICATE, "tabell 2.2 → 2.1", True),
    ],
)
def test_a_planted_slip_is_found_where_something_speaks_against_it(document, kind, change, found):
    chosen = next(plant for plant in plants(document)[kind] if plant.change == change)
    before = {finding.id for part in SEEN_BY[kind] for finding in part(document)}
    new = [item for part in SEEN_BY[kind] for item in part(chosen.document) if item.id not in before]
    assert chosen.caught_by(new) is found, new


def test_a_plant_leaves_all_but_one_thing_as_it_was(document):
    for kind, made in plants(document).items():
        assert made, kind
        for plant in made:
            assert plant.before != plant.document, plant.change
            parts = ("headings", "paragraphs", "captions", "grids", "notes", "footnotes")
            changed = [part for part in parts if getattr(plant.before, part) != getattr(plant.document, part)]
            assert changed in (["paragraphs"], ["grids"], ["captions", "grids"]), plant.change


def test_a_finding_elsewhere_does_not_count(document):
    plant = plants(document)[SlipKind.DUPLICATE][0]
    finding = SEEN_BY[SlipKind.DUPLICATE][0](plant.document)[0]
    here, far = (replace(finding, where=where, cells=()) for where in ("linje 1, tabell", "linje 12"))
    at_line_1 = replace(plant, places=("linje 1",))
    assert at_line_1.caught_by([here])
    assert not at_line_1.caught_by([far])


def test_the_sample_is_bounded_and_the_same_each_time(document):
    first, second = try_slips(document, sample=2), try_slips(document, sample=2)
    assert first.summary() == second.summary()
    assert max(first.tally.tried.values()) == 2
    assert first.possible[SlipKind.CELL] > 2
