"""Asking the supplier whether an SMS came through. We ask; nobody tells us, so nobody can lie to us."""

from django.conf import settings
from django.db import transaction

from samskaping.core.models import Outbox
from samskaping.core.models.outbox import Delivery
from samskaping.core.services.outbox import address_refused, delivered, outbox_handler
from samskaping.core.sms import ask_later
from samskaping.core.sms_http import HttpSms


@outbox_handler("sms_status")
def ask(row: Outbox) -> bool:
    sent = (
        Outbox.objects.filter(pk=row.payload["outbox"], delivery=Delivery.UNKNOWN).exclude(receipt="").first()
    )
    if sent is None or not settings.SMS_STATUS_URL:
        return False
    delivery = HttpSms().status(sent.receipt)
    with transaction.atomic():
        if delivery == Delivery.UNKNOWN:
            ask_later(sent, nth=row.payload["nth"] + 1)
            return True
        Outbox.objects.filter(pk=sent.pk).update(delivery=delivery)
        if delivery == Delivery.FAILED:
            address_refused(sent, "phone")
        else:
            delivered(sent)
    return True
