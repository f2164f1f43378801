"""What the sides of a draft hear, and find on their list."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import formats, timezone

from agreements.draft_due import (
    _answered,
    _changed,
    _changed_words,
    _shared,
    _still_changed,
    _still_open,
    _suggested,
)
from agreements.models import Agreement
from agreements.services.agreement import agreement_change
from agreements.services.draft import draft_share, gap_reopen, gap_skip
from agreements.services.suggestion import suggestion_decline, suggestion_make
from partnerships.due import source_of
from partnerships.models import Notice
from partnerships.services.notice import notices_derive
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from samskaping.core.registries import Viewer
from tests.factories.agreements import draft
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town, make_town
from tests.work_list import waiting

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def rep(town: Town) -> Any:
    return member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)


@pytest.fixture
def shared(town: Town, rep: Any) -> Agreement:
    return draft_share(agreement=draft(town), by=town.coordinator.user)


def suggest(town: Town, agreement: Agreement) -> Any:
    party = agreement.parties.get(unit=town.unit)
    about = agreement.sections.get(key="penger")
    return suggestion_make(
        agreement=agreement, section=about, party=party, heading="Penger", text="Gratis.", comment="",
        by=town.coordinator.user,
    )  # fmt: skip


def people(found: Any) -> list[int | None]:
    return [due.person.user_id for due in found]


def test_the_others_hear_that_it_is_shared(town: Town, rep: Any) -> None:
    agreement = draft(town)
    assert people(_shared(TODAY)) == []
    draft_share(agreement=agreement, by=town.coordinator.user)
    assert people(_shared(TODAY)) == [rep.user_id]


def test_the_others_hear_that_one_nobody_shared_is_sent(town: Town, rep: Any) -> None:
    """Never shared: they are a party to it, and nobody of theirs need be asked to sign."""
    agreement = Agreement.objects.get(pk=draft(town).pk)
    Agreement.objects.filter(pk=agreement.pk).update(state="active", shared_at=timezone.now())
    assert people(_shared(TODAY)) == [rep.user_id]
    notices_derive(TODAY)
    notice = Notice.objects.get(kind="agreement_shared")
    source = source_of(notice.kind)
    assert source is not None
    about = source.about(notice)
    assert about == agreement
    assert "sendt til signering" in source.words(notice, about).title
    Agreement.objects.filter(pk=agreement.pk).update(kind="confidentiality", person=rep.person)
    assert people(_shared(TODAY)) == []


def test_a_suggestion_waits_with_the_other_side(town: Town, rep: Any, shared: Agreement) -> None:
    row = suggest(town, shared)
    assert people(_suggested(TODAY)) == [rep.user_id]
    viewer = Viewer(user=rep.user, membership=rep, today=TODAY)
    [item] = waiting(viewer, "Avtale")
    assert item.title.startswith(shared.title)
    own = Viewer(user=town.coordinator.user, membership=town.coordinator, today=TODAY)
    assert waiting(own, "Avtale") == []
    notices_derive(TODAY)
    notice = Notice.objects.get(kind="agreement_suggested")
    assert _still_open(notice) == row
    source = source_of(notice.kind)
    assert source is not None
    assert "foreslår en annen ordlyd" in source.words(notice, row).lines[0]
    suggestion_decline(
        suggestion=row, party=shared.parties.get(organisation=town.organisation), answer="Nei.", by=rep.user
    )
    assert _still_open(notice) is None
    assert people(_answered(TODAY)) == [town.coordinator.user_id]
    assert waiting(viewer, "Avtale") == []


def test_a_side_that_reads_a_shared_draft_is_taken_out_by_nobody_else(
    town: Town, rep: Any, shared: Agreement
) -> None:
    facts: dict[str, Any] = {"version": shared.version, "changes": {"title": "Ny"}}
    for by, left in ((rep.user, town.organisation), (town.coordinator.user, town.unit)):
        with pytest.raises(DomainError, match="Utkastet er delt"):
            agreement_change(agreement=shared, parties=[left], by=by, **facts)
    assert shared.parties.count() == 2


def test_a_draft_is_not_told_as_registered(town: Town, rep: Any, shared: Agreement) -> None:
    notices_derive(TODAY)
    assert not Notice.objects.filter(kind="agreement_registered").exists()


def change(agreement: Agreement, by: Any, **changes: Any) -> None:
    agreement.refresh_from_db()
    facts = {"title": agreement.title, **changes}
    there = [party.actor for party in agreement.parties.all()]
    agreement_change(agreement=agreement, version=agreement.version, changes=facts, parties=there, by=by)


def told(dues: Any) -> list[str]:
    """What each of them says, as one text."""
    found = []
    for due in dues:
        notice = Notice(object_id=str(due.about.pk), person=due.person)
        row = _still_changed(notice)
        assert row is not None
        found.append("\n".join(_changed_words(notice, row).lines))
    return found


def test_the_others_hear_each_change_of_a_shared_draft(town: Town, rep: Any, shared: Agreement) -> None:
    assert people(_changed(TODAY)) == []
    change(shared, rep.user, ends_on=TODAY + timedelta(days=100))
    change(shared, rep.user, title="Sommerturen")
    assert people(_changed(TODAY)) == [town.coordinator.user_id] * 2
    dates, title = told(_changed(TODAY))
    assert f"{town.organisation.name} endret «Sommerturen»." in dates
    assert formats.date_format(TODAY + timedelta(days=100), "j. F Y") in dates
    assert "Den heter nå «Sommerturen»." in title
    # And the other way.
    change(shared, town.coordinator.user, starts_on=TODAY + timedelta(days=1))
    assert people(_changed(TODAY)) == [town.coordinator.user_id] * 2 + [rep.user_id]
    notices_derive(TODAY)
    assert Notice.objects.filter(kind="agreement_terms_changed").count() == 3


def test_another_partnership_is_told_and_not_named(town: Town, rep: Any, shared: Agreement) -> None:
    from tests.factories.work import PartnershipFactory

    other = PartnershipFactory.create(municipality=town.municipality, title="Hemmelig samarbeid")
    change(shared, town.coordinator.user, partnership=other)
    (said,) = told(_changed(TODAY))
    assert "Hvilket samarbeid" in said
    assert "Hemmelig" not in said


def test_what_is_to_stand_empty_in_a_shared_draft_is_told(town: Town, rep: Any, shared: Agreement) -> None:
    gap_skip(agreement=shared, name="utgifter", because="Ingen utgifter", by=town.coordinator.user)
    gap_reopen(agreement=shared, name="utgifter", by=town.coordinator.user)
    assert people(_changed(TODAY)) == [rep.user_id] * 2
    out, back = told(_changed(TODAY))
    assert "Dette skal stå tomt: utgifter som blir dekket." in out
    assert "Dette skal ikke stå tomt lenger: utgifter som blir dekket." in back


def test_what_one_side_changes_for_itself_is_told_to_nobody(town: Town, rep: Any) -> None:
    alone = draft(town)
    change(alone, town.coordinator.user, title="Bare vårt ennå")
    draft_share(agreement=alone, by=town.coordinator.user)
    # The municipality's own case stands in no agreement.
    change(alone, town.coordinator.user, case_number="26/123")
    assert people(_changed(TODAY)) == []
