"""What other documents state in numbers, checked by our data: ``paastander.yml`` of an edition, on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from analysis_lib.data.files import Model, read_entries
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import round_half_up
from analysis_lib.data.quantities import allowed_by, step_of
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import andel, differanse, endring, forhold, rate, sum_av
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.chapter import Kapittel
from analysis_lib.present.fact_table import FactTable

Verb = Literal["andel", "differanse", "endring", "forhold", "mulig_andel", "rate", "sum"]
VagueGroup = Literal["", "about", "almost", "just_over", "over", "least", "under", "most"]


class Formula(Model):
    """How our number follows: a cell or a fact by its path, or a verb with such below it.

    Written in YAML as ``12.1/elektronisk/2024``, ``fakta/levanger/menn`` or ``andel: [a, b]``.
    """

    path: str = ""
    verb: Verb | None = None
    terms: tuple[FormulaField, ...] = ()


def _formula(raw: Any) -> Any:
    if isinstance(raw, str):
        return {"path": raw}
    if isinstance(raw, dict) and len(raw) == 1 and "path" not in raw:
        ((verb, terms),) = raw.items()
        return {"verb": verb, "terms": terms}
    return raw


FormulaField = Annotated[Formula, BeforeValidator(_formula)]


class Stated(Model):
    """One statement: what it is about, in our words, the fact that holds its number, and our check.

    Attributes
    ----------
    paastand : str
        What the number is.
    trykt : str
        Key of the fact, in the facts of its document.
    ord : str
        Group of the vague word beside it, as the audit of claims names them: ``about``, ``almost`` …
    trinn : int, optional
        The step that it may be rounded to, where that is coarser than its decimals.
    eksakt : bool
        Whether our number is made of counts, which are not rounded.
    desimaler : int, optional
        Decimals to show of our number.
    sjekk : Formula, optional
        Our number; where there is none, `hvorfor` says why, and `naermest` may give the nearest we know.
    """

    paastand: str
    trykt: str
    ord: VagueGroup = ""
    trinn: int | None = None
    eksakt: bool = False
    desimaler: int | None = None
    sjekk: FormulaField | None = None
    naermest: FormulaField | None = None
    hvorfor: str = ""

    @model_validator(mode="after")
    def _told(self) -> Stated:
        if self.sjekk is None and not self.hvorfor:
            raise ValueError("uten «sjekk» må «hvorfor» si hvorfor tallet ikke kan kontrolleres")
        if self.sjekk is not None and self.naermest is not None:
            raise ValueError("«sjekk» og «naermest» utelukker hverandre")
        return self


class StatedIn(Model):
    """The statements of one document; `dokument` is the name of its facts file."""

    dokument: str
    paastander: tuple[Stated, ...]


def read_stated(path: Path) -> dict[str, tuple[Stated, ...]]:
    """Return the statements of each document, in order.

    Raises
    ------
    DataFeil
        If the file is malformed, or a document stands twice; a missing file states nothing.

    Examples
    --------
    >>> from analysis_lib.data.inputs import project_root
    >>> stated = read_stated(project_root() / "data" / "published" / "2025" / "paastander.yml")
    >>> stated["legeforeningen_nettlege"][0].sjekk.verb
    'endring'
    """
    by_document: dict[str, tuple[Stated, ...]] = {}
    for where, document in read_entries(StatedIn, path, "dokument"):
        if document.dokument in by_document:
            raise DataFeil(f"dokumentet «{document.dokument}» står to ganger", where=where)
        by_document[document.dokument] = document.paastander
    return by_document


RIGHT, ROUNDED, WRONG, UNKNOWN = "stemmer", "innenfor avrunding", "stemmer ikke", "kan ikke kontrolleres"
_VERBS: Mapping[str, Callable[..., Value]] = {
    "andel": andel,
    "differanse": differanse,
    "endring": endring,
    "mulig_andel": lambda share, count: nearest_share(share, count),
    "forhold": lambda part, whole: forhold(part, whole, f"{part.unit} per enhet", desimaler=0),
    "rate": lambda count, people: rate(count, people, 1),
    "sum": sum_av,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement, its number, ours (or the nearest we know, or none), and the verdict."""

    stated: Stated
    printed: Value
    ours: Value | None
    verdict: str


def nearest_share(share: Value, count: Value) -> Value:
    """Return the share of so many that lies nearest to a percentage: 76 per cent of 8 can only be 75."""
    people = count.point or Fraction(1)
    nearest = round_half_up((share.point or Fraction(0)) * people / 100)
    return found(
        100 * nearest / people,
        f"Nærmeste andel: {share.label}",
        how="nærmeste andel av et helt antall",
        formula="{0} av {1}",
        terms=(share, count),
        unit="prosent",
    )


