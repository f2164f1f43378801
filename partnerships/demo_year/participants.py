"""Who takes part in the demo's groups, what they proposed, and what they were answered."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import (
    Adaptation,
    CodesignProcess,
    FollowUp,
    Participant,
    Person,
    ProcessTask,
    Proposal,
    ProposalComment,
    ProposalGroup,
    ProposalSupport,
)
from partnerships.models.participant import Side
from partnerships.models.person import Channel, Digest
from partnerships.models.proposal import GivenBy, ProposalOutcome
from partnerships.services.proposal import answer_by

# After the processes, and before their meetings.
ORDER = 60


class Who(NamedTuple):
    name: str
    side: Side
    # The one of a login, or somebody reached as the channel says.
    login: str = ""
    channel: Channel = Channel.EMAIL
    joined: bool = True
    shows_name: bool = True
    needs: str = ""


class Said(NamedTuple):
    """One proposal: by which of the group (None: a paper note), and its answer."""

    text: str
    by: int | None
    days: int
    theme: str = ""
    outcome: ProposalOutcome | None = None
    reason: str = ""
    support: tuple[int, ...] = ()
    talk: tuple[tuple[int, str], ...] = ()


class Group(NamedTuple):
    town: str
    process: str
    people: tuple[Who, ...]
    said: tuple[Said, ...]
    tasks: tuple[tuple[str, int | None, int], ...]
    called: str = ""


TAKEN, PARTLY = ProposalOutcome.TAKEN_IN, ProposalOutcome.PARTLY
NOT_NOW, NOT_OURS = ProposalOutcome.NOT_NOW, ProposalOutcome.NOT_OURS

GROUPS = (
    Group(
        "9901",
        "Kveldene på Fjordheimen",
        (
            Who("Liv Berntsen", Side.VOLUNTEER, "volunteer"),
            Who("Aslaug Tveit", Side.RECIPIENT, channel=Channel.PHONE, needs="Plass til rullestol ved døra"),
            Who("Jostein Myhre", Side.RECIPIENT, channel=Channel.LETTER, shows_name=False),
            Who("Solfrid Eng", Side.CITIZEN),
            Who("Rahim Noori", Side.CITIZEN, needs="Tolk på dari"),
            Who("Turid Sæther", Side.CITIZEN, joined=False),
            Who("", Side.STAFF, "unit_leader"),
            Who("", Side.STAFF, "place_contact"),
            Who("", Side.STAFF, "staff"),
        ),
        (
            Said(
                "Kan det være kaffe og noe godt klokka sju? Det er da det blir stille i gangen.",
                1, -34, "Kveldene", TAKEN,
                "Ja. Fra og med tirsdag står kjøkkenet åpent, og en av oss setter på kaffen.",
                support=(0, 3, 4), talk=((3, "Jeg kan ta med vafler annenhver uke."),),
            ),
            Said(
                "De som er på besøk, må få vite hvem de kan spørre. Heng opp bilde og navn ved døra.",
                3, -33, "På besøk", TAKEN, "Tavla henger der nå. Vi bytter navn ved hvert vaktskifte.",
                support=(1, 2),
            ),
            Said(
                "Sang om kvelden gjør far rolig. Kan noen komme og synge med dem?",
                2, -30, "Kveldene", PARTLY,
                "Koret kommer første tirsdag i måneden. Oftere klarer de ikke før jul.", support=(0, 1, 3, 4),
            ),
            Said(
                "Det burde vært en nattevakt til.", None, -30, "", NOT_OURS,
                "Bemanningen bestemmer kommunestyret. Vi har sendt ønsket videre til kommunalsjefen.",
            ),
            Said(
                "Dyr på besøk! Hunden min er snill.", 4, -21, "Kveldene", NOT_NOW,
                "To av beboerne er redde for hunder. Vi spør igjen når uterommet er ferdig.", support=(2,),
            ),
            Said("Skru ned TV-en etter klokka åtte.", None, -12, "Kveldene", support=(0, 4)),
            Said(
                "Bussen går hjem klokka halv åtte. Kan vi begynne før, eller kan noen kjøre?",
                0, -6, "På besøk",
                support=(1, 3), talk=((4, "Jeg kjører forbi brua og har plass til to."),),
            ),
        ),
        (
            ("Spørre koret om de kan komme i desember", 0, 9),
            ("Henge opp plakat på butikken", None, 4),
            ("Låne høyttaler av biblioteket", 3, 2),
        ),
        "Fin prat. Kommer neste gang, og vil gjerne sitte nær døra.",
    ),
    Group(
        "9902",
        "Besøk når det passar",
        (
            Who("Borghild Aasen", Side.RECIPIENT, channel=Channel.PHONE),
            Who("Eldar Nes", Side.CITIZEN),
            Who("Marit Hovland", Side.CITIZEN, channel=Channel.LETTER),
            Who("", Side.STAFF, "neighbour"),
        ),
        (
            Said(
                "Eg vil gjerne velje dagen sjølv, og ringje når det ikkje passar.", 0, -14, "Tid", TAKEN,
                "Ja. Frå no av ringjer besøksvennen deg dagen før og spør.", support=(1, 2),
            ),
            Said("Kan to komme saman den første gongen?", 1, -9, "", PARTLY,
                 "Dei som vil, får følgje av koordinatoren den første gongen."),
            Said("Det hadde vore fint å gå tur i staden for å sitje inne.", 2, -4, "Innhald", support=(0, 1)),
        ),
        (("Lage eit kort med telefonnummeret til besøksvennen", 1, 7),),
        "Vil gjerne ha besøk på føremiddagen.",
    ),
)  # fmt: skip


def load() -> None:
    """Each group once: what somebody has changed in it stays changed."""
    for group in GROUPS:
        process = CodesignProcess.objects.filter(municipality__number=group.town, title=group.process).first()
        if process is not None and not process.participants.exists():
            _group(process, group)


def _group(process: CodesignProcess, group: Group) -> None:
    people = [_participant(process, who, number) for number, who in enumerate(group.people)]
    for said in group.said:
        _proposal(process, said, people)
    for text, holder, days in group.tasks:
        ProcessTask.objects.create(
            municipality=process.municipality,
            process=process,
            text=text,
            holder=people[holder] if holder is not None else None,
            due_on=timezone.localdate() + timedelta(days=days),
        )
    FollowUp.objects.create(
        municipality=process.municipality,
        participant=people[0],
        line=group.called,
        next_on=timezone.localdate() + timedelta(days=6),
        by=process.created_by,
    )


def _participant(process: CodesignProcess, who: Who, number: int) -> Participant:
    now = timezone.now()
    joined = now - timedelta(days=60 - number) if who.joined else None
    made = Participant.objects.create(
        municipality=process.municipality,
        process=process,
        person=_person(process, who, number),
        side=who.side,
        joined_at=joined,
        consent_at=joined if who.shows_name else None,
        invited_by=process.created_by,
    )
    if who.joined:
        Participant.objects.filter(pk=made.pk).update(invited_at=now - timedelta(days=70))
    if who.needs:
        Adaptation.objects.create(
            municipality=process.municipality, participant=made, text=who.needs, consent_at=now
        )
    return made


def _person(process: CodesignProcess, who: Who, number: int) -> Person:
    town = process.municipality
    if who.login:
        return Person.objects.filter(user__email=f"{who.login}@demo.example", municipality=town).get()
    ways: dict[Channel, dict[str, Any]] = {
        Channel.EMAIL: {"email": f"{who.name.split()[0].lower()}@demo.example"},
        Channel.PHONE: {"phone": f"+47555{town.number[-2:]}03{number:02}"[:11]},
        Channel.LETTER: {
            "street": f"Strandveien {number + 3}",
            "postal_code": "9999",
            "post_town": town.name,
        },
    }
    person, _made = Person.objects.get_or_create(
        municipality=town,
        name=who.name,
        controller_organisation=None,
        controller_centre=None,
        defaults={
            "channel": who.channel,
            "language": "nn" if town.number == "9902" else "nb",
            "digest": Digest.AT_ONCE,
            **ways[who.channel],
        },
    )
    return person


def _proposal(process: CodesignProcess, said: Said, people: list[Participant]) -> None:
    place: dict[str, Any] = {"municipality": process.municipality}
    at = timezone.now() + timedelta(days=said.days)
    group = None
    if said.theme:
        group, _made = ProposalGroup.objects.get_or_create(**place, process=process, title=said.theme)
    giver = people[said.by] if said.by is not None else None
    on_phone = giver is not None and giver.person.channel in (Channel.PHONE, Channel.LETTER)
    answered: dict[str, Any] = {}
    if said.outcome is not None:
        answered = {
            "outcome": said.outcome,
            "reason": said.reason,
            "answered_at": at + timedelta(days=5),
            "answered_by": process.convener,
        }
    proposal = Proposal.objects.create(
        **place,
        process=process,
        group=group,
        text=said.text,
        given_by=GivenBy.PAPER if giver is None else GivenBy.PHONE if on_phone else GivenBy.PORTAL,
        participant=giver,
        entered_by=process.created_by if giver is None or on_phone else None,
        answer_by=answer_by(timezone.localdate(at)),
        **answered,
    )
    Proposal.objects.filter(pk=proposal.pk).update(given_at=at)
    for number in said.support:
        ProposalSupport.objects.create(**place, proposal=proposal, participant=people[number])
    for number, text in said.talk:
        ProposalComment.objects.create(**place, proposal=proposal, text=text, person=people[number].person)
