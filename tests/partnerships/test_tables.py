"""What must never be false of what is done together: each constraint refuses its row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.models import Agreement
from partnerships.models import FirstMinutes, Partnership
from tests.factories import agreements as papers
from tests.factories import partnerships as made
from tests.factories import work
from tests.factories.core import MunicipalityFactory

NOW = timezone.now()
TODAY = timezone.localdate()
WRONG: dict[str, Callable[[], Any]] = {
    "organisation_postal_code_is_four_digits": lambda: made.OrganisationFactory.create(postal_code="12"),
    "unit_postal_code_is_four_digits": lambda: made.UnitFactory.create(postal_code="abcd"),
    "partnership_ended_has_day": lambda: work.PartnershipFactory.create(phase="ended"),
    "partnership_pause_in_order": lambda: work.PartnershipFactory.create(paused_until=TODAY),
    "partnership_paused_is_not_ended": lambda: work.PartnershipFactory.create(
        phase="ended", ended_on=TODAY, paused_since=TODAY
    ),
    "party_is_one_actor": lambda: both_kinds(work.PartyFactory.create()),
    "party_answers_once": lambda: work.PartyFactory.create(declined_at=NOW),
    "party_left_was_in": lambda: work.PartyFactory.create(accepted_at=None, left_on=TODAY),
    "contact_for_one_thing": lambda: work.ContactFactory.create(),
    "contact_first_or_second": lambda: work.ContactFactory.create(unit=made.UnitFactory.create(), order=3),
    "contact_two_at_most": lambda: twice(
        work.ContactFactory, person=made.PersonFactory.create(), unit=made.UnitFactory.create()
    ),
    "log_person_or_name": lambda: work.LogEntryFactory.create(who="Kari", person=made.PersonFactory.create()),
    "frame_point_has_strategy": lambda: work.FrameFactory.create(point=work.StrategyPointFactory.create()),
    "strategy_in_force_was_decided": lambda: work.StrategyFactory.create(state="in_force"),
    "understanding_one_in_work": lambda: twice(
        work.UnderstandingFactory, partnership=work.PartnershipFactory.create(), then={"number": 2}
    ),
    "understanding_agreed_has_time": lambda: work.UnderstandingFactory.create(state="agreed"),
    "understanding_side_confirmed_whole": lambda: work.UnderstandingSideFactory.create(confirmed_version=1),
    "understanding_side_confirms_or_objects": lambda: work.UnderstandingSideFactory.create(
        confirmed_version=1, confirmed_at=NOW, objection="Ikke torsdager"
    ),
    "task_check_clarify_says_with_whom": lambda: work.TaskCheckFactory.create(outcome="clarify_first"),
    "requirement_kind_has_bokmal": lambda: work.RequirementKindFactory.create(names={"nn": "Krav"}),
    "requirement_kind_once": lambda: twice(work.RequirementKindFactory, key="teieplikt"),
    "map_of_unit_or_partnership": lambda: work.MapFactory.create(
        unit=made.UnitFactory.create(), partnership=work.PartnershipFactory.create()
    ),
    "map_one_for_municipality": lambda: twice(work.MapFactory, municipality=MunicipalityFactory.create()),
    "map_only_of_partnership_inherits": lambda: work.MapFactory.create(inherits=work.MapFactory.create()),
    "duty_holder_is_person_or_position": lambda: work.hold(work.DutyFactory.create(), position=""),
    "duty_holder_on_one_side": lambda: work.hold(
        work.DutyFactory.create(), unit=made.UnitFactory.create(), centre=made.CentreFactory.create()
    ),
    "duty_holder_answers_once": lambda: work.hold(work.DutyFactory.create(), declined_at=NOW),
    "duty_one_holder_now": lambda: held_twice(work.DutyFactory.create()),
    "duty_one_asked_now": lambda: held_twice(work.DutyFactory.create(), accepted_at=None),
    "signal_answer_has_words": lambda: work.SignalFactory.create(state="answered", answered_at=NOW),
    "signal_state_has_its_time": lambda: work.SignalFactory.create(state="seen"),
    "signal_climbed_has_time": lambda: work.SignalFactory.create(climbed=1),
    "signal_question_has_due_day": lambda: work.SignalFactory.create(due_on=None),
    "signal_to_one_side": lambda: work.SignalFactory.create(
        unit=made.UnitFactory.create(), organisation=made.OrganisationFactory.create()
    ),
    "stair_check_once_a_year": lambda: twice(work.StairCheckFactory, unit=made.UnitFactory.create()),
    "agreement_dates_in_order": lambda: papers.AgreementFactory.create(
        starts_on=TODAY, ends_on=TODAY.replace(year=TODAY.year - 1)
    ),
    "agreement_party_is_one": lambda: papers.AgreementPartyFactory.create(organisation=None),
}


def twice(factory: Any, then: dict[str, Any] | None = None, **fields: Any) -> None:
    factory.create(**fields)
    factory.create(**{**fields, **(then or {})})


def held_twice(duty: Any, **fields: Any) -> None:
    for _time in range(2):
        work.hold(duty, **fields)


def both_kinds(party: Any) -> None:
    party.unit = made.UnitFactory.create()
    party.save()


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRONG)
def test_refused_by_its_name(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        WRONG[name]()


@pytest.mark.django_db
def test_what_is_right_is_taken() -> None:
    """Every factory makes a row; the wrong ones above are wrong in one thing only."""
    duty = work.DutyFactory.create()
    work.hold(duty, until=NOW)
    work.hold(duty)
    work.hold(duty, accepted_at=None)
    work.SignalFactory.create(kind="decision", due_on=None)
    work.SignalFactory.create(state="closed", closed_at=NOW)
    work.PartnershipFactory.create(paused_since=TODAY, paused_until=TODAY)
    work.PartyFactory.create(unit=made.UnitFactory.create())
    work.ContactFactory.create(party=work.PartyFactory.create())
    work.TaskCheckFactory.create()
    work.GrantFactory.create()
    work.RegisteredFactory.create()
    work.UnderstandingSideFactory.create()
    work.StairCheckFactory.create()
    work.FrameFactory.create()
    papers.AgreementPartyFactory.create()
    FirstMinutes.objects.create(municipality=MunicipalityFactory.create())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "model"), [(work.PartnershipFactory, Partnership), (papers.AgreementFactory, Agreement)]
)
def test_titles_stand_in_norwegian_order(factory: Any, model: Any) -> None:
    for title in ("Ågot", "Ærlig", "Zoologi", "øving", "arne"):
        factory.create(title=title)
    assert list(model.objects.order_by("title_key").values_list("title", flat=True)) == [
        "arne", "Zoologi", "Ærlig", "øving", "Ågot",
    ]  # fmt: skip
