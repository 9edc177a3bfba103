"""Try damaged inputs, each with a time limit, in a process of their own that may die of one."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import random
import resource
import shutil
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import RapportFeil
from tests.fuzz.damage import damage, ways
from tests.fuzz.project import small_project
from tests.fuzz.readers import readers

TYPED, ACCEPTED, OTHER = "typed", "accepted", "other"
# Longer than the slowest reader of a sound file, on a machine that does other things.
SECONDS, MEMORY = 60, 6 << 30
# To import the libraries and write the project.
START = 300


class Outcome(NamedTuple):
    """What came of one damaged file: `said` is the last message, or what is wrong."""

    case: int
    file: str
    how: str
    kind: str
    said: str = ""


def attempt(root: Path, pristine: Path, seed: int, case: int) -> Outcome:
    """Damage a file by the seed and the number of the case, read it with all its readers, and put it back."""
    draw = random.Random(f"{seed}-{case}")
    names = sorted(path.relative_to(pristine).as_posix() for path in pristine.rglob("*") if path.is_file())
    groups: dict[str, list[str]] = {}
    for name in names:
        if name != "requirements.lock":
            groups.setdefault("/".join(name.split("/")[:-1]), []).append(name)
    file = draw.choice(groups[draw.choice(sorted(groups))])
    path = root / file
    how = damage(path, draw.choice(ways(path.suffix)), draw)
    found = Outcome(case, file, how, ACCEPTED)
    before = _state(root, path)
    try:
        for reader in readers(root, file, all_of_them=case % 8 == 0):
            said = _said(reader, path)
            if said:
                found = found._replace(kind=said[0], said=said[1])
            if found.kind == OTHER:
                break
        if found.kind != OTHER and (changed := before.symmetric_difference(_state(root, path))):
            found = found._replace(kind=OTHER, said=f"skrev {sorted(changed)}")
    finally:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        path.unlink(missing_ok=True)
        shutil.copy(pristine / file, path)
    return found


def _state(root: Path, but: Path) -> set[tuple[str, float]]:
    files = (path for path in root.parent.rglob("*") if path != but and not path.is_dir())
    return {(str(path), path.lstat().st_mtime) for path in files}


def _said(reader: object, path: Path) -> tuple[str, str] | None:
    try:
        reader()  # type: ignore[operator]
    except RapportFeil as error:
        placed = error.where or path.stem in str(error)
        return (TYPED, str(error)) if placed else (OTHER, f"uten sted: {error}")
    except BaseException:
        return OTHER, traceback.format_exc()
    return None


def _work(sender: Connection, seed: int, cases: range) -> None:
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        root = small_project(Path(folder) / "prosjekt")
        with tempfile.TemporaryDirectory() as other:
            pristine = Path(shutil.copytree(root, Path(other) / "prosjekt"))
            os.environ[ROOT_VARIABLE] = str(root)
            os.chdir(root)
            sender.send(None)
            for case in cases:
                faulthandler.dump_traceback_later(SECONDS - 1)
                sender.send(attempt(root, pristine, seed, case))
                faulthandler.cancel_dump_traceback_later()
            os.chdir("/")


def outcomes(seed: int, cases: range, *, seconds: float = float("inf")) -> Iterator[Outcome]:
    """Yield what came of each case, until the time is out; a process that dies or hangs is begun anew."""
    context = multiprocessing.get_context("spawn")
    end = time.monotonic() + seconds
    while cases and time.monotonic() < end:
        receiver, sender = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(sender, seed, cases), daemon=True)
        worker.start()
        sender.close()
        wrong = ""
        if not receiver.poll(START) or receiver.recv() is not None:
            raise TimeoutError("prosessen kom ikke i gang")
        while cases and time.monotonic() < end and not wrong:
            try:
                if receiver.poll(SECONDS):
                    yield receiver.recv()
                else:
                    wrong = f"ikke ferdig etter {SECONDS} sekunder"
            except EOFError:
                worker.join()
                wrong = f"prosessen døde ({worker.exitcode})"
            if wrong:
                yield Outcome(cases.start, "?", "?", OTHER, wrong)
            cases = cases[1:]
        worker.kill()
        worker.join()


def table(tried: list[Outcome]) -> str:
    """Return how many of each kind of file were typed, accepted and other."""
    kinds = Counter((_kind(one.file), one.kind) for one in tried)
    names = sorted({kind for kind, _ in kinds})
    columns = (TYPED, ACCEPTED, OTHER)
    lines = [f"{'fil':<28}" + "".join(f"{column:>10}" for column in columns)]
    lines += [f"{name:<28}" + "".join(f"{kinds[name, column]:>10}" for column in columns) for name in names]
    total = Counter(one.kind for one in tried)
    return "\n".join([*lines, f"{'i alt':<28}" + "".join(f"{total[column]:>10}" for column in columns)])


def _kind(file: str) -> str:
    house, _, rest = file.partition("/")
    folder = file.rpartition("/")[0].rpartition("/")[2]
    return f"{folder if house == 'data' else house} *.{rest.rpartition('.')[2]}"
