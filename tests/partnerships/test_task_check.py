"""«Kan frivillige gjøre dette?»: the answers, what is decided from them, and what takes its place."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Partnership, RequirementKind, TaskCheck
from partnerships.models.partnership import Track
from partnerships.models.task_check import TaskOutcome
from partnerships.parts.task_check import facts, steps
from partnerships.selectors.task_check import laws, questions_now, verdict_of
from partnerships.services.task_check import Decision, task_check_note
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from samskaping.core.registries import Viewer
from tests.factories.partnerships import member
from tests.factories.work import PartnershipFactory, PartyFactory, RequirementKindFactory, TaskCheckFactory
from tests.work_list import waiting

pytestmark = pytest.mark.django_db

PLAIN = {"in_addition": "yes", "statutory": "no", "skill": "no", "confidential": "no", "depends": "no"}


@pytest.fixture
def questions(reference: None, town: Any) -> ContentTemplate:
    return questions_now(town.municipality)


@pytest.fixture
def kafe(town: Any) -> Partnership:
    made = PartnershipFactory.create(municipality=town.municipality, title="Språkkafé", track=Track.FULL)
    PartyFactory.create(partnership=made, organisation=town.organisation)
    return made


@pytest.fixture
def signed_in(town: Any, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def typed(answers: dict[str, str] = PLAIN, **more: str) -> dict[str, str]:
    return {"task": "Følge til frisøren", **{f"q_{key}": answer for key, answer in answers.items()}, **more}


def decided(**more: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    seen = ",".join(f"{key}={answer}" for key, answer in PLAIN.items())
    return {
        "outcome": "yes",
        "decided_by": "Enhetsleder",
        "decided_on": today,
        "seen": seen,
        "save": "1",
        **more,
    }


@pytest.mark.parametrize(
    ("variants", "changed", "outcome", "requirements"),
    [
        ([], {}, TaskOutcome.YES, ()),
        ([], {"confidential": "yes"}, TaskOutcome.YES_WHEN_AGREED, ("taushetserklaring",)),
        ([], {"statutory": "yes"}, TaskOutcome.YES_WHEN_AGREED, ()),
        ([], {"depends": "unsure"}, TaskOutcome.CLARIFY_FIRST, ()),
        ([], {"in_addition": "no"}, TaskOutcome.CLARIFY_FIRST, ()),
        ([], {"in_addition": "no", "statutory": "yes"}, TaskOutcome.MUNICIPAL, ()),
        ([], {"skill": "yes", "depends": "unsure"}, TaskOutcome.MUNICIPAL, ()),
        (
            ["transport"],
            {"small_vehicle": "yes", "costs_only": "yes", "handover": "yes"},
            TaskOutcome.YES_WHEN_AGREED,
            ("forerkort", "bilforsikring"),
        ),
        (
            ["transport"],
            {"small_vehicle": "no", "costs_only": "yes", "handover": "yes"},
            TaskOutcome.CLARIFY_FIRST,
            ("forerkort", "bilforsikring"),
        ),
        (
            ["children"],
            {"trust_children": "yes", "adults_near": "yes"},
            TaskOutcome.YES_WHEN_AGREED,
            ("politiattest",),
        ),
        # Not ticked: what was answered under it does not count.
        ([], {"awake_staff": "no"}, TaskOutcome.YES, ()),
    ],
)
def test_answers_become_an_outcome(
    questions: ContentTemplate,
    variants: list[str],
    changed: dict[str, str],
    outcome: str,
    requirements: tuple[str],
) -> None:
    verdict = verdict_of(questions.data, variants, {**PLAIN, **changed})
    assert (verdict.outcome, verdict.requirements) == (outcome, requirements)
    assert verdict.because
    assert bool(verdict.clarify_with) == (outcome == TaskOutcome.CLARIFY_FIRST)


def test_what_the_rules_name_is_there(questions: ContentTemplate, town: Any) -> None:
    """Data points to data: a key that leads nowhere would be silent."""
    data = questions.data
    keys = {question["key"]: question["variant"] for question in data["questions"]}
    kinds = set(RequirementKind.objects.filter(municipality=None).values_list("key", flat=True))
    for rule in data["rules"]:
        assert set(rule["requirements"]) <= kinds
        assert set(rule["conditions"]) <= set(data["conditions"])
        assert len(laws(rule["law"], town.municipality)) == len(rule["law"])
        assert all(keys[key] in ("", rule["variant"]) for key in rule["when"])
        assert (rule["outcome"] == "clarify_first") == ("clarify_with" in rule)
        assert set(rule["because"]) == {"nb", "nn", "en"}
    for question in data["questions"]:
        assert set(question["text"]) == set(question["help"]) == {"nb", "nn", "en"}


def test_our_requirements_are_loaded_once(reference: None) -> None:
    from partnerships.services.requirement import requirement_kinds_load

    before = set(RequirementKind.objects.values_list("pk", "key"))
    requirement_kinds_load()
    assert set(RequirementKind.objects.values_list("pk", "key")) == before
    assert RequirementKind.objects.filter(is_police_certificate=True).count() == 1


def test_five_answers_and_one_press_more(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate
) -> None:
    url = f"/samarbeid/{kafe.pk}/kan-frivillige/ny/"
    page = signed_in.post(url, typed())
    assert page.status_code == 200
    assert page.context["verdict"].outcome == TaskOutcome.YES
    saved = signed_in.post(url, {**typed(), **decided()})
    check = TaskCheck.objects.get(partnership=kafe)
    assert saved["Location"] == f"/samarbeid/{kafe.pk}/kan-frivillige/{check.pk}/"
    assert (check.outcome, check.answers, check.questions) == ("yes", PLAIN, questions)
    assert ContentTemplate.objects.get(pk=questions.pk).first_used_at is not None
    assert "Følge til frisøren" in signed_in.get(saved["Location"]).content.decode()
    assert "Følge til frisøren" in signed_in.get(f"/samarbeid/{kafe.pk}/kan-frivillige/").content.decode()
    assert "Følge til frisøren" in signed_in.get(f"/samarbeid/{kafe.pk}/").content.decode()


def test_answers_changed_after_they_were_seen_are_shown_again(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate
) -> None:
    page = signed_in.post(
        f"/samarbeid/{kafe.pk}/kan-frivillige/ny/", {**typed({**PLAIN, "skill": "yes"}), **decided()}
    )
    assert page.context["verdict"].outcome == TaskOutcome.MUNICIPAL
    assert not TaskCheck.objects.exists()


def test_a_changed_answer_wants_a_reason(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate
) -> None:
    url = f"/samarbeid/{kafe.pk}/kan-frivillige/ny/"
    page = signed_in.post(url, {**typed(), **decided(outcome="yes_when_agreed")})
    assert "changed_because" in page.context["decision"].errors
    signed_in.post(
        url, {**typed(), **decided(outcome="yes_when_agreed", changed_because="Vi er forsiktige.")}
    )
    assert TaskCheck.objects.get().changed_because == "Vi er forsiktige."


def test_what_the_law_gives_the_municipality_is_not_decided_away(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate
) -> None:
    answers = {**PLAIN, "skill": "yes"}
    seen = ",".join(f"{key}={answer}" for key, answer in answers.items())
    page = signed_in.post(
        f"/samarbeid/{kafe.pk}/kan-frivillige/ny/",
        {**typed(answers), **decided(seen=seen, changed_because="Vi vil.")},
    )
    assert "outcome" in page.context["decision"].errors
    assert "Være selskap" in page.content.decode()


def test_a_variants_questions_are_asked(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate
) -> None:
    page = signed_in.post(f"/samarbeid/{kafe.pk}/kan-frivillige/ny/", typed(is_night="on"))
    assert set(page.context["form"].errors) == {"q_awake_staff", "q_long_night"}


def test_an_earlier_decision_is_used_with_one_press(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate
) -> None:
    other = PartnershipFactory.create(municipality=kafe.municipality)
    made = TaskCheckFactory.create(
        partnership=other, questions=questions, answers=PLAIN, ground="Det gikk fint."
    )
    url = f"/samarbeid/{kafe.pk}/kan-frivillige/ny/"
    assert f"{url}?som={made.pk}" in signed_in.get(url).content.decode()
    page = signed_in.get(url, {"som": made.pk})
    assert page.context["verdict"].outcome == TaskOutcome.YES
    assert page.context["decision"].initial["ground"] == "Det gikk fint."


def test_a_neighbours_decision_is_not_there(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate, neighbour: Any
) -> None:
    theirs = TaskCheckFactory.create(
        partnership=PartnershipFactory.create(municipality=neighbour.municipality), answers=PLAIN
    )
    url = f"/samarbeid/{kafe.pk}/kan-frivillige/ny/"
    assert signed_in.get(url, {"som": theirs.pk}).status_code == 404
    assert signed_in.get(f"/samarbeid/{kafe.pk}/kan-frivillige/{theirs.pk}/").status_code == 404


def test_a_new_answer_takes_the_old_ones_place_once(
    signed_in: Client, kafe: Partnership, questions: ContentTemplate, town: Any
) -> None:
    old = TaskCheckFactory.create(partnership=kafe, questions=questions, answers=PLAIN)
    signed_in.post(f"/samarbeid/{kafe.pk}/kan-frivillige/{old.pk}/igjen/", {**typed(), **decided()})
    old.refresh_from_db()
    assert old.replaced_by == TaskCheck.objects.exclude(pk=old.pk).get()
    with pytest.raises(StateChanged):
        note(kafe, questions, town, replaces=old)


def note(
    kafe: Partnership, questions: ContentTemplate, town: Any, replaces: TaskCheck | None = None, **more: Any
) -> TaskCheck:
    decision = {
        "outcome": TaskOutcome.YES,
        "decided_by": "Enhetsleder",
        "decided_on": date(2026, 3, 2),
        **more,
    }
    return task_check_note(
        partnership=kafe,
        task="Tur",
        questions=questions,
        variants=[],
        answers=PLAIN,
        decision=Decision(**decision),
        replaces=replaces,
        by=town.coordinator.user,
    )


def test_anothers_requirement_is_refused(
    kafe: Partnership, questions: ContentTemplate, town: Any, neighbour: Any
) -> None:
    theirs = RequirementKindFactory.create(municipality=neighbour.municipality)
    with pytest.raises(DomainError):
        note(kafe, questions, town, requirements=[theirs])
    own = RequirementKindFactory.create(municipality=town.municipality)
    assert list(note(kafe, questions, town, requirements=[own]).requirements.all()) == [own]


def test_an_idea_becomes_a_partnership(signed_in: Client, questions: ContentTemplate, town: Any) -> None:
    page = signed_in.post("/kan-frivillige/", {**typed(), **decided()})
    assert not TaskCheck.objects.exists()
    assert page.context["title_form"] is not None
    signed_in.post("/kan-frivillige/", {**typed(), **decided(title="Frisørfølge")})
    assert TaskCheck.objects.get().partnership.title == "Frisørfølge"


def test_staff_may_try_and_not_save(client: Client, questions: ContentTemplate, town: Any) -> None:
    client.force_login(member(town.municipality, Role.STAFF, unit=town.unit).user)
    page = client.post("/kan-frivillige/", {**typed(), **decided(title="Frisørfølge")})
    assert page.context["verdict"].outcome == TaskOutcome.YES
    assert page.context["decision"] is None
    assert not TaskCheck.objects.exists()


def test_the_page_of_the_partnership(kafe: Partnership, town: Any) -> None:
    viewer = Viewer(user=town.coordinator.user, membership=town.coordinator, today=timezone.localdate())
    assert [step.title for step in steps(kafe, viewer)] == ["Kan frivillige gjøre dette?"]
    again = timezone.localdate() + timedelta(days=7)
    TaskCheckFactory.create(
        partnership=kafe, outcome=TaskOutcome.CLARIFY_FIRST, clarify_with="Kommunalsjef", look_again_on=again
    )
    kafe = Partnership.objects.get(pk=kafe.pk)
    assert [fact.text for fact in facts(kafe, viewer)] == ["Kan frivillige gjøre dette? Avklar først"]
    assert [step.note for step in steps(kafe, viewer)] == ["Kommunalsjef"]
    assert [item.due_on for item in waiting(viewer, "Avklaring")] == [again]
    TaskCheck.objects.all().delete()
    kafe = Partnership.objects.get(pk=kafe.pk)
    kafe.track = Track.LIGHT
    assert not list(steps(kafe, viewer))


def test_all_sides_are_told_to_look_again(kafe: Partnership, town: Any) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, name="Kåre Rep", organisation=town.organisation)
    today = timezone.localdate()
    check = TaskCheckFactory.create(partnership=kafe, look_again_on=today + timedelta(days=10))
    source = source_of("task_check_again")
    assert source is not None
    assert [(due.person, due.about) for due in source.derive(today)] == [(rep.person, check)]
    newer = TaskCheckFactory.create(partnership=kafe)
    TaskCheck.objects.filter(pk=check.pk).update(replaced_by=newer)
    assert not list(source.derive(today))
