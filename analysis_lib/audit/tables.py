"""The audit of tables: every relation checked, what contradicts gathered by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis_lib.audit.findings import Finding, Verdict, by_importance
from analysis_lib.audit.grid import Grid
from analysis_lib.audit.handled import by_corrections, by_reasons
from analysis_lib.audit.relations.causes import slips
from analysis_lib.audit.relations.declared import declared, families, finer
from analysis_lib.audit.relations.edition_tables import Printed, grid_of
from analysis_lib.audit.relations.facts import FILE as FACT_RELATIONS
from analysis_lib.audit.relations.facts import Texts, fact_equations
from analysis_lib.audit.relations.guess.proposed import guessed_web
from analysis_lib.audit.relations.web import Web, weave


@dataclass(frozen=True)
class TableAudit:
    """What an audit of tables came to.

    Attributes
    ----------
    findings : list of Finding
        What contradicts or is doubtful, gathered by cause, the most important first.
    counts : mapping from (kind, verdict) to the number of relations
        All relations that could be checked, those that hold too.
    grids : tuple of Grid
        The tables as they were read.
    cells, related : int
        How many cells hold a number, and how many of these stand in some relation.
    unused : tuple of str
        The ids in ``audit.yml`` that fit no finding.
    """

    findings: list[Finding]
    counts: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    grids: tuple[Grid, ...] = ()
    cells: int = 0
    related: int = 0
    unused: tuple[str, ...] = ()


def edition_web(folder: Path, *, corrected: bool = False) -> Web:
    """Return the tables and the text's numbers of an edition, with every relation that is declared."""
    edition, texts = Printed(folder, corrected=corrected), Texts(folder)
    equations = [*declared(edition), *fact_equations(edition, texts, folder / FACT_RELATIONS)]
    hidden = families(edition)
    keys = [*edition.keys, *sorted(key for key in edition.known if "/" in key)]
    web = weave([*(grid_of(edition.table(key)) for key in keys), *texts.grids()], equations, hidden)
    return web.with_given([*equations, *finer(equations, web.cells)])


def audit_edition_tables(folder: Path) -> TableAudit:
    """Audit an edition's tables as printed, and say which findings somebody has accounted for.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``: descriptors and CSV files in ``tabeller``, ``corrections.yml``
        (what is mended or kept) and ``audit.yml`` (what may stand).

    Raises
    ------
    DataFeil
        If a table, a descriptor, a correction or a reason cannot be read.
    """
    printed, corrected = edition_web(folder), edition_web(folder, corrected=True)
    found = by_corrections(slips(printed), slips(corrected), printed.grids, folder)
    return _audit(printed, *by_reasons(found, folder))


def audit_grids(grids: Sequence[Grid]) -> TableAudit:
    """Audit tables of which nothing is known but what they print."""
    web = guessed_web(grids)
    return _audit(web, [slip.finding for slip in slips(web)])


def _audit(web: Web, findings: Sequence[Finding], unused: tuple[str, ...] = ()) -> TableAudit:
    outcomes = web.outcomes(web.equations)
    numbers = {ref for ref, cell in web.cells.items() if cell.number is not None}
    return TableAudit(
        by_importance(findings),
        Counter((outcome.equation.kind, outcome.verdict) for outcome in outcomes),
        tuple(web.grids.values()),
        len(numbers),
        len(numbers & web.at.keys()),
        unused,
    )
