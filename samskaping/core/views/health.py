"""What a load balancer and an operator ask. No secrets in the answers."""

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samskaping.core.readiness import ready_parts
from samskaping.core.services.outbox import outbox_oldest_seconds
from samskaping.core.services.replay import replay_guard_stands
from samskaping.core.virus import scanner


@require_safe
@never_cache
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part by name. Redis being away does not take the portal down: mail waits, pages answer.

    Without its virus scanner the portal takes no files, and all else works.
    `outbox_seconds` is how long the longest waiting message has waited, `mail` where messages go; `outbox` is
    «held» after a restore, until somebody has decided about what was waiting. What apps add stands last.
    """
    parts: dict[str, str | int] = {
        "database": _database(),
        "migrations": "unknown",
        "redis": _redis(),
        "mail": "demo post" if settings.DEMO_POST else "server",
        "virus_scanner": _virus_scanner(),
    }
    if parts["database"] == "ok":
        parts["migrations"] = _migrations()
    if parts["migrations"] == "ok":
        parts["outbox"] = "held" if replay_guard_stands() else "ok"
        parts["outbox_seconds"] = outbox_oldest_seconds()
        parts |= ready_parts()
    ready = parts["database"] == "ok" and parts["migrations"] == "ok"
    return JsonResponse({"status": "ok" if ready else "not ready", **parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connections["default"].close()
        return "away"
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connections["default"])
        return "waiting" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"
    except DatabaseError:
        return "away"


def _redis() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        return "away"
    finally:
        client.close()
    return "ok"


def _virus_scanner() -> str:
    found = scanner()
    if found is None:
        return "none"
    return "ok" if found.answers() else "away"
