"""What is fetched, from where, and what it feeds: ``data/open/kilder.yml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from analysis_lib.data.files import Model, Text, Words, read_model, read_register
from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, ParameterFeil, nearest
from registers.sources.jsonstat import MEANINGS


def _folder(name: str) -> str:
    if not name.replace("-", "").isalnum():
        raise ValueError(f"«{name}» er ikke et navn; bruk bokstaver, sifre og bindestrek")
    return name


class TableFeed(Model):
    """The table of the open data that a source fills.

    Attributes
    ----------
    key : str
        As notebooks ask for it: ``ssb/07459``.
    rows : mapping
        By the code of `dimension`: the row's key and its label. Nothing for a list of a classification.
    first : str
        The first year that is wanted.
    annual : bool
        True where the table is by month, and a year is the mean of its twelve.
    """

    key: Annotated[str, Field(pattern=r"^[a-z]+/[\w-]+$")]
    dimension: str = ""
    rows: Mapping[str, tuple[str, str]] = {}
    unit: str = ""
    stub: str = "Størrelse"
    first: Annotated[str, Field(coerce_numbers_to_str=True)] = "0"
    annual: bool = False
    exact: bool = False


class FigureSpec(Model):
    """A figure of an edition that is drawn from sources; `registers.sources.figures` has its arithmetic.

    Attributes
    ----------
    id : str
        Its number in the report.
    subtitle, unit, chart, options, decimals, notes
        As `analysis_lib.data.cleared.FigureDataSpec` has them; ``{aar}`` is the edition's year.
    sources : tuple of str
        Ids of the sources.
    """

    id: str
    subtitle: Text
    unit: Text
    chart: Text
    options: Mapping[str, Any] = {}
    decimals: int = 0
    sources: Words
    notes: tuple[str, ...] = ()


class SourceSpec(Model):
    """One source.

    Attributes
    ----------
    id : str
        Its name, and that of its folder of snapshots.
    interface : {"ssb", "klass", "fhi"}
    table : str
        Its number there; for FHI ``nokkel/338``.
    query : mapping of str to list of str
        What is wanted of each dimension: codes, ``*`` and ``?``, ``from(2015)``. What is not named is left to
        the source, which sums over it or refuses. For a classification see `registers.sources.klass`.
    marks : mapping of str to str
        What the source's own marks mean.
    feeds : TableFeed, optional
        The table that it fills.
    """

    id: Annotated[str, AfterValidator(_folder)]
    interface: Literal["ssb", "klass", "fhi"]
    table: Annotated[str, Field(pattern=r"^\w+(/\w+)?$")]
    title: Text
    licence: Text
    query: Mapping[str, Words]
    marks: Mapping[str, str] = {}
    feeds: TableFeed | None = None

    @model_validator(mode="after")
    def _means(self) -> SourceSpec:
        for mark, meaning in self.marks.items():
            if meaning not in MEANINGS:
                raise ValueError(f"«{mark}: {meaning}»: gyldige betydninger er {', '.join(MEANINGS[1:])}")
        return self

    @property
    def address(self) -> str:
        """Where a reader finds the table."""
        pages = {
            "ssb": "https://www.ssb.no/statbank/table/",
            "klass": "https://www.ssb.no/klass/klassifikasjoner/",
            "fhi": "https://statistikk.fhi.no/",
        }
        return pages[self.interface] + self.table.partition("/")[0]

    @property
    def publisher(self) -> str:
        """Who made the numbers, and which table it is."""
        name = "Folkehelseinstituttet" if self.interface == "fhi" else "Statistisk sentralbyrå"
        return f"{name} {'Klass' if self.interface == 'klass' else 'tabell'} {self.table}"


def read_catalogue(path: Path) -> tuple[dict[str, SourceSpec], dict[str, FigureSpec]]:
    """Return the sources and the figures by id.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, or a figure has a source that is not there.
    """
    sources = [read_model(SourceSpec, raw, where) for where, raw in read_register(path, "sources")]
    figures = [read_model(FigureSpec, raw, where) for where, raw in read_register(path, "figures")]
    known = {one.id: one for one in sources}
    for one in figures:
        for name in one.sources:
            if name not in known:
                where = f"{relative(path)}, figur {one.id}"
                raise DataFeil(f"kilden «{name}» finnes ikke", where=where, hint=nearest(name, known))
    return known, {one.id: one for one in figures}


def chosen(known: Mapping[str, SourceSpec], names: Iterable[str], path: Path) -> list[SourceSpec]:
    """Return the sources of these names, or all.

    Raises
    ------
    ParameterFeil
        If there is none of a name.
    """
    wanted = list(dict.fromkeys(names)) or [*known]
    for name in wanted:
        if name not in known:
            raise ParameterFeil(
                f"kilden «{name}» finnes ikke", where=relative(path), hint=nearest(name, known)
            )
    return [known[name] for name in wanted]


def resolve(wanted: Sequence[str], codes: Sequence[str], where: str) -> list[str]:
    """Return the codes that are wanted of those there are, each once and in the source's order.

    Raises
    ------
    DataFeil
        If a code is not there, or a pattern matches none.

    Examples
    --------
    >>> resolve(["from(2024)"], ["2023", "2024", "2025"], "Tid")
    ['2024', '2025']
    >>> resolve(["0", "????"], ["0", "03", "0301", "1103"], "Region")
    ['0', '0301', '1103']
    """
    found: set[str] = set()
    for one in wanted:
        if one.startswith("from(") and one.endswith(")"):
            matched = {code for code in codes if code >= one[5:-1]}
        elif one in codes:
            matched = {one}
        else:
            matched = {code for code in codes if "[" not in one and fnmatchcase(code, one)}
        if not matched:
            raise DataFeil(f"«{one}» finnes ikke hos kilden", where=where, hint=nearest(one, codes))
        found |= matched
    return [code for code in codes if code in found]
