"""Who looks at files before they are kept."""

from urllib.parse import urlsplit

from samskaping import env

# Empty: nobody does, and each file's row says so.
CLAMAV_URL = env.url("CLAMAV_URL", schemes=("unix", "tcp")) if env.is_set("CLAMAV_URL") else ""
_parts = urlsplit(CLAMAV_URL)
_is_socket = _parts.scheme == "unix" and not _parts.netloc and _parts.path.startswith("/")
_is_port = _parts.scheme == "tcp" and bool(_parts.hostname) and not _parts.path and "@" not in _parts.netloc
if (CLAMAV_URL and not (_is_socket or _is_port)) or _parts.query or _parts.fragment:
    raise env.BadEnvironment(
        "CLAMAV_URL must be unix:///path/to/clamd.sock or tcp://host:3310, with nothing more."
    )
