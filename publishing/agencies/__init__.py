"""The command ``rapport import``: a table of an edition from a file as an agency publishes it."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analysis_lib.data.inputs import project_root
from analysis_lib.errors import ParameterFeil

if TYPE_CHECKING:
    from publishing.agencies.draft import Answers, Draft

F = TypeVar("F", bound=Callable[..., Any])
SHOWN_ROWS, SHOWN_WIDTH = 12, 28


def _told(name: str, text: str, **more: Any) -> Callable[[F], F]:
    return click.option(name, default="", help=text, **more)


@click.command("import")
@click.argument("fil", type=click.Path(path_type=Path))
@click.option("--table", help="Tabellens nummer i utgaven, som 8.14.")
@click.option("--edition", help="Utgave i data/published/; ellers den nyeste.")
@_told("--sheet", "Ark i arbeidsboken, om flere har tabeller.")
@_told("--title", "Tabellens tittel.")
@_told("--unit", "Tallenes enhet, der kolonnen ikke sier noe annet.")
@_told("--source", "Hvem som har laget tallene.")
@_told("--stub", "Hva radene er, som Fylke.")
@_told("--decimal", "Desimaltegnet, der filen kan leses på to måter.", type=click.Choice(["", ",", "."]))
@click.option("--sign", "signs", multiple=True, metavar="TEGN=BETYDNING", help="Hva et tegn betyr: -=0, *=:")
@_told("--rounding", "Hva antallene er avrundet til: 5, «tilfeldig 3» eller nei.")
@_told("--header", "Linjene i filen som er kolonneoverskrift, som 3 eller 3-4.")
@_told("--delimiter", "Skilletegn i en CSV-fil.")
@_told("--encoding", "Tegnkoding, om den ikke er UTF-8 eller Windows-1252.")
@click.option("--yes", is_flag=True, help="Skriv uten å spørre.")
def import_table(fil: Path, table: str | None, edition: str | None, yes: bool, **options: Any) -> None:
    """Lag tabell og beskrivelse i en utgave av FIL (CSV eller XLSX) fra SSB, NAV, FHI eller andre.

    Viser hva som er forstått, og spør om resten. Ingenting gjettes i stillhet, og ingenting overskrives.
    """
    from analysis_lib.data.editions import chosen_edition
    from publishing.agencies.draft import Answers, make_draft
    from publishing.agencies.grid import read_grid

    grid = read_grid(fil, **{name: options.pop(name) for name in ("sheet", "delimiter", "encoding")})
    answers = Answers(**options | {"signs": _signs(options["signs"])})
    draft = make_draft(grid, fil.name, answers)
    click.echo("\n".join(preview(draft)))
    terminal = is_terminal()
    while draft.questions and terminal:
        answers = _ask(draft, answers)
        draft = make_draft(grid, fil.name, answers)
    if not table and terminal:
        table = click.prompt("Hvilket nummer skal tabellen ha?", prompt_suffix=" ")
    needed = [*draft.questions, *([] if table else [("--table", "hvilket nummer skal tabellen ha?")])]
    if needed or not table:
        asked = "; ".join(f"{option} ({text})" for option, text in needed)
        raise ParameterFeil(f"ingenting er skrevet, for filen sier ikke alt. Oppgi {asked}", where=fil.name)
    folder = chosen_edition(edition, project_root()) / "tabeller"
    sure = f"Skrive tabell {table} i {folder.parent.name}? Svar ja:"
    if not yes and not (terminal and click.prompt(sure, prompt_suffix=" ").lower() in ("j", "ja")):
        raise ParameterFeil("ingenting er skrevet", where=fil.name, hint="Skriv tabellen med --yes.")
    for path in write_table(draft, table, folder):
        click.echo(f"Skrev {path.relative_to(project_root())}")
    click.echo("Skriv datapackage.json på nytt: rapport tidy")


def is_terminal() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty()


def _signs(given: tuple[str, ...]) -> dict[str, str]:
    from publishing.agencies.printed import STANDARD_SIGNS, one_dash

    signs = {}
    for text in given:
        sign, told, meaning = text[1:].rpartition("=")
        if not told or meaning not in {*STANDARD_SIGNS, "0"}:
            fault = f"«{meaning}» er ikke en betydning" if told else f"«{text}» mangler en betydning"
            hint = "Skriv som -=0 eller *=:; gyldige er 0, .., ., : og ingenting."
            raise ParameterFeil(fault, where="--sign", hint=hint)
        signs[one_dash(text[0] + sign)] = meaning
    return signs


def _ask(draft: Draft, answers: Answers) -> Answers:
    option, text = draft.questions[0]
    answer = click.prompt(text[:1].upper() + text[1:], prompt_suffix=" ")
    if option == "--sign":
        return replace(answers, signs={**answers.signs, **_signs((answer,))})
    told: dict[str, Any] = {option.removeprefix("--"): answer}
    return replace(answers, **told)


def preview(draft: Draft) -> list[str]:
    """Return the table as it would be, then what was understood."""
    import pandas as pd

    spec, (_, _, *headers) = draft.spec, draft.rows[0]
    groups = [column.get("group", "") for column in spec["columns"]]
    names = [" ".join(filter(None, pair)) for pair in zip_longest(groups, headers, fillvalue="")]
    shown = pd.DataFrame([row[2:] for row in draft.rows[1:]], [row[1] for row in draft.rows[1:]], names)
    with pd.option_context("display.max_colwidth", SHOWN_WIDTH, "display.show_dimensions", False):
        lines = shown.rename_axis(spec["stub"] or "?", axis=1).to_string(max_rows=SHOWN_ROWS).splitlines()
    own = sorted({column["unit"] for column in spec["columns"] if "unit" in column})
    unit = ", ".join(filter(None, [spec["unit"], *(f"noen kolonner {name}" for name in own)]))
    told = {"Tittel": spec["title"], "Enhet": unit, "Kilde": spec["sources"][0]}
    lines += ["", *(f"{name}: {text or 'ikke funnet'}" for name, text in told.items())]
    return [*lines, *draft.remarks, *(f"merknad: {note}" for note in spec.get("notes", ()))]


def write_table(draft: Draft, number: str, folder: Path) -> list[Path]:
    """Write a table and its descriptor, once they have been read back; nothing that exists is overwritten.

    Raises
    ------
    ParameterFeil
        If the number is none, or taken.
    DataFeil
        If the edition could not read what would be written.
    """
    from analysis_lib.data.tables import read_table

    if not re.fullmatch(r"\d+\.\d+[a-z]?", number):
        raise ParameterFeil(f"«{number}» er ikke et tabellnummer", where="--table", hint="Skriv som 8.14.")
    texts = {f"{number}.csv": draft.csv_text(), f"{number}.yml": draft.yaml_text(number)}
    if taken := [name for name in texts if (folder / name).exists()]:
        raise ParameterFeil(f"{taken[0]} finnes allerede", where="--table", hint="Velg et ledig nummer.")
    with tempfile.TemporaryDirectory() as name:
        for file, text in texts.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        read_table(number, Path(name) / f"{number}.yml", Path(name) / "corrections.yml")
    folder.mkdir(exist_ok=True)
    for file, text in texts.items():
        with (folder / file).open("x", encoding="utf-8", newline="") as out:
            out.write(text)
    return [folder / file for file in texts]
