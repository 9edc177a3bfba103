"""No pattern can explode: a line of any one kind, twice as long, takes about twice the time."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time

import pytest

from tests.conftest import ROOT

HOUSES = ("analysis_lib", "evaluation", "number_audit", "publishing")
# What a writer, or who wishes the audit ill, can put on one line.
KINDS = (
    "1", " ", "a", "(", ")", "«", "»", ",", "-", "*", "_", "`", "|", "<", "\\", "{", "[", "/", "+",
    "1 1 ", "1,1", "1.", "1.1 ", "a ", "a-", "aaaa-", "a,", "2024–", "2024 og ", "fra 2024 ", "i 2024 ",
    "fra ", "i ", "økte ", "prosent ", "1 prosent ", "10 000 ", "tabell 8.1 ", "1\u00a0000", "⟦1⟧ ",
    "Det var a. ", "[^1]", "](", "![a](", "{a}", "<a ", "<!--",
    "\t", "a\t1\t", "januar ", "1. januar ", "og ", "per ", "av ",
)  # fmt: skip
# Four times as long a line may take eleven times the time: four is in step, sixteen is quadratic.
SHORT, TIMES, MOST = 400, 4, 11
# What takes less than this for the long line is not measured: noise is as large.
NOTICED = 0.002


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that the houses compile as they are imported, by where it first stands."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str]]] = {}
    for house in HOUSES:
        for info in pkgutil.walk_packages(importlib.import_module(house).__path__, f"{house}."):
            for name, value in vars(importlib.import_module(info.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found.setdefault((value.pattern, value.flags), (f"{info.name}.{name}", value))
    return dict(found.values())


def anchored() -> set[str]:
    """The names of the patterns that are only ever held against a text from its beginning."""
    uses: dict[str, set[str]] = {}
    for house in HOUSES:
        for path in (ROOT / house).rglob("*.py"):
            for name, method in re.findall(r"\b([A-Z_]+)(?:\.(\w+))?", path.read_text(encoding="utf-8")):
                own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                key = f"{own}.{name}" if name.startswith("_") else name
                uses.setdefault(key, set()).add(method)
    return {
        name for name, methods in uses.items() if methods - {""} and methods <= {"", "match", "fullmatch"}
    }


def spent(pattern: re.Pattern[str], line: str, at_start: bool) -> float:
    """Return the processor time of matching a line, and of finding all in it where that is done."""
    started = time.process_time()
    pattern.match(line)
    pattern.fullmatch(line)
    for _ in pattern.finditer(line) if not at_start else ():
        pass
    return time.process_time() - started


def grows(pattern: re.Pattern[str], kind: str, at_start: bool = False) -> float:
    """Return how many times the time a longer line of a kind takes; the least of three, 0 for hardly any."""
    short, long = (f"{(kind * size)[:size]}!" for size in (SHORT, SHORT * TIMES))
    least = []
    for _ in range(3):
        if (whole := spent(pattern, long, at_start)) < NOTICED:
            return 0
        least.append(whole / max(spent(pattern, short, at_start), NOTICED / TIMES**2))
    return min(least)


def test_the_measure_sees_a_pattern_that_explodes() -> None:
    # From the beginning alone it is quadratic, sought anywhere cubic.
    assert grows(re.compile(r"\w*\w*="), "a", at_start=True) > MOST


@pytest.mark.slow
def test_every_pattern_takes_time_in_step_with_the_line() -> None:
    known, only_start = patterns(), anchored()
    assert len(known) > 150
    slow = {
        f"{name} of «{kind}»": round(times)
        for name, pattern in known.items()
        for kind in KINDS
        if (times := grows(pattern, kind, not only_start.isdisjoint({name, name.rpartition(".")[2]}))) > MOST
    }
    assert slow == {}
