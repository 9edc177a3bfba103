"""Planted effects: what the twin was made to hold, so that a method can be held against it.

Every effect is a fraction, and zero plants nothing. Where each can be seen:

``nettlege``
    Unit: municipality of residence × month. Outcome: bills with tjenestetype Legevakt. In a municipality with
    a net doctor (`NET_DOCTOR`, from its first month) the expected number is ``1 - size`` times what it would
    have been; the national total is as printed, so the rest are spread over all other municipalities.
``delegering``
    Unit: office × month, from January 2026. Outcome: consultations with a doctor at the office (tjenestetype
    Fastlege, kontakttype 3 or 4, behandler_rolle lege). From an office's first month with delegated bills,
    the fraction `size` of them is gone, systematically. Its delegated bills come in addition.
``vanedannende``
    Unit: county × year. Outcome: persons of 65 and older with at least one dispensing of an addictive drug
    (N02A, N05B, N05C) from a general practitioner. In Vestfold and Telemark from `ADDICTIVE_FROM` the number
    is ``1 - size`` times what it would have been; the other counties take no part.
``grunntilskudd``
    Unit: list × month. Outcome: log listelengde, lists with a doctor in the same class of centrality. A list
    with at most `GRANT_LENGTH` on the first of `GRANT_FROM` is from a year after that longer by the factor
    ``1 + size`` than it would have been, with a straight rise over the year. The class's mean is as
    printed, so the contrast between the two kinds of list shows, in a class that has both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

from analysis_lib.errors import ParameterFeil, nearest

# Kristiansand; Arendal and seven that share its out-of-hours service: municipality to first month.
NET_DOCTOR = {4204: (2025, 7)} | dict.fromkeys((4203, 4201, 4202, 4211, 4212, 4213, 4214, 4223), (2025, 11))
ADDICTIVE_COUNTIES, ADDICTIVE_FROM = ("39", "40"), 2024
GRANT_FROM, GRANT_LENGTH, GRANT_RISE = (2023, 5), 1000, 12


@dataclass(frozen=True)
class Effects:
    """Sizes of the planted effects, each a fraction; see the module."""

    nettlege: float = 0.08
    delegering: float = 0.05
    vanedannende: float = 0.06
    grunntilskudd: float = 0.03

    def record(self) -> dict[str, float]:
        """Return name and size of each."""
        return asdict(self)


def parse_effects(given: Iterable[str], base: Effects | None = None) -> Effects:
    """Return the effects, with those given as ``NAME=SIZE`` instead of their defaults.

    Raises
    ------
    ParameterFeil
        If a name is unknown, or a size is no fraction from 0 to below 1.

    Examples
    --------
    >>> parse_effects(["nettlege=0"]).nettlege
    0.0
    """
    found = base or Effects()
    names = [field.name for field in fields(Effects)]
    for text in given:
        name, _, size = text.partition("=")
        if name not in names:
            raise ParameterFeil(f"«{name}» er ikke en effekt", where="--effect", hint=nearest(name, names))
        try:
            value = float(size.replace(",", "."))
        except ValueError:
            value = -1.0
        if not 0 <= value < 1:
            raise ParameterFeil(
                f"størrelsen av «{name}» må være en brøk fra 0 til under 1",
                where="--effect",
                hint="Skriv for eksempel nettlege=0.1.",
            )
        found = replace(found, **{name: value})
    return found
