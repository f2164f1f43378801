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
    """Somebody with a form open; signed in when she brings a cookie."""

    def __init__(self, port: int, cookie: str = "", page: str = "/logg-inn/") -> None:
        self._port = port
        status, headers, text = self._talk("GET", page, Cookie=cookie)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert found, f"{page} answered {status} without a form"
        self._token = found[1]
        brought = [value.partition(";")[0] for value in headers.get_all("Set-Cookie") or []]
        self._cookie = "; ".join(filter(None, [cookie, *brought]))

    def ask_for_code(self, who: int) -> tuple[int, str]:
        """The answer's status, and its Retry-After. From a new network: its limit is not what is tried."""
        network = f"10.{who // 250 % 250}.{who % 250}.1"
        return self._post(ASK, {"who": f"kjent{who}@prove.example"}, **{"X-Forwarded-For": network})

    def send(self, path: str, fields: dict[str, str]) -> int:
        return self._post(path, fields)[0]

    def _post(self, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        body = urlencode({**fields, "csrfmiddlewaretoken": self._token})
        form = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            status, answered, _page = self._talk("POST", path, body, **form, **headers)
        except (OSError, http.client.HTTPException):
            return CUT, ""
        return status, answered.get("Retry-After", "")

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
