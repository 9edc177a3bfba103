"""From a file to lines: text in one encoding or several, PDF, HTML; too large a file is refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from analysis_lib.audit.document import Skipped
from analysis_lib.audit.text.html import html_lines
from analysis_lib.audit.text.pdf import pdf_lines
from analysis_lib.errors import DataFeil, nearest

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
