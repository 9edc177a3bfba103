"""One build: decide what is stale, run it, assemble, render, publish; nothing half-way is published."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis_lib.data.editions import chosen_mode, cleared_folder, edition_folder
from analysis_lib.errors import DataFeil, KontrollFeil, machine_error
from publishing import publish, render
from publishing.definition import Report, plain, read_report, select, usual_parameters
from publishing.notebooks import Chapter
from publishing.parameters import assign, merged, read_parameters, short
from publishing.run.lock import tree_lock
from publishing.run.plan import Plan, escapes, make_plan
from publishing.run.processes import scratch
from publishing.selfcheck.theme import check_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from number_audit.audit import Audit
    from publishing.book.assemble import ChapterPage
    from publishing.run.execute import Result


DRAFT = "Utkast, ikke kontrollert"


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    root: Path
    chapters: tuple[str, ...] = ()
    report: str = "arsrapport"
    params: Path | None = None
    overrides: tuple[str, ...] = ()
    jobs: int = 2
    timeout: float = 600
    force: bool = False
    keep_going: bool = False
    renderer: str = "auto"
    draft: bool = False
    wait: bool = False
    memory: float = 4
    data: str = ""


@dataclass
class Outcome:
    """How a build went."""

    report: Report
    folder: Path
    results: list[Result] = field(default_factory=list)
    manifest: publish.Manifest | None = None
    fresh: tuple[str, ...] = ()
    published: bool = False

    @property
    def failures(self) -> list[Result]:
        """The chapters that failed."""
        return [result for result in self.results if result.failure]


def build(options: Options, *, started: Callable[[Plan], None], done: Callable[[Result], None]) -> Outcome:
    """Build a report, or some chapters of it as a draft of their own.

    Parameters
    ----------
    started : callable
        Told of the plan before anything runs.
    done : callable
        Told of each chapter's result.

    Raises
    ------
    RapportFeil
        For what the user can mend, before anything is overwritten.
    """
    try:
        with tree_lock(options.root, "rapport build", wait=options.wait), scratch(options.root) as aside:
            return _build(options, aside, started, done)
    except OSError as error:
        raise machine_error(error) or error from error


def _build(
    options: Options, aside: Path, started: Callable[[Plan], None], done: Callable[[Result], None]
) -> Outcome:
    root = options.root
    given, report = open_report(options)
    chapters = select(report, options.chapters)
    assigned = assign(report.chapters, given)
    final = root / "reports" / "_build" / result_name(report, options)
    kind, renderer = render.choose(options.renderer)
    publish.recover(final)
    edition = edition_folder(report.data, root)

    def planned(*, force: bool = False) -> Plan:
        return make_plan(
            replace(report, status=DRAFT) if options.draft else report,
            chapters,
            assigned,
            root=root,
            work=root / "reports" / "_build" / ".arbeid" / report.variant,
            edition=edition,
            cleared=cleared_folder(report.mode, edition.name, root),
            renderer=renderer,
            force=force,
        )

    plan = planned(force=options.force)
    fresh = tuple(step.chapter.name for step in plan.steps if not step.stale)
    outcome = Outcome(plan.report, final, fresh=fresh)
    manifest = publish.read_manifest(final)
    if (
        not plan.stale
        and manifest is not None
        and manifest.book_key == plan.book_key()
        and publish.is_whole(final, manifest)
    ):
        outcome.manifest = manifest
        return outcome
    check_theme(root / "reports" / "theme")
    remarks = house_rules(chapters, edition, draft=options.draft)
    tables = audit_first(edition, options)
    started(plan)
    outcome.results = _run(plan, options, aside, done)
    if not outcome.failures:

        def unchanged() -> None:
            refuse_changes(plan, planned(), report == open_report(options)[1])

        outcome.manifest = _make(
            plan, kind, final, merged(assigned), options, remarks, tables, unchanged, aside
        )
        outcome.published = True
    return outcome


def refuse_changes(before: Plan, after: Plan, same_report: bool) -> None:
    """Refuse to publish what was made of files that have changed on the way: a report of two states.

    Raises
    ------
    DataFeil
        Names what has changed.
    """
    changed = [
        f"{new.chapter.name}: {new.stale}"
        for old, new in zip(before.steps, after.steps, strict=True)
        if new.base != old.base or (new.stale and not escapes(new))
    ]
    if before.pages != after.pages:
        changed.append("utgaven, temaet, et bilde eller koden er endret")
    if not same_report:
        changed.append("rapportens definisjon er endret")
    if changed:
        raise DataFeil(
            f"noe ble endret mens rapporten ble bygget ({'; '.join(changed)}); forrige rapport står urørt",
            hint="Bygg på nytt.",
        )


def open_report(options: Options) -> tuple[dict[str, Any], Report]:
    """Return the parameters, as text, and the report that are asked for."""
    root = options.root
    definition = root / "reports" / f"{plain(options.report, 'rapporten', '--report')}.yml"
    params = options.params or usual_parameters(definition, root)
    parameters = read_parameters(params, root, options.overrides)
    report, mode = read_report(definition, root, parameters), chosen_mode(options.data)
    if mode == report.mode:
        return parameters, report
    from analysis_lib.data.cleared import read_cleared

    # A report of other data than the printed tables never replaces theirs.
    read_cleared(report.data, mode, root)
    return parameters, replace(report, mode=mode, variant=short(f"{report.variant}+{mode}"))


def folder_name(report: Report, options: Options) -> str:
    """Return the folder of the result; a selection of chapters never replaces the whole report."""
    if not options.chapters:
        return report.variant
    apart = "-" if report.variant == report.id and len(options.chapters) == 1 else "--"
    return short(apart.join(["utkast-" + report.variant, *options.chapters]))


def result_name(report: Report, options: Options) -> str:
    """Return the folder of the result; what the house rules refuse never replaces a report."""
    name = folder_name(report, options)
    return f"utkast-{name}" if options.draft and not options.chapters else name


def house_rules(chapters: tuple[Chapter, ...], edition: Path, *, draft: bool) -> dict[str, tuple[str, ...]]:
    """Return what the rules of ``rapport check`` say of each chapter; only a draft may break them.

    Raises
    ------
    KontrollFeil
        If a chapter breaks a rule and it is no draft.
    """
    from publishing.check import check_notebook

    found = {
        chapter.name: tuple(str(remark) for remark in check_notebook(chapter.notebook, edition))
        for chapter in chapters
    }
    remarks = [remark for said in found.values() for remark in said]
    if remarks and not draft:
        lines = "\n".join(f"  {remark}" for remark in remarks)
        raise KontrollFeil(
            f"husreglene har {len(remarks)} funn. Ingenting er kjørt; forrige rapport står urørt.\n{lines}",
            hint="Rett dem, eller bygg et utkast der de er merket: rapport build --draft.",
        )
    return found


def audit_first(edition: Path, options: Options) -> Audit:
    """Audit the edition before anything runs, so that a wrong digit is said at once.

    A draft of some chapters is held against itself alone.

    Raises
    ------
    KontrollFeil
        If a table of the edition holds what nobody has accounted for.
    """
    from number_audit.audit import Audit, audit_edition
    from number_audit.findings import refuse

    tables = Audit("") if options.chapters else audit_edition(edition)
    refuse("ingenting er kjørt, og forrige rapport står urørt", tables.stopping)
    return tables


def _run(plan: Plan, options: Options, aside: Path, done: Callable[[Result], None]) -> list[Result]:
    if not plan.stale:
        return []
    from publishing.run.execute import Limits, run_chapters

    return run_chapters(
        plan.stale,
        root=options.root,
        scratch=aside,
        jobs=options.jobs,
        limits=Limits(options.timeout, options.memory),
        keep_going=options.keep_going,
        done=done,
    )


def _make(
    plan: Plan,
    kind: str,
    final: Path,
    parameters: dict[str, Any],
    options: Options,
    remarks: Mapping[str, tuple[str, ...]],
    tables: Audit,
    unchanged: Callable[[], None],
    aside: Path,
) -> publish.Manifest:
    """Assemble, render, inspect and publish; an error leaves the last report as it was.

    Parameters
    ----------
    unchanged : callable
        Raises if anything that the report was made of has changed since.
    aside : Path
        For what the renderer needs on the way.
    """
    from publishing.book.assemble import assemble
    from publishing.book.ledger import make_ledger, write_ledger
    from publishing.book.manifest import make_manifest
    from publishing.diff.built import hold_against
    from publishing.notebooks import read_notebook
    from publishing.selfcheck.inspect import inspect

    chapters = tuple(
        replace(
            assemble(
                step.chapter.name,
                step.chapter.number,
                read_notebook(step.notebook),
                step.chapter.notebook.parent,
            ),
            remarks=remarks[step.chapter.name],
        )
        for step in plan.steps
    )
    root, edition = options.root, edition_folder(plan.report.data, options.root)
    new = publish.aside(final)
    try:
        ledger = make_ledger(plan, chapters, parameters, edition)
        held_against = "" if options.draft else hold_against(final, ledger)
        engine = _write_outputs(plan.report, chapters, kind, new, root, aside)
        write_ledger(ledger, new)
        inspection = inspect(ledger, chapters, new, tables)
        inspection.refuse()
        made = make_manifest(
            plan,
            chapters,
            parameters=parameters,
            renderer=engine,
            output=new,
            edition=edition,
            synthetic=ledger.synthetic,
        )
        manifest = replace(made, inspection=inspection.record(), held_against=held_against)
        manifest.write(new)
        unchanged()
        publish.replace_folder(new, final)
    finally:
        publish.remove(new)
    return manifest


def _write_outputs(
    report: Report, chapters: tuple[ChapterPage, ...], kind: str, new: Path, root: Path, aside: Path
) -> str:
    """Write pages, PDF, workbook and data package; return the renderer's name and version."""
    from publishing.book.book import make_book, write_book
    from publishing.book.outputs import write_datapackage
    from publishing.book.workbook import write_workbook

    downloads = {
        "nedlasting": {
            "pdf": f"../{report.id}.pdf",
            "xlsx": f"../{report.id}.xlsx",
            "datapackage": "../data/datapackage.json",
        }
    }
    theme = root / "reports" / "theme"
    book = make_book(report, chapters, downloads)
    names = [page.name for page in book.html]
    # Not below _build: Quarto passes over folders that begin with a full stop or an underscore.
    with tempfile.TemporaryDirectory(dir=aside) as folder:
        write_book(book, Path(folder), theme)
        engine = render.render(kind, Path(folder), names, new / "html", new / f"{report.id}.pdf", theme)
    write_workbook(report, chapters, new / f"{report.id}.xlsx")
    write_datapackage(report, chapters, new / "data")
    return engine
