"""Every way in which a network fails is one error that names the source and what to do."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable

import pytest

from analysis_lib.errors import DataFeil, NettFeil, RapportFeil
from registers.sources.http import ATTEMPTS, Client
from tests.registers.sources.agency import BOM, Agency, Reply, error, reply
from tests.registers.sources.conftest import Clock


def test_an_answer_is_kept_byte_for_byte_and_its_mark_is_no_part_of_it(
    agency: Agency, client: Client
) -> None:
    agency.next = [Reply(body=BOM + b'{"a": 1}')]
    answer = client.ask("leger", f"{agency.base}/x", params={"valueCodes[Tid]": "2024,2025"})
    assert answer.raw == BOM + b'{"a": 1}'
    assert answer.json("leger") == {"a": 1}
    assert answer.address.startswith(f"{agency.base}/x?valueCodes")
    assert agency.asked[0].params == {"valueCodes[Tid]": "2024,2025"}


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Reply(404), NettFeil, r"svarer 404 uten å si hvorfor. Finnes tabellen ennå\?"),
        (error(400, "Non-existent value"), DataFeil, "svarer 400 .«Non-existent value»."),
        (error(403, "Too many values selected"), DataFeil, "403"),
        (
            Reply(302, headers={"Location": "http://192.0.2.1/login?next=x"}),
            NettFeil,
            "sender videre til 192.0.2.1",
        ),
        (Reply(301, headers={"Location": "/annet"}), NettFeil, "sender videre til en annen side"),
        (Reply(body=b"<!DOCTYPE html><p>Logg inn", kind="text/html"), NettFeil, "en nettside, ikke data"),
        (Reply(body=BOM + b"\n <html>"), NettFeil, "en nettside, ikke data"),
        (Reply(body=b"\x1f\x8bikke gzip", headers={"Content-Encoding": "gzip"}), NettFeil, "kan ikke leses"),
    ],
)
def test_what_will_not_pass_is_told_at_once(
    agency: Agency, client: Client, clock: Clock, answer: Reply, kind: type[RapportFeil], said: str
) -> None:
    agency.next = [answer]
    with pytest.raises(kind, match=said) as found:
        client.ask("leger", f"{agency.base}/x")
    assert str(found.value).startswith("leger: ")
    assert len(agency.asked) == 1
    assert clock.slept == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(500), "svarer 500 uten å si hvorfor"),
        (Reply(503, b"<html>"), "svarer 503 uten å si hvorfor"),
        (error(429, "Too many requests"), "svarer 429 .«Too many requests»."),
        (Reply(body=b'{"value": [1, 2', length=5000), "brutt midt i svaret"),
        (Reply(body=b""), "svaret er tomt"),
        (Reply(wait=True), "svarer ikke innen fristen|får ikke kontakt"),
    ],
)
def test_what_may_pass_is_tried_again_ever_more_slowly(
    agency: Agency, make_client: Callable[..., Client], clock: Clock, answer: Reply, said: str
) -> None:
    client = make_client(timeout=(1, 0.05))
    agency.next = [answer] * ATTEMPTS
    with pytest.raises(NettFeil, match=said) as found:
        client.ask("leger", f"{agency.base}/x")
    assert f"({ATTEMPTS} forsøk)" in str(found.value)
    assert "Forrige øyeblikksbilde er urørt" in found.value.hint
    assert len(agency.asked) == ATTEMPTS
    # 1, 2, 4 and 8 seconds, and up to one of jitter each.
    assert all(2**at <= slept <= 2**at + 1 for at, slept in enumerate(clock.slept))
    agency.next = [answer, reply([1])]
    assert make_client(timeout=(1, 0.05)).ask("leger", f"{agency.base}/x").json("leger") == [1]


def test_a_host_that_is_away_is_waited_for_once(agency: Agency, client: Client, clock: Clock) -> None:
    agency.next = [Reply(503)] * (ATTEMPTS + 1)
    for told in (ATTEMPTS, 1):
        with pytest.raises(NettFeil, match=rf"\({told} forsøk\)"):
            client.ask("leger", f"{agency.base}/x")
    assert len(clock.slept) == ATTEMPTS - 1
    agency.paths["/x"] = lambda _: reply([1])
    assert client.ask("leger", f"{agency.base}/x").json("leger") == [1]


def test_a_source_that_says_when_is_left_alone_until_then(
    agency: Agency, client: Client, clock: Clock
) -> None:
    agency.next = [error(429, "", Retry_After="7"), error(503, "", Retry_After="86400"), reply([1])]
    assert client.ask("leger", f"{agency.base}/x").json("leger") == [1]
    assert clock.slept == [7.0, 300.0]


def test_nobody_is_asked_more_often_than_allowed(
    agency: Agency, make_client: Callable[..., Client], clock: Clock
) -> None:
    client = make_client(calls=3, window=60)
    agency.paths["/x"] = lambda _: reply([1])
    for _ in range(7):
        client.ask("leger", f"{agency.base}/x")
    assert clock.slept == [60.0, 60.0]


def test_a_source_that_says_none_are_left_is_believed(agency: Agency, client: Client, clock: Clock) -> None:
    agency.next = [reply([1], headers={"X-RateLimit-Remaining": "0"}), reply([2])]
    for _ in range(2):
        client.ask("leger", f"{agency.base}/x")
    assert clock.slept == [60.0]


@pytest.mark.parametrize("packed", [False, True])
def test_a_huge_answer_is_not_taken_in(
    agency: Agency, make_client: Callable[..., Client], packed: bool
) -> None:
    body = b"[" + b" " * 3_000_000 + b"]"
    headers = {"Content-Encoding": "gzip"} if packed else {}
    agency.next = [Reply(body=gzip.compress(body) if packed else body, headers=headers)]
    with pytest.raises(NettFeil, match=r"svaret er større enn 1 MB\. Spør om mindre"):
        make_client(most=1_000_000).ask("leger", f"{agency.base}/x")


def test_an_answer_that_drips_is_given_up(
    agency: Agency, make_client: Callable[..., Client], clock: Clock
) -> None:
    client = make_client(whole=-1)
    agency.next = [reply([1])] * ATTEMPTS
    with pytest.raises(NettFeil, match="svaret tok mer enn"):
        client.ask("leger", f"{agency.base}/x")


def test_nobody_there(client: Client) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NettFeil, match=r"leger: får ikke kontakt med 127.0.0.1 \(5 forsøk\)"):
        client.ask("leger", f"http://127.0.0.1:{port}/x")


@pytest.mark.parametrize("raw", [b'{"value": [1, 2', b"\xff\xfe{}", b'{"a": 1, "a": 2}', b"Feil"])
def test_what_is_no_whole_json_is_refused_when_it_is_read(agency: Agency, client: Client, raw: bytes) -> None:
    agency.next = [Reply(body=raw)]
    answer = client.ask("leger", f"{agency.base}/x")
    with pytest.raises(DataFeil, match="leger"):
        answer.json("leger")


def test_an_errors_body_is_never_repeated_whole(agency: Agency, client: Client) -> None:
    agency.next = [error(400, "x\x1b[31m" + "y" * 9000)]
    with pytest.raises(DataFeil) as found:
        client.ask("leger", f"{agency.base}/x")
    assert len(str(found.value)) < 400
    assert "\x1b" not in str(found.value)
