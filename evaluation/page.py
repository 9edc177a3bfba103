"""A verdict on the page: one sentence with its numbers bound, what it assumes, what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from analysis_lib.data.periods import Period, first_day, in_words, last_day
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.chapter import Kapittel
from analysis_lib.present.charts import Chart
from analysis_lib.present.display import Shown
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.payload import Assumption, NeedPayload, VerdictPayload
from analysis_lib.present.pieces import Part, PieceKind
from analysis_lib.present.prose import unbound_numerals
from analysis_lib.present.register import entries
from evaluation.basis.said import KI, Said, digits, joined
from evaluation.measures import assess
from evaluation.pictures.model_check import innflytelse, residualplott
from evaluation.pictures.trajectory import forløp
from evaluation.register import Start
from evaluation.verdicts.verdict import Status, Verdict


def assumptions(verdict: Verdict) -> dict[str, Said]:
    """Return the contract's items by name, each as text and numbers in turn; those not computed last.

    Examples
    --------
    >>> from analysis_lib.indicators.edition import Edition
    >>> assumptions(assess("video", Edition(2025)))["Oppstart"]
    ('1. april 2026',)
    """
    measure = verdict.measure
    breaks = dict.fromkeys(str(side.at) for value in verdict.basis for side in value.sides)
    items = {
        "Design": _joined([str(verdict.design), verdict.reason]),
        "Oppstart": _joined(map(_start, measure.start), none="ingen fast dato"),
        "Hvem": _joined([measure.exposed]),
        "Sammenligning": _joined([measure.comparator], none="ingen uten tiltaket"),
        "Punkter": _points(verdict),
        "Eksponering": _number(verdict, verdict.exposure, "eksponering", measure.exposure_unit, 0),
        "Spredning": _number(verdict, verdict.dispersion, "spredning", "(én er tilfeldig telling)", 1),
        "Standardfeil": _joined([_rule(verdict)]),
        "Minste påviselige endring": _number(
            verdict, verdict.mde, "minste påviselige endring", verdict.mde_unit, 1
        ),
        "Samtidig": _joined(map(str, measure.co_interventions), none="ingen kjente"),
        "Brudd i serien": _joined(breaks, none="ingen registrerte"),
        "Data": _joined(map(str, measure.data)),
        "Forbehold": _joined(verdict.caveats),
    }
    lacking = [name.lower() for name, said in items.items() if not said and name != "Forbehold"]
    said = {name: said for name, said in items.items() if said}
    return said | {"Ikke aktuelt": (", ".join(lacking),)} if lacking else said


def _joined(items: Iterable[str | Said], *, none: str = "") -> Said:
    return joined(items) or joined([none])


def _start(start: Start) -> str:
    about = start.place or start.what
    return f"{in_words(start.when)} ({about})" if about else in_words(start.when)


def _points(verdict: Verdict) -> Said:
    if verdict.points_before is None or verdict.points_after is None:
        return ()
    before = _value(verdict, verdict.points_before, "punkter før", "punkter", 0)
    after = _value(verdict, verdict.points_after, "punkter etter", "punkter", 0)
    return (before, " før og ", after, " etter")


def _number(verdict: Verdict, number: float | None, what: str, unit: str, decimals: int) -> Said:
    return () if number is None else (_value(verdict, number, what, unit, decimals), f" {unit}".rstrip())


def _value(verdict: Verdict, number: float, what: str, unit: str, decimals: int) -> Value:
    return found(
        number,
        f"{verdict.measure.name}: {what}",
        how=str(verdict.design),
        formula=_rule(verdict) or what,
        terms=verdict.basis,
        unit=unit,
        decimals=decimals,
    )


def _rule(verdict: Verdict) -> str:
    rule = verdict.se_rule.removeprefix("log: ")
    return rule if rule == verdict.se_rule else f"{rule}, på logaritmisk skala"


class ShownVerdict(Shown, Verdict):
    """A verdict that shows itself in a notebook and on the page."""

    def oppstilling(self, nummer: str, tittel: str, *, forspalte: str) -> FactTable:
        """Return one of the tables of numbers behind it; one that says so where the edition knows none.

        Raises
        ------
        NotatbokFeil
            If it has tables, but none by that title; names the nearest.
        """
        if not self.details:
            return FactTable(nummer, tittel, {}, (), stub=forspalte)
        if tittel not in self.details:
            raise NotatbokFeil(
                f"vurderingen har ingen tabell «{tittel}»",
                where=self.measure.id,
                hint=nearest(tittel, self.details),
            )
        rows = self.details[tittel]
        units = {value.unit for row in rows.values() for value in row.values()}
        return FactTable(
            nummer,
            tittel,
            {label: list(row.values()) for label, row in rows.items()},
            list(next(iter(rows.values()))),
            stub=forspalte,
            unit=units.pop() if len(units) == 1 else "",
        )

    def forløp(self, *, fra_null: bool = False) -> Chart | None:
        """Return its picture: points, the model over them, and what happened when; None without points."""
        if self.course is None:
            return None
        course = self.course
        line, low, high = (
            [part[period] for period in course.points] if part else None
            for part in (course.line, course.low, course.high)
        )
        return forløp(
            course.points,
            modell=line,
            nedre=low,
            øvre=high,
            tiltak=self.measure,
            navn=course.name,
            metode=course.method,
            fra_null=fra_null,
        )

    def residualer(self) -> Chart | None:
        """Return the distances from the model's line, point by point; None without a model."""
        course = self.course
        return residualplott(course.result, perioder=course.points) if course and course.result else None

    def innflytelse(self) -> Chart | None:
        """Return how the estimate moves when each point is left out; None without a model."""
        course = self.course
        return innflytelse(course.result, perioder=course.points) if course and course.result else None

    def tall(self, tittel: str, rad: str, kolonne: str) -> Value:
        """Return one number of a table behind it; «not available» where the edition knows none."""
        if not self.details:
            label = f"{self.measure.name}: {rad}, {kolonne}"
            return found(0, label, how="", formula="", terms=()).untold()
        return self.details[tittel][rad][kolonne]

    def rader(self, tittel: str, *kolonner: str) -> dict[str, dict[str, Value]]:
        """Return some columns of a table behind it, for a chart; empty where the edition knows no numbers."""
        rows = self.details[tittel] if self.details else {}
        return {label: {name: row[name] for name in kolonner} for label, row in rows.items()}

    def serier(self, tittel: str, *kolonner: str) -> list[Series]:
        """Return columns of a table of yearly changes as series, by the later year of each change."""
        spans = {span: (first_day(span).year, last_day(span).year) for span in self.details[tittel]}
        rows = {
            last: self.details[tittel][span] for span, (first, last) in spans.items() if last - first == 1
        }
        return [Series(name, {year: row[name] for year, row in rows.items()}) for name in kolonner]

    @property
    def payload(self) -> VerdictPayload:
        """The verdict for the report; see `Shown`."""
        sentence = self.said
        items = assumptions(self)
        values = [item for said in (sentence, *items.values()) for item in said if isinstance(item, Value)]
        # What the method says; the register's own words name dates, laws and chapters.
        typed = [item for item in joined([sentence, self.reason, *self.caveats]) if isinstance(item, str)]
        return VerdictPayload(
            id=f"vurdering-{self.measure.id}",
            name=self.measure.name,
            status=str(self.status),
            sentence=_parts(sentence),
            assumptions=tuple(Assumption(label=label, parts=_parts(said)) for label, said in items.items()),
            needs=tuple(
                NeedPayload(data=need.data, since=need.since, possible=need.possible)
                for need in self.measure.needs
            ),
            numbers=entries(values),
            unbound=tuple(_typed_in(" ".join(typed))),
        )

    @property
    def summary(self) -> str:
        """The name, the status and the sentence."""
        return f"{self.measure.name}: {self.status}. {self.sentence}".replace("\u00a0", " ")


