"""What other documents state in numbers, and how our data check it: ``paastander.yml`` of an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from analysis_lib.data.files import Model, read_entries
from analysis_lib.errors import DataFeil

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
    found: dict[str, tuple[Stated, ...]] = {}
    for where, document in read_entries(StatedIn, path, "dokument"):
        if document.dokument in found:
            raise DataFeil(f"dokumentet «{document.dokument}» står to ganger", where=where)
        found[document.dokument] = document.paastander
    return found
