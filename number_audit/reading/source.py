"""From a file to lines: text in one encoding or several, PDF, HTML; too large a file is refused.

Pages set in two columns: the left one is read to its end before the right one.

The text of a PDF, set out as on the page, so that columns stand under each other.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path

from analysis_lib.errors import DataFeil, nearest
from number_audit.document import Skipped
from number_audit.reading.columns import GAP
from number_audit.reading.html import html_lines

_GUTTER = 3
# Fewer lines may stand beside each other by chance, as in a table or the key figures of a chapter.
_LEAST_LINES = 10
_WORD = re.compile(r"[^\W\d_]{2,}")


def in_reading_order(lines: Sequence[str]) -> list[str]:
    """Return the lines of a page with the right column under the left one; of other pages as they are.

    A page is set in columns where many lines leave the same place blank, near the middle, with
    prose on both sides of it and columns of about one width. A table has words on one side at most.

    Examples
    --------
    >>> page = ["de fleste kattene sov inne       mens noen hunder sto ute"] * 10
    >>> in_reading_order(page)[9:12]
    ['de fleste kattene sov inne', '', 'mens noen hunder sto ute']
    """
    width = max(map(len, lines), default=0)
    places = range(width * 3 // 10, width * 7 // 10)
    runs = [(run, place) for place in places for run in _open_runs(lines, place)]
    if not runs:
        return list(lines)
    most = max(_beside(lines[slice(*run)], place) for run, place in runs)
    best = [(run, place) for run, place in runs if _beside(lines[slice(*run)], place) == most]
    (start, end), place = best[len(best) // 2]
    left = [line[:place].rstrip() for line in lines[start:end]]
    right = [line[place:].strip() for line in lines[start:end]]
    narrow, wide = sorted(max(map(len, column)) for column in (left, right))
    alike = narrow * 3 >= wide * 2
    if most < _LEAST_LINES or not (alike and _is_prose(left) and _is_prose(right)):
        return list(lines)
    return [*lines[:start], *left, "", *right, "", *lines[end:]]


def _open_runs(lines: Sequence[str], place: int) -> list[tuple[int, int]]:
    """Return start and end of each run of lines that leave a gutter blank at a place."""
    numbered = enumerate(not line[place : place + _GUTTER].strip() for line in lines)
    runs = [[number for number, _ in run] for blank, run in groupby(numbered, lambda pair: pair[1]) if blank]
    return [(run[0], run[-1] + 1) for run in runs]


def _beside(lines: Sequence[str], place: int) -> int:
    """Return how many lines have text on both sides of a place."""
    return sum(bool(line[:place].strip()) and bool(line[place:].strip()) for line in lines)


def _is_prose(column: Sequence[str]) -> bool:
    """Return whether half the lines of a column hold several words and no wide gap."""
    told = [line for line in column if line.strip()]
    wordy = sum(len(_WORD.findall(line)) >= 3 and not GAP.search(line) for line in told)
    return wordy * 2 >= len(told)


# Wide enough that a bold number does not run into the next column.
_SCALE = 2.0


def pdf_lines(path: Path) -> list[str]:
    """Return the lines of all pages, with a blank line between pages.

    Raises
    ------
    DataFeil
        A file that is no PDF, is damaged, or asks for a password.
    """
    # Only a PDF needs the libraries: whoever audits a text does not wait for them.
    import pikepdf
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # On a damaged file pypdf stumbles over whatever it meets: a missing key, a name where a number should be.
    stumbles = (PyPdfError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
    try:
        try:
            reader = PdfReader(path)
        except DependencyError:  # encrypted in a way that pypdf alone does not know
            reader = PdfReader(_unlocked(path))
        pages = [
            page.extract_text(extraction_mode="layout", layout_mode_scale_weight=_SCALE)
            for page in reader.pages
        ]
    except pikepdf.PasswordError:
        raise DataFeil("PDF-en er låst med passord", where=path, hint="Lever den uten passord.") from None
    except (*stumbles, pikepdf.PdfError) as error:
        raise DataFeil(
            f"PDF-en kan ikke leses: {error}", where=path, hint="Lever teksten som .txt."
        ) from error
    bare = _without_heads([page.splitlines() for page in pages])
    return [line for page in bare for line in [*in_reading_order(page), ""]]


def _unlocked(path: Path) -> BytesIO:
    """Return a PDF that anyone may open, but not copy from or change, without that lock."""
    import pikepdf

    free = BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(free)
    free.seek(0)
    return free


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Leave out running heads and feet: first and last lines that begin alike on three pages or more."""
    pages = [page for lines in pages if (page := "\n".join(lines).strip("\n").splitlines())]
    heads = Counter(_beginning(page[0]) for page in pages)
    feet = Counter(_beginning(page[-1]) for page in pages)
    kept = []
    for page in pages:
        start = 1 if heads[_beginning(page[0])] >= 3 else 0
        end = len(page) - 1 if feet[_beginning(page[-1])] >= 3 else len(page)
        kept.append(page[start:end])
    return kept


