"""Is the process in this container well? `python docker/health.py web|worker|beat`, 0 when it is.

Starts no Django: it runs every few seconds for as long as the portal does.
"""

import http.client
import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

# Beat writes its memory down every three minutes.
BEAT_SILENT = 10 * 60


def web() -> str:
    """Asks /healthz under the portal's own name, which ALLOWED_HOSTS is sure to hold."""
    name = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
    line = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    line.request("GET", "/healthz", headers={"Host": name})
    status = line.getresponse().status
    return "" if status == http.HTTPStatus.OK else f"/healthz answered {status}"


def worker() -> str:
    """Sends the worker a ping through Redis and waits for its answer."""
    from celery import Celery

    address = os.environ.get("REDIS_URL") or Path(os.environ["REDIS_URL_FILE"]).read_text().strip()
    app = Celery(broker=address.replace("unix://", "redis+socket://", 1))
    app.conf.broker_transport_options = {"socket_timeout": 4, "socket_connect_timeout": 2}
    answers = app.control.ping(destination=[f"worker@{socket.gethostname()}"], timeout=4, limit=1)
    return "" if answers else "the worker does not answer"


def beat() -> str:
    """Looks at when beat last wrote its memory down."""
    folder = Path(os.environ.get("TMPDIR") or tempfile.gettempdir())
    # What the file is called depends on which dbm Python was built with.
    written = max((path.stat().st_mtime for path in folder.glob("beat-schedule*")), default=0.0)
    return "" if time.time() - written < BEAT_SILENT else "beat has not written for ten minutes"


def main(arguments: list[str]) -> int:
    checks = {"web": web, "worker": worker, "beat": beat}
    try:
        trouble = checks[arguments[0]]()
    except Exception as error:  # whatever it is, the container is not well
        trouble = type(error).__name__
    if trouble:
        sys.stdout.write(f"{trouble}\n")  # docker inspect shows it
    return 1 if trouble else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
