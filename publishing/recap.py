"""What a build shows on a terminal: a bar while it runs, then a recap."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis_lib.errors import ParameterFeil
from publishing.publish import Manifest

if TYPE_CHECKING:
    from publishing.build import Outcome
    from publishing.run.execute import Result
    from publishing.run.plan import Plan
    from publishing.run.worker import Failure

SHOWN_LINES = 15


class Progress:
    """A bar over the chapters on a terminal; one line a chapter elsewhere."""

    def __init__(self) -> None:
        self.bar = None

    def start(self, plan: Plan) -> None:
        """Say what will run, and why."""
        for step in plan.stale:
            click.echo(f"  {step.chapter.name}: {step.stale}", err=True)
        if plan.stale and sys.stderr.isatty():
            from tqdm import tqdm

            self.bar = tqdm(
                total=len(plan.stale), unit="kap.", bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt} {elapsed}"
            )

    def done(self, result: Result) -> None:
        """Note a finished chapter."""
        if self.bar is not None:
            self.bar.set_description(result.chapter)
            self.bar.update()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self.bar is not None:
            self.bar.close()


def recap(outcome: Outcome, root: Path) -> None:
    """Print one line a chapter, then the findings, the failures and where the report lies."""
    manifest = outcome.manifest or Manifest()
    entries = {entry.name: entry for entry in manifest.chapters}
    ran = {result.chapter: result for result in outcome.results}
    click.echo(f"{'kapittel':<24}{'status':<10}{'sekunder':>9}{'funn':>6}")
    for name in dict.fromkeys([*outcome.fresh, *ran, *entries]):
        result = ran.get(name)
        status = "feilet" if result and result.failure else "kjørt" if result else "fersk"
        seconds = f"{result.seconds:.1f}".replace(".", ",") if result else ""
        found = str(len(entries[name].findings)) if name in entries else ""
        click.echo(f"{name:<24}{status:<10}{seconds:>9}{found:>6}")
    for entry in entries.values():
        for remark in entry.findings:
            click.echo(f"  funn i {entry.name}: {remark}")
    if inspection := manifest.inspection:
        looked_at = [f"{inspection.shown} viste tall", f"{inspection.computed} beregninger"]
        if inspection.relations:
            looked_at.append(f"{inspection.relations} sammenhenger mellom trykte tall")
        click.echo(f"Kontrollert: {', '.join(looked_at)}")
        for finding in inspection.findings:
            if not finding.handled:
                click.echo(f"  se på {finding.where}: {finding.explanation}")
    if manifest.held_against:
        click.echo(manifest.held_against)
    for result in outcome.failures:
        if result.failure:
            _show_failure(result.chapter, result.failure)
    place = outcome.folder.relative_to(root)
    if outcome.failures:
        click.echo(f"Ikke publisert. {place} er urørt.", err=True)
    elif outcome.published:
        click.echo(f"Publisert: {place}/html/index.html")
    else:
        click.echo(f"Alt er ferskt: {place}/html/index.html")


def _show_failure(chapter: str, failure: Failure) -> None:
    where = f", celle {failure.cell + 1}" if failure.cell is not None else ""
    click.echo(f"\nFeil i notebooks/{chapter}.ipynb{where}: {failure.message}", err=True)
    if failure.source and failure.mendable != ParameterFeil.__name__:
        lines = failure.source.splitlines()
        shown = [*lines[:SHOWN_LINES], "…"] if len(lines) > SHOWN_LINES else lines
        click.echo("\n".join(f"    {line}" for line in shown), err=True)
    if failure.traceback:
        click.echo(failure.traceback, err=True)
