"""A file of an agency, CSV or XLSX, as a grid of texts, with what was found out on the way."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from analysis_lib.data.formats import parse_json, read_bytes
from analysis_lib.data.norwegian import MINUS, NBSP, format_number
from analysis_lib.data.periods import Period
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from publishing.agencies.printed import is_number

DELIMITERS = {";": "semikolon", "\t": "tabulator", ",": "komma", "|": "loddrett strek"}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# What Norwegian text in Windows-1252 has; a file of another encoding shows signs outside it.
_FOREIGN = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0§°±²³¹´·»«½ÆØÅæøåÄÖäöÉÈÊËéèêëÓÒÔóòôÜüÁÀÂáàâÇçÑñÍíÚúÐðÞþß–—’“”„…•‰€×÷©]"
)
_GARBLED = re.compile(r"\ufffd|Ã[\x80-\xbf–—‘’“”„†‡ˆ‰Š‹ŒŽš›œžŸ¸¦¥]|â€")


class Row(NamedTuple):
    """A row's line in the file, and the texts of its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A file's cells as text.

    Attributes
    ----------
    rows : tuple of Row
        Blank ones are left out.
    remarks : tuple of str
        How the file was read, in Norwegian.
    decimal : str
        The decimal sign where the file itself tells numbers from text; else nothing.
    delimiter : str
        What stands between the cells of a line.
    merged : bool
        True where the file itself tells which columns a header stands over.
    """

    rows: tuple[Row, ...]
    remarks: tuple[str, ...]
    decimal: str = ""
    delimiter: str = " "
    merged: bool = False


def read_grid(path: Path, *, sheet: str = "", delimiter: str = "", encoding: str = "") -> Grid:
    """Read a file's cells as text.

    Raises
    ------
    DataFeil
        If the file is missing, garbled or malformed, or has no table.
    ParameterFeil
        If the encoding or the sheet cannot be told, or is not there; names the option.
    """
    raw = read_bytes(path, str(path))
    if raw.startswith(b"PK"):
        return read_workbook(raw, path, sheet)
    if raw.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{" and b'"dimension"' in raw:
        return jsonstat(decode(raw, path, encoding)[0], str(path))
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataFeil("filen er en gammel arbeidsbok (.xls)", where=path, hint="Lagre den som .xlsx.")
    text, words = decode(raw, path, encoding)
    return delimited(text, words, path, delimiter)


def jsonstat(text: str, where: str) -> Grid:
    """Return a json-stat2 table with a row for each combination of codes, and a column a measure.

    Raises
    ------
    DataFeil
        As `registers.sources.jsonstat.read`.
    """
    from registers.sources.jsonstat import read

    cube = read(parse_json(text, where), where)
    measure = next((one for one in cube.dimensions if any(one.units)), cube.dimensions[-1])
    sides = [one for one in cube.dimensions if one is not measure]
    order = [cube.dimensions.index(one) for one in (*sides, measure)]
    numbers, signs = (
        part.transpose(order).reshape(-1, len(measure.codes)) for part in (cube.values, cube.signs)
    )
    forms = [".15g" if places is None else f".{places}f" for places in measure.decimals]
    named = zip(measure.names, measure.units, strict=True)
    heads = [f"{name} ({unit})" if unit not in ("", name) else name for name, unit in named]
    told: list[tuple[str, ...]] = [(cube.label,), (*(one.label for one in sides), *heads)]
    for names, own, marks in zip(product(*(one.names for one in sides)), numbers, signs, strict=True):
        cells = zip(own.tolist(), marks.tolist(), forms, strict=True)
        told.append(
            (*names, *(mark if isnan(number) else format(number, form) for number, mark, form in cells))
        )
    stated = {"Kilde": cube.source, "Oppdatert": cube.updated[:10]}
    told += [(f"{name}: {text}",) for name, text in stated.items() if text] + [(note,) for note in cube.notes]
    rows = tuple(Row(line, one) for line, one in enumerate(told, start=1))
    return Grid(rows, ("json-stat2, med tegnene som står i stedet for tall",), ".")


def decode(raw: bytes, where: Path, encoding: str = "") -> tuple[str, str]:
    """Return the text and its encoding: the one given, that of its mark, UTF-8 or Windows-1252.

    A detector guesses among a hundred; agencies use these, and what fits none of them is asked about.

    Raises
    ------
    ParameterFeil
        If it is none of them, judged by what Norwegian text has.
    DataFeil
        If the letters were garbled before they came here.
    """
    marked = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), "utf-8")
    used = encoding or marked
    try:
        text = raw.decode(used)
    except LookupError:
        raise ParameterFeil(f"tegnkodingen «{encoding}» er ukjent", where="--encoding") from None
    except ValueError:
        used, text = "Windows-1252", raw.decode("cp1252", errors="replace")
        foreign = _FOREIGN.search(text)
        if encoding or marked != "utf-8" or foreign:
            raise ParameterFeil(
                f"tegnkodingen er ikke {encoding or 'UTF-8 eller Windows-1252'}",
                where=where,
                hint="Oppgi den med --encoding, som cp865 eller mac_roman.",
            ) from None
    if garbled := _GARBLED.search(text):
        start = max(0, garbled.start() - 12)
        raise DataFeil(
            f"bokstavene er ødelagt («{text[start : garbled.end() + 12]}»)",
            where=where,
            hint="Hent filen på nytt fra kilden.",
        )
    return text, {"utf-8-sig": "UTF-8 med BOM", "utf-8": "UTF-8"}.get(used, used)


def delimited(text: str, encoding: str, where: Path, delimiter: str) -> Grid:
    """Return the cells of delimited text; the delimiter is the one that gives the most even lines."""
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise ParameterFeil(f"«{delimiter}» er ikke ett tegn", where="--delimiter", hint="Skriv som «;».")
    read: dict[str, tuple[Row, ...]] = {}
    wrong = ""
    for sign in [delimiter] if delimiter else DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
        try:
            lines = [Row(reader.line_num, tuple(cells)) for cells in reader]
            read[sign] = tuple(row for row in lines if any(cell.strip() for cell in row.cells))
        except csv.Error as error:
            wrong = wrong or f" (linje {reader.line_num}: {error})"
    scores = {sign: _numbers(rows) for sign, rows in read.items()}
    best = max(scores, key=lambda sign: scores[sign], default="")
    if not scores.get(best):
        hint = "Oppgi skilletegnet med --delimiter."
        raise DataFeil(f"fant ingen kolonner med tall{wrong}", where=where, hint=hint)
    return Grid(read[best], (f"{encoding}, skilletegn {DELIMITERS.get(best, best)}",), "", best)


def _numbers(rows: tuple[Row, ...]) -> int:
    # Only rows as wide as most are a table's, and its first column is labels.
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    width = max(widths, key=lambda wide: widths[wide], default=0)
    told = (cell for row in rows if len(row.cells) == width for cell in row.cells[1:])
    return sum(is_number(cell) or bool(Period.printed(cell)) for cell in told)


_RAISED = str.maketrans("0123456789)abcde", "⁰¹²³⁴⁵⁶⁷⁸⁹⁾ᵃᵇᶜᵈᵉ")


# More than any table, and unpacked more than any workbook; a few bytes can ask for a thousand times as much.
MOST_CELLS, MOST_UNPACKED = 1_000_000, 300_000_000
_AREA = re.compile(
    rb"""<(?:\w+:)?(mergeCell|c)\s[^>]*?\br(?:ef)?=["']([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?["']"""
)


