"""Starting an offer, describing it, saying when it is; pausing it, taking it up, ending it."""

import logging
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import (
    CodesignProcess,
    Offer,
    OfferNews,
    OfferRequirement,
    Partnership,
    Person,
    TaskCheck,
    Unit,
)
from partnerships.models.offer import NewsKind, OfferState
from partnerships.models.partnership import LogKind, Phase, Track
from partnerships.recurrence import Times
from partnerships.selectors.offer_times import times_of
from partnerships.selectors.task_check import checks_of
from partnerships.selectors.words import language_of
from partnerships.services.editing import edited, unchanged_since
from partnerships.services.occurrence import (
    occurrences_call_off,
    occurrences_call_on,
    occurrences_placed_anew,
    occurrences_renew,
)
from partnerships.services.partnership import Actor, partnership_make, party_field, portal_notes
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind
from samskaping.core.services.audit import audit_record

logger = logging.getLogger("samskaping.offer")

# What the form changes; times, state and requirements have steps of their own.
FIELDS = frozenset(
    {
        *("title", "about", "for_whom", "areas", "place", "getting_there", "capacity"),
        *(
            "expect",
            "expect_volunteer",
            "expect_place",
            "insurance",
            "expenses",
            "contact",
            "ring",
            "sign_up_url",
        ),
    }
)
_FILLED = (
    *("for_whom", "getting_there", "insurance", "expenses"),
    *("expect", "expect_volunteer", "expect_place"),
)
_TIMES = frozenset({"first_on", "from_time", "to_time", "rule", "skips_holidays", "state"})


@transaction.atomic
def offer_start(
    *,
    municipality: Municipality,
    title: str,
    by: User,
    own: Actor | None = None,
    partnership: Partnership | None = None,
    process: CodesignProcess | None = None,
    template: ContentTemplate | None = None,
    contact: Person | None = None,
    about: str = "",
    place: str = "",
    times: Times | None = None,
) -> Offer:
    """Begins with a name. `own` is where it is held; in no partnership it gets a light one of the same name.

    Raises DomainError for a place or partnership that is not hers, or that is over.
    """
    if template is not None and template.kind != ContentKind.OFFER:
        raise DomainError(_("Velg en mal for tilbud."))
    if own is not None and (own.ended_at or not _belongs(own, municipality, partnership)):
        raise DomainError(_("Velg noen som finnes i kommunen."))
    if partnership is not None and partnership.phase == Phase.ENDED:
        raise StateChanged(_("Samarbeidet er avsluttet. Ta det opp igjen først."))
    # What came of a process is held by who invited to it, whoever of the group makes it.
    from_group = process is not None and process.partnership_id is not None
    side = None if from_group else own
    if not may_offer(by, municipality, own=side, partnership=partnership, contact=contact):
        raise DomainError(_("Velg hvem du starter tilbudet for."))
    title = " ".join(title.split())
    offer = Offer(
        municipality=partnership.municipality if partnership else municipality,
        partnership=partnership or _light(municipality, title, own, by),
        process=process,
        title=title,
        about=about,
        place=place,
        contact=contact,
        created_by=by,
        updated_by=by,
    )
    if own is not None:
        setattr(offer, party_field(own), own)
    if template is not None:
        _fill(offer, template)
    _set_times(offer, times)
    offer.save()
    for check in checks_of(partnership) if partnership else ():
        requirements_take(offer, check, by=by)
    occurrences_renew(offer, now=timezone.now(), by=by)
    audit_record("offer_started", offer, by=by, data={"template": offer.template})
    _note(offer, by, lambda: gettext("Nytt tilbud: %(title)s.") % {"title": offer.title})
    return offer


