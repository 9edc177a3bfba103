"""A table as it would stand in an edition, made from an agency's file, and what must be asked before it can."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from analysis_lib.data.agencies.grid import Grid
from analysis_lib.data.agencies.layout import Head, Layout, Line, find_layout
from analysis_lib.data.agencies.printed import Printed, decimal_sign, one_dash, rewrite, unit_of
from analysis_lib.data.cells import SIGNS, parse_cell
from analysis_lib.errors import DataFeil, ParameterFeil

_TOTAL = re.compile(
    r"^(?:\S*\d\S* |EAK )?(?:i alt|totalt?|sum|hele landet|landet|alle|begge kjønn|samlet|norge)\b",
    re.IGNORECASE,
)
_STATED = {
    "source": re.compile(r"^kilder?\s*: *(.+?)\.?$", re.IGNORECASE),
    "unit": re.compile(r"^(?:enhet|måleenhet)\s*: *(.+?)\.?$", re.IGNORECASE),
    "date": re.compile(r"^(?:(?:sist )?oppdatert|publisert)\s*:? *(.+?)\.?$", re.IGNORECASE),
}
# So many numbers that all go up in a base are no chance.
LEAST_ROUNDED, BASES = 12, (1000, 100, 50, 25, 10, 5, 3)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user says of a file; nothing where it is left to the file."""

    unit: str = ""
    source: str = ""
    title: str = ""
    stub: str = ""
    decimal: str = ""
    header_rows: int | None = None
    signs: Mapping[str, str] = field(default_factory=dict)


class Question(NamedTuple):
    """What the file does not say, and the option that says it."""

    option: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A table as it would be: descriptor and rows, what was understood (`remarks`), and what was not.

    `base` is what all counts go up in, or 0: a question to the source, and never an answer.
    """

    spec: dict[str, Any]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    questions: tuple[Question, ...]
    base: int = 0

    def csv_text(self) -> str:
        """Return the table as the edition's CSV."""
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows(self.rows)
        return text.getvalue()

    def yaml_text(self, number: str) -> str:
        """Return the descriptor; a rounding base that the numbers hint at stands in it as a question."""
        head = {"name": f"tabell-{number.replace('.', '-')}", "path": f"{number}.csv", "number": number}
        text: str = yaml.safe_dump(
            head | self.spec, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110
        )
        return text + (
            f"# rounding_base: {self.base}  # Sier kilden at antallene er avrundet?\n" if self.base else ""
        )


def make_draft(grid: Grid, where: str, answers: Answers) -> Draft:
    """Understand a grid as a table of an edition.

    Raises
    ------
    DataFeil
        If a cell is neither a number nor a sign, or the table is malformed; with line and column.
    ParameterFeil
        If it cannot be told which lines are headers, or a sign is given no meaning that there is.
    """
    for sign, meaning in answers.signs.items():
        if meaning not in {*SIGNS, "0"}:
            hint = "Gyldige: 0, .., ., : og ingenting."
            raise ParameterFeil(
                f"«{meaning}» er ikke en betydning", where=f"--sign {sign}={meaning}", hint=hint
            )
    layout = find_layout(grid, where, answers.header_rows)
    stated, title, notes = _texts(layout)
    texts = [cell for line in layout.lines for cell in line.cells]
    decimal = answers.decimal or grid.decimal or decimal_sign(texts)
    questions = []
    if decimal is None:
        seen = next(text for text in texts if re.search(r"\d[.,]\d", text))
        questions = [Question("--decimal", f"hva er desimaltegnet? «{seen}» kan leses på to måter")]
    read = [[rewrite(cell, decimal or ",", answers.signs) for cell in line.cells] for line in layout.lines]
    questions += _unknown(layout, read, where)
    cells = [
        [made or Printed(text) for made, text in zip(own, line.cells, strict=True)]
        for own, line in zip(read, layout.lines, strict=True)
    ]
    units, row_units = _percent(layout, cells, where)
    units = [head.unit or unit for head, unit in zip(layout.heads, units, strict=True)]
    spec: dict[str, Any] = {
        "title": answers.title or title,
        "unit": answers.unit or stated["unit"] or unit_of(title) or (units[0] if all(units) else ""),
        "stub": answers.stub or layout.stub,
        "sources": [answers.source or stated["source"]],
    }
    asked = {
        "title": "hva heter tabellen?",
        "unit": "hvilken enhet har tallene?",
        "stub": "hva er radene? Som «Fylke»",
    }
    missing = [Question(f"--{name}", text) for name, text in asked.items() if not spec[name]]
    missing += [] if spec["sources"][0] else [Question("--source", "hvem har laget tallene?")]
    keys = _unique(_slug(line.label) for line in layout.lines)
    specials = {
        key: special
        for key, line, unit in zip(keys, layout.lines, row_units, strict=True)
        if (special := _special(line, unit))
    }
    marks = _marks(layout, cells)
    notes += [f"{mark} sto ved: {places}" for mark, places in marks.items()]
    spec |= {"date": stated["date"]} if stated["date"] else {}
    spec |= {"columns": _columns(layout.heads, units, spec["unit"])}
    spec |= {"rows": specials} if specials else {}
    spec |= {"notes": notes} if notes else {}
    rows = [
        (key, line.label, *(cell.text for cell in own))
        for key, line, own in zip(keys, layout.lines, cells, strict=True)
    ]
    base = _base(cells, units, row_units, spec["unit"])
    remarks = [*grid.remarks, *layout.remarks, *_periods(layout.heads), *_totals(rows, specials)]
    remarks += [f"merket {mark} er tatt av: {places}" for mark, places in marks.items()]
    remarks += [f"alle antall går opp i {base}: er de avrundet? Se nederst i beskrivelsen"] if base else []
    header = ("rad", "navn", *(head.header for head in layout.heads))
    return Draft(spec, (header, *rows), tuple(remarks), (*missing, *questions), base)


