"""What people change about themselves: all their own rows at once, one per controller."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partnerships.models import ContactChange, Person
from partnerships.models.person import Channel
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import one_time_code_make, one_time_code_use
from samskaping.core.services.outbox import outbox_add

FIELDS = frozenset(
    {"name", "street", "postal_code", "post_town", "language", "channel", "digest", "hide_contact"}
)


@transaction.atomic
def profile_change(*, changes: dict[str, Any], by: User) -> None:
    """Raises ValueError for what is not here: addresses need a code of their own (contact_change_ask)."""
    if not set(changes) <= FIELDS:
        message = "Not a field of one's own profile."
        raise ValueError(message)
    for person in _own(by):
        changed = sorted(name for name, value in changes.items() if getattr(person, name) != value)
        if changed:
            for name in changed:
                setattr(person, name, changes[name])
            person.save(update_fields=[*changed, "name_key"])
            audit_record("profile_changed", person, by=by, data={"fields": changed})
    if "language" in changes and by.language != changes["language"]:
        by.language = changes["language"]
        by.save(update_fields=["language"])


@transaction.atomic
def contact_change_ask(*, channel: Channel, value: str, by: User) -> ContactChange:
    """Sends a code to the new address; nothing changes before it comes back.

    Whether somebody else has the address is not said here, to whom it may not belong.
    Raises TooMany after three codes in fifteen minutes.
    """
    # By account as well as by address: nobody sends codes around town from one profile.
    code = one_time_code_make(CodePurpose.CONTACT, subject=object_name(by), asked_for=object_name(by))
    before = (by.email or "") if channel == Channel.EMAIL else by.phone
    change = ContactChange.objects.create(
        code=code, user=by, channel=channel, value=value, value_before=before
    )
    outbox_add("contact_code", str(code.pk), payload={"code": str(code.pk)})
    return change


@transaction.atomic
def contact_change_confirm(*, code_id: str, typed: str, by: User) -> ContactChange | None:
    """Takes the new address into use; None when the code is wrong, used or too old.

    Raises DomainError when the address is another account's: she has shown it is hers, so she may know.
    """
    code = one_time_code_use(code_id, CodePurpose.CONTACT, typed)
    if code is None or code.subject != object_name(by):
        return None
    change = ContactChange.objects.select_for_update().get(code=code, user=by)
    user = User.objects.select_for_update().get(pk=by.pk)
    field = "email" if change.channel == Channel.EMAIL else "phone"
    # Two may share a telephone, never an address.
    if field == "email" and User.objects.filter(email=change.value).exclude(pk=user.pk).exists():
        raise DomainError(_("Adressen hører til en annen konto. Logg inn med den, eller bruk en annen."))
    for account in (user, by):
        setattr(account, field, change.value)
    user.save(update_fields=[field])
    for person in _own(by):
        setattr(person, field, change.value)
        # Whether anything arrives at the new one, time will show.
        setattr(person, f"{field}_failed_at", None)
        person.save(update_fields=[field, f"{field}_failed_at", "name_key"])
    change.confirmed_at = Now()
    change.save(update_fields=["confirmed_at"])
    audit_record("contact_changed", user, by=by, data={"channel": change.channel})
    if change.value_before and change.value_before != change.value:
        outbox_add("contact_changed", str(code.pk), payload={"code": str(code.pk)})
    return change


def _own(user: User) -> list[Person]:
    return list(
        Person.objects.select_for_update(of=("self",)).select_related("municipality").filter(user=user)
    )
