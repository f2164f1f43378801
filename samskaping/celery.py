"""The worker's and the beat's entry point: celery -A samskaping."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from samskaping.press.keeper import press

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")

app = Celery("samskaping")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _warm_up(**_: Any) -> None:
    """The first document is made as fast as the next. Not before the pool's fork: each child has its own."""
    press.start()
