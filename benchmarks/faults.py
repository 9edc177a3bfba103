"""Builds that are killed, raced and starved: what was published then, what the next run did, what was left.

Run by hand (``make faults``, N kills of each kind); it needs Linux, and root for the full disk.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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
        print(f"{name:<34}{tried:>5}  " + "  ".join(f"{key}: {value}" for key, value in counts.items()))


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


def main(tries: int) -> None:
    """Print the table."""
    random.seed(11)
    with bench() as at:
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            kills(at, number, tries, lambda: time.sleep(random.uniform(0.2, 9)), "når som helst")
            kills(at, number, max(tries // 4, 1), at_the_swap(at), "ved byttet")
        pairs(at, max(tries // 2, 2))
        races(at, max(tries // 4, 2))
        surroundings(at)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
