"""Jobs of the ground itself. A task carries an outbox id and nothing else; the row knows the rest."""

from celery import shared_task
from django.core.management import call_command
from django.db.models.functions import Now

from samskaping.core.models import Municipality, OneTimeCode, RateLimit
from samskaping.core.services.outbox import outbox_deliver_row, outbox_sweep, outbox_work
from samskaping.core.services.retention import retention_run, retention_run_nowhere
from samskaping.core.services.stored_file import stored_file_delete_expired


# Both within the lease: a row is never taken from a worker that is still at it.
@shared_task(name="core.outbox_deliver", soft_time_limit=40, time_limit=50)
def outbox_deliver(outbox_id: int) -> None:
    outbox_deliver_row(outbox_id)


# A call for what is due; the last row it takes may need as long as one by itself.
@shared_task(name="core.outbox_work", soft_time_limit=40, time_limit=50)
def outbox_work_through() -> None:
    outbox_work()


@shared_task(name="core.outbox_sweep")
def outbox_sweep_due() -> None:
    outbox_sweep()


@shared_task(name="core.files_clear")
def files_clear() -> None:
    stored_file_delete_expired()


@shared_task(name="core.sessions_clear")
def sessions_clear() -> None:
    """What ran out is of no use to anybody, and says when somebody was here."""
    call_command("clearsessions")
    OneTimeCode.objects.filter(expires_at__lt=Now()).delete()
    RateLimit.objects.filter(until__lt=Now()).delete()


@shared_task(name="core.retention", time_limit=3600, soft_time_limit=3500)
def retention() -> None:
    """Every municipality; one with nothing old costs a few small questions."""
    for municipality in Municipality.objects.order_by("pk"):
        retention_run(municipality)
    retention_run_nowhere()
