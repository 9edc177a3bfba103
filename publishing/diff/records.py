"""What two editions are compared by: one record for each number, table, figure and number in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import YEAR
from publishing.revisions import Revision, spaced

Years = tuple[int, int]
# How the identities begin that only a build has: a number in a sentence, in a table of its own, in a figure.
IN_A_BUILD = ("tekst/", "celle/", "figur-")


class Cause(StrEnum):
    """Why a number is another one; all but the last explain it."""

    PERIOD = "ny periode"
    REVISED = "revidert kilde"
    CORRECTED = "rettet feil"
    DEFINITION = "endret definisjon"
    ROUNDING = "bare avrunding"
    ADDED = "lagt til"
    REMOVED = "fjernet"
    DERIVED = "følger av en annen"
    UNEXPLAINED = "uforklart"


@dataclass(frozen=True, slots=True)
class Bound:
    """What stands behind a number that a notebook shows.

    Attributes
    ----------
    quantity : str
        A cell's identity, or a formula of them, the terms in their order.
    formula : str
        The formula alone, "" for a cell.
    cells : tuple of str
        The terms alone, in their order.
    unit, format : str
        The value's unit, and the format that it is asked for in.
    """

    quantity: str
    formula: str = ""
    cells: tuple[str, ...] = ()
    unit: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A quantity as one edition gives it.

    Attributes
    ----------
    identity : str
        The same in both editions for the same quantity: ``8.1/totalt/2025``.
    label : str
        For the reader.
    text : str
        What stands there: as printed in an edition, as shown in a build; a figure's status.
    point, interval : Fraction, Interval or None
        The number, and all that its rounding allows; None where there is none.
    years : (int, int) or None
        First and last year that it is about, where it is about years.
    terms : tuple of str
        Identities of what it is computed from.
    parent : str
        Identity of the table that it stands in.
    definition : mapping
        Unit, relation, price basis and the like, by the Norwegian name of the field.
    printed : str
        The cell as printed, where a computed number is held against one.
    corrected : str or None
        What a correction put in place of the printed cell.
    contradicted : bool
        True where the parts do not allow the printed number.
    file, sha256 : str
        The file that it was read from, "" for what is computed.
    place : str
        Where the reader finds it.
    rows, columns : mapping
        Of a table: the labels by their keys.
    at : (str, str)
        Row and column of a cell of the table `parent`.
    sentence : str
        Of a number in a sentence: the chapter and the typed words, with a gap for each number.
    bound : Bound or None
        Of what a notebook has bound, in a sentence, a figure or a table of its own: to what.
    """

    identity: str
    label: str
    text: str
    point: Fraction | None = None
    interval: Interval | None = None
    years: Years | None = None
    terms: tuple[str, ...] = ()
    parent: str = ""
    definition: Mapping[str, str] = field(default_factory=dict)
    printed: str = ""
    corrected: str | None = None
    contradicted: bool = False
    file: str = ""
    sha256: str = ""
    place: str = ""
    rows: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    at: tuple[str, str] = ("", "")
    sentence: str = ""
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One edition or one build, ready to be compared.

    Attributes
    ----------
    name : str
        As the user gave it.
    last_year : int
        Last year shown.
    records : mapping from str to Record
        By identity.
    corrections : mapping from str to str
        Why a cell was mended, by its identity.
    revisions : mapping from str to Revision
        Accounted changes since the edition before, by identity.
    """

    name: str
    last_year: int
    records: Mapping[str, Record]
    corrections: Mapping[str, str] = field(default_factory=dict)
    revisions: Mapping[str, Revision] = field(default_factory=dict)

    def table(self, record: Record) -> Record | None:
        """Return the table that a cell stands in, None for what stands in none."""
        return self.records.get(record.parent)


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantity that differs, what caused it, and how much hangs on it.

    Attributes
    ----------
    old, new : str
        The texts, "" where the quantity is not there.
    relative : float or None
        The change as a share of the old number, where there are two numbers and the old is not zero.
    explanation : str
        In Norwegian: the correction, the field, the reason.
    roots : tuple of str
        Identities of the differences that it follows from; none for a root.
    dependants : int
        How many differences follow from it.
    """

    identity: str
    label: str
    place: str
    old: str
    new: str
    relative: float | None
    cause: Cause
    explanation: str
    roots: tuple[str, ...] = ()
    dependants: int = 0


def table_record(
    identity: str,
    label: str,
    place: str,
    said: tuple[str, str, str, str],
    rows: Mapping[str, str],
    columns: Mapping[str, str],
) -> Record:
    """Return a table as a record; `said` is its unit, price basis, title and notes."""
    definition = dict(zip(("enhet", "prisgrunnlag", "tittel", "merknad"), said, strict=True))
    return Record(identity, label, "", definition=definition, place=place, rows=rows, columns=columns)


def stands(record: Record) -> str:
    """Return what stands there: as printed where it is, else as shown."""
    return spaced(record.printed or record.text)


def without_years(text: str) -> str:
    """Return a text with its years blanked, so that one that has rolled forward is known again.

    >>> without_years("endring i prosent(8.1/totalt/2023, 8.1/totalt/2024)")
    'endring i prosent(8.1/totalt/Å, 8.1/totalt/Å)'
    """
    return YEAR.sub("Å", text)


def years_in(texts: Iterable[str]) -> Years | None:
    """Return the first and the last year that some texts name.

    >>> years_in(["8.1/totalt/2019", "8.1/totalt/endring_2024-2025"]), years_in(["9.3/oslo/andel"])
    ((2019, 2025), None)
    """
    found = [int(year) for text in texts for year in YEAR.findall(text)]
    return (min(found), max(found)) if found else None
