"""Tells when the portal answers, and how to get in."""

import time
import urllib.error
import urllib.request
from http import HTTPStatus

from django.contrib.auth import get_user_model
from django.db import Error, connection

from samskaping.embedded.supervisor import Supervisor

DEMO_PASSWORD = "demo-samskaping"  # noqa: S105 - invented people on invented places
_PATIENCE = 40.0
# The machine's proxy has no business between us and ourselves.
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def announce(supervisor: Supervisor, address: str, site_url: str) -> None:
    """Waits for /readyz and prints the address; runs in a thread beside the supervisor's loop."""
    end = time.monotonic() + _PATIENCE
    while not supervisor.stopping:
        status, body = _get(f"{address}/readyz")
        if status == HTTPStatus.OK:
            break
        if time.monotonic() > end:
            alive = _get(f"{address}/healthz")[0] == HTTPStatus.OK
            why = f"/readyz says {status}: {body}" if alive else "/healthz does not answer either"
            supervisor.say(f"The portal is not ready yet: {why}")
            end = time.monotonic() + _PATIENCE
        time.sleep(0.1)
    else:
        return
    supervisor.say(f"Samskaping is ready: {site_url}/\n{_logins()}Ctrl-C stops everything.\n")


def _get(address: str) -> tuple[int, str]:
    """Status and the beginning of the answer; status 0 when nobody answers."""
    try:
        with _open(address, timeout=5) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.read(300).decode(errors="replace")
    except OSError as error:
        return 0, str(error)


def _logins() -> str:
    """The demo's people who can sign in; nothing where no demo was loaded."""
    field = get_user_model().USERNAME_FIELD
    try:
        people = get_user_model()._default_manager.filter(**{f"{field}__endswith": "@demo.example"})
        names = list(people.order_by(field).values_list(field, flat=True))
    except Error:
        return ""  # the portal answers; a list of names is no reason to say otherwise
    finally:
        connection.close()
    if not names:
        return ""
    return f"Sign in as one of these, password {DEMO_PASSWORD}:\n" + "".join(f"  {name}\n" for name in names)
