"""Every indicator by name: a function of rows that gives `registers.cells.Cells`."""

from __future__ import annotations

from collections.abc import Callable

from registers.cells import Cells
from registers.indicators import (
    approvals,
    changes,
    contacts,
    continuity,
    digital,
    lists,
    prescriptions,
    survey,
    workforce,
)

INDICATORS: dict[str, Callable[..., Cells]] = {
    **contacts.INDICATORS,
    **digital.INDICATORS,
    **continuity.INDICATORS,
    **lists.INDICATORS,
    **workforce.INDICATORS,
    **changes.INDICATORS,
    **prescriptions.INDICATORS,
    **survey.INDICATORS,
    **approvals.INDICATORS,
}
