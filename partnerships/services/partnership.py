"""Starting a partnership, and changing what stands about it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import (
    LogEntry,
    Organisation,
    Partnership,
    PartnershipParty,
    Unit,
    VolunteerCentre,
)
from partnerships.models.partnership import LogKind, Phase, StartedBy, Track, search_key_of
from partnerships.selectors.words import language_of
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind
from samskaping.core.services.audit import audit_record

Actor = Unit | VolunteerCentre | Organisation

# What the form changes; phase, pause and end have steps of their own (services/phase.py).
FIELDS = frozenset({"title", "purpose", "areas", "voluntary_role", "running_since"})


@transaction.atomic
def partnership_start(
    *,
    municipality: Municipality,
    title: str,
    by: User,
    own: Actor | None = None,
    others: Iterable[Actor] = (),
    template: ContentTemplate | None = None,
    track: Track | None = None,
    running_since: date | None = None,
    from_citizen: bool = False,
) -> Partnership:
    """Begins with what is known: a name, who is with, and one of our set-ups or nothing.

    `own` is the side of whoever starts it, and is in at once; so are others of her own and, where it has been
    going since `running_since`, all: nobody is asked whether she wants to begin with what she already does,
    but they are told. `from_citizen`: it was anybody's idea. Raises DomainError for a side that is not hers,
    or actors of another municipality.
    """
    _may_start(by, municipality, own)
    return partnership_make(
        municipality=municipality,
        title=title,
        own=own,
        others=others,
        template=template,
        track=track,
        running_since=running_since,
        from_citizen=from_citizen,
        by=by,
    )


@transaction.atomic
def partnership_make(
    *,
    municipality: Municipality,
    title: str,
    by: User,
    own: Actor | None,
    others: Iterable[Actor] = (),
    template: ContentTemplate | None = None,
    track: Track | None = None,
    running_since: date | None = None,
    from_citizen: bool = False,
) -> Partnership:
    """The same for services that have asked already whether she may: an offer of her own begins one."""
    if template is not None and template.kind != ContentKind.PARTNERSHIP:
        raise DomainError(_("Velg et oppsett for samarbeid."))
    text = template.text(language_of(municipality)) if template else {}
    data = template.data if template else {}
    partnership = Partnership(
        municipality=municipality,
        title=" ".join(title.split()),
        track=track or data.get("track", Track.LIGHT),
        template=template.key if template else "",
        purpose=text.get("body", ""),
        areas=data.get("areas", []),
        voluntary_role=data.get("voluntary_role", ""),
        phase=Phase.OPERATION if running_since else Phase.ANCHORING,
        running_since=running_since,
        started_by=StartedBy.CITIZEN if from_citizen else _started_by(own),
        created_by=by,
        updated_by=by,
    )
    partnership.save()
    if template is not None:
        # From now on it stays as it was when somebody began with it.
        ContentTemplate.objects.filter(pk=template.pk, first_used_at=None).update(
            first_used_at=timezone.now()
        )
    is_in = []
    for actor in _without_repeats([own] if own else [], others):
        accepted = actor == own or running_since is not None or is_own(by, actor)
        _add_party(partnership, actor, by=by, accepted=accepted)
        is_in += [actor] if accepted else []
    search_key_refresh(partnership)
    audit_record("partnership_started", partnership, by=by, data={"template": partnership.template})
    if any(actor != own for actor in is_in):
        with override(language_of(municipality)):
            line = gettext("Med fra starten: %(names)s.") % {"names": ", ".join(one.name for one in is_in)}
        portal_notes(partnership, line[:1000], by=by, kind=LogKind.PARTY)
    return partnership


@transaction.atomic
def partnership_change(
    *, partnership: Partnership, version: int, changes: dict[str, Any], by: User
) -> Partnership:
    """Saves what differs. Raises ChangedMeanwhile when somebody saved after `version` was read."""
    locked = partnership_lock(partnership)
    unchanged_since(locked, version)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        search_key_refresh(locked)
        audit_record("partnership_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def partnership_track(*, partnership: Partnership, track: Track, by: User) -> Partnership:
    """From one page to the whole line, or back. Nothing that is written goes away."""
    locked = partnership_lock(partnership)
    if edited(locked, {"track": track}, may_change={"track"}, by=by):
        audit_record("partnership_track_changed", locked, by=by, data={"track": track.value})
    return locked


def partnership_lock(partnership: Partnership) -> Partnership:
    return Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)


def search_key_refresh(partnership: Partnership) -> None:
    """After a change of name, purpose or parties. Not a save of anybody's: it counts no version."""
    parties = partnership.parties.select_related("unit", "centre", "organisation")
    names = [party.actor.name for party in parties if party.left_on is None and party.declined_at is None]
    partnership.search_key = search_key_of(partnership.title, partnership.purpose, *names)
    Partnership.objects.filter(pk=partnership.pk).update(search_key=partnership.search_key)


def portal_notes(partnership: Partnership, line: str, *, by: User, kind: LogKind) -> LogEntry:
    """What the portal notes itself; the parties' people are told of it (due_partnership.py)."""
    return LogEntry.objects.create(
        municipality_id=partnership.municipality_id, partnership=partnership, kind=kind, line=line, by=by
    )


def is_own(by: User, actor: Actor) -> bool:
    """Whether she says yes for it herself: her own side, or a unit of the municipality she answers for."""
    access = access_of(by)
    here = actor.municipality_id in access.municipalities_all(Permission.PARTNERSHIP_EDIT)
    return access.own(Permission.PARTNERSHIP_EDIT).meets(actor.owned_by()) or (
        here and isinstance(actor, Unit)
    )


def party_field(actor: Actor) -> str:
    """Which of a party's three fields the actor stands in."""
    if isinstance(actor, Unit):
        return "unit"
    return "centre" if isinstance(actor, VolunteerCentre) else "organisation"


def _add_party(partnership: Partnership, actor: Actor, *, by: User, accepted: bool) -> PartnershipParty:
    if actor.municipality_id != partnership.municipality_id or actor.ended_at:
        raise DomainError(_("Velg noen som finnes i kommunen."))
    made = PartnershipParty.objects.create(
        municipality_id=partnership.municipality_id,
        party_municipality_id=actor.municipality_id,
        partnership=partnership,
        asked_by=by,
        accepted_at=timezone.now() if accepted else None,
        answered_by=by if accepted else None,
        **{party_field(actor): actor},
    )
    audit_record("party_asked", made, by=by)
    return made


def _may_start(by: User, municipality: Municipality, own: Actor | None) -> None:
    access = access_of(by)
    if municipality.pk in access.municipalities_all(Permission.PARTNERSHIP_EDIT):
        return
    reached = access.own(Permission.PARTNERSHIP_EDIT)
    if own is None or own.municipality_id != municipality.pk or not reached.meets(own.owned_by()):
        raise DomainError(_("Velg hvem du starter samarbeidet for."))


def _started_by(own: Actor | None) -> StartedBy:
    if isinstance(own, Organisation):
        return StartedBy.ORGANISATION
    return StartedBy.CENTRE if isinstance(own, VolunteerCentre) else StartedBy.MUNICIPALITY


def _without_repeats(first: Iterable[Actor], rest: Iterable[Actor]) -> list[Actor]:
    return list(dict.fromkeys([*first, *rest]))
