"""What happens in both towns: offers with a season behind them, one time that is off, and one not counted."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import (
    CodesignProcess,
    Occurrence,
    Offer,
    OfferNews,
    Organisation,
    Partnership,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.offer import NewsKind, OfferState
from partnerships.recurrence import Every, Repeats
from partnerships.selectors.offer_times import times_of
from partnerships.selectors.task_check import checks_of
from partnerships.services.occurrence import occurrences_make
from partnerships.services.offer import requirements_take
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.selectors.content_template import content_template_current

# After the partnerships and the processes they came of.
ORDER = 90
KINDS: tuple[tuple[str, Any], ...] = (
    ("organisation", Organisation),
    ("centre", VolunteerCentre),
    ("unit", Unit),
)
WEEKS_BEHIND = 12


class Story(NamedTuple):
    town: str
    partnership: str
    title: str
    template: str
    held_by: str
    # A login of partnerships/demo.py.
    contact: str
    place: str
    every: Every
    weekday: int
    from_time: time
    to_time: time
    # How many came, the last one first; None was not counted. Over again for the rest of the season.
    came: tuple[int | None, ...]
    lines: tuple[str, ...] = ()
    getting_there: str = ""
    cancelled: str = ""


STORIES = (
    Story(
        "9901", "Språkkafé", "Språkkafé på biblioteket", "tilbud-sprakkafe", "Fjordvik bibliotek", "library",
        "Biblioteket, 2. etasje", Every.WEEK, 3, time(18), time(20), (19, 22, 17, 14, 21),
        ("Vi snakket om jul i ulike land.", "Fire nye. To ville hjelpe til."),
        "Bussen fra Ytre stopper rett utenfor kl. 17.50.",
    ),
    Story(
        "9901", "Turgruppa på Nes", "Turgruppa på Nes", "tilbud-turgruppe", "Fjordvik turlag",
        "centre_leader", "Parkeringsplassen på Nes", Every.WEEK, 1, time(10), time(12), (11, 9, 14, 12),
        ("Fin tur til fyret.",),
        "Det går an å sitte på fra sentralen kl. 9.40.",
        "Det er glatt i bakken. Vi ses uka etter.",
    ),
    Story(
        "9901", "Middag i lag på Solkroken", "Middag i lag", "tilbud-spisevenn", "Dagsenteret Solkroken",
        "organisation_rep", "Dagsenteret Solkroken", Every.MONTH, 3, time(16), time(18), (28, 31, 26),
        ("Kålrabi og kjøttkaker. Alt ble spist.",),
    ),
    Story(
        "9901", "Sangstund på Fjordheimen", "Sangstund på Fjordheimen", "tilbud-hoytlesing",
        "Fjordheimen sykehjem", "place_contact", "Peisestua på Fjordheimen", Every.TWO_WEEKS, 2, time(14),
        time(15), (None, 16, 12, 15), ("Mannskoret tok med noter til alle.",), "Inngang fra hagen.",
    ),
    Story(
        "9901", "Leksehjelp på skolen", "Leksehjelp", "tilbud-leksehjelp", "Fjordvik skole", "coordinator",
        "Skolebiblioteket", Every.WEEK, 0, time(14, 15), time(16), (9, 8, 11),
    ),
    Story(
        "9902", "Tysdagstur langs elva", "Tysdagstur langs elva", "tilbud-turgruppe", "Indre fjord turlag",
        "centre_nn", "Brua ved samfunnshuset", Every.WEEK, 1, time(11), time(12, 30), (8, 7, 10),
        ("Vi såg oter.",), "Sitt på frå sentralen kl. 10.45.",
    ),
    Story(
        "9902", "Ope bibliotek på laurdagar", "Laurdagsope bibliotek", "tilbud-moteplass",
        "Sunndalsfjord ungdomslag", "neighbour", "Sunndalsfjord folkebibliotek", Every.WEEK, 5, time(11),
        time(14), (23, 18, 27), ("Brettspel til stengjetid.",),
    ),
    Story(
        "9902", "Språkpraksis på ungdomshuset", "Språkpraksis", "tilbud-sprakkafe",
        "Sunndalsfjord folkebibliotek", "neighbour", "Ungdomshuset", Every.TWO_WEEKS, 2, time(17), time(19),
        (12, 9), ("Vi laga fiskesuppe.",),
    ),
)  # fmt: skip


def load() -> None:
    """Each offer once; what somebody has changed in it stays changed."""
    for story in STORIES:
        town = Municipality.objects.get(number=story.town)
        found = Partnership.objects.filter(municipality=town, title=story.partnership).first()
        if found is not None and not Offer.objects.filter(municipality=town, title=story.title).exists():
            _tell(story, town, found)
    occurrences_make(timezone.localdate())
    _call_off()


def _tell(story: Story, town: Municipality, partnership: Partnership) -> None:
    user = User.objects.get(email=f"{story.contact}@demo.example")
    kind, side = next(
        (kind, found)
        for kind, model in KINDS
        if (found := model._default_manager.filter(municipality=town, name=story.held_by).first())
    )
    template = content_template_current(story.template)
    text = template.text(town.language)
    first = _first(story)
    offer = Offer.objects.create(
        municipality=town,
        partnership=partnership,
        process=CodesignProcess.objects.filter(partnership=partnership).order_by("pk").first(),
        title=story.title,
        template=template.key,
        about=text["body"],
        areas=template.data["areas"],
        place=story.place,
        contact=Person.objects.filter(user=user, municipality=town).order_by("pk").first(),
        state=OfferState.RUNNING,
        first_on=first,
        from_time=story.from_time,
        to_time=story.to_time,
        rule=Repeats(story.every).rule(first),
        created_by=user,
        updated_by=user,
        **{kind: side},
        **_filled(template, town.language),
        **ANSWERS[town.language],
        **({"getting_there": story.getting_there} if story.getting_there else {}),
    )
    for check in checks_of(partnership):
        requirements_take(offer, check, by=user)
    _season(offer, story, user)


def _filled(template: ContentTemplate, language: str) -> dict[str, Any]:
    names = ("for_whom", "expect", "expect_volunteer", "expect_place")
    return {name: template.data[name][language] for name in names if name in template.data}


# What no template can know, and somebody here has answered.
ANSWERS = {
    "nb": {
        "insurance": "Ja. Når du er frivillig her, gjelder forsikringen til den som holder tilbudet.",
        "expenses": "Det koster ingenting å være med. Utlegg du har avtalt på forhånd, får du igjen.",
    },
    "nn": {
        "insurance": "Ja. Når du er frivillig her, gjeld forsikringa til den som held tilbodet.",
        "expenses": "Det kostar ingenting å vere med. Utlegg du har avtalt på førehand, får du att.",
    },
}


def _first(story: Story) -> date:
    """The weekday, some months ago; in a month, its second one."""
    begun = timezone.localdate() - timedelta(weeks=30)
    if story.every == Every.MONTH:
        begun = begun.replace(day=8)
    return begun + timedelta(days=(story.weekday - begun.weekday()) % 7)


def _season(offer: Offer, story: Story, user: User) -> None:
    times = times_of(offer)
    if times is None:
        return
    today = timezone.localdate()
    days = times.days(today - timedelta(weeks=WEEKS_BEHIND), today - timedelta(days=1))
    rows = []
    for number, day in enumerate(reversed(days)):
        starts_at, ends_at = times.moments(day)
        came = story.came[number % len(story.came)]
        rows.append(
            Occurrence(
                municipality=offer.municipality,
                offer=offer,
                day=day,
                starts_at=starts_at,
                ends_at=ends_at,
                attendance=came,
                feedback=story.lines[number] if number < len(story.lines) and came is not None else "",
                version=0 if came is None else 1,
                updated_by=user,
            )
        )
    Occurrence.objects.bulk_create(rows)


def _call_off() -> None:
    """One time of one of them, once: it is told as it would be."""
    for story in (story for story in STORIES if story.cancelled):
        offer = Offer.objects.filter(municipality__number=story.town, title=story.title).first()
        if offer is None or offer.news.exists():
            continue
        soon = offer.occurrences.untouched().after(_in_a_week()).order_by("starts_at").first()
        if soon is None:
            continue
        Occurrence.objects.filter(pk=soon.pk).update(
            cancelled_at=timezone.now(), cancelled_because=story.cancelled, sequence=1, version=1
        )
        OfferNews.objects.create(
            municipality=offer.municipality,
            offer=offer,
            kind=NewsKind.CANCELLED,
            day=timezone.localdate(soon.starts_at),
            occurrence=soon,
            because=story.cancelled,
            by=offer.created_by,
        )


def _in_a_week() -> datetime:
    return timezone.now() + timedelta(days=7)
