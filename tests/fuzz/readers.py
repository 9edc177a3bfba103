"""Which readers a file has: all that meets it in a build, a check, an audit, a roll or an import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis_lib.data.corrections import reasons
from analysis_lib.data.facts import read_facts
from analysis_lib.data.municipalities import _read as read_municipalities
from analysis_lib.data.opendata import open_frame
from analysis_lib.data.package import package
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.prices import read_deflator
from analysis_lib.present.figures import read_figures
from evaluation.measures import assess
from evaluation.register import read_measures
from number_audit.audit import audit_edition, audit_text
from number_audit.stated import read_stated
from publishing.agencies import preview
from publishing.agencies.draft import Answers, make_draft
from publishing.agencies.grid import read_grid
from publishing.build import Options, open_report
from publishing.check import check_data, check_notebook
from publishing.coverage import coverage
from publishing.diff.diff import read_edition
from publishing.new import tidy
from publishing.notebooks import complete, read_notebook, source_hash
from publishing.parameters import assign
from publishing.revisions import read_revisions
from publishing.roll import _rolled_files
from publishing.selfcheck.theme import check_theme
from publishing.worklist import worklist
from tests.fuzz.project import EDITION

Reader = Callable[[], object]


def readers(root: Path, name: str, *, all_of_them: bool) -> Iterator[Reader]:
    """Yield what reads a file of the small project, the narrowest first, and last what takes a second."""
    path, edition = root / name, root / EDITION
    house = name.split("/")[0]
    if house == "notebooks":
        yield from _of_notebook(path, edition, root)
    elif house in ("reports", "params"):
        if "theme" in name:
            yield lambda: check_theme(root / "reports/theme")
        yield lambda: _open(root)
        if all_of_them:
            yield lambda: worklist(root, edition)
    elif house == "inn":
        yield from _of_foreign(path)
    elif name.startswith("data/open"):
        key = name.removeprefix("data/open/").rpartition(".")[0]
        yield lambda: open_frame(key)
        if key.startswith("ssb"):
            yield lambda: Edition(2025, folder=edition).table(key)
    elif name.startswith("data/reference"):
        yield lambda: read_municipalities.__wrapped__(path)
    else:
        yield from _of_edition(path, edition)
        if all_of_them:
            yield lambda: check_data(root)
            yield lambda: read_edition(edition)
            yield lambda: audit_edition(edition)


def _of_notebook(path: Path, edition: Path, root: Path) -> Iterator[Reader]:
    yield lambda: source_hash(read_notebook(path))
    yield lambda: complete(read_notebook(path))
    yield lambda: check_notebook(path, edition)
    yield lambda: _open(root)
    yield lambda: tidy(path)


def _open(root: Path) -> None:
    given, report = open_report(Options(root))
    assign(report.chapters, given)


def _of_foreign(path: Path) -> Iterator[Reader]:
    if path.suffix in (".csv", ".xlsx"):
        yield lambda: _import(path)
    if path.suffix != ".xlsx":
        yield lambda: audit_text(path)


def _import(path: Path) -> None:
    answers = Answers(unit="dyr", source="Byen", title="Dyr", stub="Dyr", decimal=",", rounding="nei")
    draft = make_draft(read_grid(path), path.name, answers)
    preview(draft)
    if not draft.questions:
        draft.csv_text(), draft.yaml_text("8.14")


def _of_edition(path: Path, edition: Path) -> Iterator[Reader]:
    single: dict[str, Reader] = {
        "corrections": lambda: reasons(path),
        "deflator": lambda: read_deflator(edition),
        "measures": lambda: [assess(each, Edition(2025, folder=edition)) for each in read_measures(edition)],
        "paastander": lambda: read_stated(path),
        "revisjoner": lambda: read_revisions(path),
    }
    if path.stem in single:
        yield single[path.stem]
    yield lambda: _evaluate(edition)
    yield lambda: package(edition)
    yield lambda: coverage(edition, ())
    yield lambda: _rolled_files(edition, 2025)


def _evaluate(folder: Path) -> None:
    edition = Edition(2025, folder=folder)
    for path in sorted((folder / "tabeller").glob("*.yml")):
        for row, column in edition.table(path.stem).cells:
            edition.value(path.stem, row, column)
    for path in sorted((folder / "fakta").glob("*.csv")):
        read_facts(path)
    for path in sorted((folder / "figurer").glob("*.yml")):
        read_figures(path)