def _texts(layout: Layout) -> tuple[dict[str, str], str, list[str]]:
    """Return what the lines around the table state, its title, and the rest as notes."""
    stated, rest = dict.fromkeys(_STATED, ""), []
    for text in (*layout.above, *layout.below):
        name, match = next(((n, m) for n, p in _STATED.items() if (m := p.match(text))), ("", None))
        if match and not stated[name]:
            stated[name] = unit_of(match[1]) or match[1] if name == "unit" else match[1]
        else:
            rest.append(text)
    title = next((text for text in layout.above if text in rest), "")
    plain = re.sub(r"^tabell \w+(?:\.\w+)*[.:]? +", "", title, flags=re.IGNORECASE)
    return stated, plain, [text for text in rest if text != title]


def _unknown(layout: Layout, read: Sequence[Sequence[Printed | None]], where: str) -> list[Question]:
    signs: Counter[str] = Counter()
    for line, own in zip(layout.lines, read, strict=True):
        for text, made, head in zip(line.cells, own, layout.heads, strict=True):
            if made is None and re.search(r"\d", text) and not text.startswith("<"):
                place = f"{where}, linje {line.number}, kolonne «{head.header}»"
                raise DataFeil(
                    f"«{text}» er ikke et tall", where=place, hint="Rett filen, eller hent den på nytt."
                )
            signs.update([one_dash(text)] if made is None else [])
    return [
        Question(
            "--sign",
            f"hva betyr «{sign}» (i {count} celler)? Som «{sign}=0»; ellers .., ., : eller ingenting",
        )
        for sign, count in signs.items()
    ]


def _percent(layout: Layout, cells: Sequence[Sequence[Printed]], where: str) -> tuple[list[str], list[str]]:
    """Return the units of columns and of rows whose numbers are all printed with a per cent sign."""

    def unit(own: Iterable[Printed]) -> str:
        numbers = [cell.percent for cell in own if re.search(r"\d", cell.text)]
        return "prosent" if numbers and all(numbers) else ""

    columns = [unit(own) for own in zip(*cells, strict=True)]
    rows = ["" if all(columns) else unit(own) for own in cells]
    for line, own, row in zip(layout.lines, cells, rows, strict=True):
        for cell, column, head in zip(own, columns, layout.heads, strict=True):
            if cell.percent and not (row or column):
                place = f"{where}, linje {line.number}, kolonne «{head.header}»"
                raise DataFeil(f"«{cell.text} %» står blant tall uten prosenttegn", where=place)
    return columns, rows


def _slug(text: str) -> str:
    plain = text.lower().translate(str.maketrans({"æ": "ae", "ø": "o", "å": "aa"}))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_") or "rad"


