"""A CSV file of an agency as a grid of texts, with what was found out on the way."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from analysis_lib.data.periods import Period
from analysis_lib.errors import DataFeil, ParameterFeil
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
    except UnicodeDecodeError:
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
