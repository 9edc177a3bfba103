"""No second is waited for, and nothing outside this machine is reached."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from registers.sources.catalogue import SourceSpec
from registers.sources.http import Client
from tests.registers.sources.agency import Agency, serving


@pytest.fixture(autouse=True)
def _this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", address
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class Clock:
    """Time that goes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def agency() -> Iterator[Agency]:
    with serving() as found:
        yield found


@pytest.fixture
def make_client(clock: Clock) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(**more: Any) -> Client:
        made.append(Client(sleep=clock.sleep, clock=clock, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()


def source(**more: Any) -> SourceSpec:
    """Return a source of Statistics Norway's, unless something else is said."""
    plain: dict[str, Any] = {"id": "leger", "interface": "ssb", "table": "11996", "title": "Leger"}
    plain |= {"licence": "CC BY 4.0", "query": {"Region": ["*"], "Tid": ["*"]}}
    return SourceSpec.model_validate(plain | more)
