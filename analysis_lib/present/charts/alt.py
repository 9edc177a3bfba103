"""Words for the alt texts, computed from the data: course, extremes, order, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import NBSP, format_cell
from analysis_lib.present.series import Series
from analysis_lib.present.words import listing, minst, størst


def said(value: Value) -> str:
    """Return a number as it is read aloud, where a sign would be silence."""
    return format_cell(value) if value.known else "uten tall"


def plain(sentences: Iterable[str]) -> str:
    """Join sentences into an alt text: no hard spaces, which some screen readers stumble over."""
    return " ".join(sentence for sentence in sentences if sentence).replace(NBSP, " ")


def span(series: Sequence[Series]) -> str:
    """Return the years that have a number, as text."""
    years = sorted({year for s in series for year in s.known})
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def course(series: Series, years: Sequence[int], when: Callable[[int], str] = str) -> str:
    """Say where a series begins and ends, its peak and trough between, and which years have no number.

    `when` writes a year, or a period that a series has by number, in words.
    """
    known = list(series.known)
    if not known:
        return f"{series.label}: ingen tall."
    first, end = known[0], known[-1]
    parts = [f"{series.label}: {_at(series, first, when)}"]
    if end > first:
        parts.append(_at(series, end, when))
    said = {format_cell(series[first]), format_cell(series[end])}
    for word, pick in (("høyest", max), ("lavest", min)):
        year = pick(known, key=lambda year: series[year].point or 0)
        if (text := format_cell(series[year])) not in said:
            parts.append(f"{word} i {when(year)} med {text}")
    if gaps := [when(year) for year in years if year not in series.known]:
        parts.append(f"uten tall i {listing(gaps)}")
    return f"{', '.join(parts)}."


def _at(series: Series, year: int, when: Callable[[int], str]) -> str:
    return f"{format_cell(series[year])} i {when(year)}"


def extremes(values: Mapping[str, Value]) -> str:
    """Name the highest and the lowest of several values, with all that tie.

    The words are not bent after how many there are: «Høyest er Agder og Oslo med 9».
    """
    known = {label: value for label, value in values.items() if value.known}
    if len(known) < 2:
        return ""
    top, low = størst(known).text, minst(known).text
    points = sorted(known.values(), key=lambda value: value.point or 0)
    most, least = format_cell(points[-1]), format_cell(points[0])
    if most == least:
        return f"Alle har {most}."
    return f"Høyest er {top} med {most}, lavest er {low} med {least}."


def missing(values: Mapping[str, Value]) -> str:
    """Name those that have no number."""
    without = [label for label, value in values.items() if not value.known]
    return f"Uten tall: {listing(without)}." if without else ""
