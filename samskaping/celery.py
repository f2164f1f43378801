"""The worker's and the beat's entry point: celery -A samskaping."""

import os
from typing import Any

import redis
from celery import Celery
from celery.signals import task_prerun, worker_process_init
from django.db import close_old_connections
from kombu.transport import redis as transport

from samskaping.press.keeper import press

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")

app = Celery("samskaping")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A new connection for each job costs more than most jobs. Celery counts; we look whether it still works.
app.conf.CELERY_DB_REUSE_MAX = 10_000


class _Channel(transport.Channel):
    """Redis may be gone when a worker acknowledges or gives back what it holds. kombu then stumbles over a
    line it has forgotten, and the worker ends. Called by its name, it is handled like any other loss."""

    def _connparams(self, asynchronous: bool = False) -> Any:
        try:
            return super()._connparams(asynchronous)  # type: ignore[misc]
        except AttributeError as forgotten:
            raise redis.ConnectionError("This channel's line is closed.") from forgotten


transport.Transport.Channel = _Channel


@task_prerun.connect
def _look_at_connections(**_: Any) -> None:
    close_old_connections()


@worker_process_init.connect
def _warm_up(**_: Any) -> None:
    """The first document is made as fast as the next. Not before the pool's fork: each child has its own."""
    press.start()
