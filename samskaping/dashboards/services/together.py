"""Sending «Dette har vi sammen» to colleagues and organisations: a promise for each, kept by the outbox."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Organisation, Person
from partnerships.selectors.words import municipality_name
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.mail import send_mail
from samskaping.core.models import Municipality, Outbox
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import Undeliverable, outbox_add, outbox_handler
from samskaping.dashboards.selectors.together import together

KIND = "together"


@transaction.atomic
def together_send(
    *,
    municipality: Municipality,
    people: Iterable[Person],
    organisations: Iterable[Organisation],
    by: User,
) -> int:
    """What stands on the sheet when it goes out. The same one twice a day is sent once.

    Raises DomainError when nobody is chosen, or somebody of another municipality is.
    """
    chosen: list[Person | Organisation] = [*people, *organisations]
    if not chosen:
        raise DomainError(_("Velg minst én å sende til."))
    if any(one.municipality_id != municipality.pk for one in chosen):
        raise DomainError(_("Velg noen som finnes i kommunen."))
    day = timezone.localdate().isoformat()
    sent = 0
    for one in chosen:
        kind = one._meta.model_name
        payload = {"municipality": municipality.pk, "kind": kind, "id": one.pk}
        key = f"{municipality.pk}-{kind}-{one.pk}-{day}"
        sent += outbox_add(KIND, key, payload=payload, municipality=municipality) is not None
    audit_record("together_sent", municipality=municipality, by=by, data={"count": sent})
    return sent


@outbox_handler(KIND)
def deliver(row: Outbox) -> bool:
    municipality = Municipality.objects.select_related("settings").get(pk=row.payload["municipality"])
    source = Person if row.payload["kind"] == "person" else Organisation
    receiver = source._default_manager.filter(pk=row.payload["id"], municipality=municipality).first()
    if receiver is None or getattr(receiver, "ended_at", None) or getattr(receiver, "erased_at", None):
        return False
    if not receiver.email:
        raise Undeliverable("no_address")
    send_mail(
        row,
        to=receiver.email,
        template="together",
        context={"sheet": together(municipality), "place": municipality_name(municipality)},
        language=receiver.language,
        sender_name=municipality_name(municipality),
    )
    return True
