"""What has been clarified in the demo, a requirement of its own, and the stairs of two years."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone, translation

from partnerships.models import Partnership, RequirementKind, StairCheck, TaskCheck, Unit
from partnerships.models.task_check import TaskOutcome, TaskVariant
from partnerships.selectors.stairs import stairs_now
from partnerships.selectors.task_check import questions_now, verdict_of
from partnerships.services.requirement import requirement_kind_add
from partnerships.services.task_check import Decision, task_check_note
from samskaping.accounts.models import User
from samskaping.core.models import Municipality

# After the partnerships that are asked about.
ORDER = 70
PLAIN = {"in_addition": "yes", "statutory": "no", "skill": "no", "confidential": "no", "depends": "no"}
KNOWS = {**PLAIN, "confidential": "yes"}
NIGHT = {"awake_staff": "yes", "long_night": "yes"}
RIDE = {"small_vehicle": "yes", "costs_only": "yes", "handover": "unsure"}


class Asked(NamedTuple):
    town: str
    login: str
    # How the partnership's name begins.
    partnership: str
    task: str
    answers: dict[str, str]
    decided_by: str
    ground: str
    variants: tuple[TaskVariant, ...] = ()
    days_ago: int = 60
    look_again_in: int | None = 300


ASKED = (
    Asked(
        "9901",
        "coordinator",
        "Våketjenesten",
        "Sitte ved senga om natta",
        {**KNOWS, **NIGHT},
        "Enhetsleder, Fjordheimen",
        "De frivillige er selskap. Nattevakta har ansvaret hele tida.",
        (TaskVariant.NIGHT,),
        days_ago=240,
        look_again_in=10,
    ),
    Asked(
        "9901",
        "coordinator",
        "Språkkafé",
        "Snakke norsk over en kopp kaffe",
        PLAIN,
        "Frivillighetskoordinator",
        "En møteplass for alle.",
        days_ago=120,
        look_again_in=None,
    ),
    Asked(
        "9902",
        "neighbour",
        "Skyss",
        "Køyre folk til kveldskafeen",
        {**PLAIN, **RIDE},
        "Einingsleiar, Heimetenesta",
        "Vi må finne ut kven som tek imot heime.",
        (TaskVariant.TRANSPORT,),
        days_ago=20,
        look_again_in=45,
    ),
)
# Unit, last year's and this year's answers from the lowest step; none where they have not talked yet.
STAIRS = (
    (
        "9901",
        "coordinator",
        "Fjordheimen sykehjem",
        ("yes", "partly", "no", "no", "no"),
        ("yes", "yes", "partly", "no", "no"),
    ),
    ("9901", "coordinator", "Hjemmetjenesten", ("yes", "no", "no", "no", "no"), ()),
    ("9902", "neighbour", "Heimetenesta", (), ("yes", "partly", "no", "no", "no")),
)


def load() -> None:
    for asked in ASKED:
        _check(asked)
    for number, login, unit, before, now in STAIRS:
        _stairs(number, login, unit, before, now)
    fjordvik = Municipality.objects.get(number="9901")
    if not RequirementKind.objects.filter(municipality=fjordvik).exists():
        requirement_kind_add(
            municipality=fjordvik,
            names={"nb": "Kurs i å våke", "nn": "Kurs i å vake", "en": "Course in keeping vigil"},
            about={"nb": "To kvelder på Fjordheimen, vår og høst."},
            renew_months=24,
            by=_user("coordinator"),
        )


def _check(asked: Asked) -> None:
    municipality = Municipality.objects.get(number=asked.town)
    partnership = Partnership.objects.filter(
        municipality=municipality, title__startswith=asked.partnership, ended_on=None
    ).first()
    if partnership is None or TaskCheck.objects.filter(partnership=partnership, task=asked.task).exists():
        return
    questions = questions_now(municipality)
    # What shall stand in the agreement is written in the municipality's own language.
    with translation.override(municipality.language):
        verdict = verdict_of(questions.data, asked.variants, asked.answers)
    today = timezone.localdate()
    kinds = RequirementKind.objects.filter(municipality=None, key__in=verdict.requirements)
    task_check_note(
        partnership=partnership,
        task=asked.task,
        questions=questions,
        variants=[variant.value for variant in asked.variants],
        answers=asked.answers,
        decision=Decision(
            outcome=TaskOutcome(verdict.outcome),
            clarify_with=verdict.clarify_with,
            requirements=list(kinds),
            conditions=list(verdict.conditions),
            ground=asked.ground,
            law=list(verdict.law),
            decided_by=asked.decided_by,
            decided_on=today - timedelta(days=asked.days_ago),
            look_again_on=today + timedelta(days=asked.look_again_in) if asked.look_again_in else None,
        ),
        by=_user(asked.login),
    )


def _stairs(number: str, login: str, name: str, before: tuple[str, ...], now: tuple[str, ...]) -> None:
    municipality = Municipality.objects.get(number=number)
    unit = Unit.objects.get(municipality=municipality, name=name)
    questions = stairs_now(municipality)
    year = timezone.localdate().year
    for when, answers in ((year - 1, before), (year, now)):
        if answers:
            keys = [step["key"] for step in questions.data["steps"]]
            StairCheck.objects.get_or_create(
                unit=unit,
                year=when,
                defaults={
                    "municipality": municipality,
                    "questions": questions,
                    "answers": dict(zip(keys, answers, strict=True)),
                    "updated_by": _user(login),
                },
            )


def _user(login: str) -> User:
    return User.objects.get(email=f"{login}@demo.example")
