"""Eight people at once who click as fast as the portal answers. Standard library only."""

import http.client
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus

CLIENTS = 8


@dataclass(frozen=True)
class Load:
    requests_per_second: float
    p50: float  # milliseconds
    p95: float
    errors: int


def click_for(port: int, path: str, *, seconds: float, headers: dict[str, str] | None = None) -> Load:
    """Asks for one page from all clients for a while, after a short warm-up that does not count."""
    _round(port, path, min(1.0, seconds / 3), headers or {})
    times, errors, lasted = _round(port, path, seconds, headers or {})
    ordered = sorted(times) or [float("inf")]
    return Load(
        requests_per_second=len(times) / lasted,
        p50=ordered[len(ordered) // 2] * 1000,
        p95=ordered[int(len(ordered) * 0.95)] * 1000,
        errors=errors,
    )


def _round(port: int, path: str, seconds: float, headers: dict[str, str]) -> tuple[list[float], int, float]:
    times: list[list[float]] = [[] for _ in range(CLIENTS)]
    errors = [0] * CLIENTS
    begun = time.perf_counter()
    end = begun + seconds

    def click(number: int) -> None:
        # Kept open when the server offers to; sync workers close, and the client connects again.
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (sent := time.perf_counter()) < end:
            try:
                line.request("GET", path, headers={"Accept-Encoding": "br, gzip", **headers})
                response = line.getresponse()
                response.read()
                ok = response.status == HTTPStatus.OK
            except (OSError, http.client.HTTPException):
                line.close()
                ok = False
            times[number].append(time.perf_counter() - sent)
            errors[number] += not ok
        line.close()

    clients = [threading.Thread(target=click, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return [one for client in times for one in client], sum(errors), time.perf_counter() - begun
