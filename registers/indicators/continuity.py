"""I4: how much of people's use of GPs is with their own doctor, and with the one they use most.

Source: KUHR, table `regning`; FLO, tables `tilknytning` and `liste`.
Own doctor: consultations with the doctor who had the person's list on that date, over all consultations with
GPs on days when the person was on a list. Most used: the sum over persons of their consultations with the
doctor they saw most, over the sum of all their consultations. Persons who were on no list are left out.
A person belongs to the municipality of the spell; for the most used doctor, of the year's last spell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pandas as pd

from analysis_lib.errors import ParameterFeil, nearest
from registers.aggregates import added, bit_or, pairs, shifted, sketch
from registers.cache import aggregate, frame
from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.geography import UNKNOWN_LABEL, labelled
from registers.indicators.counting import as_cells, distinct, with_totals, words

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEASURED = ("egen fastlege", "mest brukte lege")
QUANTILES = (10, 25, 50, 75, 90)
_TABLES = ("regning", "tilknytning", "liste")
# So many patients at a time.
_PATIENTS = 1_500_000


def kontinuitet(
    rows: Rows, *, by: tuple[str, ...], maal: str | Sequence[str] = MEASURED, totaler: Sequence[str] = ()
) -> Cells:
    """Return the per cent of consultations with one's own GP, and with the doctor used most.

    Parameters
    ----------
    by : tuple of str
        Of ``aar``, ``maal``, ``kommune``, ``fylke``, ``sentralitet``. Without ``aar``, the edition's year.
    maal : str or sequence of str
        Of `MEASURED`.
    totaler : sequence of str
        Those of `by` that also get a line of the total.
    """
    found = _summed(_by_municipality(rows, "aar" in by, words(maal)), by, totaler)
    return as_cells(found.assign(verdi=100 * found["teller"] / found["nevner"]), by, Measure.SHARE, "prosent")


def kontinuitet_spredning(
    rows: Rows,
    *,
    by: tuple[str, ...],
    maal: str | Sequence[str] = MEASURED,
    minst_pasienter: int = 5,
    minst_leger: int = 3,
) -> Cells:
    """Return quantiles over municipalities of what `kontinuitet` gives.

    Parameters
    ----------
    by : tuple of str
        ``kvantil`` (per cent, of `QUANTILES`), and of ``aar``, ``maal``, ``fylke``, ``sentralitet``.
    minst_pasienter, minst_leger : int
        Municipalities with fewer are left out: their shares say more of chance than of the place.

    Returns
    -------
    Cells
        ``pasienter`` and ``leger`` are those of the municipality with fewest.
    """
    if "kvantil" not in by:
        raise ParameterFeil("kvantilene må ha en egen inndeling", where="by", hint=nearest("kvantil", by))
    kept = [name for name in by if name != "kvantil"]
    found = _summed(_by_municipality(rows, "aar" in by, words(maal)), (*kept, "kommune"), ())
    enough = (found["pasienter"] >= minst_pasienter) & (found["leger"] >= minst_leger)
    found = found[enough & (found["kommune"] != UNKNOWN_LABEL)]
    found = found.assign(verdi=100 * found["teller"] / found["nevner"], alle=True)
    groups = found.groupby(kept or ["alle"], sort=True)
    fewest = groups[["pasienter", "leger"]].min()
    lines = [
        fewest.assign(verdi=groups["verdi"].quantile(percent / 100), kvantil=percent).reset_index()
        for percent in QUANTILES
    ]
    table = pd.concat(lines).sort_values([*kept, "kvantil"], ignore_index=True)
    return as_cells(table.assign(teller=np.nan, nevner=np.nan), by, Measure.MEDIAN, "prosent")


INDICATORS: dict[str, Callable[..., Cells]] = {
    "kontinuitet": kontinuitet,
    "kontinuitet_spredning": kontinuitet_spredning,
}


def _summed(found: pd.DataFrame, by: Sequence[str], totals: Sequence[str]) -> pd.DataFrame:
    places = [name for name in by if name in ("kommune", "fylke", "sentralitet")]
    table = with_totals(labelled(found, places), by, totals, ("teller", "nevner"))
    patients, doctors = distinct(table["skisse"].to_numpy(np.int64))
    table = table.assign(pasienter=patients, leger=doctors)
    return table[table["nevner"] > 0].reset_index(drop=True)


def _by_municipality(rows: Rows, every_year: bool, measured: Sequence[str]) -> pd.DataFrame:
    for name in measured:
        if name not in MEASURED:
            raise ParameterFeil(f"«{name}» er ikke et mål", where="maal", hint=nearest(name, MEASURED))
    years = [year for year in rows.years_of("tilknytning") if year in rows.years_of("regning")]
    chosen = [year for year in years if (year <= rows.year if every_year else year == rows.year)]
    found = pd.concat([_of_year(rows, year).assign(aar=year) for year in chosen], ignore_index=True)
    return found[found["maal"].isin(measured)]


def _of_year(rows: Rows, year: int) -> pd.DataFrame:
    def compute() -> pd.DataFrame:
        found = rows.fetch(shares(rows, year))
        return found.sort_values(["maal", "kommuneNr"], ignore_index=True)

    return frame(rows, "kontinuitet", year, _TABLES, compute)


def shares(rows: Rows, year: int) -> ir.Table:
    """Return numerator and denominator of both measures by municipality.

    Columns ``maal``, ``kommuneNr``, ``teller``, ``nevner`` (int64) and ``skisse``.
    """

    def build() -> Iterator[ir.Table]:
        counted, spells = pairs(rows, year), _spells(rows.table("tilknytning", year), year)
        doctors = _doctors(rows.table("liste", year))
        for lo, hi in _ranges(rows, year):
            some = counted.filter(counted.kpr_lnr.between(lo, hi))
            on_list = spells.filter(spells.kpr_lnr.between(lo, hi))
            yield _own(some, on_list, doctors).union(_most_used(some, on_list))

    def merge(parts: ir.Table) -> ir.Table:
        return parts.group_by("maal", "kommuneNr").agg(
            teller=added(parts.teller),
            nevner=added(parts.nevner),
            skisse=bit_or(parts.skisse),
        )

    return aggregate(rows, "andeler", year, _TABLES, build, merge)


def _ranges(rows: Rows, year: int) -> list[tuple[int, int]]:
    span = rows.delivery("tilknytning", year).footer.spans["kpr_lnr"]
    if span.lo is None or span.hi - span.lo > 50 * _PATIENTS:
        return [(-(2**63) + 1, 2**63 - 1)]
    return [(lo, lo + _PATIENTS - 1) for lo in range(span.lo, span.hi + 1, _PATIENTS)]


def _spells(spells: ir.Table, year: int) -> ir.Table:
    """Return each spell with the months of the year in which it was in force, a bit for each."""
    first = ibis.ifelse(spells.fra.year() < year, 0, spells.fra.month() - 1)
    running = spells.til.isnull() | (spells.til.year() > year)
    # Lists change on the first. A month in which one does not, is all of it the new list's.
    last = ibis.ifelse(running, 12, spells.til.month() - 1)
    ended = spells.til.notnull() & (spells.til.year() < year)
    months = ibis.ifelse(ended, 0, (_bit(last) - _bit(first)).cast("int32")).fill_null(0)
    found = spells.select("kpr_lnr", "liste_lnr", "kommuneNr", maaneder=ibis.greatest(months, 0))
    return found.filter(found.maaneder > 0)


def _bit(month: Any) -> Any:
    return shifted(ibis.literal(1), month)


def _doctors(lists: ir.Table) -> ir.Table:
    """Return which months each doctor had each list."""
    held = lists.filter(lists.lege_lnr.notnull())
    month = _bit(held.maaned.month() - 1)
    return held.group_by("liste_lnr", "lege_lnr").agg(hadde=bit_or(month).cast("int32"))


def _own(counted: ir.Table, spells: ir.Table, doctors: ir.Table) -> ir.Table:
    both = counted.inner_join(spells, "kpr_lnr").left_join(
        doctors, ["liste_lnr", ("behandler_lnr", "lege_lnr")]
    )
    keyed = both.select(
        "kommuneNr",
        nevner=_months(both, both.maaneder),
        teller=_months(both, both.maaneder & both.hadde.fill_null(0)),
        skisse=sketch(both.kpr_lnr, both.behandler_lnr),
    ).filter(lambda t: t.nevner > 0)
    return _measured(keyed, "egen fastlege")


def _most_used(counted: ir.Table, spells: ir.Table) -> ir.Table:
    # The last months weigh most, so that the greatest is the year's last spell.
    lives = spells.group_by("kpr_lnr").agg(
        sist=(spells.maaneder.cast("int64") * 65536 + spells.kommuneNr + 1).max()
    )
    all_year = _months(counted, ibis.literal(4095).cast("int32"))
    seen = counted.select("kpr_lnr", n=all_year, skisse=sketch(counted.kpr_lnr, counted.behandler_lnr))
    persons = seen.group_by("kpr_lnr").agg(
        teller=seen.n.max(), nevner=added(seen.n), skisse=bit_or(seen.skisse)
    )
    joined = persons.inner_join(lives, "kpr_lnr")
    keyed = joined.select("teller", "nevner", "skisse", kommuneNr=(joined.sist % 65536 - 1).cast("int16"))
    return _measured(keyed, "mest brukte lege")


def _measured(keyed: ir.Table, name: str) -> ir.Table:
    found = keyed.group_by("kommuneNr").agg(
        teller=added(keyed.teller),
        nevner=added(keyed.nevner),
        skisse=bit_or(keyed.skisse),
    )
    return found.select("kommuneNr", "teller", "nevner", "skisse", maal=ibis.literal(name))


def _months(table: ir.Table, chosen: Any) -> Any:
    """Return the consultations of the chosen months: a bit for each month, ten bits for each count."""
    total: Any = ibis.literal(0).cast("int64")
    for number in range(12):
        half = table.h1 if number < 6 else table.h2
        count = (half >> (10 * (number % 6))) & 1023
        total = total + count * ((chosen >> number) & 1).cast("int64")
    return total
