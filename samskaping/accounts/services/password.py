"""A new password, and what ends with the old one."""

from django.db import transaction

from samskaping.accounts.models import User
from samskaping.accounts.services.notice import security_notice
from samskaping.accounts.services.session import sessions_end
from samskaping.core.services.audit import audit_record


@transaction.atomic
def password_set(*, user: User, password: str, by: User | None, but_session: str | None = None) -> User:
    """Sets it, ends every session but `but_session`, and tells her.

    The password has been through the validators; who may set it has been asked.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    event = audit_record("password_changed", locked, by=by)
    sessions_end(user=locked, by=by, but=but_session)
    security_notice(user=locked, what="password_changed", event=event)
    return locked
