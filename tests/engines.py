"""The servers a test run stands on: PostgreSQL and Redis of its own, or the caller's.

One set serves the whole run: the first pytest process starts it and hands the addresses to the
xdist workers by environment, before anybody reads Django's settings.
"""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

from samskaping.embedded import datadir, engines

_PREFIX = "samskaping-test-"
_ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
# What a developer may have set for `make run` and must not change what the tests see.
_FOREIGN = (
    "DEBUG", "DEVELOPER_PAGES", "DEMO", "SITE_URL", "PORT", "ALLOWED_HOSTS", "TRUSTED_PROXIES",
    "HSTS_SECONDS", "SECRET_KEY", "SECRET_KEY_FILE", "SECRET_KEY_FALLBACKS", "LOG_LEVEL", "LOG_FORMAT",
    "BIND", "WEB_WORKERS", "WORKER_CONCURRENCY", "MAIL_URL", "MAIL_FROM",
)  # fmt: skip
_OURS = {
    "DJANGO_SETTINGS_MODULE": "samskaping.settings.test",
    "SECRET_KEY": "only-the-tests-sign-with-this-key-and-nobody-else-does",
    # Port 9 discards: pytest-django keeps mail in memory, and tests/core/post.py brings a server of its own.
    "MAIL_URL": "smtp://127.0.0.1:9",
}


class TestEngines:
    """The servers of one run. Made by `start`."""

    __test__ = False

    def __init__(self, folder: Path, servers: engines.Engines) -> None:
        self._folder = folder
        self._servers = servers

    def stop(self) -> None:
        self._servers.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def start() -> TestEngines | None:
    """Starts the servers and points the environment at them; None when the caller brought servers."""
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(_OURS)
    if any(os.environ.get(name, "").strip() for name in _ADDRESSES):
        return None
    # SIGTERM ends the run as Ctrl-C does, so that the servers are stopped and the folder is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    servers = engines.start(folder / "data", fsync=False)
    (folder / "data" / "static").mkdir()  # whitenoise warns without it
    os.environ.update(servers.environment())
    return TestEngines(folder, servers)


def bare_environment() -> dict[str, str]:
    """The environment of a shell where nothing of the portal is set: for programs that a test starts."""
    ours = {*_OURS, *_ADDRESSES, *_FOREIGN, "DATA_DIR"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _sweep() -> None:
    """Stops and removes what a run that was killed (-9) left behind; living runs hold their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        data = folder / "data"
        try:
            just_made = time.time() - folder.stat().st_mtime < 60
        except FileNotFoundError:
            continue
        if not just_made and datadir.held_by(data, "engines") is None:
            engines.stop_leftovers(data)
            shutil.rmtree(folder, ignore_errors=True)
