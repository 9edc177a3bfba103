"""The register of numbers: what a reader sees who asks where a number comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis_lib.indicators.exact import exact
from analysis_lib.indicators.values import Computation, Source, Value
from analysis_lib.present.numbers import format_cell, format_exact, format_range

Entry = dict[str, Any]


def entry(value: Value) -> Entry:
    """Return one register entry, ready for JSON.

    Returns
    -------
    dict
        ``label, text, unit, value, exact, sources`` always; ``range, how, formula, terms, printed, computed,
        verdict, note, cells`` where there is something to say. ``sources`` are (document, file, sha256,
        register); for ``exact`` see the function of that name.
    """
    result: Entry = {"label": value.label, "text": format_cell(value), "unit": value.unit}
    result["value"] = "" if value.point is None else format_exact(value.point)
    if value.interval is not None and value.interval.width:
        result["range"] = format_range(value.interval)
    if isinstance(value.origin, Computation):
        result |= _computation(value.origin)
    for key in ("printed", "verdict", "note"):
        if content := getattr(value, key):
            result[key] = content
    if value.computed is not None:
        result["computed"] = format_exact(value.computed, 2)
    sources = value.sources()
    if isinstance(value.origin, Source):
        result["cells"] = [_cell(value.origin)]
    result["exact"] = exact(value)
    result["sources"] = sorted({(s.document, s.file, s.sha256, s.register) for s in sources})
    return result


def _computation(origin: Computation) -> Entry:
    figures = [format_cell(term) or "(tom)" for term in origin.terms]
    terms = [
        {"label": term.label, "value": text, "ref": term.ref}
        for term, text in zip(origin.terms, figures, strict=True)
    ]
    return {"how": origin.how, "formula": origin.formula.format(*figures), "terms": terms}


def _cell(source: Source) -> str:
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