def show(verdict: Verdict) -> ShownVerdict:
    """Return a verdict that shows itself."""
    return ShownVerdict(**{item.name: getattr(verdict, item.name) for item in fields(verdict)})


def vurder(tiltak: str, kap: Kapittel) -> ShownVerdict:
    """Return the verdict on a measure of the register, by what the chapter's edition knows.

    Parameters
    ----------
    tiltak : str
        Its id in the edition's ``measures.yml``.

    Raises
    ------
    ParameterFeil
        If the register has no such measure; names the nearest.

    Examples
    --------
    >>> vurder("ptb", Kapittel("17", aar=2025)).status.value
    'avvist'
    """
    return show(assess(tiltak, kap.edition))


def antall_vurdert(vurderinger: Sequence[Verdict], svar: str = "") -> Value:
    """Return how many verdicts there are, or how many that give one answer: «avvist»."""
    status = Status(svar) if svar else None
    return found(
        sum(status in (None, verdict.status) for verdict in vurderinger),
        f"Vurderte tiltak{f', {status}' if status else ''}",
        how="telling",
        formula="tiltak i registeret" + (f" med svaret «{status}»" if status else ""),
        terms=(),
        unit="tiltak",
        decimals=0,
    )


def _typed_in(words: str) -> list[str]:
    """Return the numerals that are bound to nothing; years and the «95» of every interval are names."""
    numerals = unbound_numerals(words.replace(KI, " "))
    return [numeral for numeral in numerals if Period.printed(numeral) is None]


def _parts(said: Said) -> tuple[Part, ...]:
    """Return text and numbers in pieces; a minus sign stands in the sentence, beside its number."""
    return tuple(Part(text=item) if isinstance(item, str) else _bound(item) for item in said)


def _bound(value: Value) -> Part:
    return Part(
        text=digits(value), kind=PieceKind.NUMBER, expression=value.label, format="abs", refs=(value.ref,)
    )
