"""The command ``rapport``. Exit codes: see `EXIT_CODES`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from analysis_lib import __version__
from analysis_lib.data.inputs import project_root
from analysis_lib.errors import RapportFeil, machine_error
from publishing.agencies import import_table
from publishing.recap import Progress, recap
from publishing.run.lock import tree_lock
from publishing.run.processes import Stopped, stoppable
from registers.command import register
from registers.sources.command import fetch
from registers.twin.command import synth_command

# What a shell says of Ctrl-C.
INTERRUPTED = 130


EXIT_CODES = {
    0: "rapporten er bygd, eller alt var ferskt",
    1: "en feil som du kan rette",
    2: "kommandoen er skrevet feil",
    3: "en datafil, en beskrivelse eller en rettelse er feil",
    4: "en parameter er ukjent, av feil type eller utenfor dataene",
    5: "en notatbok er feil, en celle feilet, eller tidsfristen er ute",
    6: "boken kan ikke rendres: henvisning, alternativ tekst eller renderer",
    7: "en analyse er avvist: dataene kan ikke bære den",
    8: "kontrollen eller husreglene fant det som ingen har gjort rede for: funn, revisjon eller ny binding",
    9: "et annet bygg arbeider i prosjektet (--wait venter på det)",
}
_EPILOG = "\b\nSluttkoder:\n" + "\n".join(f"  {code}  {meaning}" for code, meaning in EXIT_CODES.items())


class Commands(click.Group):
    """What the user can mend, and what the machine refuses, is a message and an exit code; a bug is a bug."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, which ends in order when it is told to."""
        try:
            with stoppable():
                return super().invoke(ctx)
        except RapportFeil as error:
            self._end(error, error.exit_code)
        except OSError as error:
            if (said := machine_error(error)) is None:
                raise
            self._end(said, said.exit_code)
        except (KeyboardInterrupt, Stopped) as stopped:
            code = stopped.exit_code if isinstance(stopped, Stopped) else INTERRUPTED
            click.echo("Avbrutt. Det som er publisert, står urørt.", err=True)
            sys.exit(code)

    @staticmethod
    def _end(error: RapportFeil, code: int) -> None:
        click.echo(f"Feil: {error}", err=True)
        sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.version_option(__version__, prog_name="rapport")
def main() -> None:
    """Bygg årsrapporten om allmennlegetjenesten fra notatbøker og kontrollerte data."""


@main.command()
@click.argument("kapitler", nargs=-1)
@click.option(
    "--params", type=click.Path(path_type=Path), help="Parameterfil; ellers den som rapporten nevner."
)
@click.option("-p", "overrides", multiple=True, metavar="NAVN=VERDI", help="Sett én parameter.")
@click.option("--report", default="arsrapport", show_default=True, help="Definisjon i reports/.")
@click.option("--jobs", "-j", default=2, show_default=True, type=click.IntRange(1, 64), help="Prosesser.")
@click.option(
    "--timeout", default=600.0, show_default=True, type=click.FloatRange(1), help="Sekunder per notatbok."
)
@click.option("--force", is_flag=True, help="Kjør alt, også det som er ferskt.")
@click.option("--keep-going", is_flag=True, help="Kjør resten når et kapittel feiler. Ingenting publiseres.")
@click.option("--renderer", default="auto", show_default=True, help="auto, quarto eller pandoc.")
@click.option(
    "--memory", default=4.0, show_default=True, type=click.FloatRange(0.5), help="GiB minne per notatbok."
)
@click.option("--draft", is_flag=True, help="Bygg et utkast som viser hva husreglene har funnet.")
@click.option("--wait", is_flag=True, help="Vent på et annet bygg i prosjektet, heller enn å stanse.")
@click.option("--data", default="", metavar="SLAG", help="trykt (vanligvis), register eller open.")
def build(
    kapitler: tuple[str, ...],
    params: Path | None,
    overrides: tuple[str, ...],
    report: str,
    jobs: int,
    timeout: float,
    force: bool,
    keep_going: bool,
    renderer: str,
    memory: float,
    draft: bool,
    wait: bool,
    data: str,
) -> None:
    """Bygg rapporten, eller bare KAPITLER som et eget utkast.

    Bare det som er endret siden sist, kjøres. En feil lar forrige rapport stå urørt.
    """
    from publishing.build import Options
    from publishing.build import build as run

    options = Options(
        project_root(),
        kapitler,
        report,
        params,
        overrides,
        jobs,
        timeout,
        force,
        keep_going,
        renderer,
        draft,
        wait,
        memory,
        data,
    )
    progress = Progress()
    try:
        outcome = run(options, started=progress.start, done=progress.done)
    finally:
        progress.close()
    recap(outcome, options.root)
    if outcome.failures:
        failure = outcome.failures[0].failure
        sys.exit(failure.exit_code if failure else 1)


