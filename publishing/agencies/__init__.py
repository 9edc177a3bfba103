"""Files as Norwegian agencies publish them, read into a table of an edition."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.errors import DataFeil
from publishing.agencies.grid import Grid, decode, delimited
from publishing.agencies.workbook import read_workbook


def read_grid(path: Path, *, sheet: str = "", delimiter: str = "", encoding: str = "") -> Grid:
    """Read a file's cells as text.

    Raises
    ------
    DataFeil
        If the file is missing, garbled or malformed, or has no table.
    ParameterFeil
        If the encoding or the sheet cannot be told, or is not there; names the option.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataFeil(f"filen kan ikke leses ({error.strerror})", where=path) from None
    if raw.startswith(b"PK"):
        return read_workbook(raw, path, sheet)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataFeil("filen er en gammel arbeidsbok (.xls)", where=path, hint="Lagre den som .xlsx.")
    text, words = decode(raw, path, encoding)
    return delimited(text, words, path, delimiter)
