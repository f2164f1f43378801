"""The clock's part: places at new times, and for those who wait. Safe to miss, and to run twice."""

from celery import shared_task
from django.utils import timezone

from samskaping.core.working_days import OSLO
from volunteers.services.course import lines_let_in
from volunteers.services.shift import shifts_make, waiting_moved_up


@shared_task(name="volunteers.shifts", time_limit=1800, soft_time_limit=1700)
def shifts() -> None:
    shifts_make(timezone.now().astimezone(OSLO).date())
    waiting_moved_up()
    lines_let_in()
