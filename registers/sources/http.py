"""Questions to an open interface: time-outs, new attempts, limits; however a network fails, it is one error.

Nothing is trusted: not the status (an error page may come as 200), not the length (a connection may be cut),
not the address (an answer may send one on to another host).
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from analysis_lib import __version__
from analysis_lib.data.formats import MOST_BYTES, UNPRINTABLE, parse_json
from analysis_lib.errors import DataFeil, NettFeil

ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS, LONGEST_WAIT = 5, 10.0, 60.0, 600.0, 300.0
# Statistics Norway's guide says 30 a minute; its headers have said 40.
CALLS, WINDOW_SECONDS = 30, 60.0
# Above some 2100 characters Statistics Norway answers 404.
LONGEST_ADDRESS = 2000
PASSING = {408, 425, 429, 500, 502, 503, 504}
HEADERS = {"Accept": "application/json", "User-Agent": f"rapport-allmennlegetjenesten/{__version__}"}
_AGAIN = "Forrige øyeblikksbilde er urørt. Prøv igjen senere."


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interface answered, byte for byte, and what it was asked.

    Attributes
    ----------
    address : str
        With its parameters.
    body : mapping or None
        What was sent; None for a GET.
    raw : bytes
    """

    address: str
    body: Mapping[str, Any] | None
    raw: bytes

    def json(self, where: str) -> Any:
        """Return what it says; a byte order mark is no part of it.

        Raises
        ------
        DataFeil
            If it is not UTF-8, or no whole JSON.
        """
        try:
            return parse_json(self.raw.decode("utf-8-sig"), where)
        except UnicodeDecodeError as error:
            raise DataFeil(f"svaret er ikke UTF-8 (byte {error.start})", where=where) from None


class _Passing(NettFeil):
    """What may be over in a moment; `after` is how many seconds the interface asks to be left alone."""

    after: float | None = None


