"""«Signer nå» pressed by eight people at once, each by her own link and code."""

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from tests.bench.load import CLIENTS
from tests.bench.portal import Measured
from tests.bench.results import Result
from tests.bench.rows import row

MANY = 240
# Opened, read and confirmed beforehand; what is left is the form as a browser sends it.
_READY = """
import json, uuid
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from agreements import chain
from agreements.models import Signatory
from agreements.selectors.signing import consent_to
from tests.agreements.signing import by_code, signing
from tests.partnerships.conftest import make_town
town, found = make_town(), []
for _turn in range(%(many)s):
    her = signing(town).kari
    Signatory.objects.filter(pk=her.pk).update(opened_at=timezone.now())
    document = her.envelope.document
    words = consent_to(document, language="nb").words
    cookies = by_code(her).cookies
    found.append({
        "path": reverse("signing_sign", args=[her.pk]),
        "cookie": settings.SESSION_COOKIE_NAME + "=" + cookies[settings.SESSION_COOKIE_NAME].value,
        "form": {
            "consent": "on", "name": "Kari Nes", "document": document.sha256, "key": str(uuid.uuid4()),
            "agreed": chain.digest(words.encode()),
        },
    })
print(json.dumps({"csrf": settings.CSRF_COOKIE_NAME, "posts": found}))
"""


@row
def by_link(portal: Measured) -> Iterator[Result]:
    """Every press counts, also the first ones: nobody signs twice to warm up."""
    ready = json.loads(portal.manage("shell", "-v0", "-c", _READY % {"many": MANY}))
    with ThreadPoolExecutor(CLIENTS) as people:
        pressed = list(people.map(lambda post: _press(portal.port, ready["csrf"], post), ready["posts"]))
    times = sorted(took for took, _signed in pressed)
    p95, p50 = times[int(MANY * 0.95)], times[MANY // 2]
    yield Result(
        "«Signer nå» by link and code, p95", p95, "ms", target=3 * portal.login.p95,
        ratio=p95 / portal.login.p95, errors=sum(not signed for _took, signed in pressed),
        detail=f"{MANY} signatures, p50 {p50:.1f} ms",
    )  # fmt: skip


def _press(port: int, csrf: str, post: dict[str, Any]) -> tuple[float, bool]:
    """Milliseconds, and whether it led to the receipt."""
    token = "c" * 32
    body = urlencode({**post["form"], "csrfmiddlewaretoken": token})
    headers = {
        "Cookie": f"{post['cookie']}; {csrf}={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = time.perf_counter()
    line.request("POST", post["path"], body, headers)
    response = line.getresponse()
    response.read()
    took = time.perf_counter() - sent
    line.close()
    receipt = response.status == HTTPStatus.FOUND and str(response.getheader("Location")).endswith(
        "kvittering/"
    )
    return took * 1000, receipt
