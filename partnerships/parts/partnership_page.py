"""What a partnership's page shows of itself: purpose, parties, log, facts, and useful steps."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.asked import HERE, TEMPLATE, Asked
from partnerships.forms.phase import LogForm
from partnerships.models import Contact, Grant, LogEntry, NeighbourAsk, Partnership, PartnershipParty
from partnerships.models.partnership import Phase
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.partnership import may_edit, may_work, owner_name, works_in
from partnerships.services.log_entry import may_change
from partnerships.services.party import may_speak_for, may_take_out
from samskaping.accounts.permissions import Permission
from samskaping.core.forms import blank
from samskaping.core.models import ContentTemplate
from samskaping.core.registries import Viewer
from samskaping.core.sms import shown_number

LOG_SHOWN = 5
REPORT_SOON = timedelta(days=60)
FOLDER = "partnerships/partnership/"


def _is_making(partnership: Partnership, viewer: Viewer) -> bool:
    making = partnership.phase in (Phase.ANCHORING, Phase.DEVELOPMENT)
    return making and bool(partnership.template) and may_edit(partnership, viewer.user)


GRANTS = Asked(lambda: Grant.objects.filter(partnership=HERE))
# People, and what is said of them, are not for guests (Contact and LogEntry.objects.visible_to).
CONTACTS = Asked(
    lambda: (
        Contact.objects.filter(party__partnership=HERE)
        .select_related("person")
        .only("party", "title", "person__name", "person__phone", "person__email", "person__hide_contact")
    ),
    shown_to=works_in,
)
LOG = Asked(
    lambda: LogEntry.objects.filter(partnership=HERE).select_related("person")
    .only("kind", "who", "line", "next_on", "next_done_at", "by", "at", "person__name")[:LOG_SHOWN],
    shown_to=works_in,
)  # fmt: skip
ASKS = Asked(
    lambda: NeighbourAsk.objects.open().filter(partnership=HERE).select_related("asked_municipality")
    .only("name", "asked_municipality__name"),
    shown_to=lambda partnership, viewer: may_edit(partnership, viewer.user),
)  # fmt: skip
# The texts of what it began with, the newest.
SET_UP = Asked(
    lambda: ContentTemplate.objects.filter(key=TEMPLATE, first_used_at__isnull=False)
    .order_by("-version").only("data")[:1],
    shown_to=_is_making,
)  # fmt: skip


def register() -> None:
    asks(GRANTS, CONTACTS, ASKS, LOG, SET_UP)
    line_from("partnership", line)
    next_steps_from("partnership", steps)
    section(Section("purpose", 10, FOLDER + "_purpose.html", purpose))
    section(Section("parties", 20, FOLDER + "_parties.html", parties))
    section(Section("log", 80, FOLDER + "_log.html", log))
    section(Section("facts", 10, FOLDER + "_facts.html", facts, aside=True))
    section(Section("hints", 70, FOLDER + "_hints.html", hints, aside=True))
    section(Section("change", 90, FOLDER + "_change.html", change, aside=True))


def line(partnership: Partnership, _viewer: Viewer) -> Iterator[Fact]:
    if partnership.phase == Phase.OPERATION and partnership.running_since:
        since = partnership.running_since
        yield Fact(Stage.OPERATION, _("I drift siden %(year)s") % {"year": since.year}, order=80, muted=True)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """Only for those who can take them."""
    if not may_work(partnership, viewer.user):
        return
    yield from _days(partnership, viewer)
    sides = list(partnership.parties.all())
    if not sides:
        yield NextStep(
            tag=_("Parter"),
            title=_("Spør noen om å være med"),
            url=reverse("party_new", args=[partnership.pk]),
            order=20,
        )
    if not partnership.purpose:
        yield NextStep(
            tag=_("Formål"),
            title=_("Skriv én setning om hva dere vil oppnå"),
            url=reverse("partnership_edit", args=[partnership.pk]),
            order=30,
        )
    for party in sides:
        if party.accepted_at is None and may_speak_for(viewer.user, party):
            yield NextStep(
                tag=_("Parter"),
                title=_("%(name)s har ikke svart ennå") % {"name": party.actor.name},
                note=_("Spurt %(day)s. Ring dem, og noter svaret.")
                % {"day": formats.date_format(party.asked_at, "SHORT_DATE_FORMAT")},
                url=reverse("party_asked", args=[party.pk]),
                order=40,
            )


def _days(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    if partnership.paused_until and partnership.paused_until <= viewer.today + timedelta(days=7):
        yield NextStep(
            tag=_("Pause"),
            title=_("Ta det opp igjen?"),
            note=_("Pausen varer til %(day)s.")
            % {"day": formats.date_format(partnership.paused_until, "SHORT_DATE_FORMAT")},
            url="#endre",
            order=10,
        )
    for grant in GRANTS.of(partnership):
        if grant.report_on and not grant.reported_on and grant.report_on <= viewer.today + REPORT_SOON:
            yield NextStep(
                tag=_("Tilskudd"),
                color="warning",
                title=_("Rapporter til %(source)s") % {"source": grant.source},
                note=_("Fristen er %(day)s.")
                % {"day": formats.date_format(grant.report_on, "SHORT_DATE_FORMAT")},
                url="#tilskudd",
                order=15,
            )


def purpose(partnership: Partnership, _viewer: Viewer) -> dict[str, Any] | None:
    """Nothing where nothing is written: the next step says so, once."""
    return {} if partnership.purpose or partnership.ended_because else None


def parties(partnership: Partnership, viewer: Viewer) -> dict[str, Any]:
    edits = may_edit(partnership, viewer.user)
    works = may_work(partnership, viewer.user)
    contacts = _contacts(partnership, viewer)
    sides = []
    for party in partnership.parties.all():
        speaks = edits and may_speak_for(viewer.user, party)
        elsewhere = party.party_municipality_id != partnership.municipality_id
        sides.append(
            {
                "party": party,
                "name": party.actor.name,
                "kind": _kind_of(party),
                "place": party.party_municipality.name if elsewhere else "",
                "contacts": contacts[party.pk],
                "may_add": speaks and works and party.accepted_at is not None and len(contacts[party.pk]) < 2,
                "may_answer": speaks and works and party.accepted_at is None,
                "may_remove_contact": speaks,
                "may_out": edits and may_take_out(viewer.user, party),
            }
        )
    return {"sides": sides, "asks": ASKS.of(partnership, viewer), "may_ask": works}


def log(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """Not for guests: people are spoken of there."""
    edits = may_edit(partnership, viewer.user)
    entries = LOG.of(partnership, viewer)
    if not entries and not edits:
        return None
    return {
        "entries": [{"entry": entry, "may_change": may_change(entry, viewer.user)} for entry in entries],
        "fields": blank(LogForm, "log_%s") if edits else "",
    }


def facts(partnership: Partnership, viewer: Viewer) -> dict[str, Any]:
    return {
        "areas": partnership.area_labels,
        "owner": owner_name(partnership),
        "grants": GRANTS.of(partnership),
        "edits": may_edit(partnership, viewer.user),
    }


def hints(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """From the set-up it began with, for those who are still making it."""
    template = next(iter(SET_UP.of(partnership, viewer)), None)
    told = template.data.get("hints", {}) if template else {}
    lines = told.get(get_language() or "nb") or told.get("nb")
    return {"hints": lines} if lines else None


def change(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """What one can do with the whole of it."""
    access = access_of(viewer.user)
    reads = access.may(Permission.HISTORY_READ)
    edits = may_edit(partnership, viewer.user)
    return {"edits": edits, "reads_history": reads} if edits or reads else None


def _contacts(partnership: Partnership, viewer: Viewer) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for contact in CONTACTS.of(partnership, viewer):
        person = contact.person
        shown = not person.hide_contact
        found[contact.party_id or 0].append(
            {
                "pk": contact.pk,
                "name": person.name,
                "title": contact.title,
                "phone": person.phone if shown else "",
                "phone_shown": shown_number(person.phone) if shown else "",
                "email": person.email if shown else "",
                "hidden": not shown,
            }
        )
    return found


def _kind_of(party: PartnershipParty) -> str:
    if party.unit_id:
        return _("Enhet")
    if party.organisation is not None:
        return party.organisation.get_kind_display()
    return _("Frivilligsentral")
