"""What the sides are told of «Dette er vi enige om»: a word is awaited, one wants changes, all agreed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, PartnershipParty, Understanding, UnderstandingSide
from partnerships.models.understanding import UnderstandingState
from partnerships.selectors.sides import people_of
from partnerships.selectors.understanding import ANSWERED
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
# Nobody is asked anything of what is over or on pause.
RUNNING = {"partnership__ended_on": None, "partnership__paused_since": None}


def register() -> None:
    due_source(
        DueSource(
            kind="understanding_awaited",
            label=gettext_lazy("Venter på at en part bekrefter"),
            derive=_awaited,
            about=_still_awaited,
            words=_awaited_words,
        )
    )
    due_source(
        DueSource(
            kind="understanding_objection",
            label=gettext_lazy("En part ønsker noe annerledes"),
            derive=_objections,
            about=_still_objected,
            words=_objection_words,
        )
    )
    due_source(
        DueSource(
            kind="understanding_agreed",
            label=gettext_lazy("Partene er enige"),
            derive=_agreed,
            about=_still_agreed,
            words=_agreed_words,
        )
    )


# --- A side whose word is awaited ---------------------------------------------------------------------
def _unanswered(**which: Any) -> list[tuple[Any, date]]:
    """Each party that has said nothing of these words, with the day they became what they are.

    `answered_before` is its side where it has said something of earlier ones: an edit asks again.
    """
    proposed = Understanding.objects.filter(
        partnership=OuterRef("partnership"), state=UnderstandingState.PROPOSED
    )
    sides = UnderstandingSide.objects.filter(
        understanding__partnership=OuterRef("partnership"),
        understanding__state=UnderstandingState.PROPOSED,
        party=OuterRef("pk"),
    )
    before = sides.filter(Q(confirmed_version__isnull=False) | ~Q(objection=""))
    parties = (
        PartnershipParty.objects.taking_part()
        .filter(Exists(proposed), ~Exists(sides.filter(ANSWERED)), **RUNNING, **which)
        .annotate(
            asked_at_last=proposed.values("updated_at")[:1],
            proposed_on=proposed.values("proposed_at")[:1],
            written_by=proposed.values("updated_by")[:1],
            answered_before=before.values("pk")[:1],
        )
        .select_related("partnership")
    )
    return [(party, timezone.localdate(max(party.asked_at_last, party.proposed_on))) for party in parties]


def _awaited(_until: date) -> Iterator[Due]:
    since = timezone.localdate() - TOLD_WITHIN
    found = [(party, asked) for party, asked in _unanswered() if asked > since]
    people = people_of(party for party, _asked in found)
    sides = UnderstandingSide.objects.in_bulk(
        [party.answered_before for party, _asked in found if party.answered_before]
    )
    for party, asked in found:
        # Of its side where it has answered: she was told of the text, perhaps today.
        side = sides.get(party.answered_before)
        for person in people[party.pk]:
            if side is None or person.user_id != party.written_by:
                yield Due(person, side or party, due_on=asked, tell_on=asked)


def _still_awaited(notice: Notice) -> PartnershipParty | None:
    """None when they have answered, or the text was changed since and a newer notice asks."""
    side = None
    party_id: Any = notice.object_id
    if notice.object_type == UnderstandingSide._meta.label_lower:
        side = UnderstandingSide.objects.filter(pk=notice.object_id).first()
        party_id = side.party_id if side else None
    found = [party for party, asked in _unanswered(pk=party_id) if asked == notice.due_on]
    return found[0] if found and found[0].answered_before == (side.pk if side else None) else None


def _awaited_words(_notice: Notice, party: PartnershipParty) -> Words:
    return Words(
        title=_("Les og bekreft det dere er enige om"),
        lines=(
            _("«%(title)s» har en tekst som venter på dere.")
            % {"title": without_links(party.partnership.title)},
            _("Bekreft den, eller skriv hva dere ønsker annerledes."),
        ),
        url=reverse("understanding", args=[party.partnership_id]),
        link=_("Les teksten"),
    )


# --- A side that wants it otherwise ---------------------------------------------------------------------
def _objections(_until: date) -> Iterator[Due]:
    """To the others: they can change the text."""
    objections = (
        UnderstandingSide.objects.exclude(objection="")
        .filter(
            understanding__state=UnderstandingState.PROPOSED,
            understanding__partnership__ended_on=None,
            understanding__partnership__paused_since=None,
            party__left_on=None,
            updated_at__date__gt=timezone.localdate() - TOLD_WITHIN,
        )
        .select_related("understanding")
    )
    for side in objections:
        others = list(
            PartnershipParty.objects.taking_part()
            .filter(partnership=side.understanding.partnership_id)
            .exclude(pk=side.party_id)
        )
        when = timezone.localdate(side.updated_at)
        for people in people_of(others).values():
            for person in people:
                yield Due(person, side, due_on=when, tell_on=when)


def _still_objected(notice: Notice) -> UnderstandingSide | None:
    found = UnderstandingSide.objects.exclude(objection="").select_related("understanding__partnership")
    return found.filter(pk=notice.object_id, understanding__state=UnderstandingState.PROPOSED).first()


def _objection_words(_notice: Notice, side: UnderstandingSide) -> Words:
    partnership = side.understanding.partnership
    return Words(
        title=_("En part ønsker noe annerledes"),
        lines=(
            _("I «%(title)s» har en part skrevet hva den ønsker annerledes.")
            % {"title": without_links(partnership.title)},
            _("Les det, og endre teksten sammen."),
        ),
        url=reverse("understanding", args=[partnership.pk]),
        link=_("Les ønsket"),
    )


# --- All sides have said yes ------------------------------------------------------------------------------
def _agreed(_until: date) -> Iterator[Due]:
    agreed = Understanding.objects.filter(
        state=UnderstandingState.AGREED, agreed_at__date__gt=timezone.localdate() - TOLD_WITHIN
    ).select_related("partnership")
    for row in agreed:
        if row.agreed_at is None:
            continue
        when = timezone.localdate(row.agreed_at)
        parties = PartnershipParty.objects.taking_part().filter(partnership=row.partnership_id)
        for people in people_of(parties).values():
            for person in people:
                yield Due(person, row, due_on=when, tell_on=when)


def _still_agreed(notice: Notice) -> Understanding | None:
    found = Understanding.objects.filter(pk=notice.object_id, state=UnderstandingState.AGREED)
    return found.select_related("partnership").first()


def _agreed_words(_notice: Notice, row: Understanding) -> Words:
    return Words(
        title=_("Dere er enige"),
        lines=(
            _("Alle parter i «%(title)s» har bekreftet teksten.")
            % {"title": without_links(row.partnership.title)},
        ),
        url=reverse("understanding_version", args=[row.partnership_id, row.number]),
        link=_("Les det dere er enige om"),
    )
