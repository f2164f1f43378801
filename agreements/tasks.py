"""The clock's part in agreements. All is in the rows: a round may be missed or run twice."""

from celery import shared_task
from django.utils import timezone

from agreements.seal_alarm import alarms_sound
from agreements.services.anchor import anchor_make
from agreements.services.envelope import envelopes_expire
from agreements.services.sealing import seals_sweep
from agreements.services.timestamp import timestamps_fetch
from samskaping.core.working_days import OSLO


@shared_task(name="agreements.seals")
def seals() -> None:
    """What everybody has signed is locked, however long ago; who runs the portal hears when it is not."""
    now = timezone.now()
    seals_sweep(now)
    alarms_sound(now.astimezone(OSLO).date())


@shared_task(name="agreements.timestamps", time_limit=600, soft_time_limit=550)
def timestamps() -> None:
    timestamps_fetch()


@shared_task(name="agreements.anchor")
def anchor() -> None:
    anchor_make(timezone.now().astimezone(OSLO).date())


@shared_task(name="agreements.signings")
def signings() -> None:
    """Signings that are late."""
    envelopes_expire(timezone.now().astimezone(OSLO).date())
