"""Time of the audit as the edition's tables are doubled; `growth` doubles every other kind of input.

Prints Markdown tables. Processor time, not clock time, so a busy machine does not mislead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from number_audit.audit import audit_edition, audit_grids, edition_web
from number_audit.document import Grid
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


if __name__ == "__main__":
    main()
