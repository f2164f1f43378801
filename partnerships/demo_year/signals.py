"""Questions in both towns: open, over the day, lifted, answered, and a decision on its way down."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from partnerships.models import Partnership, Person, Signal
from partnerships.models.areas import Level
from partnerships.models.signal import SignalKind, SignalState
from partnerships.selectors.signal_people import receiver_at
from samskaping.core.models import Municipality

# After the partnerships they are about, and the maps that say who answers.
ORDER = 70


class Asked(NamedTuple):
    town: str
    # A login of partnerships/demo.py.
    by: str
    from_level: Level
    to_level: Level
    subject: str
    text: str
    # Days from today.
    asked: int
    due: int
    # The partnership with this title, where there is one.
    partnership: str = ""
    kind: SignalKind = SignalKind.QUESTION
    answer: str = ""
    answered_by: str = ""
    decided: bool = False
    lifted: bool = False


QUESTIONS = (
    Asked(
        "9901", "unit_leader", Level.DEVELOPMENT, Level.ANCHORING,
        "Taxi hjem etter nattevakt",
        "De som våker til etter midnatt, kommer seg ikke hjem med buss. Kan kommunen dekke taxi?",
        asked=-6, due=8, partnership="Våketjeneste på Fjordheimen",
    ),
    Asked(
        "9901", "staff", Level.OPERATION, Level.DEVELOPMENT,
        "Hvem gir beskjed når en vakt blir avlyst?",
        "Vi vet det ofte før de frivillige gjør det. Hvem skal ringe dem?",
        asked=-20, due=-3, partnership="Våketjeneste på Fjordheimen",
    ),
    Asked(
        "9901", "library", Level.DEVELOPMENT, Level.ANCHORING,
        "Åpent på biblioteket til klokka ni",
        "Språkkafeen trenger en time til på torsdager. Hvem kan si ja til lengre åpningstid?",
        asked=-32, due=4, kind=SignalKind.CHANGE, lifted=True, partnership="Språkkafé",
    ),
    Asked(
        "9901", "organisation_rep", Level.DEVELOPMENT, Level.ANCHORING,
        "Hvem betaler middagene?",
        "Laget har betalt maten selv i to år. Kan kommunen ta noe av den?",
        asked=-45, due=-30, answer="Ja. Kommunen betaler maten ut neste år, og så ser vi på det sammen.",
        answered_by="chief", decided=True, partnership="Middag i lag på Solkroken",
    ),
    Asked(
        "9902", "centre_nn", Level.DEVELOPMENT, Level.ANCHORING,
        "Skyss heim etter nattevakt",
        "Bussen går ikkje når vakta er over. Kan vi låne kommunebilen?",
        asked=-4, due=9, partnership="Vaketeneste i Sunndalsfjord",
    ),
    Asked(
        "9902", "home_nn", Level.DEVELOPMENT, Level.OPERATION,
        "Kva passar å gjere saman ein haustkveld?",
        "Vi har tre som gjerne vil ut, men ikkje langt. Kva har de gode røynsler med?",
        asked=-25, due=-11, answer="Turen rundt Elvebakken er flat og har benkar. Vi går han gjerne med dei.",
        answered_by="centre_nn", partnership="Tysdagstur langs elva",
    ),
)  # fmt: skip


def load() -> None:
    for asked in QUESTIONS:
        municipality = Municipality.objects.get(number=asked.town)
        if not Signal.objects.filter(municipality=municipality, subject=asked.subject).exists():
            _signal(municipality, asked)


def _signal(municipality: Municipality, asked: Asked) -> None:
    now = timezone.now()
    partnership = Partnership.objects.filter(municipality=municipality, title=asked.partnership).first()
    asker = _person(municipality, asked.by)
    receiver = receiver_at(
        municipality=municipality, partnership=partnership, level=asked.to_level, side=None, asker=asker
    )
    answered = (
        {
            "state": SignalState.ANSWERED,
            "seen_at": now + timedelta(days=asked.due - 2),
            "answer": asked.answer,
            "answered_by": _person(municipality, asked.answered_by),
            "answered_at": now + timedelta(days=asked.due - 1),
        }
        if asked.answer
        else {}
    )
    made = Signal.objects.create(
        municipality=municipality,
        partnership=partnership,
        kind=asked.kind,
        subject=asked.subject,
        text=asked.text,
        from_level=asked.from_level,
        to_level=asked.to_level,
        receiver=receiver,
        due_on=timezone.localdate() + timedelta(days=asked.due),
        raised_by=asker,
        climbed=1 if asked.lifted else 0,
        climbed_at=now - timedelta(days=3) if asked.lifted else None,
        **answered,
    )
    Signal.objects.filter(pk=made.pk).update(raised_at=now + timedelta(days=asked.asked))
    if asked.decided and partnership is not None:
        decision = Signal.objects.create(
            municipality=municipality,
            partnership=partnership,
            kind=SignalKind.DECISION,
            subject=asked.subject,
            text=asked.answer,
            from_level=asked.to_level,
            to_level=asked.from_level,
            state=SignalState.CLOSED,
            closed_at=made.answered_at,
            raised_by=made.answered_by,
            follows=made,
        )
        Signal.objects.filter(pk=decision.pk).update(raised_at=made.answered_at)


def _person(municipality: Municipality, login: str) -> Person | None:
    people = Person.objects.filter(municipality=municipality, user__email=f"{login}@demo.example")
    return people.order_by("pk").first()
