"""The command ``rapport``. Exit codes: see `EXIT_CODES`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from analysis_lib import __version__
from analysis_lib.data.inputs import project_root
from analysis_lib.errors import RapportFeil
from analysis_lib.terminal import Progress, recap

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable


EXIT_CODES = {
    0: "rapporten er bygd, eller alt var ferskt",
    1: "en feil som du kan rette",
    2: "kommandoen er skrevet feil",
    3: "en datafil, en beskrivelse eller en rettelse er feil",
    4: "en parameter er ukjent, av feil type eller utenfor dataene",
    5: "en notatbok er feil, en celle feilet, eller tidsfristen er ute",
    6: "boken kan ikke rendres: henvisning, alternativ tekst eller renderer",
    7: "en analyse er avvist: dataene kan ikke bære den",
    8: "kontrollen fant det som ingen har gjort rede for, eller en revisjon uten forklaring",
}
_EPILOG = "\b\nSluttkoder:\n" + "\n".join(f"  {code}  {meaning}" for code, meaning in EXIT_CODES.items())


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.version_option(__version__, prog_name="rapport")
def main() -> None:
    """Bygg årsrapporten om allmennlegetjenesten fra notatbøker og kontrollerte data."""


@main.command()
@click.argument("kapitler", nargs=-1)
@click.option("--params", type=click.Path(path_type=Path), help="Parameterfil (params/2025.yml).")
@click.option("-p", "overrides", multiple=True, metavar="NAVN=VERDI", help="Sett én parameter.")
@click.option("--report", default="arsrapport", show_default=True, help="Definisjon i reports/.")
@click.option("--jobs", "-j", default=2, show_default=True, type=click.IntRange(1, 64), help="Prosesser.")
@click.option(
    "--timeout", default=600.0, show_default=True, type=click.FloatRange(1), help="Sekunder per notatbok."
)
@click.option("--force", is_flag=True, help="Kjør alt, også det som er ferskt.")
@click.option("--keep-going", is_flag=True, help="Kjør resten når et kapittel feiler. Ingenting publiseres.")
@click.option("--renderer", default="auto", show_default=True, help="auto, quarto eller pandoc.")
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
) -> None:
    """Bygg rapporten, eller bare KAPITLER som et eget utkast.

    Bare det som er endret siden sist, kjøres. En feil lar forrige rapport stå urørt.
    """
    from analysis_lib.report.build import Options
    from analysis_lib.report.build import build as run

    options = Options(
        project_root(), kapitler, report, params, overrides, jobs, timeout, force, keep_going, renderer
    )
    progress = Progress()
    try:
        outcome = run(options, started=progress.start, done=progress.done)
    except RapportFeil as error:
        progress.close()
        click.echo(f"Feil: {error}", err=True)
        sys.exit(error.exit_code)
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
    from analysis_lib.report.scaffold import new_chapter

    root = project_root()
    path = _guard(lambda: new_chapter(root, navn, report))
    click.echo(f"Laget {path.relative_to(root)}. Bygg det: rapport build {navn}")


@main.command()
@click.argument("notatbøker", nargs=-1, type=click.Path(exists=True, path_type=Path))
def tidy(notatbøker: tuple[Path, ...]) -> None:
    """Fjern lagrede utdata fra NOTATBØKER, eller fra alle om ingen er nevnt.

    Tekst som testene sammenligner, blir stående. Uten NOTATBØKER skrives også datapackage.json på nytt.
    """
    from analysis_lib.data.package import write_package
    from analysis_lib.report.notebooks import chapters, examples
    from analysis_lib.report.scaffold import tidy as strip

    for path in notatbøker or [*chapters(project_root()), *examples(project_root())]:
        if _guard(lambda path=path: strip(path)):  # type: ignore[misc]
            click.echo(f"Ryddet {path.name}")
    for folder in () if notatbøker else sorted((project_root() / "data" / "published").iterdir()):
        if _guard(lambda folder=folder: write_package(folder)):  # type: ignore[misc]
            click.echo(f"Skrev {folder.name}/datapackage.json")


@main.command()
def check() -> None:
    """Kontroller notatbøker og data, og si hva som må rettes.

    Ubundne tall, regning i notatbøker, filstier, lagrede utdata, tabeller som ikke kan leses.
    """
    from analysis_lib.report.lint import check as run

    findings = _guard(lambda: run(project_root()))
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} funn" if findings else "Ingen funn")
    sys.exit(1 if findings else 0)


@main.command()
@click.option(
    "--folder", default="arsrapport-2025", show_default=True, help="Bygget rapport i reports/_build/."
)
@click.option("--edition", default="2025", show_default=True, help="Utgave i data/published/.")
def coverage(folder: str, edition: str) -> None:
    """Vis hvilke av den publiserte rapportens tabeller og figurer som er gjengitt, og hva som mangler."""
    from analysis_lib.report.coverage import FIELDS, summary
    from analysis_lib.report.coverage import coverage as matrix
    from analysis_lib.report.publish import read_manifest

    root = project_root()
    manifest = read_manifest(root / "reports" / "_build" / folder)
    records = _guard(lambda: matrix(root / "data" / "published" / edition, manifest.get("chapters", [])))
    click.echo("\t".join(FIELDS))
    for record in records:
        click.echo("\t".join(record[field] for field in FIELDS))
    click.echo(summary(records))


@main.command()
@click.option("--text", type=click.Path(path_type=Path), help="En rapports tekst: tekstfil, PDF eller HTML.")
@click.option("--edition", default="2025", show_default=True, help="Utgave i data/published/.")
@click.option("--out", type=click.Path(path_type=Path), default="audit", show_default=True, help="Mappe.")
@click.option("--selftest", is_flag=True, help="Plant én feil om gangen; si hvor mye som blir funnet.")
def audit(text: Path | None, edition: str, out: Path, selftest: bool) -> None:
    """Kontroller tallene i en utgave mot hverandre, eller i en hvilken som helst rapport.

    Skriver findings.csv, claims.csv og audit.json. Funn som ingen har gjort rede for, gir sluttkode 8.
    """
    from analysis_lib.audit.output import summary, write
    from analysis_lib.audit.run import audit_edition, audit_text

    folder = project_root() / "data" / "published" / edition
    if selftest:
        from analysis_lib.audit.planted.texttest import selftest_text
        from analysis_lib.audit.selftest import selftest as try_digits

        click.echo("\n".join(_guard(lambda: selftest_text(text) if text else try_digits(folder)).summary()))
        return
    found = _guard(lambda: audit_text(text) if text else audit_edition(folder))
    for line in summary(found):
        click.echo(line)
    for path in _guard(lambda: write(found, out)):
        click.echo(f"Skrev {path}")
    _guard(found.refuse)


@main.command()
@click.argument("a")
@click.argument("b")
@click.option("--out", type=click.Path(path_type=Path), help="Mappe for diff.csv og diff.json.")
def diff(a: str, b: str, out: Path | None) -> None:
    """Sammenlign utgavene eller byggene A og B tall for tall, og forklar hver forskjell.

    En utgave er en mappe i data/published, et bygg en mappe i reports/_build; A og B kan også være stier.
    En revisjon som ingenting forklarer, gir sluttkode 8.
    """
    from analysis_lib.report.compare import compare_folders, refuse, summary, write

    comparison = _guard(lambda: compare_folders(a, b, project_root()))
    for line in summary(comparison):
        click.echo(line)
    if out is not None:
        _guard(lambda: write(comparison, out))
        click.echo(f"Skrev {out}/diff.csv og {out}/diff.json")
    if comparison.unexplained:
        _guard(lambda: refuse(comparison))


@main.command()
@click.argument("kapittel", required=False)
@click.option("--port", default=8765, show_default=True, help="Port på denne maskinen; 0 tar en ledig.")
def preview(kapittel: str | None, port: int) -> None:
    """Bygg på nytt ved hver lagring, og vis siden i nettleseren (bare på denne maskinen)."""
    import webbrowser

    from analysis_lib.report.build import Options, folder_name
    from analysis_lib.report.definition import read_report
    from analysis_lib.report.params import read_parameters
    from analysis_lib.report.preview import preview as run

    root = project_root()
    chapters = (kapittel,) if kapittel else ()

    def start() -> Path:
        parameters = read_parameters(root / "params" / "2025.yml", root, ())
        report = read_report(root / "reports" / "arsrapport.yml", root, parameters)
        return root / "reports" / "_build" / folder_name(report, Options(root, chapters))

    def say(address: str) -> None:
        click.echo(address)
        webbrowser.open(address.split(" ")[0])

    folder = _guard(start)
    try:
        run(root, list(chapters), folder, port=port, say=say, page=kapittel or "")
    except KeyboardInterrupt:
        click.echo("Avsluttet")


def _guard(action: Callable[[], T]) -> T:
    """Run an action; what the user can mend becomes a message and an exit code."""
    try:
        return action()
    except RapportFeil as error:
        click.echo(f"Feil: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
