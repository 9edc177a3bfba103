"""Build time against plain papermill of the same notebooks, start-up, memory and sizes, as Markdown tables.

Ratios are paired: each round runs all variants one after another, and the median of the rounds' ratios
is reported, so a machine whose speed drifts does not mislead. ``--quick`` measures the imports alone.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from publishing.build import Options, folder_name, open_report

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "reports" / "_build"
OPTIONS = Options(ROOT)
REPORT = open_report(OPTIONS)[1]
FINAL = BUILD / folder_name(REPORT, OPTIONS)
RAPPORT = [sys.executable, "-m", "publishing.cli", "build", "--renderer", "pandoc"]
ROUNDS, IMPORTS = 3, 9
CHAPTER = "from analysis_lib import Kapittel, Nøkkeltall, endring, linjer"
SCIENCE = "import pandas, matplotlib.pyplot"


def timed(command: list[str]) -> float:
    """Run a command and return its wall time in seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def processor(code: str) -> float:
    """Return the processor time of a fresh interpreter that runs some code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plain_papermill(folder: str) -> float:
    """Run the report's notebooks one after another with papermill's own command."""
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", "--cwd", "notebooks"]
    notebooks = [chapter.notebook for chapter in REPORT.chapters]
    return sum(timed([*papermill, str(path), f"{folder}/{path.name}"]) for path in notebooks)


def cold() -> float:
    """Build with nothing kept from before."""
    shutil.rmtree(BUILD, ignore_errors=True)
    return timed(RAPPORT)


def one_chapter() -> float:
    """Run one chapter again, and make a draft of it."""
    return timed([*RAPPORT, "--force", next(item.name for item in REPORT.chapters if item.number)])


def audit_edited() -> float:
    """Build after an edit in the audit, and put the file back."""
    file = ROOT / "number_audit" / "findings.py"
    good = file.read_bytes()
    file.write_bytes(good + b"\n")
    try:
        return timed(RAPPORT)
    finally:
        file.write_bytes(good)


BUILDS: dict[str, Callable[[], float]] = {
    "cold": cold,
    "nothing stale": lambda: timed(RAPPORT),
    "one chapter, as a draft": one_chapter,
    "an edit in the audit": audit_edited,
}


def show(title: str, rows: dict[str, list[float]]) -> None:
    """Print ratios as a table."""
    print(f"| {title} | median ratio (min–max) |\n| --- | --- |")
    for name, ratios in rows.items():
        print(f"| {name} | {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |")


def main() -> None:
    """Measure, and print the tables."""
    shares = [processor(CHAPTER) / processor(SCIENCE) for _ in range(IMPORTS)]
    show(f"import, processor time against `{SCIENCE}`", {f"`{CHAPTER}`": shares})
    if "--quick" in sys.argv:
        return
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            base = plain_papermill(folder)
            for name, measure in BUILDS.items():
                rows.setdefault(name, []).append(measure() / base)
    timed(RAPPORT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print()
    show("build, time against plain papermill", rows)
    print(f"\nPeak memory of the largest process: {peak:.0f} MiB\n\n| output | KiB |\n| --- | --- |")
    for path in (*sorted(FINAL.glob("*.*")), FINAL / "html", FINAL / "data"):
        files = [path] if path.is_file() else [item for item in path.rglob("*") if item.is_file()]
        print(f"| {path.name} | {sum(item.stat().st_size for item in files) // 1024} |")


if __name__ == "__main__":
    main()
