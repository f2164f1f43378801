"""Ideas in both towns: two that wait, and enough that were answered to say how long it takes."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from partnerships.models import Initiative, Membership, Partnership
from partnerships.models.initiative import InitiativeState
from partnerships.public import reply_by
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality

# After the partnerships some of them became.
ORDER = 75


class Idea(NamedTuple):
    town: str
    title: str
    text: str
    where: str
    area: str
    # Days ago, and how many days the answer took.
    given: int
    took: int = 0
    state: InitiativeState = InitiativeState.NEW
    answer: str = ""
    name: str = ""
    email: str = ""
    became: str = ""


YES, NO, SAID, BECAME = (
    InitiativeState.YES,
    InitiativeState.NO,
    InitiativeState.ANSWERED,
    InitiativeState.BECAME,
)
IDEAS = (
    Idea(
        "9901", "Benk ved brua på Nes", "Mange går turen, men må snu fordi det ikke er noe sted å sitte.",
        "Brua på Nes", "outdoors", 2, name="Jorunn Elvemoen", email="jorunn@folk.demo.example",
    ),
    Idea(
        "9901", "Byttebu for barneklær", "Vi kan stå der noen lørdager. Vi trenger bare et rom.",
        "Gamle brannstasjonen", "environment", 8,
    ),
    Idea(
        "9901", "Kaffe og kabal på biblioteket", "", "Biblioteket", "meeting_places", 40, 1, YES,
        "Ja, gjør det! Rommet i andre etasje er ledig på tirsdager.",
    ),
    Idea(
        "9901", "Snakk norsk over en kopp kaffe", "Naboene mine vil gjerne, men vet ikke hvor.", "Ytre",
        "language", 300, 4, BECAME, "Vi tar den videre. Ideen din har blitt et samarbeid.",
        became="Språkkafé",
    ),
    Idea("9901", "Lys på skøytebanen", "", "Skolen", "outdoors", 120, 3, YES, "Ja. Lyset er på til ni."),
    Idea(
        "9901", "Buss til kulturhuset om kvelden", "", "Ytre", "transport", 90, 5, NO,
        "Fylket bestemmer over bussene. Vi har sendt ideen din dit, og sier fra når vi hører noe.",
    ),
    Idea(
        "9901", "Datahjelp for dem som trenger det", "", "", "language", 60, 2, SAID,
        "Det finnes: onsdager på biblioteket klokka elleve. Velkommen!",
    ),
    Idea(
        "9902", "Låne kano i elva", "Laget har tre kanoar som står.", "Samfunnshuset", "outdoors", 3,
        name="Gaute Bjørkeåsen", email="gaute@folk.demo.example",
    ),
)  # fmt: skip


def load() -> None:
    for idea in IDEAS:
        town = Municipality.objects.get(number=idea.town)
        if not Initiative.objects.filter(municipality=town, title=idea.title).exists():
            _give(town, idea)


def _give(town: Municipality, idea: Idea) -> None:
    given_at = timezone.now() - timedelta(days=idea.given)
    holder = (
        Membership.objects.current()
        .filter(municipality=town, role=Role.COORDINATOR)
        .order_by("granted_at", "pk")
        .first()
    )
    answered = idea.state != InitiativeState.NEW
    made = Initiative.objects.create(
        municipality=town,
        title=idea.title,
        text=idea.text,
        areas_words=idea.where,
        area=idea.area,
        name=idea.name,
        email=idea.email,
        language=town.language,
        reply_by=reply_by(town, timezone.localdate(given_at)),
        holder=holder,
        state=idea.state,
        answer=idea.answer,
        answered_at=given_at + timedelta(days=idea.took) if answered else None,
        answered_by=holder.user if answered and holder is not None else None,
        partnership=Partnership.objects.filter(municipality=town, title=idea.became).first()
        if idea.became
        else None,
    )
    Initiative.objects.filter(pk=made.pk).update(given_at=given_at)
