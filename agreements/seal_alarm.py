"""Tells those who run the portal, by mail and once a day, that sealing needs a hand."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agreements.certificate import NoCertificate, is_for_trying, sealer
from agreements.services.sealing import ALARM_AFTER, unsealed_seconds
from samskaping.accounts.models import User
from samskaping.core.mail import send_mail
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import outbox_add, outbox_handler

KIND = "agreements.seal_alarm"
SENTENCES = {
    "not_locked": _("Avtaler som alle har signert, er ikke låst etter et kvarter."),
    "certificate_ends": _("Sertifikatet som avtaler låses med, går ut om mindre enn 60 dager."),
    "certificate_unusable": _("Sertifikatet i SEAL_CERTIFICATE kan ikke brukes, så ingen avtaler blir låst."),
}


def seal_state() -> str:
    """For `/readyz`: ok, test, ends in n days, or unusable. Says nothing of where the key is."""
    if is_for_trying():
        return "test certificate"
    try:
        key = sealer()
    except NoCertificate:
        return "unusable"
    now = datetime.now(UTC)
    if key.has_ended(now):
        return "unusable"
    return f"ends in {(key.not_after - now).days} days" if key.ends_soon(now) else "ok"


def alarms() -> list[str]:
    found = []
    state = seal_state()
    if state == "unusable":
        found.append("certificate_unusable")
    elif state.startswith("ends"):
        found.append("certificate_ends")
    if unsealed_seconds() > ALARM_AFTER.total_seconds():
        found.append("not_locked")
    return found


@transaction.atomic
def alarms_sound(day: date) -> None:
    """Each alarm once a day to each who runs the portal."""
    found = alarms()
    if not found:
        return
    operators = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    for user in operators.order_by("pk"):
        for what in found:
            outbox_add(KIND, f"{day}:{what}:{user.pk}", payload={"user": user.pk, "what": what})


@outbox_handler(KIND)
def send_alarm(row: Outbox) -> bool:
    user = User.objects.filter(pk=row.payload["user"], is_superuser=True, is_active=True).first()
    if user is None or not user.email or row.payload["what"] not in alarms():
        return False
    context: dict[str, object] = {"sentence": SENTENCES[row.payload["what"]]}
    language = user.language or settings.LANGUAGE_CODE
    send_mail(row, to=user.email, template="seal_alarm", context=context, language=language)
    return True
