"""The portal's Celery app with kinds of message that only tests send: celery -A tests.core.worker_app."""

import time
from pathlib import Path

import django
from django.conf import settings

from samskaping.celery import app

if not settings.configured:
    django.setup()

from django.template import engines

from samskaping.accounts.models import User
from samskaping.core.mail import send_mail
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import Undeliverable, outbox_handler

__all__ = ["app"]


def find_templates() -> None:
    """Lets the engine of the moment find the tests' own letters; a test of settings may have made it anew."""
    folders = engines["django"].engine.dirs  # type: ignore[attr-defined]
    if (here := str(Path(__file__).parent / "templates")) not in folders:
        folders.append(here)


find_templates()


@outbox_handler("try_mail")
def try_mail(row: Outbox) -> bool:
    """Mails the user in the payload; who is gone needs nothing, who has no address gets nothing."""
    user = User.objects.filter(pk=row.payload["user"]).first()
    if user is None:
        return False
    if not user.email:
        raise Undeliverable("no_address")
    send_mail(
        row,
        to=user.email,
        template="try",
        context={"name": "Kari"},
        language="nb",
        sender_name="Prøvevik kommune",
    )
    return True


@outbox_handler("try_slow")
def try_slow(row: Outbox) -> bool:
    time.sleep(60)
    return True
