"""Every number of the reference cases, expected and got: a Markdown table, and what the tests compare.

Run ``make cases``. Cases whose data lie in files need the folder of reference cases (RAPPORT_CASES).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from tests.evaluation.cases_in_files import FILES
from tests.evaluation.cases_inline import INLINE
from tests.evaluation.cases_panels import PANELS
from tests.evaluation.cases_published import PUBLISHED

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "cases"


@dataclass(frozen=True, slots=True)
class Line:
    """One published number and ours."""

    case: str
    quantity: str
    expected: float
    tolerance: float
    got: float

    @property
    def holds(self) -> bool:
        """True within the tolerance; never for a missing number."""
        return abs(self.got - self.expected) <= self.tolerance

    def __str__(self) -> str:
        verdict = "holds" if self.holds else "deviates"
        # One decimal more than is published.
        step = Decimal(1).scaleb(Decimal(str(self.expected)).as_tuple().exponent - 1)
        got = Decimal(repr(float(self.got))).quantize(step, rounding=ROUND_HALF_UP)
        return f"| {self.case} | {self.quantity} | {self.expected} | {self.tolerance} | {got} | {verdict} |"


def compare(
    case: str, got: Mapping[str, float], expected: Mapping[str, float], tolerance: Mapping[str, float]
) -> list[Line]:
    """Return a line for each expected number; one that was not computed is a KeyError."""
    return [
        Line(case, name, value, tolerance.get(name, tolerance["*"]), float(got[name]))
        for name, value in expected.items()
    ]


def inline(case: str) -> list[Line]:
    """Return the lines of a case whose data stand in the tests."""
    compute, expected, tolerance = (INLINE | PUBLISHED)[case]
    return compare(case, compute(), expected, tolerance)


def from_file(case: Mapping[str, Any], folder: Path) -> list[Line]:
    """Return the lines of a case that reads files in the folder of reference cases."""
    tolerance = case.get("tolerance", 0.0)
    allowed = tolerance if isinstance(tolerance, dict) else {"*": tolerance}
    return compare(case["id"], FILES[case["id"]](folder), case["expected"], allowed)


def cases_folder() -> Path | None:
    """Return the folder of the reference cases: RAPPORT_CASES, or shared/cases beside the project."""
    folder = Path(os.environ.get("RAPPORT_CASES", BESIDE))
    return folder if (folder / "cases.json").is_file() else None


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the reference cases by id."""
    return {case["id"]: case for case in json.loads((folder / "cases.json").read_text(encoding="utf-8"))}


def table() -> Iterator[list[Line]]:
    """Yield the lines of each case that can be run here."""
    yield from (inline(case) for case in (*INLINE, *PUBLISHED))
    yield from (
        compare(case, compute(), numbers, allowed) for case, (compute, numbers, allowed) in PANELS.items()
    )
    folder = cases_folder()
    if folder is not None:
        cases = listed(folder)
        yield from (from_file(cases[case], folder) for case in FILES)


if __name__ == "__main__":
    lines = [line for case in table() for line in case]
    print("| case | quantity | expected | tolerance | got | verdict |\n|---|---|---|---|---|---|")
    print(*lines, sep="\n")
    done = {line.case for line in lines}
    print(f"\n{len(done)} cases, {len(lines)} numbers, {sum(line.holds for line in lines)} hold.")
    if skipped := set(FILES) - done:
        print(f"Not run, no data: {', '.join(sorted(skipped))}.")
