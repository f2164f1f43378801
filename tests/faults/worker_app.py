"""What the worker and the beat of tests/faults run: celery -A tests.faults.worker_app.

The portal's own app with kinds of message only tests send. With FAULT_QUICK its waits are seconds instead
of minutes. FAULT_WITHOUT takes one defence away, here and nowhere in the portal, so that it can be missed.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

import django
import time_machine
from celery.signals import worker_process_init
from django.conf import settings

from samskaping import celery
from samskaping.celery import app

if clock := os.environ.get("FAULT_CLOCK"):
    time_machine.travel(time.time() + float(clock), tick=True).start()
if not settings.configured:
    django.setup()

from django.db import connection
from django.template import engines

from samskaping.core import tasks
from samskaping.core.mail import send_mail
from samskaping.core.models import Outbox
from samskaping.core.services import outbox
from samskaping.core.services.outbox import Undeliverable, outbox_handler

__all__ = ["app"]

if not os.environ.get("FAULT_PRESS"):
    # No test here makes a document, and starting two presses is most of what a worker's start costs.
    worker_process_init.disconnect(celery._warm_up)

if quick := os.environ.get("FAULT_QUICK"):
    lease = int(quick)
    outbox.LEASE = timedelta(seconds=lease)
    outbox.BACKOFF = timedelta(seconds=0.5)
    outbox.RECORD_PAUSE = 0.3
    outbox.LONGEST_WAIT = timedelta(seconds=2)
    for task in (tasks.outbox_deliver, tasks.outbox_work_through):
        task.soft_time_limit, task.time_limit = lease - 2, lease - 1
    settings.EMAIL_TIMEOUT = 2
    for name in ("core.outbox_sweep", "partnerships.notices"):
        app.conf.beat_schedule[name]["schedule"] = 1.0
    app.conf.beat_max_loop_interval = 1

_without = os.environ.get("FAULT_WITHOUT", "")
if _without == "lease":
    outbox.DUE = "state IN ('waiting', 'leased')"
if _without == "database_clock":
    ours = f"statement_timestamp() + {float(clock or 0)} * interval '1 second'"
    outbox.DUE = outbox.DUE.replace("statement_timestamp()", ours)
if _without == "record":
    outbox.RECORD_WITHIN = 0.0

engines["django"].engine.dirs.append(  # type: ignore[attr-defined]
    str(Path(__file__).parents[1] / "core" / "templates")
)


def _mail(row: Outbox) -> bool:
    send_mail(row, to=f"{row.key}@prove.example", template="try", context={"name": "Kari"}, language="nb")
    return True


@outbox_handler("fault_mail")
def fault_mail(row: Outbox) -> bool:
    return _mail(row)


@outbox_handler("fault_effect")
def fault_effect(row: Outbox) -> bool:
    """Does something else than mail, and notes each time it did: from the database's side of things."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO fault_effect (key) VALUES (%s)", [row.key])
    return True


@outbox_handler("fault_raises")
def fault_raises(row: Outbox) -> bool:
    raise ZeroDivisionError


@outbox_handler("fault_no_address")
def fault_no_address(row: Outbox) -> bool:
    raise Undeliverable("no_address")


@outbox_handler("fault_loops")
def fault_loops(row: Outbox) -> bool:
    while True:
        pass


@outbox_handler("fault_deaf")
def fault_deaf(row: Outbox) -> bool:
    """Does not even hear the soft limit."""
    while True:
        try:
            while True:
                time.sleep(0.1)
        except Exception:  # noqa: S112
            continue


@outbox_handler("fault_memory")
def fault_memory(row: Outbox) -> bool:
    """Ends as the kernel ends whoever takes all memory."""
    os.kill(os.getpid(), 9)
    return True
