"""Planted effects and planted zeros, found by the way of the chapter: ``planted.py [SEEDS FIRST]``.

For each seed two twins are made, one with the effects as they are planted and one without; panels are made
and cleared as `rapport register` does, and estimated as the chapter `tiltak` does. What is told is whether
the true effect lies in the interval, and whether nothing is found where nothing was planted.

Months by office and municipality need a large twin (`SCALE`), counties and years all years of a small one. At
`SCALE` a unit has fewer offices and inhabitants than in a real delivery, so that there are as many units.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis_lib.data.inputs import project_root
from evaluation.basis.estimate import Estimate
from evaluation.measures.from_rows import in_company
from evaluation.methods.register_panel import register_effect
from registers.clearing import number
from registers.deliveries import Rows
from registers.disclosure.gate import gate
from registers.disclosure.rules import read_rules
from registers.disclosure.structure import Geography
from registers.engine import EngineOptions, open_engine
from registers.panels import INHABITANTS, panels
from registers.run import PLACES, RULES
from registers.twin.effects import Effects
from registers.twin.make import synth

SCALE, SMALL = 0.2, 0.02
SIZES = {
    "delegering": Effects().delegering,
    "nettlege": Effects().nettlege,
    "legemidler": Effects().vanedannende,
}
NOTHING = Effects(0, 0, 0, 0)


def rows_of(folder: Path, scale: float) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the cleared panels of a folder of deliveries as the chapter reads them."""
    root = project_root()
    rules = read_rules(root / RULES)
    with open_engine(EngineOptions(threads=1)) as engine:
        rows = Rows(folder, year=2025, engine=engine, cache=folder / "lager")
        made = panels(rows, root, rules, offices=1, inhabitants=INHABITANTS * scale)
        cleared = gate(
            {name: panel.cells for name, panel in made.items()},
            rules,
            families={name: panel.family for name, panel in made.items()},
            geography=Geography(pd.read_csv(root / PLACES, sep=";", dtype=str)),
        )
        for name, panel in made.items():
            head, *lines = panel.lines(cleared.tables[name], number)
            frame = pd.DataFrame(lines, columns=head)
            frame["verdi"] = frame["verdi"].str.replace(",", ".").astype(float)
            frame["fra"] = frame["fra"].replace("", None)
            if name == "legemidler":
                frame = frame.astype({"periode": int, "fra": float})
            yield name, frame


def found(frame: pd.DataFrame) -> tuple[str, Estimate, float]:
    """Return the design, the estimate, and the mean of what the exposed had after their start."""
    kept, _ = in_company(frame)
    effect = register_effect(kept)
    result = effect.result
    estimate = next(
        getattr(result, name)
        for name in ("by_group", "effect", "step")
        if getattr(result, name, None) is not None
    )
    after = kept[kept["fra"].notna() & (kept["periode"] >= kept["fra"].fillna(kept["periode"].max()))]
    return effect.design, estimate, float(after["verdi"].mean())


def one(seed: int, effects: Effects) -> Iterator[tuple[str, str, Estimate, float]]:
    """Yield measure, design, estimate and true effect of one seed's twins."""
    for scale, years, wanted in (
        (SCALE, range(2024, 2027), ("delegering", "nettlege")),
        (SMALL, range(2019, 2026), ("legemidler",)),
    ):
        with tempfile.TemporaryDirectory() as folder:
            synth(years, scale, Path(folder), seed=seed, effects=effects)
            for name, frame in rows_of(Path(folder), scale):
                if name in wanted:
                    design, estimate, level = found(frame)
                    size = SIZES[name] if effects is not NOTHING else 0.0
                    yield name, design, estimate, -size / (1 - size) * level


def main(seeds: int, first: int) -> None:
    """Print one line a seed, measure and twin, and how often the interval was right."""
    right: dict[tuple[str, str], list[bool]] = {}
    for seed in range(first, first + seeds):
        for what, effects in (("plantet", Effects()), ("null", NOTHING)):
            for name, design, got, true in one(seed, effects):
                inside = got.low <= true <= got.high
                right.setdefault((name, what), []).append(inside)
                print(
                    f"{seed} {name} {what} {design}: {got.value:.2f} ({got.low:.2f} til {got.high:.2f}), "
                    f"sann {true:.2f}{'' if inside else ' UTENFOR'}",
                    flush=True,
                )
    for (name, what), each in right.items():
        print(f"{name}, {what}: {sum(each)} av {len(each)} intervaller har den sanne effekten")


if __name__ == "__main__":
    main(*(int(text) for text in (*sys.argv[1:], *("5", "1")[len(sys.argv) - 1 :])))
