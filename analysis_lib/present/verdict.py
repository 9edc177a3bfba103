"""A verdict on the page: one sentence with its numbers bound, what it assumes, what would change it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from analysis_lib.data.inputs import project_root, watch
from analysis_lib.data.periods import MONTHS
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.evaluation.bound import found
from analysis_lib.evaluation.contract import Status, Verdict
from analysis_lib.evaluation.measures import assess
from analysis_lib.evaluation.wording import KI
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Value
from analysis_lib.present.assumptions import Said, assumptions
from analysis_lib.present.binding import Part
from analysis_lib.present.charts import Chart, forløp
from analysis_lib.present.diagnostics import innflytelse, residualplott
from analysis_lib.present.display import Shown
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.numbers import format_number
from analysis_lib.present.prose import unbound_numerals
from analysis_lib.present.register import entries
from analysis_lib.present.series import Series

# Digits that are names: dates, quarters, years, and the «95» of every interval.
_NAMES = re.compile(rf"\d{{1,2}}\. (?:{'|'.join(MONTHS)}|kvartal)(?: \d{{4}})?|\b(?:19|20)\d\d\b|{KI}")


class ShownVerdict(Shown, Verdict):
    """A verdict that shows itself in a notebook and on the page."""

    template = "verdict"

    def oppstilling(self, nummer: str, tittel: str, *, forspalte: str) -> FactTable | None:
        """Return one of the tables of numbers behind it, None where the edition knows no numbers.

        Raises
        ------
        NotatbokFeil
            If it has tables, but none by that title; names the nearest.
        """
        if not self.details:
            return None
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
        years = {label: [int(year) for year in label.split("–")] for label in self.details[tittel]}
        rows = {
            span[-1]: self.details[tittel][label] for label, span in years.items() if span[-1] - span[0] == 1
        }
        return [Series(name, {year: row[name] for year, row in rows.items()}) for name in kolonner]

    @property
    def payload(self) -> dict[str, Any]:
        """The verdict for the report; see `Shown`."""
        sentence = cut(self.sentence, self.numbers)
        items = assumptions(self)
        values = [item for said in (sentence, *items.values()) for item in said if isinstance(item, Value)]
        plain = " ".join(item for item in sentence if isinstance(item, str))
        return {
            "type": "verdict",
            "id": f"vurdering-{self.measure.id}",
            "name": self.measure.name,
            "status": str(self.status),
            "sentence": _parts(sentence),
            "paragraphs": [
                {"template": f"Vurdering: {self.measure.name}", "parts": _parts(sentence), "lacks": ""}
            ],
            "assumptions": [{"label": label, "parts": _parts(said)} for label, said in items.items()],
            "needs": [
                {"data": need.data, "since": need.since, "possible": need.possible}
                for need in self.measure.needs
            ],
            "numbers": entries(values),
            "used": [value.ref for value in values],
            "unbound": unbound_numerals(_NAMES.sub(" ", plain)),
        }

    @property
    def summary(self) -> str:
        """The name, the status and the sentence."""
        return f"{self.measure.name}: {self.status}. {self.sentence}".replace("\u00a0", " ")


def show(verdict: Verdict) -> ShownVerdict:
    """Return a verdict that shows itself."""
    return ShownVerdict(**{item.name: getattr(verdict, item.name) for item in fields(verdict)})


def vurder(tiltak: str, *, aar: int | None = None) -> ShownVerdict:
    """Return the verdict on a measure of the register.

    Parameters
    ----------
    tiltak : str
        Its id in ``data/measures.yml``.
    aar : int, optional
        The edition's last year; the newest edition by default.

    Raises
    ------
    ParameterFeil
        If the register has no such measure; names the nearest.

    Examples
    --------
    >>> vurder("ptb").status.value
    'avvist'
    """
    watch()
    editions = (path.name for path in (project_root() / "data" / "published").iterdir() if path.is_dir())
    return show(assess(tiltak, Edition(aar or max(map(int, editions)))))


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


def cut(sentence: str, numbers: Sequence[Value]) -> Said:
    """Cut a sentence at its numbers, each found where it stands, in order.

    Raises
    ------
    ValueError
        If a number does not stand there: the analysis has found one thing and says another.

    Examples
    --------
    >>> from analysis_lib.evaluation.bound import found
    >>> ten = found(10, "Leger", how="", formula="", terms=(), decimals=0)
    >>> [part if isinstance(part, str) else part.label for part in cut("I 2010 var det 10.", [ten])]
    ['I 2010 var det ', 'Leger', '.']
    """
    said: Said = []
    for value in numbers:
        text = _figure(value)
        match = re.search(rf"(?<![\d,\u00a0]){re.escape(text)}(?![\d\u00a0]|,\d)", sentence)
        if match is None:
            raise ValueError(f"{text} ({value.label}) does not stand in «{sentence}»")
        said += [sentence[: match.start()], value]
        sentence = sentence[match.end() :]
    return [*said, sentence]


def _figure(value: Value) -> str:
    assert value.point is not None
    return format_number(abs(value.point), value.decimals)


def _parts(said: Said) -> list[dict[str, Any]]:
    """Return text and numbers as JSON; a minus sign stands in the sentence, beside its number."""
    return [asdict(Part(item) if isinstance(item, str) else _number(item)) for item in said]


def _number(value: Value) -> Part:
    return Part(_figure(value), "number", value.label, "abs", (value.ref,))