@main.command()
@click.option("--report", default="arsrapport", show_default=True, help="Definisjon i reports/.")
@click.argument("navn")
def new(navn: str, report: str) -> None:
    """Lag kapitlet NAVN: en notatbok som allerede lar seg bygge, og en linje i rapporten."""
    from publishing.new import new_chapter

    root = project_root()
    path = new_chapter(root, navn, report)
    click.echo(f"Laget {path.relative_to(root)}. Bygg det: rapport build {navn}")


@main.command()
@click.argument("utgave", required=False)
@click.option("--from", "source", help="Utgaven som den nye lages av; ellers den nyeste.")
@click.option("--status", is_flag=True, help="Vis hva som gjenstår i UTGAVE; ellers i den nyeste.")
def roll(utgave: str | None, source: str | None, status: bool) -> None:
    """Lag UTGAVE (et år, som 2026) av den forrige, eller vis hva som gjenstår i den.

    Alle celler og fakta i den nye utgaven venter på tall («?»). Ingenting blir overskrevet.
    """
    from publishing.roll import roll as run

    if status:
        _show_worklist(utgave)
    elif utgave is None:
        raise click.UsageError("Skriv hvilken utgave som skal lages (rapport roll 2026), eller --status.")
    else:
        root = project_root()
        made = run(root, utgave, source)
        for path in made.paths:
            click.echo(f"Laget {path.relative_to(root)}")
        click.echo(
            f"{made.cells} celler i {made.tables} tabeller og {made.facts} fakta venter på tall («?»)."
        )
        click.echo(f"Bygg utkastet:    rapport build --report {made.paths[-1].stem}")
        click.echo(f"Se hva som gjenstår: rapport roll --status {utgave}")


def _show_worklist(name: str | None) -> None:
    from itertools import groupby

    from analysis_lib.data.editions import chosen_edition
    from publishing.worklist import summary, worklist

    root = project_root()
    tasks = worklist(root, chosen_edition(name, root))
    for group, inside in groupby(tasks, key=lambda task: task.group):
        click.echo(f"{group}:")
        for task in inside:
            click.echo(f"  {task}")
    click.echo(summary(tasks))


@main.command()
@click.argument("notatbøker", nargs=-1, type=click.Path(exists=True, path_type=Path))
def tidy(notatbøker: tuple[Path, ...]) -> None:
    """Fjern lagrede utdata fra NOTATBØKER, eller fra alle om ingen er nevnt.

    Tekst som testene sammenligner, blir stående. Uten NOTATBØKER skrives også datapackage.json på nytt.
    """
    from analysis_lib.data.editions import editions
    from analysis_lib.data.package import write_package
    from publishing.new import tidy as strip
    from publishing.notebooks import chapters, examples

    for path in notatbøker or [*chapters(project_root()), *examples(project_root())]:
        if strip(path):
            click.echo(f"Ryddet {path.name}")
    for folder in () if notatbøker else editions(project_root()).values():
        if write_package(folder):
            click.echo(f"Skrev {folder.name}/datapackage.json")


@main.command()
def check() -> None:
    """Kontroller notatbøker og data, og si hva som må rettes.

    Ubundne tall, regning i notatbøker, filstier, lagrede utdata, tabeller som ikke kan leses.
    """
    from publishing.check import check as run

    findings = run(project_root())
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} funn" if findings else "Ingen funn")
    sys.exit(1 if findings else 0)


@main.command()
@click.option("--report", default="arsrapport", show_default=True, help="Definisjon i reports/.")
@click.option("--params", type=click.Path(path_type=Path), help="Parameterfil; ellers den rapporten nevner.")
@click.option("--data", default="", metavar="SLAG", help="trykt (vanligvis), register eller open.")
def coverage(report: str, params: Path | None, data: str) -> None:
    """Vis hvilke av den publiserte rapportens tabeller og figurer som er gjengitt, og hva som mangler."""
    from analysis_lib.data.cleared import read_cleared
    from analysis_lib.data.editions import edition_folder
    from publishing.build import Options, folder_name, open_report
    from publishing.coverage import FIELDS, summary
    from publishing.coverage import coverage as matrix
    from publishing.publish import read_manifest

    options = Options(project_root(), report=report, params=params, data=data)
    built = open_report(options)[1]
    manifest = read_manifest(options.root / "reports" / "_build" / folder_name(built, options))
    edition = edition_folder(built.data, options.root)
    cleared = read_cleared(edition.name, built.mode, options.root)
    records = matrix(edition, manifest.chapters if manifest else (), cleared)
    click.echo("\t".join(FIELDS))
    for record in records:
        click.echo("\t".join(record[field] for field in FIELDS))
    click.echo(summary(records))


