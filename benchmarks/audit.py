"""Time of the audit as its input doubles: the edition's tables, and texts of sentences and tables.

Prints Markdown tables. Processor time, not clock time, so a busy machine does not mislead.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

from number_audit.audit import audit_document, audit_edition, audit_grids, edition_web
from number_audit.document import Grid
from number_audit.reading.parse import parse_document
from number_audit.relations.causes import slips
from number_audit.relations.equations import Equation
from number_audit.relations.printed import Printed, grid_of
from number_audit.relations.web import Family, Web, weave
from number_audit.selftest.measure import selftest

FOLDER = Path(__file__).resolve().parents[1] / "data" / "published" / "2025"


def timed(work: Callable[[], object]) -> float:
    """Return the processor time of some work in seconds."""
    started = time.process_time()
    work()
    return time.process_time() - started


def again(grids: list[Grid], copy: int) -> list[Grid]:
    """Return tables under other names, so that they stand beside the first as tables of their own."""
    return [replace(grid, key=f"{grid.key}#{copy}") for grid in grids]


def many(web: Web, times: int) -> Web:
    """Return the edition's tables and relations several times over."""
    grids = [grid for copy in range(times) for grid in again(list(web.grids.values()), copy)]
    given = [_moved(item, copy) for copy in range(times) for item in web.given]
    families = [_moved_family(family, copy) for copy in range(times) for family in web.families]
    return weave(grids, given, families)


def _moved(item: Equation, copy: int) -> Equation:
    terms = tuple(ref._replace(grid=f"{ref.grid}#{copy}") for ref in item.terms)
    return replace(item, result=item.result._replace(grid=f"{item.result.grid}#{copy}"), terms=terms)


def _moved_family(family: Family, copy: int) -> Family:
    pairs = tuple(
        replace(
            pair,
            term=pair.term._replace(grid=f"{pair.term.grid}#{copy}"),
            result=pair.result._replace(grid=f"{pair.result.grid}#{copy}"),
        )
        for pair in family.pairs
    )
    printed = tuple(ref._replace(grid=f"{ref.grid}#{copy}") for ref in family.printed)
    return replace(family, pairs=pairs, printed=printed)


def distinct_sentences(count: int) -> list[str]:
    """Return sentences on things of invented names; a paragraph has four."""
    chosen = random.Random(count)
    syllables = ["bo", "da", "fi", "ga", "ke", "lo", "mu", "na", "ro", "sa", "ti", "vu"]
    names = ["".join(chosen.choices(syllables, k=3)) for _ in range(4 * count)]
    lines = [
        f"I {2019 + i % 7} var {names[i]} {names[-i]} {100 + 37 * i % 90000} i {names[2 * i]}."
        for i in range(count)
    ]
    return [" ".join(lines[i : i + 4]) + "\n" for i in range(0, count, 4)]


def sentences_of_few_words(count: int) -> list[str]:
    """Return sentences of one time on things of the same few words, each with a number of its own."""
    chosen = random.Random(count)
    names = ["".join(pair) for pair in product(("lege", "avtale", "vakt", "tilskudd", "liste"), repeat=2)]
    return [
        f"I 2024 hadde {' '.join(chosen.sample(names, 4))} {1000 + i} {chosen.choice(names)}.\n"
        for i in range(count)
    ]


def cited_tables(count: int) -> list[str]:
    """Return tables with captions of two years, each cited by a sentence."""
    return [
        line
        for i in range(1, count + 1)
        for line in (
            f"Tabell 1.{i} Leger i gruppe {i}. Antall. {2019 + i % 5}–{2020 + i % 5}",
            f"\t{2019 + i % 5}\t{2020 + i % 5}",
            f"Menn\t{100 + i}\t{120 + i}",
            f"Kvinner\t{200 + i}\t{230 + i}",
            f"I alt\t{300 + 2 * i}\t{350 + 2 * i}",
            "",
            f"Andelen menn i sentrale kommuner var høyest, viser tabell 1.{i}.",
            "",
        )
    ]


def long_table(count: int) -> list[str]:
    """Return one table of many rows."""
    return ["\t2024\t2025", *(f"Rad {i}\t{100 + i}\t{130 + i}" for i in range(count))]


def one_line(count: int) -> list[str]:
    """Return all sentences on one line."""
    return [" ".join(sentence.strip() for sentence in distinct_sentences(count))]


GROWING: dict[Callable[[int], list[str]], int] = {
    distinct_sentences: 1000,
    sentences_of_few_words: 500,
    cited_tables: 100,
    long_table: 200,
    one_line: 200,
}


def growth(sizes: int = 3) -> None:
    """Print the time of each kind of text as it doubles: by two where it grows with the text."""
    print("\n| text | " + " | ".join(f"×{2**step} (s)" for step in range(sizes)) + " |")
    print("| --- |" + " --- |" * sizes)
    for text, count in GROWING.items():
        documents = [parse_document(text(count * 2**step), "tekst") for step in range(sizes)]
        seconds = [timed(lambda document=document: audit_document(document)) for document in documents]  # type: ignore[misc]
        print(f"| {text.__name__} | " + " | ".join(f"{second:.2f}" for second in seconds) + " |")


def main() -> None:
    """Measure, and print the table."""
    print(f"The edition, read, checked and explained: {timed(lambda: audit_edition(FOLDER)):.1f} s")
    print(f"Its self-test: {timed(lambda: selftest(FOLDER)):.1f} s\n")
    web = edition_web(FOLDER)
    edition = Printed(FOLDER)
    unknown = [grid_of(edition.table(key)) for key in edition.keys]
    print("| cells | relations | declared: checked and explained (s) | nothing known (s) |")
    print("| --- | --- | --- | --- |")
    for times in (1, 2, 4, 8):
        grown = many(web, times)
        declared = timed(lambda grown=grown: slips(grown))  # type: ignore[misc]
        copies = [grid for copy in range(times) for grid in again(unknown, copy)]
        guessed = timed(lambda copies=copies: audit_grids(copies))  # type: ignore[misc]
        print(f"| {len(grown.cells)} | {len(grown.equations)} | {declared:.1f} | {guessed:.1f} |")
    growth()


if __name__ == "__main__":
    main()