@transaction.atomic
def offer_change(*, offer: Offer, version: int, changes: dict[str, Any], by: User) -> Offer:
    """Saves what differs. Raises ChangedMeanwhile when somebody saved after `version` was read."""
    locked = offer_lock(offer)
    unchanged_since(locked, version)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if "place" in changed and locked.state != OfferState.ENDED:
        occurrences_placed_anew(locked)
        _tell(locked, NewsKind.PLACE, by=by)
    if changed:
        audit_record("offer_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def offer_times(*, offer: Offer, version: int, times: Times | None, by: User) -> Offer:
    """From now on it is then; what has been stays, and so does what somebody moved or cancelled.

    Raises ChangedMeanwhile, and StateChanged for an offer that is over.
    """
    locked = offer_lock(offer)
    unchanged_since(locked, version)
    if locked.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er avsluttet. Ta det opp igjen først."))
    before = times_of(locked)
    if before == times:
        return locked
    now = Offer(state=locked.state)
    _set_times(now, times)
    changes = {name: getattr(now, name) for name in _TIMES}
    if locked.state == OfferState.PAUSED:
        changes["state"] = OfferState.PAUSED
    changed = edited(locked, changes, may_change=_TIMES, by=by)
    occurrences_renew(locked, now=timezone.now(), by=by)
    audit_record("offer_times_changed", locked, by=by, data={"fields": changed})
    # The first time it gets any is no news to anybody.
    if before is not None:
        _tell(locked, NewsKind.TIMES, by=by)
    return locked


@transaction.atomic
def offer_pause(*, offer: Offer, until: date | None, because: str, by: User) -> Offer:
    """No times until then, or until somebody takes it up. All concerned are told.

    Raises StateChanged when it is on a pause or over, DomainError for a day gone by.
    """
    locked = offer_lock(offer)
    if locked.state in (OfferState.PAUSED, OfferState.ENDED):
        raise StateChanged(_("Tilbudet står på pause eller er avsluttet allerede."))
    if until is not None and until <= timezone.localdate():
        raise DomainError(_("Velg en dag som kommer."))
    changes = {"state": OfferState.PAUSED, "paused_until": until, "because": because}
    edited(locked, changes, may_change=set(changes), by=by)
    occurrences_call_off(locked, until=until, because=because, by=by)
    audit_record("offer_paused", locked, by=by)
    return _stepped(locked, NewsKind.PAUSED, because, by)


@transaction.atomic
def offer_resume(*, offer: Offer, by: User | None) -> Offer:
    """After a pause or an end. `by` is nobody when the pause's last day has come.

    Raises StateChanged when it goes on already, or when its partnership is over.
    """
    locked = offer_lock(offer)
    if locked.state not in (OfferState.PAUSED, OfferState.ENDED):
        raise StateChanged(_("Tilbudet er i gang."))
    if locked.partnership.phase == Phase.ENDED:
        raise StateChanged(_("Samarbeidet er avsluttet. Ta det opp igjen først."))
    changes = {"state": _state_now(times_of(locked)), "paused_until": None, "ended_on": None, "because": ""}
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.updated_by = by
    locked.save(update_fields=[*changes, "version", "updated_by", "updated_at"])
    occurrences_call_on(locked, by=by)
    audit_record("offer_resumed", locked, by=by)
    return _stepped(locked, NewsKind.RESUMED, "", by)


@transaction.atomic
def offer_end(*, offer: Offer, ended_on: date, because: str, by: User) -> Offer:
    """All concerned are told, and what was to come is taken out of the calendar.

    Raises StateChanged when it is over already, DomainError for a day to come.
    """
    locked = offer_lock(offer)
    if locked.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er allerede avsluttet."))
    if ended_on > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært, eller sett tilbudet på pause."))
    changes = {"state": OfferState.ENDED, "ended_on": ended_on, "because": because, "paused_until": None}
    edited(locked, changes, may_change=set(changes), by=by)
    occurrences_call_off(locked, until=None, because=because, by=by)
    audit_record("offer_ended", locked, by=by)
    return _stepped(locked, NewsKind.ENDED, because, by)


def offers_end_with(partnership: Partnership, *, ended_on: date, because: str, by: User) -> None:
    """When the partnership ends, each of its offers does: nothing goes on that nobody answers for."""
    for offer in partnership.offers.open().order_by("pk"):
        offer_end(offer=offer, ended_on=ended_on, because=because[:300], by=by)


def offers_go_on(today: date) -> int:
    """By the clock: a pause whose last day has come is over, and what was planned has begun."""
    went_on = Offer.objects.filter(state=OfferState.PLANNED, first_on__lte=today).update(
        state=OfferState.RUNNING
    )
    over = Offer.objects.filter(state=OfferState.PAUSED, paused_until__lte=today)
    for offer in list(over.order_by("pk")):
        try:
            offer_resume(offer=offer, by=None)
        except Exception:
            # One offer's trouble keeps no other waiting; somebody may also have been first.
            logger.exception("offer not taken up", extra={"offer": offer.pk})
        else:
            went_on += 1
    return went_on


def may_offer(
    by: User,
    municipality: Municipality,
    *,
    own: Actor | None,
    partnership: Partnership | None,
    contact: Person | None,
) -> bool:
    """In a partnership of hers, at a side of hers; or as the contact of it at the place she works."""
    access = access_of(by)
    whole = municipality.pk in access.municipalities_all(Permission.OFFER_EDIT)
    if own is None:
        hers = whole or partnership is not None
    else:
        hers = whole or access.covers(Permission.OFFER_EDIT, own)
    allowed = hers and (partnership is None or access.covers(Permission.OFFER_EDIT, partnership))
    return allowed or (
        isinstance(own, Unit)
        and own.pk in access.own(Permission.OFFER_READ).unit_ids
        and access.may(Permission.OFFER_EDIT, municipality_id=municipality.pk)
        and (partnership is None or own.pk in partnership.owned_by().unit_ids)
        and contact is not None
        and contact.user_id == by.pk
    )


def offer_lock(offer: Offer) -> Offer:
    return (
        Offer.objects.select_for_update(of=("self",))
        .select_related("municipality__settings", "partnership")
        .get(pk=offer.pk)
    )


def requirements_take(locked: Offer, task_check: TaskCheck, *, by: User) -> int:
    """Those of the check that were never there; how many. The offer's row is locked, or new."""
    known = set(locked.requirements.values_list("kind", flat=True))
    made = [
        OfferRequirement(
            municipality_id=locked.municipality_id, offer=locked, kind=kind, task_check=task_check, by=by
        )
        for kind in task_check.requirements.all()
        if kind.pk not in known
    ]
    OfferRequirement.objects.bulk_create(made)
    return len(made)


def _belongs(own: Actor, municipality: Municipality, partnership: Partnership | None) -> bool:
    """In the municipality, or a party from next door."""
    return own.municipality_id == municipality.pk or (
        partnership is not None and partnership.owned_by().meets(own.owned_by())
    )


def _light(municipality: Municipality, title: str, own: Actor | None, by: User) -> Partnership:
    """It goes on already, so nobody is asked about anything that should have come before."""
    return partnership_make(
        municipality=municipality,
        title=title,
        own=own,
        track=Track.LIGHT,
        running_since=timezone.localdate(),
        by=by,
    )


def _fill(offer: Offer, template: ContentTemplate) -> None:
    """What the template says, in the municipality's language, where nothing is written."""
    language = language_of(offer.municipality)
    text, data = template.text(language), template.data
    offer.template = template.key
    offer.about = offer.about or text["body"]
    offer.areas = data.get("areas", [])
    for name in _FILLED:
        if said := data.get(name):
            setattr(offer, name, said.get(language) or said["nb"])
    ContentTemplate.objects.filter(pk=template.pk, first_used_at=None).update(first_used_at=timezone.now())


def _set_times(offer: Offer, times: Times | None) -> None:
    if times is not None:
        offer.first_on, offer.from_time, offer.to_time = times.first_on, times.from_time, times.to_time
        offer.rule, offer.skips_holidays = times.rule, times.skips_holidays
    offer.state = _state_now(times)


def _state_now(times: Times | None) -> OfferState:
    planned = times is not None and times.first_on > timezone.localdate()
    return OfferState.PLANNED if planned else OfferState.RUNNING


def _stepped(locked: Offer, kind: NewsKind, because: str, by: User | None) -> Offer:
    occurrences_renew(locked, now=timezone.now(), by=by)
    _tell(locked, kind, because=because, by=by)
    return locked


def _tell(offer: Offer, kind: NewsKind, *, because: str = "", by: User | None) -> None:
    """The people concerned, each in her own channel (parts/offer_due.py), and the partnership's log."""
    OfferNews.objects.create(
        municipality_id=offer.municipality_id,
        offer=offer,
        kind=kind,
        day=timezone.localdate(),
        because=because,
        by=by,
    )
    if by is not None:
        told = {"title": offer.title, "what": kind.label}
        _note(offer, by, lambda: f"{gettext('%(title)s: %(what)s.') % told} {because}".strip())


def _note(offer: Offer, by: User, line: Any) -> None:
    """In the log of the partnership, in its owner's language."""
    with override(language_of(offer.municipality)):
        said = line()
    portal_notes(offer.partnership, said[:1000], by=by, kind=LogKind.OFFER)
