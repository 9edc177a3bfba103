"""A table as it would stand in an edition, made from an agency's file, and what must be asked first."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from analysis_lib.data.periods import Period, each
from analysis_lib.errors import DataFeil, ParameterFeil
from publishing.agencies.grid import Grid
from publishing.agencies.layout import Head, Layout, find_layout
from publishing.agencies.printed import (
    STANDARD_SIGNS,
    Printed,
    decimal_sign,
    is_number,
    one_dash,
    rewrite,
    unit_of,
)

_TOTAL = re.compile(
    r"^(?:[^\d\s]*\d\S* |EAK )?(?:i alt|totalt?|sum|hele landet|landet|alle|begge kjønn|samlet|norge)\b", re.I
)
_STATED = {
    "source": re.compile(r"^kilder?\s*: *(.+?)\.?$", re.I),
    "unit": re.compile(r"^(?:enhet|måleenhet)\s*: *(.+?)\.?$", re.I),
    "date": re.compile(r"^(?:(?:sist )?oppdatert|publisert)\s*:? *(.+?)\.?$", re.I),
}
_ASKED = {
    "title": "hva heter tabellen?",
    "unit": "hvilken enhet har tallene?",
    "source": "hvem har laget tallene?",
    "stub": "hva er radene? Som «Fylke»",
}
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "aa", "é": "e", "ö": "o", "ä": "a"})
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
    header: str = ""
    rounding: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)


class Question(NamedTuple):
    """What the file does not say, and the option that says it."""

    option: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A table as it would be: descriptor and rows, what was understood (`remarks`), and what was not."""

    spec: dict[str, Any]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    questions: tuple[Question, ...]

    def csv_text(self) -> str:
        """Return the table as the edition's CSV."""
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows(self.rows)
        return text.getvalue()

    def yaml_text(self, number: str) -> str:
        """Return the descriptor."""
        head = {"name": f"tabell-{number.replace('.', '-')}", "path": f"{number}.csv", "number": number}
        text: str = yaml.safe_dump(
            head | self.spec, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110
        )
        return text


def make_draft(grid: Grid, where: str, answers: Answers) -> Draft:
    """Understand a grid as a table of an edition.

    Raises
    ------
    DataFeil
        If a cell is neither a number nor a sign, or the table is malformed; with line and column.
    ParameterFeil
        If it cannot be told which lines are headers.
    """
    layout = find_layout(grid, where, answers.header)
    decimal, doubt = _decimal(grid, layout, answers)
    cells, signs = _cells(layout, decimal, answers.signs, where)
    stated, notes = _stated(layout)
    units = _units(layout, cells, where)
    told = {name: getattr(answers, name) or stated.get(name, "") for name in _ASKED}
    told["unit"] = told["unit"] or unit_of(told["title"]) or (units[0] if all(units) else "")
    keys = _unique(_slug(line.label) for line in layout.lines)
    lines = zip(keys, layout.lines, cells, strict=True)
    rows = [(key, line.label, *(cell.text for cell in own)) for key, line, own in lines]
    kinds = {key: "heading" for key, _, *own in rows if not any(own)}
    totals = {key: label for key, label, *_ in rows if key not in kinds and _TOTAL.match(label)}
    marks = _marks(layout, cells)
    rounding, rounded = _rounding(answers.rounding, _base(cells, [unit or told["unit"] for unit in units]))
    spec = {"title": told["title"], "unit": told["unit"], "stub": told["stub"], "sources": [told["source"]]}
    spec |= {"date": stated["date"]} if "date" in stated else {}
    spec |= rounding
    spec |= {"columns": _columns(layout.heads, units, told["unit"])}
    kinds |= dict.fromkeys(totals, "total")
    spec |= {"rows": {key: {"kind": kinds[key]} for key, *_ in rows if key in kinds}} if kinds else {}
    notes += [f"{mark} sto ved: {places}" for mark, places in marks.items()]
    spec |= {"notes": notes} if notes else {}
    periods = dict.fromkeys(head.period for head in layout.heads if head.period)
    remarks = [*grid.remarks, *layout.remarks, f"perioder: {', '.join(periods) or 'ingen funnet'}"]
    remarks += [f"ser ut som summer: {', '.join(totals.values()) or 'ingen'}"]
    standard = dict.fromkeys(
        cell for line in layout.lines for cell in line.cells if cell in STANDARD_SIGNS[1:]
    )
    remarks += [f"tegn etter SSBs standard: {'  '.join(standard)}"] if standard else []
    missing = [Question(f"--{name}", text) for name, text in _ASKED.items() if not told[name]]
    header = ("rad", "navn", *(head.header for head in layout.heads))
    return Draft(spec, (header, *rows), tuple(remarks), (*missing, *doubt, *signs, *rounded))


def _decimal(grid: Grid, layout: Layout, answers: Answers) -> tuple[str, list[Question]]:
    texts = [cell for line in layout.lines for cell in line.cells]
    if decimal := answers.decimal or grid.decimal or decimal_sign(texts):
        return decimal, []
    seen = next(text for text in texts if re.search(r"\d[.,]\d", text))
    return ",", [Question("--decimal", f"hva er desimaltegnet? «{seen}» kan leses på to måter")]