def judge(
    printed: Value, ours: Value, group: str = "", step: int | None = None, *, counted: bool = False
) -> str:
    """Hold a number of another document against ours.

    Parameters
    ----------
    printed, ours : Value
        In the same unit.
    group : str
        Of the vague word beside the printed number.
    step : int, optional
        What it may be rounded to; its decimals or trailing zeros where nothing is given.
    counted : bool
        Whether ours is made of counts, which are not rounded.

    Returns
    -------
    str
        «stemmer» where ours rounds to what is printed, «innenfor avrunding» where the word or the
        step makes room for it, else «stemmer ikke»; «kan ikke kontrolleres» where one is no number.
    """
    if printed.point is None or ours.point is None:
        return UNKNOWN
    known = Interval.exact(ours.point) if counted else ours.interval
    if known is None:
        return UNKNOWN
    exact = allowed_by(printed.point, Fraction(1, 10**printed.decimals))
    coarse = Fraction(step) if step else step_of(printed.point, printed.decimals)
    if not group and exact.intersect(known) is not None:
        return RIGHT
    return ROUNDED if allowed_by(printed.point, coarse, group).intersect(known) is not None else WRONG


class Påstander:
    """What another document states in numbers, checked against a chapter's edition.

    Parameters
    ----------
    kap : Kapittel
    document : str
        Name of its facts file; `paastander.yml` says what to check.

    Raises
    ------
    DataFeil
        If nothing is written down for the document, or a path leads nowhere.
    """

    def __init__(self, kap: Kapittel, document: str) -> None:
        edition = kap.edition
        known = read_stated(edition.folder / "paastander.yml")
        if document not in known:
            raise DataFeil(
                f"ingen påstander er ført opp for «{document}»",
                where="paastander.yml",
                hint=nearest(document, known),
            )
        self.document = document
        self.checked = [_checked(edition, document, stated) for stated in known[document]]

    def antall(self, utfall: str = "") -> Value:
        """Return how many statements there are, or how many came to a verdict."""
        counted = [one.printed for one in self.checked if not utfall or one.verdict == utfall]
        label = f"Påstander{f', {utfall}' if utfall else ''}: {self.document}"
        return found(len(counted), label, how="telling", formula="", terms=counted, decimals=0)

    def tabell(self, nummer: str, tittel: str) -> FactTable:
        """Return the statements as a table; what there is to say of one stands in a note."""
        rows = {
            one.stated.paastand: [one.printed, one.ours, one.printed.unit, one.verdict]
            for one in self.checked
        }
        notes = [
            f"{one.stated.paastand}: {one.stated.hvorfor}." for one in self.checked if one.stated.hvorfor
        ]
        return FactTable(
            nummer,
            tittel,
            rows,
            ["Oppgitt", "Våre tall", "Enhet", "Utfall"],
            stub="Påstand",
            notes=notes,
        )


def _checked(edition: Edition, document: str, stated: Stated) -> Checked:
    printed = edition.fact(document, stated.trykt)
    if stated.sjekk is None:
        ours = value_of(edition, stated.naermest) if stated.naermest else None
        return Checked(stated, printed, ours, UNKNOWN)
    ours = value_of(edition, stated.sjekk)
    if stated.desimaler is not None:
        # Shown more finely than elsewhere, it is a number of its own.
        ours = replace(ours, identity=f"{ours.identity}, {stated.desimaler}", decimals=stated.desimaler)
    verdict = judge(printed, ours, stated.ord, stated.trinn, counted=stated.eksakt)
    return Checked(stated, printed, ours, verdict)


def value_of(edition: Edition, formula: Formula) -> Value:
    """Return the value that a formula of `paastander.yml` names, with its origin.

    >>> terms = (Formula(path="12.1/elektronisk/2023"), Formula(path="12.1/elektronisk/2024"))
    >>> value = value_of(Edition(2025), Formula(verb="endring", terms=terms))
    >>> f"{float(value):.1f} {value.unit}"
    '-12.4 prosent'
    """
    if formula.verb is not None:
        return _VERBS[formula.verb](*(value_of(edition, term) for term in formula.terms))
    head, _, rest = formula.path.partition("/")
    if head == "fakta":
        document, _, key = rest.partition("/")
        return edition.fact(document, key)
    table, row, column = formula.path.rsplit("/", 2)
    return edition.value(table, row, column)
