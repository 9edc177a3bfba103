"""Rows as real deliveries have them: few, known, and each a trap for code that trusts its input.

`ROWS` bills a year, all of them simple contacts with a general practitioner on one day, have each of: unknown
municipality with the repaired one beside it; unknown sex with the repaired one; a reported age that is not
the year less the year of birth; another municipality than the person's other bills. As many have no tariff
and as many no diagnosis. Persons without identity and doctors with two lists are there in every twin.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from registers.twin.exact import Ints
from registers.twin.write import nullable

ROWS, FAULTS = 3, ("kommuneNr", "kjonn", "alder", "to kommuner", "takst", "diagnose")


class Dirt:
    """The faults of a year, all on the first day from `FROM` that has bills enough for them."""

    FROM = 10

    def __init__(self, wanted: bool) -> None:
        self.left = wanted

    def soil(self, day: int, columns: dict[str, Any], at: Ints, codes: Ints) -> tuple[np.ndarray, np.ndarray]:
        """Spoil some of a day's rows; return which bills still have tariffs, and which diagnoses."""
        whole = (
            np.ones(len(columns["enkeltregning_lnr"]), bool),
            np.ones(len(columns["enkeltregning_lnr"]), bool),
        )
        if not self.left or day < self.FROM or len(at) < ROWS * len(FAULTS):
            return whole
        self.left = False
        code, sex, age, moved, tariff, diagnosis = at[: ROWS * len(FAULTS)].reshape(len(FAULTS), ROWS)
        for name in ("kommuneNr", "kjonn", "kommunenrPB"):
            columns[name] = columns[name].copy()
        columns["kommuneNr"][code] = -1
        columns["kjonn"][sex] = -1
        columns["alder"] = _older(columns["alder"], age)
        other = codes[(np.searchsorted(codes, columns["kommuneNr"][moved]) + 1) % len(codes)]
        columns["kommuneNr"][moved] = columns["kommunenrPB"][moved] = other
        whole[0][tariff] = whole[1][diagnosis] = False
        return whole


def _older(column: pa.Array, at: Ints) -> pa.Array:
    values = column.fill_null(0).to_numpy(zero_copy_only=False).copy()
    values[at] += 1
    return nullable(values, column.is_null().to_numpy(zero_copy_only=False), "int16")
