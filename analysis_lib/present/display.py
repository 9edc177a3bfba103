"""What a notebook cell shows: HTML for JupyterLab, a line of text, and JSON for the report.

The JSON travels in the executed notebook and is all that report assembly reads. The same templates
make the HTML in the notebook and on the page, so that what an analyst sees is what is published.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

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
