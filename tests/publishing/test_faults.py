"""What a notebook does wrong ends in one message with the cell, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analysis_lib.errors import OpptattFeil
from publishing import publish
from publishing.notebooks import Chapter
from publishing.run.execute import Limits, run_chapters
from publishing.run.lock import tree_lock
from publishing.run.plan import Step
from publishing.run.processes import scratch, worker_environment
from publishing.run.worker import Failure
from tests.conftest import ROOT

LIMITS = Limits(seconds=60, memory=1, processes=20)
EXPLODES = "import re\nre.match('(a+)+$', 'a' * 60 + 'b')"
FAULTS = [
    ("while True: print('x' * 100_000)", LIMITS, "cellen har skrevet mer enn 20 MB"),
    ("'x' * 30_000_000", LIMITS, "cellen har skrevet mer enn 20 MB"),
    ("x = bytearray(2 << 30)", LIMITS, "cellen trenger mer enn 1 GiB minne"),
    (EXPLODES, Limits(seconds=15), "tidsfristen på 15 sekunder er ute"),
    ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", LIMITS, "kjernen døde"),
    (
        "import subprocess, time\nfor _ in range(30): subprocess.Popen(['sleep', '97'])\ntime.sleep(30)",
        LIMITS,
        "mer enn 20 prosesser",
    ),
    ("open('../data/a.csv', 'w')", LIMITS, "notatboken skriver til data/a.csv"),
    ("import pathlib\npathlib.Path('../data/a.csv').unlink()", LIMITS, "notatboken skriver til data/a.csv"),
    ("import os\nos.rename('../data/a.csv', '/tmp/b.csv')", LIMITS, "notatboken skriver til data/a.csv"),
    ("raise ValueError('x' * 50_000_000)", LIMITS, "tegn til)"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("data", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "data/a.csv").write_text("1")
    return tmp_path


def running(*command: str) -> list[psutil.Process]:
    return [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == [*command]]


def run(root: Path, cell: str, limits: Limits) -> Failure | None:
    """Run a chapter of two cells, the second being the one that matters."""
    notebook = root / "notebooks" / "prøve.ipynb"
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in ("1", cell)]
    notebook.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    step = Step(Chapter("prøve", "1", notebook), {}, "2025", "", root / "arbeid" / "prøve", "ny")
    (root / "tmp").mkdir()
    (result,) = run_chapters(
        [step],
        root=root,
        scratch=root / "tmp",
        jobs=1,
        limits=limits,
        keep_going=False,
        done=lambda _: None,
    )
    return result.failure


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "limits", "message"), FAULTS)
def test_each_fault_is_one_message_with_its_cell(root: Path, cell: str, limits: Limits, message: str) -> None:
    failure = run(root, cell, limits)
    assert failure is not None
    assert message in failure.message
    # A machine that is busy may not have come to the cell in time.
    assert failure.cell == 1 or (failure.cell is None and limits.seconds < 60)
    assert len(failure.message) + len(failure.traceback) < 10_000
    assert (root / "data/a.csv").read_text() == "1"
    assert not list((root / "arbeid").iterdir())
    assert not running("sleep", "97")


@pytest.mark.slow
def test_what_a_cell_started_ends_with_its_chapter(root: Path) -> None:
    started = "import subprocess\nsubprocess.Popen(['sleep', '98'], start_new_session=True)"
    assert run(root, started, LIMITS) is None
    assert not running("sleep", "98")


def test_who_holds_the_lock_is_named(tmp_path: Path) -> None:
    with tree_lock(tmp_path, "rapport build"), pytest.raises(OpptattFeil) as busy, tree_lock(tmp_path, "x"):
        pass
    assert f"«rapport build» (prosess {os.getpid()}, siden " in str(busy.value)
    with tree_lock(tmp_path, "a", shared=True), tree_lock(tmp_path, "b", shared=True):
        pass


def test_a_lock_dies_with_its_owner(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib; from publishing.run.lock import tree_lock\n"
        "with tree_lock(pathlib.Path(sys.argv[1]), 'x'): print('har', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline()
        owner.kill()
    with tree_lock(tmp_path, "y"):
        pass


SLEEPS = "import time\ntime.sleep(120)"


def chapter_that_sleeps(project: Path) -> Path:
    path = project / "notebooks" / "utgifter.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sleeping = {**notebook["cells"][-1], "id": "sover", "cell_type": "code", "source": SLEEPS}
    notebook["cells"].append(sleeping | {"outputs": [], "execution_count": None})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def family(root: int) -> list[psutil.Process]:
    """The worker and its kernel, and what starts workers."""
    return psutil.Process(root).children(recursive=True)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_build_ends_when_told_to_with_all_that_it_started(
    project: Path, tmp_path: Path, number: signal.Signals
) -> None:
    chapter_that_sleeps(project)
    aside = tmp_path / "midlertidig"
    aside.mkdir()
    command = [sys.executable, "-m", "publishing.cli", "build", "--draft", "--renderer", "pandoc"]
    environment = {**os.environ, "TMPDIR": str(aside), "PYTHONPATH": str(ROOT)}
    build = subprocess.Popen(command, cwd=project, env=environment, start_new_session=True)
    try:
        while len(family(build.pid)) < 3 and build.poll() is None:
            time.sleep(0.1)
        started = family(build.pid)
        assert len(started) >= 3
        build.send_signal(number)
        code = build.wait(timeout=10)
    finally:
        build.kill()
        build.wait()
    _, alive = psutil.wait_procs(started, timeout=2)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert code == (-number if number == signal.SIGKILL else 128 + number)
    # Nothing is left aside; after a SIGKILL, the next build sweeps it.
    left = list(aside.iterdir())
    assert number == signal.SIGKILL or not left
    assert not (project / "reports" / "_build" / "arsrapport-2025").exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_server_ends_with_its_kernels_when_told_to(tmp_path: Path, number: signal.Signals) -> None:
    server = (
        "import subprocess, time\nsubprocess.Popen(['sleep', '99'], start_new_session=True)\ntime.sleep(99)"
    )
    code = (
        "import sys; from pathlib import Path\n"
        "from publishing.run.processes import attend, stoppable\n"
        "with stoppable(): attend([sys.executable, '-c', sys.argv[1]], cwd=Path())"
    )
    command = [sys.executable, "-c", code, server]
    lab = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path)
    while not running("sleep", "99") and lab.poll() is None:
        time.sleep(0.05)
    lab.send_signal(number)
    lab.wait(10)
    assert not running("sleep", "99")


@pytest.mark.slow
def test_the_next_build_sweeps_what_a_crash_left(tmp_path: Path) -> None:
    built = tmp_path / "reports/_build"
    half, unpublished = built / ".arbeid/rapport/.kapittel.x", built / ".annen.ny"
    kept = built / ".arbeid/rapport/kapittel"
    for folder in (half, unpublished, kept):
        folder.mkdir(parents=True)
    with scratch(tmp_path) as first:
        pass
    first.mkdir()
    orphan = subprocess.Popen(["sleep", "96"], env=worker_environment(first), start_new_session=True)
    with scratch(tmp_path) as aside:
        assert aside.is_dir()
        assert not first.exists()
        assert not running("sleep", "96")
        orphan.wait(2)
    assert not half.exists()
    assert not unpublished.exists()
    assert kept.exists()


@pytest.mark.parametrize("kind", ["folder", "file", "link", "read-only", "dangling"])
def test_whatever_lies_in_the_place_of_the_report_is_replaced(tmp_path: Path, kind: str) -> None:
    final, elsewhere = tmp_path / "ut" / "rapport", tmp_path / "annet"
    final.parent.mkdir()
    elsewhere.mkdir()
    (elsewhere / "urørt").touch()
    if kind == "file":
        final.touch()
    elif kind in ("link", "dangling"):
        final.symlink_to(elsewhere if kind == "link" else tmp_path / "borte")
    else:
        (final / "inni").mkdir(parents=True)
        (final / "inni" / "fil").touch()
        if kind == "read-only":
            for folder in (final / "inni", final):
                folder.chmod(0o500)
    new = publish.aside(final)
    (new / "ny").touch()
    publish.replace_folder(new, final)
    assert [path.name for path in final.iterdir()] == ["ny"]
    assert [path.name for path in final.parent.iterdir()] == ["rapport"]
    assert (elsewhere / "urørt").exists()


def test_a_published_report_is_whole_byte_for_byte(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("x")
    manifest = publish.Manifest(outputs=(publish.OutputFile("a.html", 1, publish.file_hash(page)),))
    assert publish.is_whole(tmp_path, manifest)
    page.write_text("y")
    assert not publish.is_whole(tmp_path, manifest)
    page.write_text("x")
    (tmp_path / "b.html").touch()
    assert not publish.is_whole(tmp_path, manifest)
