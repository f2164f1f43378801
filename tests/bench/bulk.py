"""Five hundred declarations of confidentiality by the portal's own worker, while people use the pages."""

import http.client
import re
import time
from collections.abc import Iterator

from tests.bench.portal import LOGIN, Measured
from tests.bench.results import Result
from tests.bench.rows import row

MANY = 500
PATIENCE = 600.0
# Asked for as by a person: how long she waits until the batch is there, her cookie and its page.
_START = """
import time
from django.conf import settings
from django.test import Client
from django.urls import reverse
from samskaping.core.models import ContentTemplate
from tests.bench.apart import begin_at
from tests.partnerships.conftest import make_town
begin_at(100400)
town = make_town()
town.unit.phone = "99000000"
town.unit.save()
client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
client.force_login(town.coordinator.user)
text = ContentTemplate.objects.get(key="taushet-kommune", municipality=None)
people = "".join(f"Prøve Person {n}; nr{n}@lag.example\\n" for n in range(%(many)s))
asked = {"text": text.pk, "side": f"unit-{town.unit.pk}", "people": people}
began = time.perf_counter()
page = client.post(reverse("batch_new"), asked, secure=True)
took = time.perf_counter() - began
name = settings.SESSION_COOKIE_NAME
print(page.status_code, took, page.url, f"{name}={client.cookies[name].value}")
"""


@row
def bulk(portal: Measured) -> Iterator[Result]:
    """Begun in a request, made by two workers; the login page is loaded before and meanwhile."""
    alone = portal.load(LOGIN)
    status, waited, page, cookie = portal.manage("shell", "-v0", "-c", _START % {"many": MANY}).split()
    began = time.perf_counter()
    first = _sent(portal.port, page, cookie)
    beside = portal.load(LOGIN)
    on_the_way = _sent(portal.port, page, cookie)
    sent = on_the_way
    while sent < MANY and time.perf_counter() - began < PATIENCE:
        time.sleep(0.5)
        sent = _sent(portal.port, page, cookie)
    took = time.perf_counter() - began
    wrong = int(status != "302") + MANY - sent
    yield Result("500 declarations asked for, until the page shows it", float(waited), "s", target=2)
    yield Result(
        "500 declarations frozen, typeset and sent", took, "s", target=150, errors=wrong,
        detail=f"{took / MANY * 1000:.0f} ms each; {first} at once, {on_the_way} while others clicked",
    )  # fmt: skip
    yield Result(
        "login page meanwhile, p95", beside.p95, "ms", target=1.5 * alone.p95, errors=beside.errors,
        detail=f"alone {alone.p95:.0f} ms",
    )  # fmt: skip


def _sent(port: int, path: str, cookie: str) -> int:
    """What the page says to whoever sent them."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"Cookie": cookie})
    found = re.search(r"(\d+) av \d+ er sendt", line.getresponse().read().decode())
    return int(found[1]) if found else 0
