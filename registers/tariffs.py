"""From tariff to form of contact: ``data/register/takster.yml``, one table for every year."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from analysis_lib.data.files import Model, Text, Words, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import project_root, relative

Form = Literal["sykebesøk", "fysisk", "video", "telefon", "skriftlig", "elektronisk"]
# In the order in which a bill with several is given one.
FORMS: tuple[Form, ...] = get_args(Form)
DIGITAL: tuple[Form, ...] = ("skriftlig", "telefon", "video", "elektronisk")


class Group(Model):
    """Tariffs of one form, and the days between which they can be used."""

    form: Form
    source: Text
    takster: Words
    fra: date | None = None
    til: date | None = None


class Tariffs(Model):
    """The whole table."""

    former: tuple[Group, ...]


def tariff_file() -> Path:
    """Return where the table is."""
    return project_root() / "data" / "register" / "takster.yml"


@cache
def _read(path: Path) -> Tariffs:
    return read_model(Tariffs, read_yaml(path), relative(path))


def tariffs(year: int) -> dict[str, Form]:
    """Return each tariff that could be used some day of a year, and its form.

    Parameters
    ----------
    year : int

    Raises
    ------
    DataFeil
        If the table is missing or malformed.

    Examples
    --------
    >>> [tariffs(2024).get(code) for code in ("2ad", "2ae", "2av", "1ad")]
    ['fysisk', 'elektronisk', None, None]
    >>> tariffs(2026)["2av"], "2ae" in tariffs(2026)
    ('video', False)
    """
    return {
        code: group.form
        for group in _read(tariff_file()).former
        if (group.fra is None or group.fra.year <= year) and (group.til is None or group.til.year >= year)
        for code in group.takster
    }


def bit(form: Form) -> int:
    """Return the bit that stands for a form; the highest bit of a bill is its form.

    >>> [bit(form) for form in ("elektronisk", "fysisk", "sykebesøk")]
    [1, 16, 32]
    """
    return 1 << (len(FORMS) - 1 - FORMS.index(form))


def form_of(mask: int) -> Form | None:
    """Return the form of a bill with the tariffs of `mask`; None if no tariff is a consultation's.

    >>> form_of(0), form_of(bit("fysisk") | bit("video"))
    (None, 'fysisk')
    """
    return FORMS[len(FORMS) - mask.bit_length()] if mask else None
