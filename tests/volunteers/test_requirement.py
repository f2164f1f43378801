"""What is lacking and what is in order; the police certificate nowhere but where it belongs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models.agreement import AgreementKind
from partnerships.models import Notice, Offer, OfferRequirement, RequirementKind
from partnerships.services.notice import notices_derive
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from samskaping.core.models import AuditEvent
from tests.factories import partnerships as made
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import AssignmentFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory, RequirementKindFactory
from volunteers.models import Assignment, PoliceFact, Volunteer, VolunteerRequirement
from volunteers.models.requirement import MetBy, PoliceBasis, PoliceOutcome
from volunteers.selectors.requirement import (
    NeedState,
    lacking,
    needs_for,
    needs_of,
    number_lacking,
    ready_for,
)
from volunteers.services.police import police_fact_set, police_responsible_name
from volunteers.services.requirement import (
    exemption_give,
    requirement_ask,
    requirement_met,
    requirement_signed,
)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def offer(town: Any) -> Offer:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    return OfferFactory.create(partnership=partnership, unit=town.unit)


@pytest.fixture
def kind(town: Any, offer: Offer) -> RequirementKind:
    """Asked for at the offer, to be renewed each year."""
    found = RequirementKindFactory.create(
        municipality=town.municipality, key="forstehjelp", names={"nb": "Prøve førstehjelp"}, renew_months=12
    )
    ask_for(offer, found)
    return found


def ask_for(offer: Offer, kind: RequirementKind) -> None:
    OfferRequirement.objects.create(municipality=offer.municipality, offer=offer, kind=kind, because="Trygt")


def police_kind(offer: Offer) -> RequirementKind:
    found, _made = RequirementKind.objects.get_or_create(
        municipality=None, key="politiattest", defaults={"names": {"nb": "Politiattest"}}
    )
    RequirementKind.objects.filter(pk=found.pk).update(is_police_certificate=True)
    found.refresh_from_db()
    ask_for(offer, found)
    return found


def state(volunteer: Volunteer) -> NeedState:
    (need,) = needs_of([volunteer.pk])[volunteer.pk]
    return need.state


def is_lacking(volunteer: Volunteer) -> bool:
    """As a filter says it, and as the list counts it."""
    is_found = lacking(Volunteer.objects.all()).filter(pk=volunteer.pk).exists()
    assert number_lacking(volunteer.assignments.there()) == ({volunteer.pk: 1} if is_found else {})
    return is_found


def test_every_state(town: Any, offer: Offer, kind: RequirementKind) -> None:
    volunteer, by, today = (
        AssignmentFactory.create(offer=offer).volunteer,
        town.coordinator.user,
        timezone.localdate(),
    )

    def met(days_ago: int) -> None:
        day = today - timedelta(days=days_ago)
        requirement_met(volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=day, by=by)

    def ready() -> bool:
        return ready_for(offer, Volunteer.objects.all()).filter(pk=volunteer.pk).exists()

    assert (state(volunteer), is_lacking(volunteer), ready()) == (NeedState.MISSING, True, False)
    requirement_ask(volunteer=volunteer, kind=kind, by=by)
    assert (state(volunteer), is_lacking(volunteer)) == (NeedState.ASKED, True)
    exemption_give(volunteer=volunteer, kind=kind, because="Prøver seg", until=today, by=by)
    assert (state(volunteer), is_lacking(volunteer), ready()) == (NeedState.EXEMPT, False, True)
    met(10)
    assert (state(volunteer), is_lacking(volunteer), ready()) == (NeedState.OK, False, True)
    # Whoever has it, is let off no more.
    assert not volunteer.exemptions.filter(ended_at=None).exists()
    met(350)
    assert (state(volunteer), is_lacking(volunteer)) == (NeedState.RENEW, False)
    met(500)
    assert (state(volunteer), is_lacking(volunteer), ready()) == (NeedState.EXPIRED, True, False)
    # Nobody is thrown out by it.
    assert volunteer.assignments.there().exists()
    assert needs_for(offer, [volunteer.pk])[volunteer.pk][0].state == NeedState.EXPIRED


def test_days_that_cannot_be(town: Any, offer: Offer, kind: RequirementKind) -> None:
    volunteer, by, today = (
        VolunteerFactory.create(person__municipality=town.municipality),
        town.coordinator.user,
        timezone.localdate(),
    )
    with pytest.raises(DomainError):
        requirement_met(volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=today + timedelta(days=1), by=by)
    for because, until in (
        ("", today),
        ("Prøver", today - timedelta(days=1)),
        ("Prøver", today + timedelta(days=400)),
    ):
        with pytest.raises(DomainError):
            exemption_give(volunteer=volunteer, kind=kind, because=because, until=until, by=by)
    with pytest.raises(ValueError, match="police_fact_set"):
        requirement_ask(volunteer=volunteer, kind=police_kind(offer), by=by)


def test_constant_questions(
    town: Any, offer: Offer, kind: RequirementKind, django_assert_num_queries: Any
) -> None:
    keys = [AssignmentFactory.create(offer=offer).volunteer_id for _number in range(5)]
    for many in (keys[:1], keys):
        with django_assert_num_queries(4):
            needs_of(many)


def test_counted_is_what_is_listed(town: Any, offer: Offer, kind: RequirementKind) -> None:
    """Each kind once; not what is asked for no more, and never the police certificate."""
    volunteer, by = AssignmentFactory.create(offer=offer).volunteer, town.coordinator.user
    second, gone = (RequirementKindFactory.create(municipality=town.municipality) for _number in range(2))
    other = OfferFactory.create(partnership=offer.partnership, unit=town.unit)
    AssignmentFactory.create(offer=other, volunteer=volunteer)
    for asking, asked in ((offer, second), (other, kind), (other, gone)):
        ask_for(asking, asked)
    OfferRequirement.objects.filter(kind=gone).update(removed_at=timezone.now())
    police_kind(offer)
    neighbour = AssignmentFactory.create(offer=other).volunteer

    def counted() -> dict[int, int]:
        return dict(number_lacking(Assignment.objects.there()))

    def listed() -> dict[int, int]:
        every = needs_of([volunteer.pk, neighbour.pk])
        return {pk: number for pk, needs in every.items() if (number := sum(one.is_lacking for one in needs))}

    assert counted() == listed() == {volunteer.pk: 2, neighbour.pk: 1}
    today = timezone.localdate()
    requirement_met(volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=today, by=by)
    assert counted() == listed() == {volunteer.pk: 1, neighbour.pk: 1}
    requirement_met(volunteer=volunteer, kind=second, how=MetBy.SHOWN, on=today, by=by)
    assert counted() == listed() == {neighbour.pk: 1}


def test_noted_on_her_page(town: Any, offer: Offer, kind: RequirementKind) -> None:
    volunteer = AssignmentFactory.create(offer=offer).volunteer
    boss, url = client_of(town.coordinator.user), reverse("volunteer", args=[volunteer.pk])
    one = reverse("volunteer_requirement", args=[volunteer.pk, kind.pk])
    assert "Mangler" in boss.get(url).content.decode()
    assert "Mangler 1" in boss.get(reverse("volunteers"), {"missing": "on"}).content.decode()
    boss.post(reverse("volunteer_requirement_ask", args=[volunteer.pk, kind.pk]))
    boss.post(one, {"exempt": "1", "because": "Prøver seg", "until": timezone.localdate()})
    assert "Prøver seg" in boss.get(url).content.decode()
    boss.post(reverse("volunteer_exemption_end", args=[volunteer.pk, kind.pk]))
    boss.post(one, {"met": "1", "how": "shown", "on": timezone.localdate()})
    assert state(volunteer) == NeedState.OK
    page = boss.get(reverse("offer", args=[offer.pk])).content.decode()
    assert "Hvem kan ta oppdraget nå" in page
    assert "Klar" in page
    boss.post(reverse("volunteer_requirement_clear", args=[volunteer.pk, kind.pk]))
    assert state(volunteer) == NeedState.MISSING
    # Kinds of another municipality are not there.
    other = RequirementKindFactory.create(municipality=made.UnitFactory.create().municipality, key="annet")
    assert boss.get(reverse("volunteer_requirement", args=[volunteer.pk, other.pk])).status_code == 404


def test_what_ends_is_told_in_time(town: Any, offer: Offer, kind: RequirementKind) -> None:
    by, today = town.coordinator.user, timezone.localdate()
    volunteer = AssignmentFactory.create(
        offer=offer,
        volunteer__person__municipality=town.municipality,
        volunteer=VolunteerFactory.create(person__municipality=town.municipality, followed_by=by),
    ).volunteer
    requirement_met(
        volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=today - timedelta(days=300),
        holds_to=today + timedelta(days=20), by=by,
    )  # fmt: skip
    boss = client_of(by)
    assert volunteer.person.name in boss.get(reverse("requirements_expiring")).content.decode()
    assert "1 krav til frivillige går ut" in boss.get(reverse("this_week")).content.decode()
    notices_derive(today)
    notice = Notice.objects.get(kind="requirement_ends")
    assert notice.person.user == by
    # Renewed: there is nothing to tell.
    requirement_met(volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=today, by=by)
    from partnerships.due import source_of

    source = source_of("requirement_ends")
    assert source is not None
    assert source.about(notice) is None
    assert volunteer.person.name not in boss.get(reverse("requirements_expiring")).content.decode()


def test_what_is_signed_here_is_in_order_by_itself(town: Any, reference: None) -> None:
    from agreements.services.requirement import MEETS

    volunteer = VolunteerFactory.create(person__municipality=town.municipality)
    today = timezone.localdate()
    for key in MEETS.values():
        requirement_signed(person=volunteer.person, key=key, on=today)
    met = dict(VolunteerRequirement.objects.values_list("kind__key", "holds_to"))
    assert set(met) == {"taushetserklaring", "frivilligavtale"}
    assert met["taushetserklaring"] is None
    assert met["frivilligavtale"] is not None
    assert set(MEETS) == {AgreementKind.CONFIDENTIALITY, AgreementKind.VOLUNTEER}
    # An older paper takes nothing away, and somebody who is no volunteer has nothing to meet.
    requirement_signed(person=volunteer.person, key="frivilligavtale", on=today - timedelta(days=400))
    assert VolunteerRequirement.objects.get(kind__key="frivilligavtale").met_on == today
    stranger = PersonFactory.create(municipality=town.municipality)
    assert requirement_signed(person=stranger, key="taushetserklaring", on=today) is None


# --- The police certificate ------------------------------------------------------------------------------
def shown(volunteer: Volunteer, by: Any, **facts: Any) -> PoliceFact:
    today = timezone.localdate()
    return police_fact_set(
        volunteer=volunteer,
        by=by,
        **{"outcome": PoliceOutcome.SHOWN, "basis": PoliceBasis.SCHOOL, "shown_on": today, **facts},
    )


def test_no_file_and_no_words_hang_on_it() -> None:
    """What is not in the table cannot be kept: days, choices and who, and nothing else."""
    allowed = (models.DateField, models.ForeignKey, models.AutoField)
    for field in PoliceFact._meta.get_fields():
        assert isinstance(field, allowed) or (isinstance(field, models.CharField) and field.choices), field
        assert not isinstance(
            field, models.TextField | models.FileField | models.BinaryField | models.JSONField
        )
    files = [field.name for field in PoliceFact._meta.fields if "file" in field.name.lower()]
    assert files == []
    pointing = [
        relation
        for relation in PoliceFact._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    ]
    assert pointing == []
    assert {field.related_model._meta.label for field in PoliceFact._meta.fields if field.related_model} == {
        "core.Municipality",
        "volunteers.Volunteer",
        "accounts.User",
    }


def test_only_who_handles_it(town: Any, offer: Offer) -> None:
    police_kind(offer)
    club = OrganisationFactory.create(municipality=town.municipality)
    one, other = (
        made.member(town.municipality, Role.ORGANISATION_REP, organisation=club) for _number in range(2)
    )
    person = PersonFactory.create(municipality=town.municipality, controller_organisation=club)
    theirs = VolunteerFactory.create(person=person)
    url = reverse("volunteer_police", args=[theirs.pk])
    assert client_of(one.user).get(url).status_code == 403
    police_responsible_name(side=club, user=one.user, is_deputy=False, by=other.user)
    assert client_of(one.user).get(url).status_code == 200
    assert client_of(other.user).get(url).status_code == 403
    # Not even when she is shared with the coordinator.
    AssignmentFactory.create(offer=offer, volunteer=theirs)
    from volunteers.services.assignment import volunteer_share

    volunteer_share(volunteer=theirs, offer=offer, by_herself=True, by=None)
    assert client_of(town.coordinator.user).get(url).status_code == 403
    with pytest.raises(DomainError):
        shown(theirs, town.coordinator.user)
    fact = shown(theirs, one.user)
    assert fact.shown_to == one.user
    assert set(PoliceFact.objects.visible_to(town.coordinator.user)) == set()
    police_responsible_name(side=club, user=other.user, is_deputy=True, by=one.user)
    assert client_of(other.user).get(url).status_code == 200
    police_responsible_name(side=club, user=None, is_deputy=False, by=other.user)
    assert client_of(one.user).get(url).status_code == 403


def test_seen_is_noted_and_it_stands_nowhere_else(town: Any, offer: Offer) -> None:
    police_kind(offer)
    volunteer = AssignmentFactory.create(offer=offer).volunteer
    shown(volunteer, town.coordinator.user, issued_on=timezone.localdate() - timedelta(days=20))
    boss = client_of(town.coordinator.user)
    assert "opplæringslova" in boss.get(reverse("volunteer_police", args=[volunteer.pk])).content.decode()
    assert AuditEvent.objects.filter(verb="police_fact_seen", object_id=str(volunteer.pk)).count() == 1
    assert not AuditEvent.objects.filter(verb="police_fact_set").exclude(data={}).exists()
    pages = (
        boss.get(reverse("volunteer", args=[volunteer.pk])),
        boss.get(reverse("volunteers")),
        boss.get(reverse("offer", args=[offer.pk])),
        boss.post(reverse("volunteers_csv")),
        boss.get(reverse("requirements_expiring")),
        boss.get(reverse("history")),
    )
    for page in pages:
        for word in ("opplæringslova", "Vist – i orden", "Ikke vist"):
            assert word not in page.content.decode()
    assert needs_of([volunteer.pk], also_unasked=True)[volunteer.pk] == []
    with pytest.raises(DomainError, match="tre måneder"):
        shown(volunteer, town.coordinator.user, issued_on=timezone.localdate() - timedelta(days=120))


def test_responsible_page(town: Any) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    one, other = (
        made.member(town.municipality, Role.ORGANISATION_REP, organisation=club).user for _number in range(2)
    )
    outsider = made.member(town.municipality, Role.STAFF, unit=town.unit).user
    client, url = client_of(one), reverse("police_responsible")
    assert client.post(url, {"responsible": one.pk, "deputy": one.pk}).status_code == 200
    assert client.post(url, {"responsible": outsider.pk}).status_code == 200
    assert client.post(url, {"responsible": one.pk, "deputy": other.pk}).status_code == 302
    assert client.post(url, {"responsible": other.pk, "deputy": one.pk}).status_code == 302
    from volunteers.selectors.police import responsible_for

    now = responsible_for(club)
    assert (now[False].user, now[True].user) == (other, one)
