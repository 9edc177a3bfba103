"""Build time against plain papermill of the same notebooks, memory and sizes; prints a Markdown table.

Ratios are paired: each round runs all variants one after another, and the median of the rounds' ratios
is reported, so a machine whose speed drifts does not mislead.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "reports" / "_build"
FINAL = BUILD / "arsrapport-2025"
RAPPORT = [sys.executable, "-m", "publishing.cli", "build", "--renderer", "pandoc"]
ROUNDS = 3


def timed(command: list[str]) -> float:
    """Run a command and return its wall time in seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def plain_papermill(folder: str) -> float:
    """Run every notebook one after another with papermill's own command."""
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", "--cwd", "notebooks"]
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return sum(timed([*papermill, str(path), f"{folder}/{path.name}"]) for path in notebooks)


def cold() -> float:
    """Build with nothing kept from before."""
    shutil.rmtree(BUILD, ignore_errors=True)
    return timed(RAPPORT)


def one_changed_cell() -> float:
    """Build after a primary cell has changed, and put it back."""
    table = ROOT / "data/published/2025/tabeller/14.1.csv"
    good = table.read_bytes()
    table.write_bytes(good.replace(b"0,68;0,70", b"0,68;0,71"))
    try:
        return timed(RAPPORT)
    finally:
        table.write_bytes(good)


def main() -> None:
    """Measure, and print the table."""
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            base = plain_papermill(folder)
            for name, measure in (
                ("cold", cold),
                ("nothing stale", lambda: timed(RAPPORT)),
                ("one changed cell", one_changed_cell),
            ):
                rows.setdefault(name, []).append(measure() / base)
    timed(RAPPORT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("| build | ratio to plain papermill (median, min–max) |\n| --- | --- |")
    for name, ratios in rows.items():
        print(f"| {name} | {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |")
    print(f"\nPeak memory of the largest process: {peak:.0f} MiB\n\n| output | KiB |\n| --- | --- |")
    for path in (*sorted(FINAL.glob("*.*")), FINAL / "html", FINAL / "data"):
        files = [path] if path.is_file() else [item for item in path.rglob("*") if item.is_file()]
        print(f"| {path.name} | {sum(item.stat().st_size for item in files) // 1024} |")


if __name__ == "__main__":
    main()
