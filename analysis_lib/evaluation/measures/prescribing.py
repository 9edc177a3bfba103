"""Attention to addictive drugs in two counties: a difference in differences, if there were county numbers."""

from __future__ import annotations

from analysis_lib.evaluation.bound import Known
from analysis_lib.evaluation.contract import Measure, Verdict
from analysis_lib.evaluation.did import two_by_two
from analysis_lib.evaluation.refusal import Reason, refuse
from analysis_lib.evaluation.verdicts import of_two_by_two


def prescribing(measure: Measure, known: Known) -> Verdict:
    """Return the difference in change between counties with and without, or refuse without county numbers.

    Parameters
    ----------
    known : mapping
        ``med_tiltaket`` and ``uten_tiltaket``: change in percentage points by county.
    """
    if not known["med_tiltaket"] or not known["uten_tiltaket"]:
        refuse(Reason.TOO_FEW_UNITS, "kildene har tall for landet, men ikke for fylkene hver for seg")
    changes = ([float(value) for value in known[name].values()] for name in ("med_tiltaket", "uten_tiltaket"))
    return of_two_by_two(measure, two_by_two(*changes), unit="prosentpoeng")
