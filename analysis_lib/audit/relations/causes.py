"""From contradictions to findings: what they have in common is one slip."""

from __future__ import annotations

from analysis_lib.audit.findings import Finding
from analysis_lib.audit.relations.equations import Outcome
from analysis_lib.audit.relations.web import Web
from analysis_lib.data.interval import Interval


def findings_of(web: Web) -> list[Finding]:
    """Return everything that contradicts print."""
    return [finding(web, outcome) for outcome in web.broken(web.equations)]


def finding(web: Web, outcome: Outcome) -> Finding:
    """Return the finding of one relation that does not hold."""
    item = outcome.equation
    printed = web[item.result].interval
    return Finding(
        item.kind,
        web.place(item.result),
        tuple(web.said(ref) for ref in item.cells),
        web[item.result].text,
        outcome.verdict,
        "",
        low=outcome.allowed.low,
        high=outcome.allowed.high,
        weight=weight(printed, outcome.allowed),
        cause=web.place(item.result),
    )


def weight(printed: Interval | None, allowed: Interval) -> float:
    """Return the relative error: how far print is from what is allowed; at most 1."""
    if printed is None:
        return 1.0
    gap = max(printed.low - allowed.high, allowed.low - printed.high, 0 * allowed.low)
    size = max(abs(allowed.middle), abs(printed.middle))
    return min(float(gap / size), 1.0) if size else 1.0
