"""What the sides of a partnership are told and reminded of."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Grant, LogEntry, NeighbourAsk, Notice, Partnership, PartnershipParty, Person
from partnerships.models.partnership import LogKind, Phase
from partnerships.selectors.partnership import owner_name
from partnerships.selectors.partnership_people import (
    coordinators_of,
    people_by_partnership,
    people_to_answer,
)
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
NEWS_FOR = timedelta(days=14)
REPORT_BEFORE = timedelta(days=30)
PAUSE_BEFORE = timedelta(days=7)
NEWS = (LogKind.PHASE, LogKind.PARTY)
ENDED = {"partnership__phase": Phase.ENDED}
NOT_PAUSED = {"partnership__paused_since": None}


def register() -> None:
    for source in (
        DueSource("party_asked", gettext_lazy("Spurt om å være med"), _asked, _still_asked, _asked_words),
        DueSource(
            "neighbour_asked",
            gettext_lazy("Spurt av en annen kommune"),
            _next_door,
            _still_next_door,
            _next_door_words,
        ),
        DueSource("partnership_news", gettext_lazy("Nytt i et samarbeid"), _news, _still_news, _news_words),
        DueSource("log_next", gettext_lazy("Neste gang"), _next_times, _still_next_time, _next_time_words),
        DueSource("grant_report", gettext_lazy("Rapportfrist"), _reports, _still_to_report, _report_words),
        DueSource(
            "pause_over", gettext_lazy("Pause som går mot slutten"), _pauses, _still_paused, _pause_words
        ),
    ):
        due_source(source)


# --- Asked to be with ----------------------------------------------------------------------------------
def _asked(_day: date) -> Iterator[Due]:
    waiting = PartnershipParty.objects.filter(accepted_at=None, declined_at=None)
    parties = list(waiting.exclude(**ENDED))
    people = people_to_answer(parties)
    for party in parties:
        asked_on = timezone.localdate(party.asked_at)
        for person in _sorted(people[party.pk]):
            yield Due(person, party, due_on=asked_on, tell_on=asked_on)


def _still_asked(notice: Notice) -> Any:
    parties = PartnershipParty.objects.filter(accepted_at=None, declined_at=None).exclude(**ENDED)
    return (
        parties.select_related("partnership__municipality__settings", "unit", "centre", "organisation")
        .filter(pk=notice.object_id)
        .first()
    )


def _asked_words(_notice: Notice, party: PartnershipParty) -> Words:
    found = party.partnership
    return Words(
        title=_("Vil dere være med i et samarbeid?"),
        lines=(
            _("%(owner)s spør om %(name)s vil være med på «%(title)s».")
            % {
                "owner": owner_name(found),
                "name": without_links(party.actor.name),
                "title": without_links(found.title),
            },
            _("Dere svarer som likeverdig part. Passer det ikke, holder det å si nei."),
        ),
        url=reverse("party_asked", args=[party.pk]),
        link=_("Se og svar"),
    )


def _next_door(_day: date) -> Iterator[Due]:
    asks = list(NeighbourAsk.objects.open().exclude(**ENDED))
    people = coordinators_of({ask.asked_municipality_id for ask in asks})
    for ask in asks:
        asked_on = timezone.localdate(ask.asked_at)
        for person in _sorted(people[ask.asked_municipality_id]):
            yield Due(person, ask, due_on=asked_on, tell_on=asked_on)


def _still_next_door(notice: Notice) -> Any:
    asks = NeighbourAsk.objects.open().select_related("partnership__municipality__settings")
    return asks.exclude(**ENDED).filter(pk=notice.object_id).first()


def _next_door_words(_notice: Notice, ask: NeighbourAsk) -> Words:
    return Words(
        title=_("En annen kommune spør om et samarbeid"),
        lines=(
            _("%(owner)s spør om %(name)s hos dere vil være med på «%(title)s».")
            % {
                "owner": owner_name(ask.partnership),
                "name": without_links(ask.name),
                "title": without_links(ask.partnership.title),
            },
            _("Snakk med dem det gjelder, og svar for dem."),
        ),
        url=reverse("neighbour_asked", args=[ask.pk]),
        link=_("Se og svar"),
    )


# --- What happened --------------------------------------------------------------------------------------
def _news(_day: date) -> Iterator[Due]:
    """What the portal noted itself, to everybody but the one who did it."""
    since = timezone.now() - NEWS_FOR
    entries = list(LogEntry.objects.filter(kind__in=NEWS, at__gte=since))
    people = people_by_partnership({entry.partnership_id: entry.municipality_id for entry in entries})
    for entry in entries:
        happened_on = timezone.localdate(entry.at)
        for person in _sorted(people[entry.partnership_id]):
            if entry.by_id is None or person.user_id != entry.by_id:
                yield Due(person, entry, due_on=happened_on, tell_on=happened_on)


def _still_news(notice: Notice) -> Any:
    return LogEntry.objects.select_related("partnership").filter(pk=notice.object_id).first()


def _news_words(_notice: Notice, entry: LogEntry) -> Words:
    return _words(entry.partnership, _("Nytt i et samarbeid"), without_links(entry.line))


# --- Days to remember -----------------------------------------------------------------------------------
def _next_times(day: date) -> Iterator[Due]:
    """Only to whoever promised to come back."""
    entries = LogEntry.objects.filter(
        next_on__gte=timezone.localdate(), next_on__lte=day, next_done_at=None, by__isnull=False
    )
    found = list(entries.filter(**NOT_PAUSED).exclude(**ENDED).select_related("by"))
    people = Person.objects.filter(user__in={entry.by_id for entry in found}).order_by("pk")
    by_user: dict[tuple[int | None, int], Person] = {}
    for person in people:
        by_user.setdefault((person.user_id, person.municipality_id), person)
    anywhere = {person.user_id: person for person in reversed(people)}
    for entry in found:
        hers = by_user.get((entry.by_id, entry.municipality_id)) or anywhere.get(entry.by_id)
        if hers is not None and entry.next_on is not None:
            yield Due(hers, entry, due_on=entry.next_on, tell_on=entry.next_on)


def _still_next_time(notice: Notice) -> Any:
    entries = LogEntry.objects.filter(next_on=notice.due_on, next_done_at=None).select_related("partnership")
    return entries.filter(**NOT_PAUSED, pk=notice.object_id).exclude(**ENDED).first()


def _next_time_words(_notice: Notice, entry: LogEntry) -> Words:
    return _words(entry.partnership, _("Du ville komme tilbake til et samarbeid"), without_links(entry.line))


def _reports(day: date) -> Iterator[Due]:
    """Also on a pause and after the end: whoever gave the money still waits."""
    grants = Grant.objects.filter(
        report_on__gte=timezone.localdate(), report_on__lte=day + REPORT_BEFORE, reported_on=None
    )
    found = list(grants)
    people = people_by_partnership({grant.partnership_id: grant.municipality_id for grant in found})
    for grant in found:
        for person in _sorted(people[grant.partnership_id]):
            if grant.report_on is not None:
                yield Due(person, grant, due_on=grant.report_on, tell_on=grant.report_on - REPORT_BEFORE)


def _still_to_report(notice: Notice) -> Any:
    grants = Grant.objects.filter(report_on=notice.due_on, reported_on=None).select_related("partnership")
    return grants.filter(pk=notice.object_id).first()


def _report_words(notice: Notice, grant: Grant) -> Words:
    line = _("Rapporten til %(source)s skal være inne %(day)s.") % {
        "source": without_links(grant.source),
        "day": formats.date_format(notice.due_on, "j. F"),
    }
    return _words(grant.partnership, _("Et tilskudd skal rapporteres"), line)


def _pauses(day: date) -> Iterator[Due]:
    paused: QuerySet[Partnership] = Partnership.objects.filter(
        paused_until__gte=timezone.localdate(), paused_until__lte=day + PAUSE_BEFORE
    )
    found = list(paused)
    people = people_by_partnership({one.pk: one.municipality_id for one in found})
    for one in found:
        for person in _sorted(people[one.pk]):
            if one.paused_until is not None:
                yield Due(person, one, due_on=one.paused_until, tell_on=one.paused_until - PAUSE_BEFORE)


def _still_paused(notice: Notice) -> Any:
    return Partnership.objects.filter(pk=notice.object_id, paused_until=notice.due_on).first()


def _pause_words(notice: Notice, found: Partnership) -> Words:
    line = _("Pausen varer til %(day)s. Er dere klare til å ta det opp igjen?") % {
        "day": formats.date_format(notice.due_on, "j. F")
    }
    return _words(found, _("En pause går mot slutten"), line)


def _words(found: Partnership, title: str, line: str) -> Words:
    return Words(
        title=title,
        lines=(_("Det gjelder «%(title)s».") % {"title": without_links(found.title)}, line),
        url=reverse("partnership", args=[found.pk]),
        link=_("Se samarbeidet"),
    )


def _sorted(people: set[Person]) -> list[Person]:
    return sorted(people, key=lambda person: person.pk)
