"""The whole edition under another year, with other numbers that still fit each other."""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis_lib.data.cells import SIGN_TEXT, Cell, Kind
from analysis_lib.data.editions import edition_year
from analysis_lib.data.facts import FIELDS, read_descriptor, read_facts
from analysis_lib.data.norwegian import format_number, round_half_up
from analysis_lib.data.package import write_package
from analysis_lib.data.periods import YEAR
from analysis_lib.data.tables import Table
from analysis_lib.indicators.edition import Edition
from number_audit.audit import audit_edition

EMPTY = ("corrections.yml", "audit.yml")
SMALL = 100
Printed = dict[tuple[str, str], str]


def copied(project: Path, *, years: int, seed: int) -> Path:
    """Write the newest edition as one of `years` later, with its parameters, definition and open data.

    Every year in its files moves. What is printed and follows from nothing is scaled by up to five per cent;
    constant prices follow by the old deflator, and all else is computed by the library and printed.
    """
    published = project / "data/published"
    old = sorted(published.iterdir())[-1]
    year = edition_year(old)
    new = published / str(year + years)
    shutil.copytree(old, new)
    params, definition = project / f"params/{year}.yml", project / "reports/arsrapport.yml"
    (project / f"params/{new.name}.yml").write_text(later(text(params), years), encoding="utf-8")
    (project / f"reports/arsrapport-{new.name}.yml").write_text(
        later(text(definition), years), encoding="utf-8"
    )
    described = {path.stem: read_descriptor(path) for path in (old / "fakta").glob("*.yml")}
    # What other documents say does not move.
    carried = {name for name, spec in described.items() if spec and not spec.aarsrapport}
    for path in new.rglob("*.yml"):
        if path.parent.name == "fakta" and path.stem in carried:
            continue
        moved = later(text(path), years)
        theirs = rf"(?:fakta/(?:{'|'.join(carried)})/|trykt: )\w+"
        moved = re.sub(theirs, lambda place: later(place[0], -years), moved)
        path.write_text("[]\n" if path.name in EMPTY else moved, encoding="utf-8")
    draw = random.Random(seed)
    before = Edition(year, folder=old)
    later_population(project / "data/open/ssb", years)
    tables = {path.stem: before.table(path.stem) for path in sorted((old / "tabeller").glob("*.yml"))}
    cells = {key: dict(scaled(table, draw)) for key, table in tables.items()}
    write_tables(new, tables, cells, years)
    after = Edition(year + years, folder=new)
    for key in ("8.2", "8.4", "8.7", "8.9"):
        for row, column in cells[key]:
            if (head := tables[key].columns[column]).year and tables[key].rows[row].kind != "heading":
                amount = after.value(tables[key].spec.relation.arguments[0], row, later(column, years))
                if amount.point is not None:
                    deflator = before.deflator(head.year).point
                    cells[key][row, column] = format_number(amount.point * deflator, 0)
                else:
                    cells[key][row, column] = SIGN_TEXT[amount.kind]
    write_tables(new, tables, cells, years)
    after = Edition(year + years, folder=new)
    for key, table in tables.items():
        for row, column in cells[key]:
            if cells[key][row, column] == "?":
                value = after.value(key, later(row, years), later(column, years))
                places = (
                    value.decimals
                    if table.columns[column].decimals is None
                    else table.columns[column].decimals
                )
                known = value.point is not None
                cells[key][row, column] = (
                    format_number(value.point, places) if known else SIGN_TEXT[value.kind]
                )
    write_tables(new, tables, cells, years)
    for path in (new / "fakta").glob("*.csv"):
        if path.stem not in carried:
            write_facts(path, years, draw)
    write_package(new)
    # Drawn numbers contradict each other here and there, as they may: each gets its reason.
    found = dict.fromkeys(finding.id for finding in audit_edition(new).findings)
    (new / "audit.yml").write_text("".join(f"- {{finding: {one}, why: Prøvetall.}}\n" for one in found))
    return new


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def later(words: str, years: int) -> str:
    return YEAR.sub(lambda match: str(int(match[0]) + years), words)


def scaled(table: Table, draw: random.Random) -> Iterator[tuple[tuple[str, str], str]]:
    for (row, column), cell in table.cells.items():
        if table.rows[row].kind == "heading":
            yield (row, column), ""
        elif table.relation(row, column) is not None:
            yield (row, column), "?" if cell.kind is Kind.NUMBER else cell.text
        else:
            yield (row, column), another(cell, table.unit(row, column), draw)


def another(cell: Cell, unit: str, draw: random.Random) -> str:
    """Return another number of the same kind; shares and small numbers stay, so that they still fit."""
    factor = draw.randint(960, 1050)
    if cell.number is None or "prosent" in unit or abs(cell.number) < SMALL:
        return cell.text
    return format_number(round_half_up(cell.number * factor / 1000, cell.decimals), cell.decimals)


def write_tables(folder: Path, tables: dict[str, Table], cells: dict[str, Printed], years: int) -> None:
    for key, table in tables.items():
        headers = [later(column.header, years) for column in table.columns.values()]
        lines = [["rad", "navn", *headers]]
        for row in table.rows.values():
            # What is still to be computed is blank: a printed sign would stand.
            printed = [cells[key][row.key, column].replace("?", "") for column in table.columns]
            lines.append([later(row.key, years), later(row.label, years), *printed])
        write(folder / "tabeller" / table.spec.path, lines)


def write_facts(path: Path, years: int, draw: random.Random) -> None:
    lines = [FIELDS]
    for fact in read_facts(path).facts.values():
        told = [later(part, years) for part in (fact.period, fact.label)]
        number = another(fact.cell, fact.unit, draw)
        lines.append([later(fact.key, years), number, fact.unit, *told, fact.register, fact.place])
    write(path, lines)


def later_population(folder: Path, years: int) -> None:
    """Let the open population table go on to the later years, with the same number of people."""
    path, descriptor = folder / "07459.csv", folder / "07459.yml"
    lines = [line.split(";") for line in text(path).splitlines()]
    write(path, [line + [later(item, years) for item in line[2:]] for line in lines])
    columns = [line for line in text(descriptor).splitlines() if "years:" in line]
    descriptor.write_text(
        text(descriptor) + "\n".join(later(line, years) for line in columns) + "\n", encoding="utf-8"
    )


def write(path: Path, lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(lines)