def _unique(names: Iterable[str]) -> list[str]:
    """Number a key that stands there already."""
    keys: dict[str, None] = {}
    for name in names:
        numbered = (f"{name}_{number}" for number in range(2, len(keys) + 3))
        keys[next(key for key in (name, *numbered) if key not in keys)] = None
    return [*keys]


def _special(line: Line, unit: str) -> dict[str, str]:
    if not any(line.cells):
        return {"kind": "heading"}
    total = {"kind": "total"} if _TOTAL.match(line.label) else {}
    return total | ({"unit": unit} if unit else {})


def _columns(heads: Sequence[Head], units: Sequence[str], unit: str) -> list[dict[str, Any]]:
    years = [int(head.period) for head in heads if head.header == head.period and head.period.isdigit()]
    alike = len({(head.group, own) for head, own in zip(heads, units, strict=True)}) == 1
    if alike and len(years) == len(heads) and years == [*range(years[0], years[0] + len(years))]:
        group = {"group": heads[0].group} if heads[0].group else {}
        own = {"unit": units[0]} if units[0] not in ("", unit) else {}
        return [{"years": f"{years[0]}-{years[-1]}", **group, **own}]
    count = Counter(head.period for head in heads)
    keys = _unique(
        head.period if head.period and count[head.period] == 1 else _slug(f"{head.words} {head.period}")
        for head in heads
    )
    return [
        {"key": key, "header": head.header}
        | ({"year": int(head.period)} if head.period.isdigit() else {})
        | ({"group": head.group} if head.group else {})
        | ({"unit": own} if own not in ("", unit) else {})
        for key, head, own in zip(keys, heads, units, strict=True)
    ]


def _marks(layout: Layout, cells: Sequence[Sequence[Printed]]) -> dict[str, str]:
    """Return where each mark that was taken off stood."""
    stood = list(layout.marks)
    for line, own in zip(layout.lines, cells, strict=True):
        stood += [
            (cell.mark, f"{line.label} ({head.header})")
            for cell, head in zip(own, layout.heads, strict=True)
            if cell.mark
        ]
    return {mark: "; ".join(dict.fromkeys(place for own, place in stood if own == mark)) for mark, _ in stood}


def _periods(heads: Sequence[Head]) -> list[str]:
    periods = [*dict.fromkeys(head.period for head in heads if head.period)]
    return [f"perioder: {', '.join(periods)}" if periods else "perioder: ingen funnet i overskriftene"]


def _totals(rows: Sequence[tuple[str, ...]], specials: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Say which rows look like totals, and whether they are the sums of the others."""
    remarks = []
    parts = [row[2:] for row in rows if "kind" not in specials.get(row[0], {})]
    for key, label, *printed in rows:
        if specials.get(key, {}).get("kind") == "total":
            sums = [
                _adds_up(total, column)
                for total, column in zip(printed, zip(*parts, strict=True), strict=False)
            ]
            told = (
                "er summen av de andre radene" if sums and all(sums) else "er ikke summen av de andre radene"
            )
            remarks.append(f"ser ut som en sum: «{label}» ({told})")
    return remarks


def _adds_up(total: str, parts: Sequence[str]) -> bool:
    try:
        whole, *own = (parse_cell(text).interval for text in (total, *parts))
    except ValueError:
        return False
    known = [part for part in own if part is not None]
    return whole is not None and bool(known) and sum(known[1:], known[0]).intersect(whole) is not None


def _base(
    cells: Sequence[Sequence[Printed]], units: Sequence[str], row_units: Sequence[str], unit: str
) -> int:
    """Return the largest base that all counts go up in, where there are enough of them to tell."""
    counts = []
    for own, row_unit in zip(cells, row_units, strict=True):
        for cell, column in zip(own, units, strict=True):
            if not (row_unit or column or unit).startswith("prosent") and re.search("[1-9]", cell.text):
                counts.append(cell.text)
    whole = [int(re.sub(r"\D", "", text)) for text in counts if re.fullmatch(r"[\d\s]+\**", text)]
    if len(whole) < max(LEAST_ROUNDED, len(counts)):
        return 0
    return next((base for base in BASES if math.gcd(*whole) % base == 0), 0)
