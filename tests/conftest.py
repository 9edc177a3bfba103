"""A small project of its own for every test that changes files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from analysis_lib.data.inputs import ROOT_VARIABLE
from publishing.run.lock import tree_lock

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("data", "notebooks", "params", "reports")
UTGIFTER = "  - {notebook: utgifter, number: 8}\n"

# The same examples each time, on a slow machine too, so that what passed passes again;
# `make search` looks for new ones.
settings.register_profile(
    "gate", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", settings.get_profile("gate"), derandomize=False, max_examples=5000)
settings.load_profile("gate")


# What builds reports or asks for the whole command. Notebooks run as tests, and properties, are slow as well.
SLOW_FIXTURES = {"project", "rapport", "report", "build_folder", "root", "made"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, so that ``make quick`` can leave it out."""
    for item in items:
        uses = {mark.name for mark in item.iter_markers()} | set(getattr(item, "fixturenames", ()))
        if item.path.suffix == ".ipynb" or uses & {*SLOW_FIXTURES, "hypothesis"}:
            item.add_marker(pytest.mark.slow)


def invalid(descriptor: Path) -> list[str]:
    """What a validator of others finds wrong with a data package."""
    from frictionless import FrictionlessException, Package

    try:
        report = Package(str(descriptor)).validate()
    except FrictionlessException as error:
        return [str(error)]
    return [f"{path}: {note}" for path, note in report.flatten(["path", "note"])]


def copy_project(target: Path, *chapters: str) -> Path:
    """Copy all but the code; the installed code runs on it. Where lines of chapters are given, only those."""
    for part in PARTS:
        shutil.copytree(
            ROOT / part, target / part, ignore=shutil.ignore_patterns("_build", ".ipynb_checkpoints")
        )
    shutil.copy(ROOT / "requirements.lock", target)
    if chapters:
        definition = target / "reports" / "arsrapport.yml"
        head = definition.read_text(encoding="utf-8").partition("chapters:")[0]
        definition.write_text(f"{head}chapters:\n{''.join(chapters)}", encoding="utf-8")
    return target


def run_rapport(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command ``rapport`` in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != ROOT_VARIABLE}
    return subprocess.run(
        [sys.executable, "-m", "publishing.cli", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project of its own, with a report of one chapter."""
    return copy_project(tmp_path, UTGIFTER)


@pytest.fixture
def rapport(project: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command ``rapport``, run in the copy."""
    return partial(run_rapport, project)


@pytest.fixture(scope="session")
def build_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of the report of one chapter leaves, for tests that go on from there."""
    base = tmp_path_factory.getbasetemp()
    # Test processes side by side share one build: the first makes it, the others wait.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, folder = shared / "bygd", shared / "bygges"
    with tree_lock(shared, "testene", wait=True):
        if not made.exists():
            done = run_rapport(copy_project(folder, UTGIFTER), "build", "--renderer", "pandoc")
            assert done.returncode == 0, done.stderr
            folder.rename(made)
    return made / "reports/_build"


@pytest.fixture
def built(project: Path, build_folder: Path) -> Path:
    """A copy of the project with its report built."""
    shutil.copytree(build_folder, project / "reports/_build")
    return project
