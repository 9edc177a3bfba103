"""What a Parquet file says of itself: columns, rows, and the least and greatest value of each row group.

Nothing is decoded. What the footers settle, as that a column has no empty cell, is not counted again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.errors import DataFeil


@dataclass(frozen=True)
class Span:
    """What the row groups of one column lie within.

    Attributes
    ----------
    lo, hi : object
        The least and the greatest; None where the file does not say.
    nulls : int or None
    ordered : bool
        Whether no row group begins before the last one ended.
    """

    lo: Any = None
    hi: Any = None
    nulls: int | None = None
    ordered: bool = False


@dataclass(frozen=True)
class Footer:
    """A file's own description.

    Attributes
    ----------
    metadata : dict of str to str
    kinds : dict of str to str
        Each column's kind in a word: heltall, desimaltall, tekst, dato.
    rows : int
    spans : dict of str to Span
    """

    metadata: dict[str, str]
    kinds: dict[str, str]
    rows: int
    spans: dict[str, Span]


def footer(path: Path, where: str) -> Footer:
    """Read a file's footer.

    Raises
    ------
    DataFeil
        If it is no whole Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            found, arrow = file.metadata, file.schema_arrow
    except (pa.ArrowException, OSError):
        raise DataFeil(
            "filen er ikke en hel Parquet-fil; den er skadet eller ikke ferdig skrevet", where=where
        ) from None
    raw = {
        key.decode(errors="replace"): text.decode(errors="replace")
        for key, text in (found.metadata or {}).items()
    }
    kinds = {column.name: _kind(column.type) for column in arrow}
    return Footer(raw, kinds, found.num_rows, dict(_spans(found)))


def _spans(found: Any) -> Iterator[tuple[str, Span]]:
    groups = [found.row_group(number) for number in range(found.num_row_groups)]
    for place in range(found.num_columns):
        told = [group.column(place).statistics for group in groups]
        name = found.schema.column(place).path
        nulls = (
            sum(one.null_count for one in told) if all(one and one.has_null_count for one in told) else None
        )
        if not told or not all(one and one.has_min_max for one in told):
            yield name, Span(nulls=nulls)
            continue
        ordered = all(one.max <= other.min for one, other in itertools.pairwise(told))
        yield name, Span(min(one.min for one in told), max(one.max for one in told), nulls, ordered)


def _kind(arrow: Any) -> str:
    import pyarrow.types as kinds

    if kinds.is_dictionary(arrow):
        arrow = arrow.value_type
    if kinds.is_integer(arrow):
        return "heltall"
    if kinds.is_floating(arrow):
        return "desimaltall"
    if kinds.is_string(arrow) or kinds.is_large_string(arrow):
        return "tekst"
    return "dato" if kinds.is_date(arrow) else str(arrow)
