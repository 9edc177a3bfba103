"""Text files of an edition: read whole, or refused with what is wrong with them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, nearest


def read_text(path: Path) -> str:
    """Read a UTF-8 file.

    Raises
    ------
    DataFeil
        If it is missing (the nearest name is told), no file, or not UTF-8.
    """
    where = relative(path)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataFeil(f"filen er ikke UTF-8 (byte {error.start})", where=where) from None
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.glob(f"*{path.suffix}")]
        raise DataFeil("filen finnes ikke", where=where, hint=nearest(path.name, siblings)) from None
    except (OSError, ValueError) as error:
        raise DataFeil(f"filen kan ikke leses ({error})", where=where) from None


def read_semicolons(path: Path) -> list[list[str]]:
    """Read a CSV file with semicolons.

    Raises
    ------
    DataFeil
        As `read_text`; and if a quoted field is not closed, or is longer than any cell.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), delimiter=";", strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise DataFeil(
            f"linjen kan ikke deles i felter ({error})", where=f"{relative(path)}, linje {reader.line_num}"
        ) from None
