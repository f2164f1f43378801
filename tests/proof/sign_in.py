"""Known and unknown accounts take the same time to be refused."""

import http.client
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from samskaping.embedded import paths, sockets
from tests.embedded import running
from tests.proof.registry import Tally, proof

KNOWN = 500  # accounts: none is asked for a fourth code in a quarter of an hour, which would be refused
# Two-sided, p = 0.01: further out is more than chance. A few tries tell little: there only what shows.
FURTHEST, FURTHEST_SMALL = 2.576, 4.0

_MAKE = """
from django.contrib.auth.hashers import make_password
from samskaping.accounts.models import User
kept = make_password("et langt passord ingen gjetter")
User.objects.bulk_create(User(email=f"kjent{n}@prove.example", password=kept) for n in range(%d))
"""


@proof(
    "sign_in_time",
    "Refusing a wrong password and asking for a code take the same time for known and unknown addresses "
    "(Mann-Whitney, p > 0.01)",
)
def sign_in_time(small: bool) -> Tally:
    tally = Tally()
    each = 25 if small else 500
    with _portal() as port:
        for path, field in (("/logg-inn/", "login"), ("/logg-inn/kode/", "who")):
            visitor = _Visitor(port)
            took: dict[str, list[float]] = {"kjent": [], "ukjent": []}
            # In random order: a machine that grows warm or busy slows both alike.
            order = random.Random(path).sample([*took] * each, 2 * each)  # noqa: S311
            for turn, kind in enumerate(order):
                who = f"{kind}{turn % KNOWN}@prove.example"
                seconds, status = visitor.send(path, {field: who, "password": "feil passord"}, turn)
                took[kind].append(seconds)
                tally.check(status in (200, 302), f"{path} {who}: {status}")
            z = _mann_whitney(took["kjent"], took["ukjent"])
            medians = [f"{kind} {statistics.median(values) * 1000:.2f} ms" for kind, values in took.items()]
            tally.check(abs(z) < (FURTHEST_SMALL if small else FURTHEST), f"{path}: z = {z:.2f}, {medians}")
    return tally


class _Visitor:
    """Somebody at ever new addresses: the limits by network are not what is measured."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._line.request("GET", "/logg-inn/")
        answer = self._line.getresponse()
        page = answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "the sign-in page has a form"
        self._token = token[1]
        self._cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def send(self, path: str, fields: dict[str, str], turn: int) -> tuple[float, int]:
        body = urlencode({**fields, "csrfmiddlewaretoken": self._token})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self._cookie,
            "X-Forwarded-For": f"10.{turn // 250}.{turn % 250}.1",
        }
        begun = time.perf_counter()
        self._line.request("POST", path, body, headers)
        answer = self._line.getresponse()
        answer.read()
        return time.perf_counter() - begun, answer.status


def _mann_whitney(first: list[float], second: list[float]) -> float:
    """How many standard deviations the sum of ranks lies from where equal ones would put it."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(rank for rank, (_value, side) in enumerate(ranked, 1) if side == 0)
    n, m = len(first), len(second)
    expected = n * (n + m + 1) / 2
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    return float((ranks - expected) / spread)


@contextmanager
def _portal() -> Iterator[int]:
    with tempfile.TemporaryDirectory(prefix="samskaping proof ", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        portal = running.Portal(data, Path(folder) / "output.log")
        try:
            portal.wait_ready()
            subprocess.run(
                [sys.executable, "manage.py", "shell", "-c", _MAKE % KNOWN],
                cwd=paths.REPOSITORY,
                env=running.environment(data),
                check=True,
                capture_output=True,
            )
            yield portal.port
            portal.end()
        finally:
            running.kill_all(data)
            sockets.remove(paths.socket_dir(data))
