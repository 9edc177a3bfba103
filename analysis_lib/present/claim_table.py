"""What other documents state, beside what our data say: a table with a verdict in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis_lib.audit.claims.vagueness import allowed_by, step_of
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import round_half_up
from analysis_lib.data.stated import Formula, Stated, read_stated
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.evaluation.bound import found
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Value
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.series import andel, differanse, endring, forhold, rate, sum_av

RIGHT, ROUNDED, WRONG, UNKNOWN = "stemmer", "innenfor avrunding", "stemmer ikke", "kan ikke kontrolleres"
_VERBS: Mapping[str, Callable[..., Value]] = {
    "andel": andel,
    "differanse": differanse,
    "endring": endring,
    "mulig_andel": lambda share, count: nearest_share(share, count),
    "forhold": lambda part, whole: forhold(part, whole, f"{part.unit} per enhet", desimaler=1),
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


class StatedClaims:
    """What one document states, checked against an edition.

    Parameters
    ----------
    edition : Edition
    document : str
        Name of its facts file; `paastander.yml` says what to check.

    Raises
    ------
    DataFeil
        If nothing is written down for the document, or a path leads nowhere.
    """

    def __init__(self, edition: Edition, document: str) -> None:
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
    verdict = judge(printed, ours, stated.ord, stated.trinn, counted=stated.eksakt)
    return Checked(stated, printed, ours, verdict)


def value_of(edition: Edition, formula: Formula) -> Value:
    """Return the value that a formula of `paastander.yml` names, with its origin.

    >>> from analysis_lib.data.stated import Formula
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
