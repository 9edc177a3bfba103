"""Builds that are killed, raced and starved: what was published then, what the next run did, what was left.

Run by hand: ``make faults`` makes about a hundred kills; ``python -m benchmarks.faults 26 pairs limits`` only
some parts. It needs Linux, and root for the full disk.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from publishing.publish import is_whole, read_manifest
from tests.conftest import ROOT, UTGIFTER, copy_project

NAME = "arsrapport-2025"


@dataclass
class Bench:
    """A project with one chapter, built, and a temporary folder of its own."""

    project: Path
    aside: Path
    failures: list[str] = field(default_factory=list)

    @property
    def final(self) -> Path:
        """The published report."""
        return self.project / "reports/_build" / NAME

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a build."""
        command = [sys.executable, "-m", "publishing.cli", "build", "--renderer", "pandoc", *arguments]
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.aside), **environment}
        variables.pop("RAPPORT_PROSJEKT", None)
        return subprocess.Popen(
            command,
            cwd=self.project,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def build(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Build to the end; return the exit code and the last line."""
        process = self.start(*arguments, **environment)
        said = process.communicate()[0].strip().splitlines()
        return process.returncode, next((line for line in said if line.startswith("Feil")), said[-1])

    def whole(self) -> bool:
        """Tell whether what is published is whole."""
        manifest = read_manifest(self.final)
        return manifest is not None and is_whole(self.final, manifest)

    def left(self) -> list[str]:
        """Name what the last build has left: files aside."""
        inside = self.project / "reports/_build"
        found = [*self.aside.iterdir(), *inside.glob(".*.ny"), *inside.glob(".arbeid/*/.*")]
        return [path.name for path in found]

    def report(self, name: str, tried: int, **counts: object) -> None:
        """Print a line of the table."""
        counted = "  ".join(f"{key}: {value}" for key, value in counts.items())
        print(f"{name:<34}{tried:>5}  {counted}", flush=True)


@contextmanager
def bench() -> Iterator[Bench]:
    """Make the project and build it once."""
    with tempfile.TemporaryDirectory(prefix="feil-") as folder:
        aside = Path(folder) / "tmp"
        aside.mkdir()
        made = Bench(copy_project(Path(folder) / "prosjekt", UTGIFTER), aside)
        assert made.build()[0] == 0
        yield made


def kills(at: Bench, number: signal.Signals, tries: int, moment: Callable[[], None], name: str) -> None:
    """Kill builds, and build again at once."""
    whole = again = processes = files = 0
    slowest = 0.0
    for _ in range(tries):
        build = at.start("--force")
        moment()
        family = psutil.Process(build.pid).children(recursive=True) if build.poll() is None else []
        build.send_signal(number)
        began = time.monotonic()
        build.communicate()
        _, alive = psutil.wait_procs(family, timeout=2)
        slowest = max(slowest, time.monotonic() - began)
        processes += sum(process.status() != psutil.STATUS_ZOMBIE for process in alive)
        whole += at.whole()
        files += bool(at.left())
        again += at.build()[0] == 0 and at.whole() and not at.left()
    at.report(
        f"{number.name}, {name}", tries, hel=whole, neste=again, prosesser=processes, filer=files,
        sekunder=f"{slowest:.1f}",
    )  # fmt: skip


def at_the_swap(at: Bench) -> Callable[[], None]:
    """Return a wait until the manifest lies in the new folder, a moment before it is published."""

    def wait() -> None:
        new = at.final.with_name(f".{NAME}.ny") / "manifest.json"
        while not new.exists():
            time.sleep(0.001)

    return wait


def pairs(at: Bench, tries: int) -> None:
    """Start two builds with offsets from 0 to 10 seconds."""
    codes: dict[tuple[int, int], int] = {}
    whole = 0
    for trial in range(tries):
        first = at.start("--force")
        time.sleep(10 * trial / tries)
        second = at.start("--force", *(["--wait"] if trial % 2 else []))
        first.communicate()
        second.communicate()
        pair = (first.returncode, second.returncode)
        codes[pair] = codes.get(pair, 0) + 1
        whole += at.whole()
    at.report("to bygg, 0–10 s imellom", tries, hel=whole, koder=codes)


def races(at: Bench, tries: int) -> None:
    """Replace a data file while its chapter runs; the next build reads it."""
    table = at.project / "data/published/2025/tabeller/8.6.csv"
    # The same table with other line ends: other bytes, and nothing for the audit to refuse.
    original = table.read_bytes()
    refused = right = 0
    for trial in range(tries):
        build = at.start("--force")
        time.sleep(0.5 + 4 * trial / tries)
        table.write_bytes(original if trial % 2 else original.replace(b"\n", b"\r\n"))
        build.communicate()
        refused += build.returncode != 0
        right += at.build()[0] == 0 and at.whole()
    table.write_bytes(original)
    at.report("datafil byttet underveis", tries, nektet=refused, neste=right)


NOTEBOOK = "notebooks/utgifter.ipynb"
LIMITS = {
    "utskrift uten ende": "while True: print('x' * 100_000)",
    "én melding på 30 MB": "'x' * 30_000_000",
    "minne": "x = bytearray(2 << 30)",
    "mange prosesser": "import subprocess, time\nfor _ in range(80): subprocess.Popen(['sleep', '97'])\n"
    "time.sleep(60)",
    "tid, med tolken låst": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    "kjernen drept": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "skriver i data/": "open('../data/published/2025/utgave.yml', 'a')",
}


@contextmanager
def with_cell(at: Bench, source: str) -> Iterator[None]:
    """Let the chapter end with a cell of its own."""
    path = at.project / NOTEBOOK
    original = path.read_bytes()
    notebook = json.loads(original)
    cell = {**notebook["cells"][-1], "id": "feil", "cell_type": "code", "source": source, "outputs": []}
    notebook["cells"].append(cell)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(original)


def limits(at: Bench) -> None:
    """Run a chapter into each limit; one that started processes of its own, killed, is swept by the next."""
    for name, source in LIMITS.items():
        with with_cell(at, source):
            began = time.monotonic()
            code, said = at.build("--draft", "--memory", "1", "--timeout", "20" if "låst" in name else "120")
            seconds = f"{time.monotonic() - began:.0f}"
        at.report(
            name, 1, kode=code, hel=at.whole(), sekunder=seconds, filer=at.left(), prosesser=sleeping(),
            sagt=said[:110],
        )  # fmt: skip
    source = (
        "import subprocess, time\nsubprocess.Popen(['sleep', '97'], start_new_session=True)\ntime.sleep(60)"
    )
    with with_cell(at, source):
        build = at.start("--draft")
        while not sleeping() and build.poll() is None:
            time.sleep(0.1)
        build.kill()
        build.communicate()
    left, again = sleeping(), at.build()[0]
    at.report("celles barn, SIGKILL av bygget", 1, levde=left, neste=again, etter=sleeping(), filer=at.left())


def sleeping() -> int:
    """Count the processes that the cells started."""
    return sum(each.info["cmdline"] == ["sleep", "97"] for each in psutil.process_iter(["cmdline"]))


JUMP = """import sys, time
_time, _start = time.time, time.monotonic()
time.time = lambda: _time() + {days} * 86400 * (time.monotonic() - _start > 1.5)
"""


def clock(at: Bench) -> None:
    """Let the clock of every process jump while a build is running."""
    for days in (-400, 400):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "sitecustomize.py").write_text(JUMP.format(days=days), encoding="utf-8")
            code, _ = at.build("--force", PYTHONPATH=f"{folder}{os.pathsep}{ROOT}")
        fresh = at.build()[1]
        at.report(f"klokken hopper {days} døgn", 1, kode=code, hel=at.whole(), neste=fresh[:40])


def surroundings(at: Bench) -> None:
    """Take away the disk, the home, the temporary folder."""
    for name, environment in (("uten HOME", {"HOME": ""}), ("TMPDIR mangler", {"TMPDIR": "/finnes/ikke"})):
        code, said = at.build("--force", **environment)
        at.report(name, 1, kode=code, hel=at.whole(), sagt=said[:80])
    for size in ("1M", "6M"):
        for place in (at.project / "reports/_build/.arbeid", at.aside):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            mounted = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place],
                check=False,
                capture_output=True,
            )
            if mounted.returncode:
                at.report(f"full disk ({place.name})", 0, sagt="krever root")
                continue
            code, said = at.build("--force")
            subprocess.run(["umount", place], check=True)
            at.report(f"full disk, {size} ({place.name})", 1, kode=code, hel=at.whole(), sagt=said[:90])
            at.report("  neste bygg", 1, kode=at.build()[0], hel=at.whole(), filer=at.left())


def main(tries: int, parts: Sequence[str]) -> None:
    """Print the table, or the parts of it that are asked for."""
    random.seed(11)
    with bench() as at:
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            if number.name in parts:
                kills(at, number, tries, lambda: time.sleep(random.uniform(0.2, 9)), "når som helst")
                kills(at, number, max(tries // 3, 1), at_the_swap(at), "ved byttet")
        for part, work in ALL.items():
            if part in parts:
                work(at, tries)


ALL: dict[str, Callable[[Bench, int], None]] = {
    "pairs": lambda at, tries: pairs(at, min(tries, 20)),
    "races": lambda at, tries: races(at, max(tries // 3, 2)),
    "limits": lambda at, _: limits(at),
    "clock": lambda at, _: clock(at),
    "surroundings": lambda at, _: surroundings(at),
}

if __name__ == "__main__":
    main(int((sys.argv[1:] or ["26"])[0]), sys.argv[2:] or ["SIGKILL", "SIGTERM", "SIGINT", *ALL])
