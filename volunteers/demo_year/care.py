"""How the demo's volunteers are looked after: what is due, a talk with an hour, a note, and thanks."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from partnerships.models import Offer
from samskaping.accounts.models import User
from samskaping.core.working_days import OSLO, next_working_day
from volunteers.models import CareNote, CareStep, Thanks, Volunteer
from volunteers.models.care import CareKind
from volunteers.services.care import PHASE_OF, PLAN_CLOSE, PLAN_LIGHT, PLAN_USUAL, phase_of

# After the volunteers and their courses.
ORDER = 130


class Step(NamedTuple):
    town: str
    name: str
    kind: CareKind
    # Days from today; below nought it is late, or was done then.
    days: int
    owner: str = "coordinator"
    plan: str = PLAN_USUAL
    # Clock and place of a talk.
    clock: time | None = None
    place: str = ""
    suits: bool | None = None
    done: bool = False


STEPS = (
    Step("9901", "Liv Berntsen", CareKind.FOLLOW_UP_TALK, 6, clock=time(11), place="Frivilligsentralen"),
    Step("9901", "Liv Berntsen", CareKind.START_TALK, -405, done=True),
    Step("9901", "Harald Tangen", CareKind.FOLLOW_UP_TALK, -2),
    Step("9901", "Oksana Melnyk", CareKind.HOW_IT_WENT, 0, plan=PLAN_CLOSE),
    Step("9901", "Solveig Aune", CareKind.THANK, 34, plan=PLAN_LIGHT),
    Step("9901", "Fatuma Ali", CareKind.START_TALK, 3, clock=time(13, 30), place="Kafeen på biblioteket",
         suits=True),
    Step("9901", "Fatuma Ali", CareKind.FIRST_TASK, 15, plan=PLAN_LIGHT),
    Step("9901", "Jostein Bakke", CareKind.START_TALK, 1, plan=PLAN_CLOSE),
    Step("9901", "Jostein Bakke", CareKind.INTRO_COURSE, 20, plan=PLAN_CLOSE),
    Step("9901", "Arne Vik", CareKind.RETURN, 40, plan=PLAN_LIGHT),
    Step("9901", "Gerd Moen", CareKind.GOODBYE, -45, plan=PLAN_LIGHT, done=True),
    Step("9901", "Marit Lien", CareKind.THANK, 0, owner="organisation_rep"),
    Step("9902", "Selam Tesfay", CareKind.HOW_IT_WENT, 1, owner="neighbour", plan=PLAN_CLOSE),
    Step("9902", "Nils Kvamme", CareKind.FOLLOW_UP_TALK, 8, owner="neighbour"),
    Step("9902", "Johannes Fure", CareKind.RETURN, 30, owner="neighbour"),
)  # fmt: skip
# Town, name, who, offer, words, days ago.
THANKS = (
    ("9901", "Liv Berntsen", "place_contact", "Sangstund på Fjordheimen",
     "Du husket alle versene. Flere ba om å få synge den en gang til.", 9),
    ("9901", "Liv Berntsen", "library", "Språkkafé på biblioteket",
     "Takk for at du ble sittende til alle hadde fått snakke.", 30),
    ("9901", "Harald Tangen", "place_contact", "Sangstund på Fjordheimen",
     "Det ble helt stille da du begynte å synge.", 16),
    ("9902", "Ingebjørg Moe", "neighbour", "Laurdagsope bibliotek",
     "Takk for at du opnar døra kvar laurdag.", 12),
)  # fmt: skip
NOTES = (
    ("9901", "Harald Tangen", "coordinator", "Vil gjerne ta med gitaren neste gang."),
    ("9901", "Jostein Bakke", "coordinator", "Helst formiddag. Ring, ikke send melding."),
)


def load() -> None:
    """Each once; what somebody has done with it stays done."""
    for step in STEPS:
        volunteer = _volunteer(step.town, step.name)
        if volunteer is not None and not volunteer.care_steps.filter(kind=step.kind).exists():
            _tell(step, volunteer)
    for town, name, login, title, words, days in THANKS:
        volunteer = _volunteer(town, name)
        if volunteer is not None and not Thanks.objects.filter(volunteer=volunteer, words=words).exists():
            offer = Offer.objects.filter(municipality=volunteer.municipality_id, title=title).first()
            made = Thanks.objects.create(
                municipality_id=volunteer.municipality_id,
                volunteer=volunteer,
                offer=offer,
                words=words,
                by=_user(login),
            )
            Thanks.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days))
    for town, name, login, line in NOTES:
        volunteer = _volunteer(town, name)
        if volunteer is not None and not CareNote.objects.filter(volunteer=volunteer, line=line).exists():
            CareNote.objects.create(
                municipality_id=volunteer.municipality_id,
                volunteer=volunteer,
                line=line,
                gone_on=timezone.localdate() + timedelta(days=80),
                by=_user(login),
            )


def _tell(step: Step, volunteer: Volunteer) -> None:
    day = timezone.localdate() + timedelta(days=step.days)
    if step.clock is not None:
        day = next_working_day(day)
    at = datetime.combine(day, step.clock, tzinfo=OSLO) if step.clock else None
    now = timezone.now()
    owner = _user(step.owner)
    CareStep.objects.create(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        phase=PHASE_OF.get(step.kind, phase_of(volunteer)),
        kind=step.kind,
        due_on=day,
        at=at,
        at_set_at=now - timedelta(days=1) if at else None,
        place=step.place,
        suits=step.suits,
        owner=owner,
        plan=step.plan,
        done_at=now + timedelta(days=step.days) if step.done else None,
        done_by=owner if step.done else None,
    )


def _volunteer(town: str, name: str) -> Volunteer | None:
    rows = Volunteer.objects.filter(municipality__number=town, person__name=name).select_related("person")
    return rows.order_by("pk").first()


def _user(login: str) -> User:
    return User.objects.get(email=f"{login}@demo.example")
