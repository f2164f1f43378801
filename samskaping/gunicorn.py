"""How gunicorn runs the portal: sync workers behind any buffering proxy (docs/adr/0003)."""

import gc
import os
from pathlib import Path
from typing import Any

from samskaping import env

_host = env.address("BIND", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{env.number('PORT', 8000, low=1, high=65535)}"
workers = env.number("WEB_WORKERS", 2, low=1, high=64)
worker_class = "sync"
timeout = 30
graceful_timeout = 8
max_requests = 5000  # a slow leak never grows old
max_requests_jitter = 500
limit_request_line = 4094
# Settings are read once, in the master: a bad environment value stops the start with its sentence
# instead of a worker that dies again and again.
preload_app = True
# The workers' heartbeat files, in memory where there is such a place, so a busy disk kills nobody.
_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own unguessable files there
worker_tmp_dir = str(_memory) if os.access(_memory, os.W_OK) else None
# Our middleware writes one line per request, by route and without personal data; paths may hold tokens.
accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = "samskaping.core.logs.GunicornLogger"
# Which proxies may say who the caller is; the same list Django reads (settings/security.py).
forwarded_allow_ips = ",".join(env.networks("TRUSTED_PROXIES", "127.0.0.1"))


def when_ready(_server: Any) -> None:
    """Before there are workers. What is loaded by then they share, and nobody looks through it for garbage
    (docs/adr/0042)."""
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 - loads every page's code
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    # A page makes thousands of objects and leaves nearly none: with Python's 700, the looking goes on all
    # through it.
    gc.set_threshold(10_000, 10, 10)
