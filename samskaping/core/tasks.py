"""Jobs of the ground itself."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="core.sessions_clear")
def sessions_clear() -> None:
    """Sessions that ran out are of no use to anybody, and say when somebody was here."""
    call_command("clearsessions")
