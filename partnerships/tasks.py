"""The clock's part in notices. Everything that matters is in the rows: a round may be missed or run twice."""

from celery import shared_task
from django.utils import timezone

from partnerships.services.notice import notices_check, notices_derive, notices_queue
from samskaping.core.working_days import OSLO


@shared_task(name="partnerships.notices")
def notices() -> None:
    now = timezone.now()
    notices_derive(now.astimezone(OSLO).date())
    notices_queue(now)


@shared_task(name="partnerships.notices_check")
def notices_still_needed() -> None:
    notices_check()
