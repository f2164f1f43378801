"""The secret address of somebody's calendar: made, found, and stopped.

What is kept is a hash: who reads the table reads no calendar, and who lost the address makes a new one.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import CalendarFeed, Membership, Person
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record

AT_MOST = 10
# Programmes ask several times a day; that she uses it is worth knowing to the day.
_NOTE_AFTER = timedelta(days=1)


@transaction.atomic
def calendar_feed_make(
    *, person: Person, membership: Membership | None, only_own: bool, by: User
) -> tuple[CalendarFeed, str]:
    """The feed, and its secret: this once. Raises DomainError when she has many already."""
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if CalendarFeed.objects.filter(person=locked, revoked_at=None).count() >= AT_MOST:
        raise DomainError(_("Du har mange lenker allerede. Stopp en av dem først."))
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        municipality_id=locked.municipality_id,
        person=locked,
        membership=membership,
        only_own=only_own,
        secret_hash=_hash(secret),
    )
    audit_record("calendar_feed_made", feed, by=by)
    return feed, secret


@transaction.atomic
def calendar_feed_stop(*, feed: CalendarFeed, by: User) -> None:
    """From now on nobody reads it. Stopping it twice is no trouble."""
    stopped = CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())
    if stopped:
        audit_record("calendar_feed_stopped", feed, by=by)


def calendar_feed_of(secret: str) -> CalendarFeed | None:
    """The one this secret opens, unless it was stopped. Notes once a day that somebody reads it."""
    found = (
        CalendarFeed.objects.select_related("person__user", "municipality__settings")
        .filter(secret_hash=_hash(secret), revoked_at=None)
        .first()
    )
    if found is not None:
        now = timezone.now()
        stale = Q(read_at=None) | Q(read_at__lt=now - _NOTE_AFTER)
        if found.read_at is None or found.read_at < now - _NOTE_AFTER:
            CalendarFeed.objects.filter(stale, pk=found.pk).update(read_at=now)
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
