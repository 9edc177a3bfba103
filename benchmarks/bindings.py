"""Wrong bindings planted in a build's number register, and which guard finds each: ``make bindings``.

Each is what a slip in a notebook would give: the number of another row, another year, swapped arguments,
another format. The register of the last build is changed as that notebook would have changed it, so that no
kernel runs: the sentence is bound to another number, and shows its text. What a notebook stops at by itself,
as a format that does not fit the unit, is not counted. Guards: the words of the self-check, the numbers that
the chapters' tests pin, the build held against the published one, and
``rapport diff``.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis_lib.data.files import read_model
from analysis_lib.errors import RapportFeil
from analysis_lib.indicators.arithmetic import evaluate
from analysis_lib.indicators.values import Source, Value
from analysis_lib.present.numbers import format_value
from analysis_lib.present.pieces import Part, PieceKind
from analysis_lib.present.register import Term
from number_audit.findings import Judgement
from publishing.book.ledger import LEDGER, Ledger, Registered, SentenceEntry
from publishing.diff.built import Build, snapshot, unaccounted
from publishing.diff.causes import compare
from publishing.diff.records import Cause
from publishing.diff.sentences import sentences_of
from publishing.notebooks import read_notebook
from publishing.revisions import spaced
from publishing.selfcheck.words import wrong_words

SEED, COUNT = 20251128, 240
KINDS = ("annen rad", "annet år", "byttede argumenter", "annen enhet eller format")


@dataclass(frozen=True)
class Mutant:
    """A wrong binding: the kind, the sentence before and after, and the register that says it."""

    kind: str
    before: str
    after: str
    old: Ledger
    new: Ledger


def main(folder: Path) -> int:
    """Plant the bindings, run the guards, print the table."""
    ledger = read_model(Ledger, json.loads((folder / LEDGER).read_bytes()), str(folder / LEDGER))
    mutants = list(planted(ledger, random.Random(SEED), COUNT))
    guards: dict[str, Callable[[Mutant], bool]] = {
        "ord: stanser": lambda m: Judgement.CONTRADICTION in _verdicts(m.new),
        "ord: listes": lambda m: _verdicts(m.new) > _verdicts(m.old),
        "låste tall": pinned,
        "bygget: stanser": _stopped,
        "diff mot forrige bygg": _unexplained,
    }
    found = {id(m): {name for name, guard in guards.items() if guard(m)} for m in mutants}
    print(f"{len(mutants)} gale bindinger, frø {SEED}\n")
    print(f"{'':<26}{'antall':>7}" + "".join(f"{name:>23}" for name in guards) + f"{'funnet':>9}")
    for kind in (*KINDS, "alle"):
        some = [m for m in mutants if kind in (m.kind, "alle")]
        hits = Counter(name for m in some for name in found[id(m)])
        share = sum(bool(found[id(m)]) for m in some) / max(len(some), 1)
        print(f"{kind:<26}{len(some):>7}" + "".join(f"{hits[g]:>23}" for g in guards) + f"{share:>9.1%}")
    missed = [m for m in mutants if not found[id(m)]]
    for m in missed:
        print(f"\nIkke funnet ({m.kind}):\n  {m.before}\n  {m.after}")
    return int(len(missed) > 0.05 * len(mutants))


def planted(ledger: Ledger, chance: random.Random, count: int) -> Iterator[Mutant]:
    """Yield wrong bindings, as many of each kind as there are places for."""
    places = [
        (i, j)
        for i, paragraph in enumerate(ledger.sentences)
        for j, piece in enumerate(paragraph.parts)
        if piece.kind is PieceKind.NUMBER
    ]
    made: Counter[str] = Counter()
    for _ in range(60 * count):
        if made.total() == count:
            return
        (i, j), kind = chance.choice(places), KINDS[made.total() % len(KINDS)]
        paragraph = ledger.sentences[i]
        piece = paragraph.parts[j]
        if (wrong := _other(ledger, piece, kind, chance)) and (text := _shown(wrong[1], wrong[3])):
            ref, _, numbers, form = wrong
            if spaced(text) == spaced(piece.text) and ref == piece.refs[0]:
                continue
            made[kind] += 1
            part = piece.model_copy(update={"text": text, "refs": (ref,), "format": form})
            yield _mutant(ledger, kind, (i, j), part, numbers)


def _mutant(
    ledger: Ledger, kind: str, at: tuple[int, int], part: Part, numbers: dict[str, Registered]
) -> Mutant:
    i, j = at
    paragraph = ledger.sentences[i]
    old = paragraph.parts[j]
    parts = [*paragraph.parts]
    parts[j] = part
    # A word that follows the same value's sign follows the wrong one's.
    for k, piece in enumerate(parts):
        if piece.kind is PieceKind.DIRECTION and piece.expression == old.expression:
            said = _shown(numbers[part.refs[0]], piece.format)
            parts[k] = piece.model_copy(update={"refs": part.refs, "text": said or piece.text})
    changed = paragraph.model_copy(update={"parts": tuple(parts)})
    before, after = (_sentence(it.parts, part.expression) for it in (paragraph, changed))
    whole = ledger.model_copy(update={"numbers": numbers})
    return Mutant(kind, before, after, _only(whole, paragraph), _only(whole, changed))


def _only(ledger: Ledger, paragraph: SentenceEntry) -> Ledger:
    """Return what a register says in one paragraph."""
    refs = [ref for part in paragraph.parts for ref in part.refs]
    tables = {key: table.model_copy(update={"cells": {}}) for key, table in ledger.tables.items()}
    said = {
        "sentences": (paragraph,),
        "numbers": ledger.subset(refs).numbers,
        "tables": tables,
        "figures": {},
    }
    return ledger.model_copy(update=said)


def _sentence(parts: tuple[Part, ...], expression: str) -> str:
    return next(
        text
        for text, inside in sentences_of(parts)
        if any(piece.expression == expression for piece in inside)
    )


Wrong = tuple[str, Registered, dict[str, Registered], str]


def _other(ledger: Ledger, piece: Part, kind: str, chance: random.Random) -> Wrong | None:
    """Return what a wrong binding would show, the register with it, and its format; None where none fits."""
    numbers, ref = dict(ledger.numbers), piece.refs[0]
    entry = numbers[ref]
    if kind == KINDS[3]:
        forms = [
            form
            for form in (f"{piece.format} 0", f"{piece.format} 2", "tall", "mrd", "mill")
            if form != piece.format
        ]
        return ref, entry, numbers, chance.choice(forms)
    if kind == KINDS[2]:
        if entry.arithmetic is None or len(entry.terms or ()) != 2:
            return None
        ref, swapped = _recomputed(numbers, entry, (entry.terms or ())[::-1])
    else:
        swapped = None
        cells = [ref] if not entry.terms or "/" in entry.exact.identity[:8] else [t.ref for t in entry.terms]
        moved = {cell: _neighbour(ledger, cell, kind, chance) for cell in cells}
        if cells == [ref]:
            ref = moved[ref] or ""
        elif all(moved.values()):
            terms = [
                term.model_copy(
                    update={"ref": moved[term.ref], "label": numbers[moved[term.ref] or ""].label}
                )
                for term in entry.terms or ()
            ]
            ref, swapped = _recomputed(numbers, entry, terms)
        else:
            ref = ""
    if swapped is not None:
        numbers[ref] = swapped
    return (ref, numbers[ref], numbers, piece.format) if ref in numbers else None


def _neighbour(ledger: Ledger, ref: str, kind: str, chance: random.Random) -> str | None:
    """Return a cell of the same table in another row (the same column), or of another year (the same row)."""
    own = ledger.numbers[ref].exact.identity.split("/")
    fits = []
    for other, entry in ledger.numbers.items():
        name = entry.exact.identity.split("/")
        if (
            not 3 == len(name) == len(own)
            or name == own
            or name[:-2] != own[:-2]
            or entry.exact.point is None
        ):
            continue
        fact = own[0] == "fakta"
        same_row = fact or name[-2] == own[-2]
        same_column = not fact and name[-1] == own[-1]
        if (
            (same_column and not same_row)
            if kind == KINDS[0] and not fact
            else (same_row and not same_column)
        ):
            fits.append(other)
    return chance.choice(sorted(fits)) if fits else None


def _recomputed(
    numbers: dict[str, Registered], entry: Registered, terms: Sequence[Term]
) -> tuple[str, Registered]:
    points = [numbers[term.ref].exact.point for term in terms]
    intervals = [numbers[term.ref].exact.interval for term in terms]
    names = [numbers[term.ref].exact.identity for term in terms]
    try:
        point, interval = (
            evaluate(entry.arithmetic or "", points),
            evaluate(entry.arithmetic or "", intervals),
        )
    except (ValueError, ZeroDivisionError, TypeError, AttributeError):
        return "", entry
    exact = entry.exact.model_copy(
        update={"identity": f"{entry.how}({', '.join(names)})", "point": point, "interval": interval}
    )
    ref = f"t-feil-{abs(hash(exact.identity))}"
    return ref, entry.model_copy(
        update={
            "exact": exact,
            "terms": tuple(terms),
            "label": f"{entry.how}: {', '.join(t.label for t in terms)}",
        }
    )


def _shown(entry: Registered, form: str) -> str:
    """Return the number as the notebook would show it; "" where the notebook stops at it."""
    exact = entry.exact
    origin = Source("", "", "", "", "", 0, "")
    value = Value(
        exact.identity,
        entry.label,
        exact.kind,
        exact.point,
        exact.interval,
        entry.unit,
        exact.decimals,
        origin,
    )
    try:
        return format_value(value, form)
    except (RapportFeil, ValueError):
        return ""


def _verdicts(ledger: Ledger) -> Counter[Judgement]:
    return Counter(finding.verdict for finding in wrong_words(ledger))


def _builds(mutant: Mutant) -> tuple[Build, Build]:
    return Build(mutant.old, snapshot("før", mutant.old)), Build(mutant.new, snapshot("nå", mutant.new))


def _stopped(mutant: Mutant) -> bool:
    return bool(unaccounted(*_builds(mutant)))


def _unexplained(mutant: Mutant) -> bool:
    old, new = _builds(mutant)
    return any(item.cause is Cause.UNEXPLAINED for item in compare(old.snapshot, new.snapshot))


def pinned(mutant: Mutant) -> bool:
    """Tell whether a chapter's own test prints the sentence, so that it fails when that says otherwise."""
    (paragraph,) = mutant.old.sentences
    label = paragraph.template.removeprefix("Nøkkeltall: ")
    said = f"{label}: {mutant.before}" if label != paragraph.template else mutant.before
    return spaced(said) in _fasit(paragraph.chapter)


@cache
def _fasit(chapter: str) -> str:
    notebook = read_notebook(Path(__file__).parents[1] / "notebooks" / f"{chapter}.ipynb")
    kept = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return spaced(" ".join("".join(output.get("text", ())) for output in kept))


if __name__ == "__main__":
    home = Path(__file__).parents[1] / "reports" / "_build" / "arsrapport-2025"
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else home))
