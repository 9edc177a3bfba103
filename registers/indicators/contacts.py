"""I1: contacts with GPs and out-of-hours services, in numbers and per inhabitant.

Source: KPR, tables `regning` and `takst`; SSB's population 1 January of the same year.
Numerator: bills; a count has those without a known person or residence too, a rate only residents' bills.
Excluded: bills that are no contact (kontakttype 0 and 1), services that are not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis_lib.errors import ParameterFeil, nearest
from registers.aggregates import OLDEST
from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.geography import DIMENSIONS
from registers.indicators.counting import Axis, Counts, as_cells, grouped, words
from registers.indicators.prepared import DEFINITIONS, contacts, inhabitants

AGES = (0, 10, 20, 40, 60, 80)
SERVICES = ("Fastlege", "Legevakt")
_PEOPLE = ("aar", "kjonn", "alder", *DIMENSIONS)


def aktivitet(
    rows: Rows,
    *,
    by: tuple[str, ...],
    tjeneste: str | Sequence[str] = SERVICES,
    form: str | Sequence[str] = (),
    kontakt: str | Sequence[str] = (),
    definisjon: str = "minst én takst",
    per: float | None = None,
    aldersgrupper: Sequence[int] = AGES,
    totaler: Sequence[str] = (),
) -> Cells:
    """Count contacts, or give them per inhabitant.

    Parameters
    ----------
    rows : Rows
    by : tuple of str
        Of ``aar``, ``tjeneste``, ``form``, ``kontakt``, ``kjonn``, ``alder``, ``kommune``, ``fylke``,
        ``sentralitet``, ``storrelse``. Without ``aar`` the edition's year alone is counted.
    tjeneste, form, kontakt : str or sequence of str
        What is counted: of `SERVICES`, `FORMS`, `CONTACTS`; all where none is named.
    definisjon : {"minst én takst", "mest krevende"}
        What makes a bill a consultation: at least one consultation's tariff on it, or KPR's `kontakttype`.
    per : float, optional
        So many inhabitants 1 January of the same year; a count where it is left out.
    aldersgrupper : sequence of int
        First year of each age group.
    totaler : sequence of str
        Those of `by` that also get a line of the total.

    Returns
    -------
    Cells
        ``antall`` or ``rate``; ``pasienter`` and ``leger`` are lower bounds.
    """
    counts = _asked(rows, by, totaler, aldersgrupper, definisjon)
    counts = counts.only("tjeneste", words(tjeneste)).only("form", words(form))
    counts = counts.only("kontakt", words(kontakt))
    counts = counts.where(counts.axes["kontakt"].codes >= 0)
    only_consultations = form or "form" in by or words(kontakt) == ("konsultasjon",)
    what = "konsultasjoner" if only_consultations else "kontakter"
    if per is None:
        found = counts.by(by, totaler).rename(columns={"n": "teller"}).assign(nevner=np.nan)
        return as_cells(found.assign(verdi=found["teller"]), by, Measure.COUNT, what)
    found = counts.where(counts.axes["bosatt"].codes == 0).by(by, totaler)
    people = _people(rows, by, totaler, aldersgrupper)
    shared = [name for name in by if name in _PEOPLE]
    merged = (
        found.merge(people, on=shared, how="left") if shared else found.merge(people, how="cross")
    ).rename(columns={"n": "teller"})
    merged = merged[merged["nevner"] > 0].reset_index(drop=True)
    rate = per * merged["teller"] / merged["nevner"]
    return as_cells(merged.assign(verdi=rate), by, Measure.RATE, f"{what} per {per:g} innbyggere")


def definisjonsforskjell(
    rows: Rows, *, by: tuple[str, ...], tjeneste: str | Sequence[str] = SERVICES
) -> Cells:
    """Count consultations by at least one tariff, less those by the most demanding tariff.

    The report's tables 12.3 and 12.5 do not agree in 2020–2022. That one counts by the first definition and
    the other by the second is a hypothesis: no document says so. ``teller`` is the difference; persons and
    doctors are those of the bills that are consultations by one definition alone.
    """
    counts = _asked(rows, by, (), AGES, "minst én takst").only("tjeneste", words(tjeneste))
    either, other = (counts.axes[f"kontakt, {name}"].codes == 0 for name in DEFINITIONS)
    more, fewer = counts.where(either & ~other).by(by), counts.where(other & ~either).by(by)
    found = (
        more.merge(fewer, on=list(by), suffixes=("", "_minus")) if by else more.join(fewer, rsuffix="_minus")
    )
    difference = found["n"] - found["n_minus"]
    found = found.assign(
        teller=difference,
        verdi=difference,
        nevner=np.nan,
        pasienter=found[["pasienter", "pasienter_minus"]].max(axis=1),
        leger=found[["leger", "leger_minus"]].max(axis=1),
    )
    return as_cells(found, by, Measure.COUNT, "konsultasjoner")


INDICATORS: dict[str, Callable[..., Cells]] = {
    "aktivitet": aktivitet,
    "definisjonsforskjell": definisjonsforskjell,
}


def _asked(
    rows: Rows, by: Sequence[str], totals: Sequence[str], ages: Sequence[int], definition: str
) -> Counts:
    if definition not in DEFINITIONS:
        raise ParameterFeil(f"«{definition}» er ingen definisjon", hint=nearest(definition, DEFINITIONS))
    counts = contacts(rows, bool({*by} & {"kommune", "fylke", "sentralitet"}))
    if "aar" not in by:
        counts = counts.only("aar", [rows.year])
    counts = counts.with_axis("alder", _regrouped(counts.axes["alder"], ages))
    for name in ("form", "kontakt"):
        counts = counts.with_axis(name, counts.axes[f"{name}, {definition}"])
    return counts


def _regrouped(ages: Axis, starts: Sequence[int]) -> Axis:
    group, names = grouped(starts, OLDEST)
    # The last place is that of an unknown age.
    return Axis(np.append(group, -1)[ages.codes], names)


def _people(rows: Rows, by: Sequence[str], totals: Sequence[str], ages: Sequence[int]) -> pd.DataFrame:
    names = [name for name in by if name in _PEOPLE]
    people = inhabitants(rows, bool({*by} & {"kommune", "fylke", "sentralitet"}))
    if "aar" not in by:
        people = people.only("aar", [rows.year])
    people = people.with_axis("alder", _regrouped(people.axes["alder"], ages))
    found = people.by(names, [name for name in totals if name in names])
    return found.rename(columns={"n": "nevner"})[[*names, "nevner"]]