class Client:
    """Asks one question at a time, not faster than an interface allows.

    Parameters
    ----------
    sleep, clock : callable
        Waits some seconds; tells seconds that have gone. Tests give their own.
    calls, window : int, float
        At most so many questions in so many seconds.
    timeout : pair of float
        Seconds to connect, and between two bytes.
    whole : float
        Seconds for one answer.
    most : int
        Bytes of one answer, unpacked.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        calls: int = CALLS,
        window: float = WINDOW_SECONDS,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        whole: float = WHOLE_SECONDS,
        most: int = MOST_BYTES,
    ) -> None:
        self.sleep, self.clock, self.calls, self.window = sleep, clock, calls, window
        self.timeout, self.whole, self.most = timeout, whole, most
        self._made: deque[float] = deque()
        self._away: set[str] = set()
        self._session = requests.Session()

    def ask(
        self,
        where: str,
        address: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Return the answer to a GET, or to a POST where there is a body.

        Parameters
        ----------
        where : str
            The source, as an error names it.

        Raises
        ------
        NettFeil
            If the interface cannot be reached, breaks off, or answers with something else than data.
        DataFeil
            If it refuses the question.
        """
        host = urlsplit(address).netloc
        # A host that did not answer the last question is not waited for again.
        most = 1 if host in self._away else ATTEMPTS
        attempts = Retrying(
            stop=stop_after_attempt(most),
            wait=_wait,
            retry=retry_if_exception_type(_Passing),
            sleep=self.sleep,
            reraise=True,
        )
        try:
            answer = attempts(self._once, where, address, params, body)
        except _Passing as error:
            self._away.add(host)
            raise NettFeil(f"{error.message} ({most} forsøk)", where=where, hint=error.hint) from None
        self._away.discard(host)
        return answer

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def _once(
        self, where: str, address: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None
    ) -> Answer:
        self._take_turn()
        method = "GET" if body is None else "POST"
        host = urlsplit(address).hostname
        try:
            with self._session.request(
                method,
                address,
                params=params,
                json=body,
                headers=HEADERS,
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                self._heed_limit(response)
                _check_status(response, where)
                raw = self._read(response, where)
                _check_content(raw, response, where)
                return Answer(response.request.url or address, body, raw)
        except requests.exceptions.SSLError:
            raise NettFeil(f"sertifikatet til {host} kan ikke godtas", where=where) from None
        except requests.exceptions.Timeout:
            raise _Passing(f"{host} svarer ikke innen fristen", where=where, hint=_AGAIN) from None
        except requests.exceptions.ChunkedEncodingError:
            raise _Passing("forbindelsen ble brutt midt i svaret", where=where, hint=_AGAIN) from None
        except requests.exceptions.ConnectionError:
            raise _Passing(f"får ikke kontakt med {host}", where=where, hint=_AGAIN) from None
        except requests.exceptions.RequestException as error:
            raise NettFeil(f"svaret kan ikke leses ({type(error).__name__})", where=where) from None

    def _take_turn(self) -> None:
        while self._made and self.clock() - self._made[0] >= self.window:
            self._made.popleft()
        if len(self._made) >= self.calls:
            self.sleep(max(0.0, self._made.popleft() + self.window - self.clock()))
        self._made.append(self.clock())

    def _heed_limit(self, response: requests.Response) -> None:
        if response.headers.get("x-ratelimit-remaining") == "0":
            self._made = deque([self.clock()] * self.calls)

    def _read(self, response: requests.Response, where: str) -> bytes:
        raw, begun = bytearray(), self.clock()
        for piece in response.iter_content(1 << 16):
            raw += piece
            if len(raw) > self.most:
                hint = "Spør om mindre i «query»."
                raise NettFeil(f"svaret er større enn {self.most // 1_000_000} MB", where=where, hint=hint)
            if self.clock() - begun > self.whole:
                raise _Passing(f"svaret tok mer enn {self.whole:.0f} s", where=where, hint=_AGAIN)
        return bytes(raw)


def _wait(state: RetryCallState) -> float:
    """Return how long to wait: as long as the interface asks, else twice as long each time, with jitter."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, _Passing) else None
    return min(LONGEST_WAIT, asked) if asked is not None else wait_exponential_jitter(1, 60)(state)


def retry_after(text: str | None, now: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` asks for, as a number or as a time; None where it says none.

    >>> now = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    >>> retry_after("7", now), retry_after("Mon, 15 Jun 2026 08:01:00 GMT", now), retry_after("snart", now)
    (7.0, 60.0, None)
    """
    if text is None or text.strip().isdigit():
        return float(text) if text else None
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _check_status(response: requests.Response, where: str) -> None:
    code = response.status_code
    if code == 200:
        return
    host = urlsplit(response.url).hostname
    if 300 <= code < 400:
        target = urlsplit(response.headers.get("location", "")).hostname or "en annen side"
        hint = "Ingenting hentes derfra. Se om kilden har en ny adresse."
        raise NettFeil(f"{host} sender videre til {target}", where=where, hint=hint)
    said = _said(response)
    told = f"{host} svarer {code}" + (f" («{said}»)" if said else " uten å si hvorfor")
    if code in PASSING:
        passing = _Passing(told, where=where, hint=_AGAIN)
        passing.after = retry_after(response.headers.get("retry-after"), datetime.now(UTC))
        raise passing
    if code == 404:
        raise NettFeil(told, where=where, hint="Finnes tabellen ennå? Se «table» i kilder.yml.")
    raise DataFeil(told, where=where, hint="Spørringen står under «query» i kilder.yml.")


def _said(response: requests.Response) -> str:
    """Return the one sentence of an error's body, where it has one; never a page."""
    try:
        found = json.loads(response.raw.read(4000, decode_content=True))
    except Exception:
        # An error's body may be anything, or break off; the status has been told already.
        return ""
    named = found if isinstance(found, dict) else {}
    said = next((named[key] for key in ("title", "error", "message", "detail") if named.get(key)), "")
    return UNPRINTABLE.sub("", str(said))[:200]


def _check_content(raw: bytes, response: requests.Response, where: str) -> None:
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise _Passing("svaret er tomt", where=where, hint=_AGAIN)
    if start == b"<" or "html" in response.headers.get("content-type", ""):
        hint = "Står det en innloggingsside eller en proxy imellom?"
        raise NettFeil("svaret er en nettside, ikke data", where=where, hint=hint)
