"""An XLSX file as a grid of texts, each cell as the sheet shows it."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from analysis_lib.data.norwegian import MINUS, NBSP, format_number
from analysis_lib.data.periods import Period
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from publishing.agencies.grid import Grid, Row
from publishing.agencies.printed import is_number

_RAISED = str.maketrans("0123456789)abcde", "⁰¹²³⁴⁵⁶⁷⁸⁹⁾ᵃᵇᶜᵈᵉ")


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
        shown = openpyxl.load_workbook(io.BytesIO(raw), data_only=True, rich_text=True)
        formulas = openpyxl.load_workbook(io.BytesIO(raw))
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
