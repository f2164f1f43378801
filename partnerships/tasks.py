"""The clock's part in notices. Everything that matters is in the rows: a round may be missed or run twice."""

from celery import shared_task
from django.utils import timezone

from partnerships.services.notice import notices_check, notices_derive, notices_queue
from partnerships.services.occurrence import occurrences_make
from partnerships.services.offer import offers_go_on
from partnerships.services.proposal_climb import proposals_climb
from partnerships.services.signal_climb import signals_pass_on
from samskaping.core.working_days import OSLO


@shared_task(name="partnerships.notices")
def notices() -> None:
    now = timezone.now()
    notices_derive(now.astimezone(OSLO).date())
    notices_queue(now)


@shared_task(name="partnerships.notices_check")
def notices_still_needed() -> None:
    notices_check()


@shared_task(name="partnerships.signals")
def signals() -> None:
    """What nobody answers goes on: questions, and proposals in a group."""
    today = timezone.now().astimezone(OSLO).date()
    signals_pass_on(today)
    proposals_climb(today)


# A nation of offers takes minutes; what is missing is made by the next night.
@shared_task(name="partnerships.occurrences", time_limit=1800, soft_time_limit=1700)
def occurrences() -> None:
    today = timezone.now().astimezone(OSLO).date()
    offers_go_on(today)
    occurrences_make(today)
