"""Celery and Redis. The row in PostgreSQL is the truth; Redis is only the doorbell."""

from celery.schedules import crontab

from samskaping import env
from samskaping.embedded import paths

REDIS_URL = (
    env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
    if env.is_set("REDIS_URL")
    else paths.redis_url()
)

# Celery names a Unix socket otherwise than redis-py does.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]  # a forged pickle in Redis stays a string
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 2, low=1, high=64)
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
# Redis going away is no reason to cut a mail short: the row decides whether it is sent again.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a Redis that is full says no to us, and else ends the worker
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away; a worker that gave up stays away
# Throttle 1: kombu's default looks for lost messages only every tenth round (measured in security.md).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # Somebody waits for her page while we ring. The usual answers to a Redis that is away are six seconds of
    # trying to connect, and forty to one that is silent; the sweep makes up for a ring that was not heard.
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False  # Redis being down never reaches a person; the sweep rings again
CELERY_TASK_ROUTES: dict[str, dict[str, str]] = {}
CELERY_TIMEZONE = "Europe/Oslo"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = {
    # Without `expires`, which compares two machines' clocks; the sweep itself lets nothing pile up.
    "core.outbox_sweep": {"task": "core.outbox_sweep", "schedule": 30.0},
    # What is due to be told, and what may leave now. Missed rounds are one round: all of it is in the rows.
    "partnerships.notices": {
        "task": "partnerships.notices",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 540},
    },
    "partnerships.notices_check": {
        "task": "partnerships.notices_check",
        "schedule": crontab(hour=5, minute=40),
        "options": {"expires": 3600},
    },
    # Questions nobody answered, or whose receiver is away or has left, go on to somebody else.
    "partnerships.signals": {
        "task": "partnerships.signals",
        "schedule": crontab(hour="6-17", minute=20),
        "options": {"expires": 3000},
    },
    # Signings that are late: soon after midnight, and again if that was missed.
    "agreements.signings": {
        "task": "agreements.signings",
        "schedule": crontab(hour="0,6-20", minute=5),
        "options": {"expires": 3000},
    },
    # The times of what repeats, some months ahead; also after a day without a worker.
    "partnerships.occurrences": {
        "task": "partnerships.occurrences",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 36000},
    },
    # Places at those times for who comes every time.
    "volunteers.shifts": {
        "task": "volunteers.shifts",
        "schedule": crontab(hour=4, minute=0),
        "options": {"expires": 36000},
    },
    # Agreements all have signed and nobody has locked, and timestamps that are still to come.
    "agreements.seals": {
        "task": "agreements.seals",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 280},
    },
    "agreements.timestamps": {
        "task": "agreements.timestamps",
        "schedule": crontab(minute="7,37"),
        "options": {"expires": 1700},
    },
    # After what the night changes.
    "agreements.anchor": {"task": "agreements.anchor", "schedule": crontab(hour=4, minute=50)},
    # Between the hours that summer time repeats or skips (02-03).
    "core.sessions_clear": {"task": "core.sessions_clear", "schedule": crontab(hour=4, minute=10)},
    "core.files_clear": {"task": "core.files_clear", "schedule": crontab(hour=4, minute=20)},
    "core.retention": {"task": "core.retention", "schedule": crontab(hour=4, minute=30)},
}