def _beginning(line: str) -> str:
    return re.sub(r"[\d\W]", "", line)[:20]


MAX_BYTES = 20_000_000
# Longer than any line, word or row of dots that somebody has written; what is beyond only costs time.
MOST_IN_LINE = 10_000
_LONG_WORD = re.compile(r"(\w{200})\w+")
_LONG_ROW = re.compile(r"(([^\w])\2{399})\2+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\u00ad\ufeff\x0c\x00"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")


def read_lines(path: Path) -> tuple[list[str], list[Skipped]]:
    """Return the lines of a report, and those that were not in the file's own encoding.

    Raises
    ------
    DataFeil
        A file that is missing, empty, larger than `MAX_BYTES`, no text, or in an unknown encoding.
    """
    if not path.is_file():
        siblings = [item.name for item in path.parent.glob("*")] if path.parent.is_dir() else []
        raise DataFeil("filen finnes ikke", where=path, hint=nearest(path.name, siblings))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataFeil(
            f"filen er på {size / 1e6:.0f} MB; grensen er {MAX_BYTES / 1e6:.0f} MB",
            where=path,
            hint="Del den, eller lever teksten uten bilder.",
        )
    skipped: list[Skipped] = []
    if path.suffix.lower() == ".pdf":
        lines = pdf_lines(path)
    else:
        lines, skipped = decode(path.read_bytes(), str(path))
        if path.suffix.lower() in (".html", ".htm"):
            lines = html_lines("\n".join(lines))
    lines = [line.translate(_INVISIBLE).translate(_SPACES).rstrip(" ") for line in lines]
    shorter = [shortened(line) for line in lines]
    skipped += [
        Skipped(number, line[:60], f"linjen er på {len(line)} tegn; {len(short)} er lest")
        for number, (line, short) in enumerate(zip(lines, shorter, strict=True), start=1)
        if len(short) < len(line)
    ]
    lines = shorter
    if not any(line.strip() for line in lines):
        raise DataFeil("filen er tom, eller har ikke tekst som kan leses", where=path)
    return lines, skipped


def shortened(line: str) -> str:
    """Return a line without what is too long in it: endless words, rows of one sign, and its end.

    >>> len(shortened("a" * 1000 + " " * 1000 + "b")), shortened("Leger ........ 12")
    (601, 'Leger ........ 12')
    """
    return _LONG_ROW.sub(r"\1", _LONG_WORD.sub(r"\1", line))[:MOST_IN_LINE]


def decode(raw: bytes, where: str) -> tuple[list[str], list[Skipped]]:
    r"""Decode line by line: UTF-8, and Windows-1252 for a line that is not.

    Examples
    --------
    >>> decode("på\n".encode() + "år".encode("cp1252"), "x.txt")[0]
    ['på', 'år']
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16").splitlines(), []
    if b"\0" in raw[:4096]:
        raise DataFeil("filen er ikke tekst", where=where, hint="Lever teksten som .txt, .html eller .pdf.")
    lines: list[str] = []
    foreign: list[Skipped] = []
    beyond_ascii = 0
    for number, line in enumerate(raw.splitlines(), start=1):
        beyond_ascii += not line.isascii()
        try:
            lines.append(line.decode())
        except UnicodeDecodeError as error:
            lines.append(_windows(line, f"{where}, linje {number}"))
            byte = f"byte 0x{line[error.start]:02X} på plass {error.start + 1}"
            foreign.append(
                Skipped(number, lines[-1].strip()[:60], f"ikke UTF-8 ({byte}); lest som Windows-1252")
            )
    if foreign and len(foreign) == beyond_ascii:
        why = f"ikke UTF-8; alle {beyond_ascii} linjer med særtegn er lest som Windows-1252"
        foreign = [Skipped(foreign[0].line, "hele filen", why)]
    return lines, foreign


def _windows(line: bytes, where: str) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{line[error.start]:02X} på plass {error.start + 1}"
        raise DataFeil(f"{byte} er verken UTF-8 eller Windows-1252", where=where) from None
