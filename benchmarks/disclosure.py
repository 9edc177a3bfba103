"""Time and memory of the gate and the attack on the largest table: municipality × form × age, every margin.

Run as ``python -m benchmarks.disclosure [YEARS …]``. Prints a Markdown table; processor time of this process,
peak memory of it. Numbers are drawn, of the size of a year: 39 million contacts.
"""

from __future__ import annotations

import resource
import sys
import time
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from registers.cells import TOTAL, Cells, Measure
from registers.disclosure.attack import attack
from registers.disclosure.gate import gate
from registers.disclosure.published import Family
from registers.disclosure.rules import read_rules
from registers.disclosure.structure import Geography

ROOT = Path(__file__).resolve().parents[1]
FORMS = {
    "fysisk": 0.6,
    "e-konsultasjon": 0.2,
    "telefon": 0.19,
    "video": 0.0005,
    "sykebesøk": 0.001,
    "annet": 0.002,
}
AGES = {
    "0–5": 0.06,
    "6–15": 0.12,
    "16–19": 0.05,
    "20–39": 0.27,
    "40–59": 0.26,
    "60–79": 0.2,
    "80–89": 0.035,
    "90+": 0.005,
}
NUMBERS = ["teller", "pasienter"]


def table(municipalities: pd.DataFrame, years: int) -> Cells:
    """Return contacts by year, municipality, form and age, with municipality, county and country."""
    rng = np.random.default_rng(0)
    people = np.exp(
        6.4 + municipalities["indeks"].to_numpy(dtype=float) / 250 + rng.normal(0, 0.5, len(municipalities))
    )
    people *= 5.6e6 / people.sum()
    shape = (years, len(people), len(FORMS), len(AGES))
    share = np.multiply.outer(np.array(list(FORMS.values())), np.array(list(AGES.values())))
    expected = np.broadcast_to(np.multiply.outer(people, share) * 3, shape)
    patients = rng.poisson(expected * 0.3)
    contacts = patients + rng.poisson(expected * 6.2) * (patients > 0)
    labels = [[str(2025 - n) for n in range(years)], municipalities["nummer"], FORMS, AGES]
    base = pd.DataFrame(list(product(*labels)), columns=["aar", "kommune", "form", "alder"])
    base["teller"], base["pasienter"] = contacts.ravel(), patients.ravel()
    county = base.assign(
        kommune=base["kommune"].map(dict(zip(municipalities["nummer"], municipalities["fylke"], strict=True)))
    )
    frame = pd.concat([base, county, base.assign(kommune=TOTAL)])
    for dim in ("form", "alder"):
        frame = pd.concat([frame, frame.assign(**{dim: TOTAL})])
    by = ("aar", "kommune", "form", "alder")
    frame = frame.groupby(list(by), sort=False)[NUMBERS].sum().reset_index()
    frame["verdi"] = frame["teller"] = frame["teller"].astype(float)
    frame["nevner"], frame["leger"] = np.nan, frame["pasienter"].clip(upper=9) * 3
    frame["pasienter"] = frame["pasienter"].astype("Int64")
    return Cells(
        frame[[*by, "verdi", "teller", "nevner", "pasienter", "leger"]], by, Measure.COUNT, "kontakter"
    )


def main(years: list[int]) -> None:
    """Measure the gate, and the attack alone on what it cleared."""
    municipalities = pd.read_csv(ROOT / "data/reference/kommuner_2024.csv", sep=";", dtype=str)
    rules, geography = read_rules(ROOT / "data/register/personvern.yml"), Geography(municipalities)
    columns = (
        "år",
        "celler",
        "for få",
        "verner andre",
        "utsatt underveis",
        "LP",
        "port og angrep, s",
        "angrep, s",
        "MB",
    )
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for many in years:
        cells = table(municipalities, many)
        families = {"stor": Family("aktivitet")}
        cleared = gate({"stor": cells}, rules, families=families, geography=geography)
        started = time.process_time()
        found = attack(cleared.tables, rules, geography=geography)
        alone = time.process_time() - started
        assert not found.exposed
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        r = cleared.report
        print(
            f"| {many} | {r.cells} | {r.primary} | {r.secondary} | {r.exposed} | {r.programmes} "
            f"| {r.seconds:.1f} | {alone:.1f} | {peak:.0f} |"
        )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1])
