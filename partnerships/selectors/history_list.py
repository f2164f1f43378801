"""What has happened in a municipality, as far as somebody may read it."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Membership, Person
from partnerships.selectors.history import Entry, entry_of, what_happened
from partnerships.selectors.history_kinds import BY_TYPE, KINDS, Kind
from samskaping.accounts.models import User
from samskaping.core.audit_words import unsigned_verbs
from samskaping.core.models import AuditEvent, Municipality


def events_read_by(
    viewer: User, municipality: Municipality, *, kind: Kind | None = None
) -> QuerySet[AuditEvent]:
    """Events of the things whose history she may read, newest first."""
    found = Q(pk=None)
    for each in (kind,) if kind else KINDS:
        reached = each.reached(viewer).annotate(as_text=Cast("pk", TextField())).values("as_text")
        found |= Q(object_type=each.type_name, object_id__in=reached)
    return AuditEvent.objects.filter(found, municipality=municipality)


def matching(
    events: QuerySet[AuditEvent],
    *,
    since: date | None = None,
    until: date | None = None,
    who: Person | None = None,
) -> QuerySet[AuditEvent]:
    if since:
        events = events.filter(at__gte=_midnight(since))
    if until:
        events = events.filter(at__lt=_midnight(until + timedelta(days=1)))
    if who is None:
        return events
    works = Membership.objects.filter(user=who.user_id).exists()
    found = events.filter(actor=who.user_id)
    return found if works else found.exclude(verb__in=unsigned_verbs())


def people_who_acted(viewer: User, municipality: Municipality) -> QuerySet[Person]:
    """Those she may see by name and who have done something here; not who only took part in a group."""
    works = Membership.objects.filter(user=OuterRef("actor"))
    acted = AuditEvent.objects.filter(
        ~Q(verb__in=unsigned_verbs()) | Q(Exists(works)), municipality=municipality, actor__isnull=False
    ).values("actor")
    return Person.objects.visible_to(viewer).filter(municipality=municipality, user__in=acted)


def told(events: list[AuditEvent], viewer: User, municipality: Municipality) -> list[Entry]:
    """The events in words, each with what it was done to."""
    ids: dict[str, set[str]] = defaultdict(set)
    for event in events:
        ids[event.object_type].add(event.object_id)
    objects: dict[tuple[str, str], Any] = {}
    for label, pks in ids.items():
        rows = BY_TYPE[label].reached(viewer).filter(pk__in=pks)
        objects |= {(label, str(row.pk)): row for row in rows}
    people = {
        getattr(row, kind.person_field)
        for (label, _pk), row in objects.items()
        if (kind := BY_TYPE[label]).person_field
    }
    steps, names = what_happened(events, viewer, municipality, people=people)
    entries = []
    for step, event in zip(steps, events, strict=True):
        kind = BY_TYPE[event.object_type]
        row = objects.get((event.object_type, event.object_id))
        about = kind.about(row, names) if row is not None else ""
        url = reverse("object_history", args=[kind.slug, row.pk]) if row is not None else ""
        entries.append(entry_of(step, kind.model, names, municipality, about=about, url=url))
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