def _cells(
    layout: Layout, decimal: str, signs: Mapping[str, str], where: str
) -> tuple[list[list[Printed]], list[Question]]:
    """Rewrite each cell; a sign of unknown meaning stands as it is, and is asked about."""
    asked: Counter[str] = Counter()
    cells = []
    for line in layout.lines:
        own = []
        for text, head in zip(line.cells, layout.heads, strict=True):
            made = rewrite(text, decimal, signs)
            if made is None and re.search(r"\d", text) and not text.startswith("<"):
                place = f"{where}, linje {line.number}, kolonne «{head.header}»"
                raise DataFeil(
                    f"«{text}» er ikke et tall", where=place, hint="Rett filen, eller hent den på nytt."
                )
            asked.update([one_dash(text)] if made is None else [])
            own.append(made or Printed(text))
        cells.append(own)
    meanings = "«{0}=0», «{0}=..», «{0}=.», «{0}=:» eller «{0}=» (tom)"
    return cells, [
        Question("--sign", f"hva betyr «{sign}» ({count} celler)? Svar {meanings.format(sign)}")
        for sign, count in asked.items()
    ]


def _stated(layout: Layout) -> tuple[dict[str, str], list[str]]:
    """Return what the lines around the table state, with its title and stub; the rest are notes."""
    stated, notes = {"stub": layout.stub}, []
    for text in (*layout.above, *layout.below):
        name, match = next(((n, m) for n, p in _STATED.items() if (m := p.match(text))), ("", None))
        if match and name not in stated:
            stated[name] = match[1] if name != "unit" else unit_of(match[1]) or match[1]
        elif "title" not in stated and text in layout.above:
            stated["title"] = re.sub(r"^tabell \w+(?:\.\w+)*[.:]? +", "", text, flags=re.I)
        else:
            notes.append(text)
    return stated, notes


def _units(layout: Layout, cells: Sequence[Sequence[Printed]], where: str) -> list[str]:
    """Return each column's printed unit; one of numbers with a per cent sign is of nothing else."""
    units = []
    texts = zip(*(line.cells for line in layout.lines), strict=True)
    for head, column, own in zip(layout.heads, zip(*cells, strict=True), texts, strict=True):
        numbers = [cell for cell, text in zip(column, own, strict=True) if is_number(text)]
        signed = [cell for cell in numbers if cell.percent]
        if signed and len(signed) < len(numbers):
            place = f"{where}, kolonne «{head.header}»"
            raise DataFeil(f"«{signed[0].text} %» står blant tall uten prosenttegn", where=place)
        units.append("prosent" if signed else head.unit)
    return units


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower().translate(_LETTERS)).strip("_")[:40].strip("_") or "rad"


def _unique(names: Iterable[str]) -> list[str]:
    """Return the names, each once: what stands there already is numbered."""
    keys: dict[str, None] = {}
    for name in names:
        numbered = (f"{name}_{number}" for number in range(2, len(keys) + 3))
        keys[next(key for key in (name, *numbered) if key not in keys)] = None
    return [*keys]


def _rounding(answer: str, base: int) -> tuple[dict[str, int], list[Question]]:
    """Return the descriptor's field for a rounding base, and what must be asked: nothing is guessed."""
    if not answer:
        text = f"alle antall går opp i {base}: er de avrundet? Svar {base}, «tilfeldig {base}» eller nei"
        return {}, [Question("--rounding", text)] if base else []
    if (match := re.fullmatch(r"nei|(tilfeldig )?([1-9]\d*)", answer)) is None:
        hint = "Skriv som 5, «tilfeldig 3» eller nei."
        raise ParameterFeil(f"«{answer}» er ingen avrunding", where="--rounding", hint=hint)
    field = "random_rounding" if match[1] else "rounding_base"
    return ({field: int(match[2])} if match[2] else {}), []


def _columns(heads: Sequence[Head], units: Sequence[str], unit: str) -> list[dict[str, Any]]:
    plain = [
        head.period for head in heads if str(Period.printed(head.header)) == head.period and not head.group
    ]
    span = f"{plain[0]}-{plain[-1]}" if len(plain) == len(heads) and all(plain) else ""
    with suppress(ValueError):
        if span and not any(units) and [*map(str, each(span))] == plain:
            return [{"years" if plain[0].isdigit() else "periods": span}]
    count = Counter(head.period for head in heads)
    alone = [head.period if count[head.period] == 1 else "" for head in heads]
    keys = _unique(
        key or _slug(f"{head.words} {head.period}") for key, head in zip(alone, heads, strict=True)
    )
    columns = []
    for key, head, own in zip(keys, heads, units, strict=True):
        year = int(head.period) if head.period.isdigit() else None
        column = {"key": key, "header": head.header, "year": year, "group": head.group}
        column |= {"period": "" if year or key == head.period else head.period}
        column |= {"unit": "" if own == unit else own}
        columns.append({name: value for name, value in column.items() if value})
    return columns


def _marks(layout: Layout, cells: Sequence[Sequence[Printed]]) -> dict[str, str]:
    """Return where each mark that was taken off stood."""
    stood = list(layout.marks)
    for line, own in zip(layout.lines, cells, strict=True):
        named = zip(own, layout.heads, strict=True)
        stood += [(cell.mark, f"{line.label} ({head.header})") for cell, head in named if cell.mark]
    return {mark: "; ".join(dict.fromkeys(place for own, place in stood if own == mark)) for mark, _ in stood}


def _base(cells: Sequence[Sequence[Printed]], units: Sequence[str]) -> int:
    """Return the largest base that all counts go up in, where there are enough of them to tell."""
    counts = [
        cell.text
        for own in cells
        for cell, unit in zip(own, units, strict=True)
        if re.search("[1-9]", cell.text) and not unit.startswith("prosent")
    ]
    whole = [int(re.sub(r"\D", "", text)) for text in counts if re.fullmatch(r"[\d\s]+\**", text)]
    if len(whole) < max(LEAST_ROUNDED, len(counts)):
        return 0
    return next((base for base in BASES if math.gcd(*whole) % base == 0), 0)
