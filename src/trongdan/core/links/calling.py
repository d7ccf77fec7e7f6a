"""A call to a national system: time limit, a few tries with jitter, a breaker, and an answer of the right shape or none."""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from .breaker import Breaker

BUSY = (408, 425, 429)
LONGEST = 10_000_000  # bytes of an answer
Out = TypeVar("Out", bound=BaseModel)


class LinkDown(Exception):
    """No usable answer. `code` is short and without content; `final` when the same again is useless; `tries` how often."""

    def __init__(self, code: str, final: bool = False):
        super().__init__(code)
        self.code, self.final, self.tries = code, final, 0


@dataclass
class Link:
    """A way to one system. `sleep` and `jitter` (seconds at most) are given, so that tests wait for nothing."""

    name: str
    url: str
    token: str = ""
    timeout: float = 5.0
    tries: int = 3
    breaker: Breaker = field(default_factory=lambda: Breaker(time.monotonic))
    sleep: Callable[[float], None] = time.sleep
    jitter: float = 0.5

    def ask(self, path: str, body: BaseModel, shape: type[Out]) -> tuple[Out, int]:
        """(answer, how many tries it took). Raises LinkDown; then nothing is known."""
        if not self.breaker.allows():
            raise LinkDown("resting")
        tried = 0

        def count(state: RetryCallState) -> None:
            nonlocal tried
            tried = state.attempt_number

        retrying = Retrying(stop=stop_after_attempt(self.tries), before=count, sleep=self.sleep, reraise=True,
                            wait=wait_exponential_jitter(multiplier=0.2, max=3.0, jitter=self.jitter),
                            retry=retry_if_exception(lambda e: isinstance(e, LinkDown) and not e.final))  # fmt: skip
        try:
            found = retrying(self._once, path, body, shape)
        except LinkDown as down:
            down.tries = tried
            if down.final:
                self.breaker.worked()  # it is there: it does not want this
            else:
                self.breaker.failed()
            raise
        except BaseException:
            self.breaker.failed()  # whatever it was: the one try of a resting side does not hang for ever
            raise
        self.breaker.worked()
        return found, tried

    def _once(self, path: str, body: BaseModel, shape: type[Out]) -> Out:
        data = body.model_dump_json().encode()
        request = urllib.request.Request(self.url.rstrip("/") + path, data, method="POST", headers={  # noqa: S310  the operator's
            "Content-Type": "application/json", "Authorization": f"Bearer {self.token}"})  # own address, http or https only
        try:
            with _OPENER.open(request, timeout=self.timeout) as response:
                answer = response.read(LONGEST)
        except urllib.error.HTTPError as problem:
            problem.close()
            raise LinkDown(f"http_{problem.code}", 400 <= problem.code < 500 and problem.code not in BUSY) from None
        except (OSError, ValueError, HTTPException) as problem:  # the last: an answer cut in half
            raise LinkDown(type(problem).__name__) from None
        try:
            return shape.model_validate(json.loads(answer))
        except (ValidationError, ValueError):
            raise LinkDown("bad_answer") from None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def backoff(attempts: int, now_minutes: tuple[int, ...] = (1, 5, 15, 60, 240), share: float = 0.2) -> float:
    """Seconds until what waits is tried again after `attempts` failures, with jitter: not everybody at the same second."""
    minutes = now_minutes[min(max(attempts, 1), len(now_minutes)) - 1]
    return minutes * 60 * (1 + random.uniform(-share, share))  # noqa: S311  a waiting time, no secret
