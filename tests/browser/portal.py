"""The real portal for the browser: `manage.py up` as people run it, with the gallery and a user."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin
from urllib.request import urlopen

from samskaping.embedded.paths import REPOSITORY
from tests.crawl.walk import Reader, starts
from tests.embedded.running import Portal, environment

EMAIL = "nettleser@prove.example"
PASSWORD = "et langt passord ingen gjetter"
SETTINGS: dict[str, Any] = {"DEBUG": "0", "DEVELOPER_PAGES": "1", "DEMO": "1", "WEB_WORKERS": "2"}


@dataclass(frozen=True)
class Running:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def named_url(self) -> str:
        """As the portal names itself (SITE_URL)."""
        return f"http://localhost:{self.port}"

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, kind and text of an answer; redirects are answers too."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", quote(path, safe="/?=&%"), headers={"Accept-Language": "nb"})
        answer = line.getresponse()
        text = answer.read().decode(errors="replace")
        kind = answer.headers.get("Content-Type", "")
        line.close()
        return answer.status, answer.headers.get("Location", "") or kind, text

    def header(self, path: str, name: str) -> str:
        with urlopen(f"{self.url}{path}") as answer:  # noqa: S310 - always http
            return str(answer.headers[name])

    def pages(self) -> list[str]:
        """Every page that answers: the URLs without arguments, and whatever they link to."""
        queue, found, seen = starts(), [], set()
        while queue:
            path = queue.pop(0)
            # A list sorted or filtered in another way is the same page once more.
            if path in seen or ("?" in path and "?eksempel=" not in path):
                continue
            seen.add(path)
            status, kind, text = self.get(path)
            if status == 200 and kind.startswith("text/html"):
                found.append(path)
                links = (urljoin(path, link.split("#")[0]) for link in Reader(text).links)
                queue += [link for link in links if link.startswith("/")]
        return found


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    data = folder / "data"
    portal = Portal(data, folder / "up.log", **SETTINGS)
    try:
        portal.wait_ready()
        _make_user(data)
        yield Running(portal.port)
    finally:
        if portal.child.poll() is None:
            portal.end(patience=20)


def _make_user(data: Path) -> None:
    code = (
        f"from samskaping.accounts.models import User; User.objects.create_superuser({EMAIL!r}, {PASSWORD!r})"
    )
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=REPOSITORY,
        env=environment(data, **SETTINGS),
        check=True,
        capture_output=True,
    )
