"""One register build: validate the deliveries, compute, clear, write; nothing half-way is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis_lib.indicators.edition import Edition
from registers.bindings import read_bindings
from registers.clearing import answer, asked_of, family, files_of, panel_files
from registers.disclosure.gate import gate
from registers.disclosure.published import Report
from registers.disclosure.rules import read_rules
from registers.disclosure.structure import Geography
from registers.folders import write_folder
from registers.indicators import INDICATORS
from registers.panels import panels
from registers.validate import validate

if TYPE_CHECKING:
    from registers.deliveries import Rows

RULES = "data/register/personvern.yml"
PLACES = "data/reference/kommuner_2024.csv"


@dataclass(frozen=True)
class Outcome:
    """What a register build did."""

    checks: tuple[Mapping[str, Any], ...]
    files: tuple[str, ...] = ()
    report: Report | None = None
    folder: Path | None = None
    synthetic: bool = False


def run(rows: Rows, root: Path, edition: Path, folder: Path, *, only_check: bool = False) -> Outcome:
    """Compute every bound table and figure and every panel, clear them together, and write them.

    Parameters
    ----------
    edition : Path
        The printed edition.
    folder : Path
        Where the cleared tables go.

    Raises
    ------
    DataFeil, KontrollFeil
        If a delivery breaks a rule that stops, or something cannot be cleared; nothing is written.
    """
    told = tuple(asdict(check) for check in validate(rows))
    if only_check:
        return Outcome(told, synthetic=rows.synthetic)
    bound, printed = read_bindings(root), Edition(rows.year, folder=edition, data="trykt")
    asked, rules = asked_of(bound, printed), read_rules(root / RULES)
    questions = {str(one): one for one in asked.questions}
    tables = {name: answer(one, rows, INDICATORS) for name, one in questions.items()}
    panel = {f"panel {name}": one for name, one in panels(rows, root, rules).items()}
    cleared = gate(
        tables | {name: one.cells for name, one in panel.items()},
        rules,
        families={name: family(one, rules, rows.year) for name, one in questions.items()}
        | {name: one.family for name, one in panel.items()},
        geography=Geography(pd.read_csv(root / PLACES, sep=";", dtype=str)),
    )
    answers = {one: cleared.tables[name] for name, one in questions.items()}
    shown = {name.removeprefix("panel "): (one, cleared.tables[name]) for name, one in panel.items()}
    files = {**files_of(bound, asked, answers, edition), **panel_files(shown)}
    report = asdict(cleared.report)
    # What differs between two runs of the same rows is not told: the same rows make the same folder.
    report.pop("seconds")
    write_folder(
        folder,
        files,
        synthetic=rows.synthetic,
        motor=f"{rows.engine.name} {rows.engine.version}",
        utleveringer=[*told],
        personvern=report,
    )
    return Outcome(told, tuple(files), cleared.report, folder, rows.synthetic)


def told(outcome: Outcome) -> Iterator[str]:
    """Yield what the command line says."""
    yield f"{len(outcome.checks)} tabeller kontrollert"
    if outcome.synthetic:
        yield "Radene er syntetiske; alt som lages av dem, sier det."
    if outcome.report is not None:
        yield f"Personvern: {outcome.report}"
        yield f"{len(outcome.files)} filer i {outcome.folder}"
