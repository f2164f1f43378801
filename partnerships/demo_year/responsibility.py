"""Ansvarskart in both towns: most duties have somebody, two stand empty, one holder leaves, one is asked."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from partnerships.models import Duty, DutyHolder, Partnership, Person, ResponsibilityMap, Unit
from partnerships.models.responsibility import DutyGroup, DutyLevel, HolderPart
from partnerships.selectors.responsibility_people import side_of
from partnerships.services.handover import duty_hand_over, handover_answer, holder_leaves
from partnerships.services.responsibility import duty_add, map_make, map_of_partnership
from samskaping.accounts.models import User
from samskaping.core.models import Municipality

# After the partnerships whose maps these are.
ORDER = 70

HOLDER, DEPUTY = HolderPart.HOLDER, HolderPart.DEPUTY


class Given(NamedTuple):
    """Who has a point of the template; a login, or a position in words."""

    key: str
    login: str = ""
    deputy: str = ""
    position: str = ""
    leaves_in: int = 0
    # Asked, and has not answered yet.
    only_asked: bool = False


class Own(NamedTuple):
    group: DutyGroup
    text: str
    login: str = ""
    position: str = ""


class Plan(NamedTuple):
    town: str
    by: str
    unit: str
    given: tuple[Given, ...]


PLANS = (
    Plan(
        "9901",
        "coordinator",
        "",
        (
            Given("tid", "chief"),
            Given("rammer", "chief", deputy="unit_leader"),
            Given("motene", "unit_leader"),
            Given("kjenne", "coordinator", deputy="coordinator2"),
            Given("apne", "coordinator", deputy="centre_leader"),
            Given("koble", "coordinator2", leaves_in=35),
            Given("start", "centre_leader", only_asked=True),
            Given("folge-opp", "coordinator"),
            Given("moteplass", "centre_leader", deputy="library"),
            Given("behov", "place_contact", deputy="staff"),
        ),
    ),
    Plan(
        "9901",
        "unit_leader",
        "Fjordheimen sykehjem",
        (
            Given("tid", "unit_leader"),
            Given("rammer", "unit_leader"),
            Given("synlig", "unit_leader", deputy="place_contact"),
            Given("motene", position="Fagutviklingssykepleier"),
            Given("kjenne", "place_contact"),
            Given("apne", "coordinator"),
            Given("koble", "place_contact", deputy="staff"),
            Given("start", "place_contact"),
            Given("folge-opp", "place_contact"),
            Given("moteplass", position="Aktivitøren på dagstua"),
            Given("orientere", "place_contact"),
            Given("behov", "staff"),
        ),
    ),
    Plan(
        "9902",
        "neighbour",
        "",
        (
            Given("tid", "chief"),
            Given("rammer", position="Kommunedirektøren"),
            Given("synlig", "neighbour", deputy="centre_nn"),
            Given("motene", "home_nn"),
            Given("kjenne", "neighbour"),
            Given("apne", "neighbour", deputy="centre_nn"),
            Given("koble", "centre_nn"),
            Given("folge-opp", "centre_nn", deputy="neighbour"),
            Given("moteplass", "centre_nn"),
            Given("orientere", "neighbour"),
            Given("behov", "home_nn", leaves_in=50),
        ),
    ),
)
# Own duties of partnerships, by how their titles begin.
PARTNERSHIPS: dict[str, dict[str, tuple[Own, ...]]] = {
    "9901": {
        "Våketjeneste": (
            Own(DutyGroup.COORDINATOR, "Ringe våkere når noen trenger selskap", "place_contact"),
            Own(DutyGroup.STAFF, "Ta imot våkeren, og si fra hva natta kan bringe", position="Nattevakten"),
            Own(DutyGroup.LEADERS, "Samtale med våkerne etter hver våking"),
        ),
        "Språkkafé": (
            Own(DutyGroup.COORDINATOR, "Sette opp hvem som er vertskap hver torsdag", "organisation_rep"),
            Own(DutyGroup.STAFF, "Låse opp, og rydde plass til bordene", "library"),
            Own(DutyGroup.VOLUNTEERS, "Oppstartsamtale med nye vertskap"),
        ),
        "Turgruppa": (
            Own(DutyGroup.VOLUNTEERS, "Gå først, og vite hvem som er med", position="Turlederen"),
            Own(DutyGroup.COORDINATOR, "Si fra når turen er avlyst", "centre_leader"),
        ),
        "Besøksvenner": (
            Own(DutyGroup.COORDINATOR, "Finne rett besøksvenn til rett hjem", "centre_ytre"),
            Own(DutyGroup.VOLUNTEERS, "Oppstartsamtale med nye besøksvenner"),
            Own(
                DutyGroup.STAFF, "Spørre hvem som ønsker seg besøk", position="Hjemmetjenesten, vakttelefonen"
            ),
        ),
    },
    "9902": {
        "Vaketeneste": (
            Own(DutyGroup.COORDINATOR, "Ringje vakarar når nokon treng selskap", "centre_nn"),
            Own(DutyGroup.STAFF, "Ta imot vakaren, og seie kva natta kan by på", position="Nattevakta"),
            Own(DutyGroup.LEADERS, "Samtale med vakarane etter kvar vaking"),
        ),
        "Tysdagstur": (
            Own(DutyGroup.VOLUNTEERS, "Gå først, og vite kven som er med", position="Turleiaren"),
        ),
        "Besøksvenner": (
            Own(DutyGroup.COORDINATOR, "Finne rett besøksven til rett heim", "home_nn"),
            Own(DutyGroup.VOLUNTEERS, "Oppstartsamtale med nye besøksvener"),
        ),
    },
}


def load() -> None:
    for plan in PLANS:
        _plan(plan)
    for town, starts in PARTNERSHIPS.items():
        by = _user("coordinator" if town == "9901" else "neighbour")
        for start, duties in starts.items():
            for partnership in Partnership.objects.filter(municipality__number=town, title__startswith=start):
                _own(partnership, duties, by)


def _plan(plan: Plan) -> None:
    municipality = Municipality.objects.get(number=plan.town)
    unit = Unit.objects.get(municipality=municipality, name=plan.unit) if plan.unit else None
    if ResponsibilityMap.objects.filter(municipality=municipality, unit=unit, partnership=None).exists():
        return
    by = _user(plan.by)
    made = map_make(municipality=municipality, unit=unit, by=by)
    duties = {duty.template_key: duty for duty in made.duties.all()}
    for given in plan.given:
        duty = duties[given.key]
        if given.position:
            duty_hand_over(duty=duty, part=HOLDER, position=given.position, by=by)
            continue
        holder = _give(duty, HOLDER, given.login, by, only_asked=given.only_asked)
        if given.deputy:
            _give(duty, DEPUTY, given.deputy, by)
        if given.leaves_in:
            day = timezone.localdate() + timedelta(days=given.leaves_in)
            holder_leaves(holder=holder, leaves_on=day, by=by)


def _own(partnership: Partnership, duties: tuple[Own, ...], by: User) -> None:
    plan = map_of_partnership(partnership=partnership, by=by)
    if plan.duties.exists():
        return
    for own in duties:
        duty = duty_add(plan=plan, text=own.text, group=own.group, level=DutyLevel.OPERATIVE, by=by)
        if own.position:
            duty_hand_over(duty=duty, part=HOLDER, position=own.position, by=by)
        elif own.login:
            _give(duty, HOLDER, own.login, by)


def _give(duty: Duty, part: HolderPart, login: str, by: User, *, only_asked: bool = False) -> DutyHolder:
    user = _user(login)
    person = Person.objects.filter(user=user, municipality=duty.municipality).order_by("pk").first()
    assert person is not None, f"{login} has no role in the town of the map"  # noqa: S101
    holder = duty_hand_over(duty=duty, part=part, person=person, side=side_of(person), by=by)
    if not only_asked and holder.accepted_at is None:
        handover_answer(holder=holder, yes=True, by=user)
    return holder


def _user(login: str) -> User:
    return User.objects.get(email=f"{login}@demo.example")
