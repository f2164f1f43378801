"""Where the embedded servers live and how to reach them. Standard library only: settings import this.

Everything follows from DATA_DIR, so two checkouts never meet, and `manage.py shell` in another
terminal finds the servers that `manage.py up` started.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parents[2]
DATABASE = "samskaping"
OWNER = "portal_owner"
APP = "portal_app"
# Part of the socket's file name only; the servers listen on no network port.
SOCKET_PORT = 5432
# A Unix socket's whole path must fit in about 100 bytes, so the socket cannot live under DATA_DIR.
# Not tempfile.gettempdir(): TMPDIR may differ between two terminals, the address must not.
_TEMPORARY = Path("/tmp")  # noqa: S108 - the folder inside is made 0700 and its owner checked (sockets.py)


def data_dir() -> Path:
    """DATA_DIR, absolute. A relative value counts from the repository, whatever the current folder is."""
    value = os.environ.get("DATA_DIR", "").strip() or "var"
    return (REPOSITORY / Path(value).expanduser()).resolve()


def socket_dir(data: Path | None = None) -> Path:
    where = os.fsencode(data or data_dir())
    name = hashlib.sha256(where).hexdigest()[:12]
    return _TEMPORARY / f"samskaping-{os.geteuid()}-{name}"


def database_url(data: Path | None = None) -> str:
    """The address for the role that runs the portal: it may use the tables, not make or change them."""
    return _postgresql(APP, data)


def database_owner_url(data: Path | None = None) -> str:
    """The address for the role that migrates and makes test databases."""
    return _postgresql(OWNER, data)


def redis_url(data: Path | None = None) -> str:
    """The form redis-py reads; Celery's is `redis+socket://` with the same path (settings/jobs.py)."""
    return f"unix://{redis_socket(data)}"


def redis_socket(data: Path | None = None) -> Path:
    return socket_dir(data) / "redis.sock"


def _postgresql(role: str, data: Path | None) -> str:
    return f"postgresql://{role}@{quote(str(socket_dir(data)), safe='')}:{SOCKET_PORT}/{DATABASE}"
