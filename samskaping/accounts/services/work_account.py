"""Work accounts: which user one belongs to, and tying them together once."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models import User, WorkAccount
from samskaping.accounts.services.notice import security_notice
from samskaping.core.errors import StateChanged
from samskaping.core.services.audit import audit_record


@transaction.atomic
def work_account_link(*, user: User, issuer: str, subject: str) -> WorkAccount:
    """Ties the account to `user`, who has just written a code sent to her address.

    Raises StateChanged when it has become somebody else's meanwhile.
    """
    try:
        with transaction.atomic():
            account, is_new = WorkAccount.objects.get_or_create(
                issuer=issuer, subject=subject, defaults={"user": user}
            )
    except IntegrityError:
        raise StateChanged(_("Arbeidskontoen ble koblet til noen andre.")) from None
    if account.user_id != user.pk:
        raise StateChanged(_("Arbeidskontoen er koblet til en annen konto."))
    if is_new:
        event = audit_record("work_account_linked", user, by=user)
        security_notice(user=user, what="work_account_linked", event=event)
    return account


def work_account_user(*, issuer: str, subject: str) -> User | None:
    found = WorkAccount.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    return found.user if found is not None else None
