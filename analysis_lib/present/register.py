"""The register of numbers: what a reader sees who asks where a number comes from.

An entry's JSON, in the notebook and in the register of a build, leaves out what there is nothing to say of.
A number travels to its last digit, as text («9286/3»).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import (
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
)

from analysis_lib.data.cells import Kind
from analysis_lib.data.files import Model
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import MINUS, NBSP, format_exact, format_range, round_half_up
from analysis_lib.data.units import KRONER
from analysis_lib.indicators.arithmetic import AND, evaluate
from analysis_lib.indicators.values import Computation, PrintVerdict, Source, Value
from analysis_lib.present.numbers import format_cell, format_value

# Longer ones would take time and memory to read, and are no quantity.
_FRACTION = re.compile(r"-?\d{1,999}(/[1-9]\d{0,998})?")


def _fraction(raw: Any) -> Any:
    if isinstance(raw, str) and not _FRACTION.fullmatch(raw):
        raise ValueError(f"«{raw[:60]}» er ikke en brøk («9286/3»)")
    return Fraction(raw) if isinstance(raw, str) else raw


Number = Annotated[Fraction, BeforeValidator(_fraction), PlainSerializer(str)]


_ENDS = TypeAdapter(tuple[Number, Number, bool, bool], config=ConfigDict(defer_build=True))


def _interval(raw: Any) -> Interval:
    return raw if isinstance(raw, Interval) else Interval(*_ENDS.validate_python(raw))


def _ends(interval: Interval) -> list[str | bool]:
    return [str(interval.low), str(interval.high), interval.low_open, interval.high_open]


Range = Annotated[Interval, BeforeValidator(_interval), PlainSerializer(_ends)]


class _Said(Model):
    """Leaves out of its JSON what was not said: a field that still has its default."""

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        return {
            name: content
            for name, content in handler(self).items()
            if fields[name].is_required() or getattr(self, name) != fields[name].default
        }


class _Exact(_Said):
    identity: str
    kind: Kind
    decimals: int
    point: Number | None
    interval: Range | None
    contradicted: Number | None = None


class ExactCell(_Exact):
    """A printed cell to its last digit, with the file that it stands in."""

    file: str
    printed: str
    corrected: str | None


class ExactResult(_Exact):
    """A computed number to its last digit.

    `formula` has ``{0}``, ``{1}`` … for the terms, and is left out where it is no arithmetic. `contradicted`
    is what the parts give, where the number is held against a printed one that they do not allow.
    """

    formula: str | None = None


class Term(Model):
    """A number that another is computed from."""

    label: str
    ref: str
    value: str


class SourceFile(NamedTuple):
    """The document and the file that a number is from, the register behind it, and whether it is made up."""

    document: str
    file: str
    sha256: str
    register: str
    synthetic: bool = False


S = TypeVar("S")


class EntryOf(_Said, Generic[S]):
    """A number in the register of numbers: what a reader sees who asks where it comes from.

    `heading` is the number as a reader says it, with its unit. `how`, `formula` and `terms` are those of a
    computation, and `because` says why the formula's figures do not give the number; `cells` are a printed
    cell's. `range` is all that the rounding of the sources allows, and `sources` are the files at the bottom.
    """

    because: str = ""
    cells: tuple[str, ...] = ()
    computed: str = ""
    exact: ExactCell | ExactResult
    formula: str | None = None
    heading: str = ""
    how: str | None = None
    label: str
    note: str = ""
    printed: str = ""
    range: str = ""
    sources: tuple[S, ...]
    terms: tuple[Term, ...] | None = None
    text: str
    unit: str
    value: str
    verdict: PrintVerdict | None = None

    @property
    def arithmetic(self) -> str | None:
        """The formula by which it can be computed again from its terms, None for what has none."""
        return self.exact.formula if isinstance(self.exact, ExactResult) else None


Entry = EntryOf[SourceFile]


def entry(value: Value) -> Entry:
    """Return a value's entry in the register of numbers.

    Examples
    --------
    >>> from analysis_lib.indicators.edition import Edition
    >>> total = entry(Edition(2025).value("8.1", "totalt", 2025))
    >>> total.exact.identity, total.exact.point, total.exact.formula
    ('8.1/totalt/2025', Fraction(18572, 1), '{0} + {1} + {2} + {3}')
    """
    origin, interval = value.origin, value.interval
    computation = origin if isinstance(origin, Computation) else None
    figures = _figures(value, computation) if computation else []
    return Entry(
        because=_because(value, computation) if computation else "",
        cells=() if isinstance(origin, Computation) else (_printed(origin),),
        computed="" if value.computed is None else format_exact(value.computed, 2),
        exact=_exact(value),
        formula=computation.formula.format(*figures) if computation else None,
        heading=heading(value),
        how=computation.how if computation else None,
        label=value.label,
        note=value.note,
        printed=value.printed or "",
        range=format_range(interval) if interval is not None and interval.width else "",
        sources=tuple(
            sorted(
                {SourceFile(s.document, s.file, s.sha256, s.register, s.synthetic) for s in value.sources()}
            )
        ),
        terms=tuple(map(_term, computation.terms, figures)) if computation else None,
        text=format_cell(value),
        unit=value.unit,
        value="" if value.point is None else format_exact(value.point),
        verdict=value.verdict,
    )


# A number in thousands of kroner reads as two numbers: «78 334 1000 kroner».
_IN_MILLIONS = 10**6


def heading(value: Value) -> str:
    r"""Return a number with its unit; kroner in thousands or in parts of a million as the page says them.

    >>> from analysis_lib.indicators.edition import Edition
    >>> heading(Edition(2025).value("8.5", "naering_utjamning", "med"))
    '78,3\xa0mill.\xa0kroner'
    """
    if value.point is not None and value.unit[:1].isdigit() and value.unit in KRONER:
        kroner = abs(value.point) * KRONER[value.unit]
        return format_value(value, "mill 1" if kroner >= _IN_MILLIONS else "kroner")
    text = format_cell(value)
    return f"{text}{NBSP}{value.unit}" if value.unit and value.unit not in text else text


# So many more decimals than a term is shown with are tried, until its figures give the number.
_MORE = range(5)


def _figures(value: Value, computation: Computation) -> list[str]:
    """Return the terms as text, with as many decimals as it takes for them to give what is shown."""
    shown = [format_cell(term) or "(tom)" for term in computation.terms]
    if not computation.arithmetic:
        return shown
    for more in _MORE:
        rounded = [_rounded(term, more) for term in computation.terms]
        if _gives(value, computation, rounded):
            return [_written(term, more) or "(tom)" for term in computation.terms]
    return shown


def _rounded(term: Value, more: int) -> Fraction | None:
    return None if term.point is None else round_half_up(term.point, term.decimals + more)


def _written(term: Value, more: int) -> str:
    """Write a term with more decimals, but none that say nothing."""
    exact = term.point is not None and _rounded(term, 0) == term.point
    return format_cell(term, decimals=term.decimals + (0 if exact else more))


def _gives(value: Value, computation: Computation, terms: Sequence[Fraction | None]) -> bool:
    """Tell whether a formula of such terms rounds to the number as it is shown."""
    given = _evaluated(computation, terms)
    return (
        given is not None
        and value.point is not None
        and (round_half_up(given, value.decimals) == round_half_up(value.point, value.decimals))
    )


def _evaluated(computation: Computation, terms: Sequence[Fraction | None]) -> Fraction | None:
    if AND in computation.formula:
        return None
    try:
        return evaluate(computation.formula, [term for term in terms if term is not None])
    except (ValueError, ZeroDivisionError):
        return None


def _because(value: Value, computation: Computation) -> str:
    """Say why the printed parts do not give the printed number, though rounding allows it; else nothing."""
    terms = [term.point for term in computation.terms]
    printed = (value.printed or "").replace("-", MINUS)
    if value.verdict is not PrintVerdict.REPRODUCED or _gives(value, computation, terms):
        return ""
    given = _evaluated(computation, terms)
    return (
        ""
        if given is None
        else (
            f"Tallene i formelen er avrundet og gir {format_exact(given, 2)}. Kilden har trykt {printed}, "
            "regnet av tall med flere desimaler. Avrundingen tillater det."
        )
    )


def _exact(value: Value) -> ExactCell | ExactResult:
    origin = value.origin
    known: dict[str, Any] = {
        "identity": value.identity,
        "kind": value.kind,
        "decimals": value.decimals,
        "point": value.point,
        "interval": value.interval,
        "contradicted": value.computed,
    }
    if isinstance(origin, Source):
        return ExactCell(**known, file=origin.file, printed=origin.printed, corrected=origin.corrected)
    return ExactResult(**known, formula=origin.formula if origin.arithmetic else None)


def _term(term: Value, figure: str) -> Term:
    return Term(label=term.label, ref=term.ref, value=figure)


def _printed(source: Source) -> str:
    mended = f", rettet til «{source.corrected}»" if source.corrected is not None else ""
    return f"{source.label}: trykt «{source.printed}»{mended}, linje {source.line}"


def entries(values: Iterable[Value]) -> dict[str, Entry]:
    """Return entries by ref for the values and everything that they are computed from."""
    found: dict[str, Entry] = {}
    stack = list(values)
    while stack:
        value = stack.pop()
        if value.ref in found:
            continue
        found[value.ref] = entry(value)
        if isinstance(value.origin, Computation):
            stack.extend(value.origin.terms)
    return found