def _refuse_endless(raw: bytes, where: Path) -> None:
    """Refuse a workbook that takes the machine's memory or time, before it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
            raise DataFeil(f"arbeidsboken er større enn {MOST_UNPACKED // 1_000_000} MB", where=where)
        for name in book.namelist():
            rows = columns = merged = 0
            for found in _AREA.finditer(book.read(name)):
                first, last = (_corner(*found.group(2, 3)), _corner(*found.group(4, 5)))
                rows, columns = max(rows, first[0], last[0]), max(columns, first[1], last[1])
                if found[1] == b"mergeCell":
                    merged += (abs(last[0] - first[0]) + 1) * (abs(last[1] - first[1]) + 1)
            if max(rows * columns, merged) > MOST_CELLS:
                raise DataFeil(
                    f"et ark er på {rows} rader og {columns} kolonner",
                    where=f"{where}, {name}",
                    hint="Slett det som står utenfor tabellen.",
                )


def _corner(letters: bytes | None, digits: bytes | None) -> tuple[int, int]:
    column = 0
    for letter in letters or b"":
        column = column * 26 + letter - 64
    return int(digits or 0), column


def read_workbook(raw: bytes, where: Path, name: str) -> Grid:
    """Read the sheet that has a table, or the one that is named.

    Raises
    ------
    DataFeil
        If the archive is broken, or a formula has no stored value.
    ParameterFeil
        If there is no such sheet, or not one alone that has a table.
    """
    import openpyxl

    try:
        _refuse_endless(raw, where)
        shown = openpyxl.load_workbook(io.BytesIO(raw), data_only=True, rich_text=True)
        formulas = openpyxl.load_workbook(io.BytesIO(raw))
    except DataFeil:
        raise
    except Exception as error:
        # A broken archive leads to errors of any kind.
        raise DataFeil(f"arbeidsboken kan ikke leses ({error})", where=where) from None
    texts = {sheet.title: _texts(sheet) for sheet in shown.worksheets}
    if name and name not in texts:
        raise ParameterFeil(f"arket «{name}» finnes ikke", where="--sheet", hint=nearest(name, texts))
    tables = [name] if name else [title for title, cells in texts.items() if _has_table(cells)]
    if len(tables) != 1:
        told = f"{len(tables) or 'ingen'} ark har tabeller"
        raise ParameterFeil(told, where=where, hint=f"Oppgi ett med --sheet: {', '.join(tables or texts)}.")
    sheet, cells = shown[tables[0]], texts[tables[0]]
    _check_formulas(formulas[sheet.title], sheet, f"{where}, ark {sheet.title}")
    for area in sheet.merged_cells.ranges:
        text = cells[area.min_row, area.min_col]
        # A header over several columns stands over each; a number is one number.
        if not is_number(text) or Period.printed(text):
            cells |= dict.fromkeys(
                product(_span(area.min_row, area.max_row), _span(area.min_col, area.max_col)), text
            )
    used = [
        column
        for column in _span(1, sheet.max_column)
        if any(cells[row, column] for row in _span(1, sheet.max_row))
    ]
    rows = [Row(row, tuple(cells[row, column] for column in used)) for row in _span(1, sheet.max_row)]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    # Numbers that are typed have no sign to misread; those that are text may have.
    read = any(isinstance(value, str) and is_number(value) for value in values)
    typed = not read and any(isinstance(value, float) for value in values)
    kept = tuple(row for row in rows if any(row.cells))
    return Grid(
        kept,
        (f"ark «{sheet.title}», med desimalene som arket viser",),
        "," if typed else "",
        merged=any(area.max_col > area.min_col > 1 for area in sheet.merged_cells.ranges),
    )


def _span(first: int, last: int) -> range:
    return range(first, last + 1)


def _texts(sheet: Any) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): _shown(cell).strip() for row in sheet.iter_rows() for cell in row}


def _has_table(cells: dict[tuple[int, int], str]) -> bool:
    return any(is_number(text) for (_, column), text in cells.items() if column > 1)


def _check_formulas(formulas: Any, values: Any, where: str) -> None:
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                raise DataFeil(
                    f"cellen {cell.coordinate} er en formel uten lagret verdi",
                    where=where,
                    hint="Åpne filen i et regneark, lagre den, og prøv igjen.",
                )


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        # Raised text is a footnote mark: 120¹ is not 1201.
        raised = [getattr(getattr(run, "font", None), "vertAlign", "") == "superscript" for run in value]
        return "".join(
            str(run).translate(_RAISED) if up else str(run) for run, up in zip(value, raised, strict=True)
        )
    if isinstance(value, date):
        parts = 1 + ("m" in cell.number_format.lower()) + ("d" in cell.number_format.lower())
        return "-".join(value.isoformat()[:10].split("-")[:parts])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return _number(value, cell.number_format)


def _number(value: int | float, number_format: str) -> str:
    """Write a number with the decimals, per cent and scale of its format; in full where it has none.

    >>> _number(0.1249, "0.0%"), _number(-204567, "#,##0,"), _number(12.5, "General")
    ('12,5 %', '−205', '12,5')
    """
    first = number_format.split(";")[0]
    words = "".join(re.findall(r'"([^"]*)"', first))
    shape = re.search(r"[0#?](?:\.([0#?]+))?(,*)%?\s*$", re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", first))
    if not shape or "E" in first.upper():
        return format(Decimal(f"{value:.15g}"), "f").replace(".", ",").replace("-", MINUS) + words
    percent = "%" in first
    number = Fraction(str(value)) * (100 if percent else 1) / 1000 ** len(shape[2])
    text = format_number(number, len(shape[1] or ""))
    return (text if "," in first else text.replace(NBSP, "")) + words + (" %" if percent else "")
