"""What a notebook cell shows: HTML for JupyterLab, a line of text, and a payload for the report.

The payload travels in the executed notebook and is all that report assembly reads. The same templates
make the HTML in the notebook and on the page, so that what an analyst sees is what is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel

from analysis_lib.data.cells import Kind
from analysis_lib.indicators.values import Value
from analysis_lib.present.escape import typst_string, typst_text
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.payload import Payload, to_json
from analysis_lib.present.pieces import CellPayload

MIME = "application/vnd.rapport.v1+json"
TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment(autoescape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"typ": typst_text, "typ_str": typst_string}
    return environment


def fragment(name: str, target: str, content: BaseModel, **context: Any) -> str:
    """Render what is shown with ``NAME.TARGET.j2``, where the target is ``html`` or ``typ``."""
    defaults = {"lab": False, "register_href": "", "downloads": [], "figure_href": ""}
    template = _environment(target == "html").get_template(f"{name}.{target}.j2")
    return template.render({**defaults, **dict(content), **context})


@cache
def fragment_css() -> str:
    """Return the style sheet of the fragments."""
    return (TEMPLATES / "fragments.css").read_text(encoding="utf-8")


def tips(payload: Payload) -> dict[str, str]:
    """Return a tooltip for each number: what it is, and the formula or the printed cell."""
    return {
        ref: ". ".join([entry.label, *(entry.cells if entry.formula is None else [entry.formula])])
        for ref, entry in payload.numbers.items()
    }


SYNTHETIC_NOTE = (
    "Syntetiske data: tallene er laget for utvikling og opplæring og sier ingenting om virkeligheten."
)


def synthetic_note(values: Iterable[Value]) -> str:
    """Return what must stand beside what rests on made-up rows, "" where nothing does."""
    return SYNTHETIC_NOTE if any(s.synthetic for value in values for s in value.sources()) else ""


class Shown:
    """Base class of everything a chapter shows.

    A subclass gives ``payload`` (what the report reads), ``summary`` (one or a few lines of text, which
    notebook tests compare) and, where the default will not do, ``html``.
    """

    @property
    def payload(self) -> Payload:
        """What report assembly reads."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """The text that a terminal or a test sees."""
        raise NotImplementedError

    def html(self) -> str:
        """Return the HTML that JupyterLab shows."""
        return lab_html(self.payload)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {MIME: to_json(self.payload), "text/html": self.html(), "text/plain": self.summary}

    def __repr__(self) -> str:
        return self.summary


def lab_html(payload: Payload, **context: Any) -> str:
    """Return a payload as JupyterLab shows it: with its style sheet, and tooltips in place of links."""
    body = fragment(payload.type, "html", payload, lab=True, tips=tips(payload), **context)
    return f"<style>{fragment_css()}</style>\n{body}"


SIGN_MEANING = {
    Kind.NOT_AVAILABLE: ("..", "tall finnes ikke"),
    Kind.IMPOSSIBLE: (".", "tall kan ikke forekomme"),
    Kind.CONFIDENTIAL: (":", "vises ikke av hensyn til personvern"),
    Kind.AWAITED: ("?", "venter på tall"),
}


def signs(values: Iterable[Value]) -> tuple[tuple[str, str], ...]:
    """Return the signs that stand for some values, each with what it means."""
    kinds = {value.kind for value in values}
    return tuple(meaning for kind, meaning in SIGN_MEANING.items() if kind in kinds)


def cell(value: Value, *, plus: bool = False) -> CellPayload:
    """Return a value as a cell."""
    return CellPayload(
        text=format_cell(value, plus=plus),
        kind=value.kind,
        ref=value.ref if value.known else None,
        value=float(value) if value.known else None,
        unit=value.unit,
    )
