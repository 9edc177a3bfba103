"""I2 and I3: digital consultations by form and diagnosis, and what nurses do on delegation.

Source: KUHR, tables `regning`, `takst` and `diagnose`. Digital consultations are told apart by their tariffs,
which exist from 1 July 2025; delegated bills from 1 January 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis_lib.errors import DataFeil
from registers.aggregates import delegated, digital
from registers.cache import frame
from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.indicators.counting import Counts, as_cells, axis_of, distinct, words
from registers.tariffs import tariffs

FORMS = ("skriftlig", "telefon", "video")
UNITS = ("legekontor", "leger", "sykepleiere")
ONLINE = ("2nv", "2nvk")


def digitale_former(
    rows: Rows, *, by: tuple[str, ...], tjeneste: str | Sequence[str] = "Fastlege", halvaar: int = 2
) -> Cells:
    """Return each form's per cent of the written, telephone and video consultations.

    Parameters
    ----------
    by : tuple of str
        ``form``, perhaps with ``tjeneste``.
    halvaar : int
        1 or 2, of the edition's year. The tariffs are from the second of 2025.
    """
    counts = _digital(rows).only("tjeneste", words(tjeneste)).only("halvaar", [halvaar])
    found = counts.by(by).rename(columns={"n": "teller"})
    others = [name for name in by if name != "form"]
    one = found["teller"].groupby([found[name] for name in others] or np.zeros(len(found)))
    found = found.assign(nevner=one.transform("sum"))
    found = found[found["nevner"] > 0].reset_index(drop=True)
    return as_cells(found.assign(verdi=100 * found["teller"] / found["nevner"]), by, Measure.SHARE, "prosent")


def digitale_diagnoser(
    rows: Rows,
    *,
    by: tuple[str, ...],
    form: str | Sequence[str] = (),
    diagnose: str | Sequence[str] = (),
    tjeneste: str | Sequence[str] = "Fastlege",
    halvaar: int = 2,
    antall: int | None = None,
) -> Cells:
    """Count digital consultations by main diagnosis.

    Parameters
    ----------
    by : tuple of str
        Of ``form`` and ``diagnose``.
    form, diagnose : str or sequence of str
        What is counted; all where none is named.
    antall : int, optional
        Only so many of the most frequent diagnoses of each form.
    """
    counts = _digital(rows).only("tjeneste", words(tjeneste)).only("halvaar", [halvaar])
    counts = counts.only("form", words(form))
    counts = counts.where(counts.axes["form"].codes >= 0)
    wanted = set(words(diagnose))
    if wanted:
        axis = counts.axes["diagnose"]
        # A diagnosis that nobody has is no mistake: last year's table named it.
        place = [number for number, label in enumerate(axis.labels) if label in wanted]
        counts = counts.where(np.isin(axis.codes, place))
    found = counts.by(by).rename(columns={"n": "teller"}).assign(nevner=np.nan)
    found = found.assign(verdi=found["teller"])
    if antall is not None:
        found = found.sort_values("teller", ascending=False, kind="stable")
        found = found.groupby([name for name in by if name != "diagnose"], sort=False).head(antall)
        found = found.sort_index().reset_index(drop=True)
    return as_cells(found, by, Measure.COUNT, "konsultasjoner")


def nettlege(
    rows: Rows, *, by: tuple[str, ...], takst: str | Sequence[str] = ONLINE, halvaar: int = 2
) -> Cells:
    """Count consultations of the municipal online doctor by tariff, whatever service the bill names.

    Parameters
    ----------
    by : tuple of str
        ``takst``, or none.
    """
    counts = _digital(rows).only("halvaar", [halvaar])
    counts = counts.where(np.isin(counts.axes["takst"].codes, _places(counts, words(takst))))
    found = counts.by(by).rename(columns={"n": "teller"}).assign(nevner=np.nan)
    if "takst" in by:
        found = found[found["takst"].isin(words(takst))].reset_index(drop=True)
    return as_cells(found.assign(verdi=found["teller"]), by, Measure.COUNT, "konsultasjoner")


def delegering(rows: Rows, *, by: tuple[str, ...], enhet: str | Sequence[str] = UNITS) -> Cells:
    """Count who have used tariffs for delegated tasks, from 1 January to the end of each month.

    Parameters
    ----------
    by : tuple of str
        Of ``enhet`` (`UNITS`: offices, doctors who delegated, nurses) and ``maaned``; without ``maaned`` the
        whole of the delivery.
    """
    found, months = _delegated(rows)
    lines = []
    for month in months if "maaned" in by else months[-1:]:
        so_far = found[found["maaned"] <= month]
        patients, doctors = distinct(np.array([np.bitwise_or.reduce(so_far["skisse"].to_numpy(np.int64))]))
        for unit, column in zip(UNITS, ("kontor", "lege", "sykepleier"), strict=True):
            if unit in words(enhet):
                count = so_far[column].nunique()
                lines.append((month, unit, count, patients[0], doctors[0]))
    table = pd.DataFrame(lines, columns=["maaned", "enhet", "teller", "pasienter", "leger"])
    table = table.assign(verdi=table["teller"], nevner=np.nan)
    return as_cells(table, by, Measure.COUNT, "enheter")


def delegerte_kontakter(rows: Rows, *, by: tuple[str, ...]) -> Cells:
    """Count nurses' contacts on delegation.

    Parameters
    ----------
    by : tuple of str
        ``maaned``, or none.
    """
    found, months = _delegated(rows)
    axes = {"maaned": axis_of(found["maaned"], months)}
    counts = Counts(axes, found["n"].to_numpy(np.int64), found["skisse"].to_numpy(np.int64))
    table = counts.by(by).rename(columns={"n": "teller"})
    return as_cells(table.assign(verdi=table["teller"], nevner=np.nan), by, Measure.COUNT, "kontakter")


INDICATORS: dict[str, Callable[..., Cells]] = {
    "digitale_former": digitale_former,
    "digitale_diagnoser": digitale_diagnoser,
    "nettlege": nettlege,
    "delegering": delegering,
    "delegerte_kontakter": delegerte_kontakter,
}


def _digital(rows: Rows) -> Counts:
    year = rows.year

    def compute() -> pd.DataFrame:
        return rows.fetch(digital(rows, year)).sort_values(
            ["halvaar", "tjenestetype", "takstkode", "diagnose"], ignore_index=True
        )

    found = frame(rows, "digitale", year, ("regning", "takst", "diagnose"), compute)
    form = found["takstkode"].map(dict(tariffs(year)))
    axes = {
        "halvaar": axis_of(found["halvaar"], (1, 2)),
        "tjeneste": axis_of(found["tjenestetype"], ("Fastlege", "Legevakt", "Annet")),
        "takst": axis_of(found["takstkode"], sorted({*found["takstkode"], *ONLINE})),
        "form": axis_of(form, FORMS),
        "diagnose": axis_of(found["diagnose"].fillna("uten diagnose")),
    }
    return Counts(axes, found["n"].to_numpy(np.int64), found["skisse"].to_numpy(np.int64))


def _places(counts: Counts, labels: Sequence[str]) -> list[int]:
    return [counts.axes["takst"].labels.index(label) for label in labels]


def _delegated(rows: Rows) -> tuple[pd.DataFrame, list[str]]:
    """Return delegated bills of the edition's last delivery, and the months it holds."""
    year = max(year for year in rows.years_of("regning") if year <= rows.year + 1)
    span = rows.delivery("regning", year).footer.spans["dato"]

    def compute() -> pd.DataFrame:
        return rows.fetch(delegated(rows, year)).sort_values(
            ["maaned", "kontor", "lege", "sykepleier"], ignore_index=True
        )

    found = frame(rows, "delegerte", year, ("regning",), compute)
    if span.hi is None:
        raise DataFeil("filen sier ikke hvilke datoer den har", where=rows.delivery("regning", year).where)
    found = found.assign(maaned=found["maaned"].map(lambda month: f"{year}-{month:02d}"))
    return found, [f"{year}-{month:02d}" for month in range(1, span.hi.month + 1)]
