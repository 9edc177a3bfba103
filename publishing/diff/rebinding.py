"""A build held against the one that it is to replace: what is another number although no input is another.

An edited sentence, a changed cell, other parameters and noise of a model explain themselves. A sentence, a
table of the notebook's own or a figure that is bound otherwise does not, nor does a number that another
function has computed of the same cells: it is published when somebody has said why in ``revisjoner.yml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analysis_lib.errors import DataFeil, KontrollFeil
from publishing.book.ledger import Ledger
from publishing.diff.built import Build, read_build, snapshot
from publishing.diff.causes import explained, rebound
from publishing.diff.matching import match
from publishing.diff.records import Bound, Cause, Difference, Record
from publishing.revisions import FILE


def hold_against(published: Path, ledger: Ledger) -> str:
    """Hold a new register against the published build; say what it was held against.

    Raises
    ------
    KontrollFeil
        If something is bound otherwise, or computed otherwise, and nobody has said why.
    """
    if not published.exists():
        return ""
    try:
        old = read_build(published)
    except DataFeil as error:
        return f"Ikke sammenlignet med det forrige bygget: {error.message}"
    found = unaccounted(old, Build(ledger, snapshot(published.name, ledger)))
    if found:
        raise KontrollFeil(
            f"{len(found)} tall er bundet eller beregnet på en annen måte enn i det publiserte bygget, "
            "og ingen inndata forklarer det. Forrige rapport står urørt.\n" + "\n".join(map(_line, found)),
            hint=f"Rett notatboken, eller si hvorfor i {FILE} (number, expect, cause, why, evidence); "
            "et utkast: rapport build --draft.",
        )
    return f"Sammenlignet med det forrige bygget ({len(ledger.numbers)} tall): ingen er bundet på nytt"


def _line(item: Difference) -> str:
    return (
        f"  {item.place}: {item.label}: {item.old} → {item.new}; {item.explanation} [number: {item.identity}]"
    )


def unaccounted(old: Build, new: Build) -> list[Difference]:
    """Return the numbers that differ although their inputs are the same, and nobody has said why.

    Parameters
    ----------
    old, new : Build
        The published build, and the one that is to take its place.
    """
    before = replace(old, snapshot=match(old.snapshot, new.snapshot)[0])
    return [
        item
        for item in explained(before.snapshot, new.snapshot)
        if item.cause is Cause.UNEXPLAINED and not _by_input(item.identity, before, new)
    ]


def _by_input(identity: str, old: Build, new: Build) -> bool:
    """Tell whether other data or parameters, or another format alone, explain a difference."""
    a, b = (side.snapshot.records[identity] for side in (old, new))
    touched = _touched(a, old, new) or _touched(b, new, old)
    if a.bound is None or b.bound is None:
        return touched or not (b.sha256 or b.terms)
    chapter = b.place.partition(",")[0]
    same = old.ledger.notebooks.get(chapter, "") == new.ledger.notebooks.get(chapter)
    # Other data may choose another row («størst»); a notebook that is another one may not hide behind them.
    chosen = same and (touched or old.ledger.parameters != new.ledger.parameters)
    return chosen or not rebound(_unformatted(a.bound), _unformatted(b.bound))


def _unformatted(bound: Bound) -> Bound:
    return replace(bound, format="")


def _touched(record: Record, own: Build, other: Build) -> bool:
    """Tell whether a table, a fact or a correction behind a number differs between the builds."""
    inputs = (own.ledger.inputs, other.ledger.inputs)
    changed = {
        name.rpartition(".")[0]
        for name in {**inputs[0], **inputs[1]}
        if inputs[0].get(name) != inputs[1].get(name)
    }
    mended = (own.ledger.corrections, other.ledger.corrections)
    return any(
        item.file.rpartition(".")[0] in changed
        or any(name.endswith(f"/{item.identity.rsplit('/', 2)[0]}") for name in changed)
        or mended[0].get(item.identity) != mended[1].get(item.identity)
        for item in _behind(record, own)
    )


def _behind(record: Record, build: Build) -> Iterator[Record]:
    """Yield a number and all that it is computed of."""
    waiting, seen = [record], {record.identity}
    while waiting:
        item = waiting.pop()
        yield item
        terms = [term for term in item.terms if term not in seen and term in build.snapshot.records]
        seen.update(terms)
        waiting += [build.snapshot.records[term] for term in terms]
