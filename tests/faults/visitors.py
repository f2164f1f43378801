"""People at the web process: they ask for a code to sign in with, which promises a message."""

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

CUT = 0  # no answer: the connection was refused or broken off
ASK = "/logg-inn/kode/"


class Visitor:
    """Somebody with a form open. A new address at each turn: the limits by network are not what is tried."""

    def __init__(self, port: int) -> None:
        self._port = port
        status, headers, page = self._talk("GET", "/logg-inn/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, f"the sign-in page answered {status} without a form"
        self._token = found[1]
        self._cookie = headers.get("Set-Cookie", "").partition(";")[0]

    def ask_for_code(self, who: int) -> tuple[int, str]:
        """The answer's status, and its Retry-After."""
        body = urlencode({"who": f"kjent{who}@prove.example", "csrfmiddlewaretoken": self._token})
        try:
            status, headers, _page = self._talk(
                "POST", ASK, body, Cookie=self._cookie,
                **{"Content-Type": "application/x-www-form-urlencoded",
                   "X-Forwarded-For": f"10.{who // 250 % 250}.{who % 250}.1"},
            )  # fmt: skip
        except (OSError, http.client.HTTPException):
            return CUT, ""
        return status, headers.get("Retry-After", "")

    def look(self, path: str) -> int:
        try:
            return self._talk("GET", path)[0]
        except (OSError, http.client.HTTPException):
            return CUT

    def _talk(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            line.request(method, path, body or None, headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            line.close()


class Crowd:
    """What several visitors were answered while something went on."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()
        self.without_retry_after = 0
        self.lock = threading.Lock()
        self._next = iter(range(10**9))

    def count(self, status: int, retry_after: str) -> None:
        with self.lock:
            self.answers[status] += 1
            self.without_retry_after += status == 503 and not retry_after

    def someone(self) -> int:
        with self.lock:
            return next(self._next)


@contextmanager
def crowd(port: int, *, people: int, known: int, pause: float) -> Iterator[Crowd]:
    """Visitors who ask for one code after the other until the block is left, each for another account."""
    seen, over = Crowd(), threading.Event()

    def visit(visitor: Visitor) -> None:
        while not over.is_set() and (who := seen.someone()) < known:
            seen.count(*visitor.ask_for_code(who))
            time.sleep(pause)

    threads = [threading.Thread(target=visit, args=(Visitor(port),)) for _ in range(people)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()