@main.command()
@click.option("--text", type=click.Path(path_type=Path), help="En rapports tekst: tekstfil, PDF eller HTML.")
@click.option("--edition", help="Utgave i data/published/; ellers den nyeste.")
@click.option("--out", type=click.Path(path_type=Path), default="audit", show_default=True, help="Mappe.")
@click.option("--selftest", is_flag=True, help="Plant én feil om gangen; si hvor mye som blir funnet.")
@click.option("--wait", is_flag=True, help="Vent på et bygg i prosjektet, heller enn å stanse.")
def audit(text: Path | None, edition: str | None, out: Path, selftest: bool, wait: bool) -> None:
    """Kontroller tallene i en utgave mot hverandre, eller i en hvilken som helst rapport.

    Skriver findings.csv, claims.csv og audit.json. Funn som ingen har gjort rede for, gir sluttkode 8.
    """
    from analysis_lib.data.editions import chosen_edition
    from number_audit.audit import audit_edition, audit_text, summary, write

    folder = chosen_edition(edition, project_root())
    if selftest:
        from number_audit.selftest.measure import selftest as try_digits
        from number_audit.selftest.measure import selftest_text

        click.echo("\n".join((selftest_text(text) if text else try_digits(folder)).summary()))
        return
    with tree_lock(project_root(), "rapport audit", wait=wait, shared=True):
        found = audit_text(text) if text else audit_edition(folder)
        for line in summary(found):
            click.echo(line)
        for path in write(found, out):
            click.echo(f"Skrev {path}")
    found.refuse()


@main.command()
@click.argument("a")
@click.argument("b")
@click.option("--out", type=click.Path(path_type=Path), help="Mappe for diff.csv og diff.json.")
def diff(a: str, b: str, out: Path | None) -> None:
    """Sammenlign utgavene eller byggene A og B tall for tall, og forklar hver forskjell.

    En utgave er en mappe i data/published, et bygg en mappe i reports/_build; A og B kan også være stier.
    En revisjon som ingenting forklarer, gir sluttkode 8.
    """
    from publishing.diff.diff import compare_folders, refuse, summary, write

    comparison = compare_folders(a, b, project_root())
    for line in summary(comparison):
        click.echo(line)
    if out is not None:
        write(comparison, out)
        click.echo(f"Skrev {out}/diff.csv og {out}/diff.json")
    if comparison.unexplained:
        refuse(comparison)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("valg", nargs=-1, type=click.UNPROCESSED)
def lab(valg: tuple[str, ...]) -> None:
    """Åpne JupyterLab i notebooks/; VALG går videre til JupyterLab. Ctrl-C avslutter, kjernene med."""
    from publishing.run.processes import attend

    root = project_root()
    settings = f"--LabApp.app_settings_dir={root / 'notebooks' / '.lab'}"
    sys.exit(attend([sys.executable, "-m", "jupyterlab", "notebooks", settings, *valg], cwd=root))


@main.command()
@click.argument("kapittel", required=False)
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port på denne maskinen; 0 tar en ledig.",
)
def preview(kapittel: str | None, port: int) -> None:
    """Bygg på nytt ved hver lagring, og vis siden i nettleseren (bare på denne maskinen)."""
    import webbrowser

    from publishing.build import Options, open_report, result_name
    from publishing.preview import preview as run

    root = project_root()
    chapters = (kapittel,) if kapittel else ()

    def start() -> Path:
        options = Options(root, chapters, draft=True)
        return root / "reports" / "_build" / result_name(open_report(options)[1], options)

    def say(address: str) -> None:
        click.echo(address)
        webbrowser.open(address.split(" ")[0])

    run(root, ["--draft", "--wait", *chapters], start(), port=port, say=say, page=kapittel or "")


main.add_command(import_table)
main.add_command(fetch)
main.add_command(register)
main.add_command(synth_command)


if __name__ == "__main__":
    main()
