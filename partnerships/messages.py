"""What this app sends: the outbox kinds, each looked up fresh when it goes out."""

from django.conf import settings
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.models import ContactChange, Invitation, Person
from partnerships.models.person import Channel
from partnerships.selectors.words import municipality_name
from partnerships.services.invitation import invitation_proof, invitation_token, inviting_name
from samskaping.core.mail import send_mail
from samskaping.core.models import OneTimeCode, Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import Undeliverable, outbox_handler
from samskaping.core.sms import send_sms
from samskaping.core.templatetags.letters import without_links


@outbox_handler("invitation")
def send_invitation(row: Outbox) -> bool:
    invitation = _open_invitation(row)
    if invitation is None:
        return False
    link = settings.SITE_URL + reverse("invitation_open", args=[invitation_token(invitation)])
    with translation.override(invitation.person.language):
        role = invitation.role_label
        sms = _("%(place)s inviterer deg til Samskaping som %(role)s. Åpne lenken for å svare: %(link)s") % {
            "place": without_links(inviting_name(invitation)),
            "role": role,
            "link": link,
        }
    context = {
        "link": link,
        "role": role,
        "place": inviting_name(invitation),
        "name": invitation.person.name,
        "expires_at": invitation.expires_at,
    }
    return _send_to_invited(row, invitation, template="invitation", context=context, sms=sms)


@outbox_handler("invitation_code")
def send_invitation_code(row: Outbox) -> bool:
    invitation = _open_invitation(row)
    code = usable_code(row)
    # Made for another address than the one there is now: whoever asked for it must not get in by the new one.
    if invitation is None or code is None or code.subject != invitation_proof(invitation):
        return False
    digits = one_time_code_digits(code)
    with translation.override(invitation.person.language):
        sms = _("%(code)s er koden din til Samskaping. Den gjelder i ti minutter.") % {"code": digits}
    return _send_to_invited(row, invitation, template="invitation_code", context={"code": digits}, sms=sms)


@outbox_handler("contact_code")
def send_contact_code(row: Outbox) -> bool:
    """To the new address, so that only who reads it can take it into use."""
    code = usable_code(row)
    change = ContactChange.objects.filter(code=code).first() if code else None
    if code is None or change is None:
        return False
    digits = one_time_code_digits(code)
    language = _language_of(change)
    with translation.override(language):
        sms = _("%(code)s er koden for å ta i bruk dette nummeret i Samskaping.") % {"code": digits}
    send_to(
        row,
        channel=change.channel,
        to=change.value,
        language=language,
        template="contact_code",
        context={"code": digits},
        sms=sms,
    )
    return True


@outbox_handler("contact_changed")
def send_contact_changed(row: Outbox) -> bool:
    """To the old address: if it was not she who changed it, she must hear of it."""
    change = ContactChange.objects.filter(code=row.payload["code"], confirmed_at__isnull=False).first()
    if change is None or not change.value_before:
        return False
    language = _language_of(change)
    with translation.override(language):
        sms = _(
            "Kontoen din i Samskaping bruker ikke lenger dette nummeret. Var det ikke du som endret det, så "
            "ring kommunen."
        )
    send_to(
        row,
        channel=change.channel,
        to=change.value_before,
        language=language,
        template="contact_changed",
        context={},
        sms=sms,
    )
    return True


def _open_invitation(row: Outbox) -> Invitation | None:
    """None when it was used, withdrawn or ran out before the message left."""
    return (
        Invitation.objects.open()
        .select_related("municipality__settings", "person", "unit", "centre", "organisation")
        .filter(pk=row.payload["invitation"])
        .first()
    )


def usable_code(row: Outbox) -> OneTimeCode | None:
    """None when a newer one took its place: two codes in the inbox make people type the wrong one."""
    return OneTimeCode.objects.filter(
        pk=row.payload["code"], used_at=None, tries_left__gt=0, expires_at__gt=Now()
    ).first()


def _send_to_invited(
    row: Outbox, invitation: Invitation, *, template: str, context: dict[str, object], sms: str
) -> bool:
    person = invitation.person
    send_to(
        row,
        channel=invitation.channel,
        to=person.email if invitation.channel == Channel.EMAIL else person.phone,
        language=person.language,
        template=template,
        context=context,
        sms=sms,
        sender_name=municipality_name(invitation.municipality),
    )
    return True


def send_to(
    row: Outbox,
    *,
    channel: str,
    to: str,
    language: str,
    template: str,
    context: dict[str, object],
    sms: str,
    sender_name: str = "",
) -> None:
    """Raises Undeliverable when the address is gone."""
    if not to:
        raise Undeliverable("no_address")
    if channel == Channel.SMS:
        send_sms(row, number=to, text=sms)
    else:
        send_mail(row, to=to, template=template, context=context, language=language, sender_name=sender_name)


def _language_of(change: ContactChange) -> str:
    person = Person.objects.filter(user=change.user).order_by("pk").only("language").first()
    return person.language if person else settings.LANGUAGE_CODE
