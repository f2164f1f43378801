"""A year of partnerships in both towns (partnerships/demo_partnerships.py has their stories)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from partnerships.demo_partnerships import STORIES, Note, Story
from partnerships.models import (
    Contact,
    Grant,
    LogEntry,
    NeighbourAsk,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.person import Channel
from partnerships.services.partnership import search_key_refresh
from samskaping.accounts.models import User
from samskaping.core.models import Municipality

ORDER = 20
KINDS: tuple[Any, ...] = (Organisation, VolunteerCentre, Unit)


def load() -> None:
    """Each story once; what somebody has changed in it stays changed."""
    towns = {town.number: town for town in Municipality.objects.filter(number__in={s.town for s in STORIES})}
    users = {login: User.objects.get(email=f"{login}@demo.example") for login in _logins()}
    for story in STORIES:
        town = towns[story.town]
        if not Partnership.objects.filter(municipality=town, title=story.title).exists():
            _tell(story, town, towns, users)
    _ask_next_door(towns, users)


def _logins() -> set[str]:
    return {note.by for story in STORIES for note in story.notes} | {"coordinator", "neighbour"}


def _tell(story: Story, town: Municipality, towns: dict[str, Municipality], users: dict[str, User]) -> None:
    owner = users["coordinator" if story.town == "9901" else "neighbour"]
    made = Partnership(
        municipality=town,
        title=story.title,
        template=story.template,
        track=story.track,
        phase=story.phase,
        purpose=story.purpose,
        areas=list(story.areas),
        voluntary_role=story.voluntary_role,
        started_by=story.started_by,
        running_since=_ago(story.running_since) if story.running_since else None,
        paused_since=_ago(story.paused[0]) if story.paused else None,
        paused_until=_ago(-story.paused[1]) if story.paused else None,
        ended_on=_ago(story.ended[0]) if story.ended else None,
        ended_because=story.ended[1] if story.ended else "",
        created_by=owner,
        updated_by=owner,
    )
    made.save()
    _sides(story, made, towns, owner)
    _notes(story.notes, made, users)
    if story.money:
        Grant.objects.create(
            municipality=town,
            partnership=made,
            source=story.money.source,
            amount=story.money.amount,
            starts_on=_ago(story.days_ago),
            ends_on=_ago(-story.money.ends_in),
            report_on=_ago(-story.money.report_in),
        )
    search_key_refresh(made)
    latest = min(note.days_ago for note in story.notes)
    Partnership.objects.filter(pk=made.pk).update(created_at=_at(story.days_ago), updated_at=_at(latest))


def _sides(story: Story, made: Partnership, towns: dict[str, Municipality], owner: User) -> None:
    for side in story.sides:
        town = towns[side.town or story.town]
        actor = _actor(side.name, town)
        kind = {Organisation: "organisation", VolunteerCentre: "centre", Unit: "unit"}[type(actor)]
        answered = {"accepted_at": _at(story.days_ago - 2), "answered_by": owner} if side.answered else {}
        party = PartnershipParty.objects.create(
            municipality_id=made.municipality_id,
            party_municipality=town,
            partnership=made,
            asked_by=owner,
            **{kind: actor},
            **answered,
        )
        asked = _at(story.days_ago if side.answered else 8)
        PartnershipParty.objects.filter(pk=party.pk).update(asked_at=asked)
        if side.contact:
            _contact(party, side.contact)


def _contact(party: PartnershipParty, told: tuple[str, str, str]) -> None:
    """Kept by the party's own controller; somebody who is there already is the same person."""
    name, title, phone = told
    centre = party.centre if party.centre and party.centre.is_controller else None
    kept_by = {"controller_organisation": party.organisation, "controller_centre": centre}
    person = Person.objects.filter(municipality=party.party_municipality, name=name, **kept_by).first()
    if person is None:
        person = Person.objects.create(
            municipality=party.party_municipality, name=name, phone=phone, channel=Channel.SMS, **kept_by
        )
    Contact.objects.create(municipality_id=person.municipality_id, person=person, party=party, title=title)


def _notes(notes: Iterable[Note], made: Partnership, users: dict[str, User]) -> None:
    for note in notes:
        entry = LogEntry.objects.create(
            municipality_id=made.municipality_id,
            partnership=made,
            kind=note.kind,
            line=note.line,
            who=note.who,
            next_on=_ago(-note.next_in) if note.next_in is not None else None,
            by=users[note.by],
        )
        LogEntry.objects.filter(pk=entry.pk).update(at=_at(note.days_ago))


def _ask_next_door(towns: dict[str, Municipality], users: dict[str, User]) -> None:
    """Fjordvik asks Sunndalsfjord for a club that only Sunndalsfjord can find."""
    story = Partnership.objects.filter(municipality=towns["9901"], title="Språkkafé").first()
    if story is not None and not story.neighbour_asks.exists():
        NeighbourAsk.objects.create(
            municipality=towns["9901"],
            partnership=story,
            asked_municipality=towns["9902"],
            name="Sunndalsfjord ungdomslag",
            words="Vi hører at dere lager mat og øver norsk. Kan vi bytte erfaringer?",
            asked_by=users["coordinator"],
        )


def _actor(name: str, town: Municipality) -> Any:
    return next(
        found for kind in KINDS for found in kind.objects.filter(municipality=town, name=name, ended_at=None)
    )


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _at(days_ago: int) -> datetime:
    return timezone.make_aware(datetime.combine(_ago(days_ago), time(10, 30)))
