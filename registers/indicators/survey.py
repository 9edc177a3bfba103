"""I14: what patients say of the out-of-hours service, 0–100, and how far units lie apart.

Source: legevaktundersøkelsen. A person's score of an indicator is the mean of (answer - 1) / 4 x 100 over its
questions, where at least half are answered. The same definition, with adjustment for case mix, is
``evaluation.methods.experience``.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import pandas as pd
from ibis import _

from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.indicators.basis import choose, divided, exact_sum, shaped, whole

NAMES = {
    "telefon": "Telefonkontakt",
    "video": "Videosamtale",
    "leger": "Legene",
    "sykepleiere": "Sykepleierne",
    "organisering": "Organisering og ventetid",
}
LEAST_ANSWERED = 0.5


def erfaring(
    rows: Rows,
    *,
    by: tuple[str, ...] = ("indikator",),
    maal: str = "landet",
    minst: int = 30,
    delaar: bool = False,
) -> Cells:
    """Return scores by `indikator`: of «landet», or of the unit with the «høyeste» or «laveste».

    Numerator: the sum of persons' scores times their weight. Denominator: the sum of weights. Exclusions:
    persons who have answered less than half of the questions; for the range, units with fewer than `minst`
    such persons. A question's name begins with its indicator's (`NAMES`), then «_». Source:
    legevaktundersøkelsen; report figure 15.1.
    """
    pick = choose(maal, {"landet": None, "høyeste": "idxmax", "laveste": "idxmin"}, "maal")
    scores = persons(whole(rows, rows.all("svar"), by, delaar))
    unit = [] if pick is None else ["legevakt_lnr"]
    expr = divided(scores, [*by, *unit]).agg(
        teller=exact_sum(_.skaar * _.vekt), nevner=exact_sum(_.vekt), pasienter=_.svar_lnr.nunique()
    )
    frame = rows.fetch(expr)
    frame["verdi"] = frame.teller / frame.nevner
    if pick is not None:
        frame = frame[frame.pasienter >= minst].sort_values("legevakt_lnr", ignore_index=True)
        frame = frame.loc[frame.groupby(list(by)).verdi.agg(pick)] if len(frame) else frame
    frame["indikator"] = frame.indikator.map(lambda name: NAMES.get(name, name))
    return shaped(pd.DataFrame(frame), by, Measure.MEAN, "skår 0–100")


def persons(answers: ibis.Table) -> ibis.Table:
    """Return each person's score of each indicator, where enough is answered."""
    table = answers.mutate(indikator=answers.sporsmaal.split("_")[0], poeng=(answers.svar - 1) / 4 * 100)
    scores = table.group_by("aar", "svar_lnr", "legevakt_lnr", "indikator").agg(
        skaar=_.poeng.mean(), vekt=_.vekt.max(), besvart=_.svar.count(), stilt=_.count()
    )
    return scores.filter(_.besvart > 0, _.besvart >= LEAST_ANSWERED * _.stilt)


INDICATORS: dict[str, Callable[..., Cells]] = {one.__name__: one for one in (erfaring,)}
