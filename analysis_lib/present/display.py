"""What a notebook cell shows: HTML for JupyterLab, a line of text, and JSON for the report.

The JSON travels in the executed notebook and is all that report assembly reads. The same templates
make the HTML in the notebook and on the page, so that what an analyst sees is what is published.

The register of numbers: what a reader sees who asks where a number comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from analysis_lib.indicators.values import Computation, Source, Value, exact
from analysis_lib.present.numbers import format_cell, format_exact, format_range

MIME = "application/vnd.rapport.v1+json"
TEMPLATES = Path(__file__).parent / "templates"
# Every mark that typst markup gives a meaning anywhere: a full stop after digits starts a list,
# two hyphens make a dash, two slashes a comment, a colon after "http" a link.
_TYPST_SPECIAL = re.compile(r"""([\\#$*_`<>@\[\]{}~"'\-/=+.:^|])""")


def typst_escape(text: object) -> str:
    r"""Escape text for typst markup.

    >>> typst_escape("A_1 #2")
    'A\\_1 \\#2'
    """
    return _TYPST_SPECIAL.sub(r"\\\1", " ".join(str(text).split("\n")))


@cache
def _environment(autoescape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["typ"] = typst_escape
    return environment


def fragment(name: str, target: str, payload: dict[str, Any], **context: Any) -> str:
    """Render one payload with ``NAME.TARGET.j2``, where the target is ``html`` or ``typ``."""
    defaults = {"lab": False, "register_href": "", "downloads": [], "figure_href": ""}
    template = _environment(target == "html").get_template(f"{name}.{target}.j2")
    return template.render(**{**defaults, **payload, **context})


@cache
def fragment_css() -> str:
    """Return the style sheet of the fragments."""
    return (TEMPLATES / "fragments.css").read_text(encoding="utf-8")


def tips(payload: dict[str, Any]) -> dict[str, str]:
    """Return a tooltip for each number: what it is, and the formula or the printed cell."""
    return {
        ref: ". ".join(
            [entry["label"], *([entry["formula"]] if "formula" in entry else entry.get("cells", []))]
        )
        for ref, entry in payload.get("numbers", {}).items()
    }


class Shown:
    """Base class of everything a chapter shows.

    A subclass gives ``payload`` (JSON for the report), ``summary`` (one or a few lines of text, which
    notebook tests compare) and, where the default will not do, ``html``.
    """

    template = ""

    @property
    def payload(self) -> dict[str, Any]:
        """The JSON that report assembly reads."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """The text that a terminal or a test sees."""
        raise NotImplementedError

    def html(self) -> str:
        """Return the HTML that JupyterLab shows."""
        payload = self.payload
        body = fragment(self.template, "html", payload, lab=True, tips=tips(payload))
        return f"<style>{fragment_css()}</style>\n{body}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {MIME: self.payload, "text/html": self.html(), "text/plain": self.summary}

    def __repr__(self) -> str:
        return self.summary


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
