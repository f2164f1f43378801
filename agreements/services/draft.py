"""Writing an agreement together: begun from a text, worded by its own side, shared, and suggested on by all.

The agreement's row is the lock, and its count goes up with each change of what the agreement says, so that
what is frozen is what somebody has read. Until it is shared the side that began it writes freely; from then
on a change is a suggestion, which another side takes in or says no to with a reason.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agreements.clauses import clauses_of
from agreements.models import Agreement, AgreementParty, AgreementSection, SectionWording, SkippedGap
from agreements.models.agreement import AgreementKind, AgreementOrigin, AgreementState
from agreements.models.draft import search_key_of
from agreements.placeholders import PLACEHOLDERS
from agreements.selectors.draft import own_party, party_of, writes_freely
from agreements.services.agreement import (
    check_partnership,
    field_of,
    must_be_hers,
    parties_named,
    side_in_trace,
)
from agreements.services.wording import add_section, leave_out, lock_draft, lock_section, reword
from partnerships.models import Partnership, Person, Unit
from partnerships.selectors.actor_names import Actor
from partnerships.selectors.sides import sides_of
from partnerships.services.editing import count, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.services.audit import audit_record


@transaction.atomic
def agreement_start(
    *,
    municipality: Municipality,
    template: ContentTemplate,
    language: str,
    by: User,
    partnership: Partnership | None = None,
    parties: Iterable[Actor | str] = (),
    person: Person | None = None,
    starts_on: date | None = None,
    replaces: Agreement | None = None,
) -> Agreement:
    """A draft with the text's sections, the parties of the partnership, and a year to begin with.

    Raises DomainError when nobody is party to it, when none of them is hers, or for a partnership she is not
    in.
    """
    check_partnership(partnership, municipality, by)
    named = list(parties)
    if partnership is not None and person is None and not named:
        actors = [party.actor for party in sides_of(partnership)]
        must_be_hers(actors, municipality, by)
    else:
        actors = parties_named(named, municipality, by)
    text, kind = template.text(language), template.data["agreement_kind"]
    begins = starts_on or timezone.localdate()
    with translation.override(text["language"]):
        title = _title(text["title"], partnership, person, actors)
    agreement = Agreement.objects.create(
        municipality=municipality,
        kind=kind,
        origin=AgreementOrigin.PORTAL,
        state=AgreementState.DRAFT,
        title=title,
        partnership=partnership,
        person=person,
        template=template,
        language=text["language"],
        replaces=replaces,
        starts_on=begins,
        # A promise to keep silent has no last day.
        ends_on=None if kind == AgreementKind.CONFIDENTIALITY else _a_year_from(begins),
        created_by=by,
        updated_by=by,
    )
    for actor in actors:
        AgreementParty.objects.create(agreement=agreement, municipality=municipality, **field_of(actor))
    agreement.side = own_party(agreement, by)
    agreement.save(update_fields=["side"])
    write_sections(agreement, template, text["body"], by)
    ContentTemplate.objects.filter(pk=template.pk, first_used_at=None).update(first_used_at=timezone.now())
    audit_record("agreement_started", agreement, by=by, data={"text": template.key})
    return agreement


@transaction.atomic
def section_write(
    *, section: AgreementSection, version: int, heading: str, text: str, by: User
) -> AgreementSection:
    """Words it anew. Raises ChangedMeanwhile when somebody did after `version` was read, and StateChanged
    when it is no draft of one side any more."""
    agreement = _lock_own(section.agreement)
    locked = lock_section(section)
    unchanged_since(locked, version)
    return reword(agreement, locked, heading=heading, text=text, party=party_of(agreement, by), by=by)


@transaction.atomic
def section_leave_out(*, section: AgreementSection, version: int, because: str, by: User) -> AgreementSection:
    """Takes it out of the agreement, with a reason; an empty one puts it back. Raises as section_write."""
    agreement = _lock_own(section.agreement)
    locked = lock_section(section)
    unchanged_since(locked, version)
    return leave_out(agreement, locked, because=because, party=party_of(agreement, by), by=by)


@transaction.atomic
def section_add(*, agreement: Agreement, heading: str, text: str, by: User) -> AgreementSection:
    """One more, before whoever signs. Raises StateChanged as section_write."""
    locked = _lock_own(agreement)
    return add_section(locked, heading=heading, text=text, party=party_of(locked, by), by=by)


@transaction.atomic
def draft_share(*, agreement: Agreement, by: User) -> Agreement:
    """Shows it to the other parties: from now on changes are suggested. Raises StateChanged when it is."""
    locked = lock_draft(agreement)
    if locked.shared_at is not None:
        raise StateChanged(_("De andre ser allerede utkastet."))
    if len(locked.parties.all()) < 2:
        raise DomainError(_("Skriv først hvem avtalen er med."))
    locked.shared_at = timezone.now()
    locked.save(update_fields=["shared_at", "updated_at"])
    audit_record("agreement_shared", locked, by=by)
    return locked


@transaction.atomic
def gap_skip(*, agreement: Agreement, name: str, because: str, by: User) -> SkippedGap:
    """It is right that this stands empty, and here is why. What it stood in is left out.

    Raises DomainError without a reason, and for something that is not in the agreement.
    """
    locked = lock_draft(agreement)
    reason = " ".join(because.split())
    if not reason:
        raise DomainError(_("Skriv hvorfor det skal stå tomt."))
    if name not in PLACEHOLDERS and not locked.sections.filter(key=name).exclude(key="").exists():
        raise DomainError(_("Dette står ikke i avtalen."))
    row, _made = SkippedGap.objects.update_or_create(
        agreement=locked,
        name=name,
        defaults={"municipality": locked.municipality, "because": reason, "by": by},
    )
    count(locked, by=by)
    audit_record("agreement_gap_skipped", locked, by=by, data={"name": name, **side_in_trace(locked, by)})
    return row


@transaction.atomic
def gap_reopen(*, agreement: Agreement, name: str, by: User) -> None:
    """It shall not stand empty after all. Safe to call twice."""
    locked = lock_draft(agreement)
    gone, _each = SkippedGap.objects.filter(agreement=locked, name=name).delete()
    if gone:
        count(locked, by=by)
        done_for = side_in_trace(locked, by)
        audit_record("agreement_gap_reopened", locked, by=by, data={"name": name, **done_for})


def _lock_own(agreement: Agreement) -> Agreement:
    locked = lock_draft(agreement)
    if not writes_freely(locked):
        raise StateChanged(_("Avtalen er delt med de andre. Send endringen som et forslag."))
    return locked


def write_sections(agreement: Agreement, template: ContentTemplate, body: str, by: User) -> None:
    made = AgreementSection.objects.bulk_create(
        AgreementSection(
            municipality=agreement.municipality,
            agreement=agreement,
            key=clause.key,
            number=number,
            heading=clause.heading,
            text=clause.text,
            search_key=search_key_of(clause.heading, clause.text),
            updated_by=by,
        )
        # One that a municipality's own text says nothing in is left out of it.
        for number, clause in enumerate(each for each in clauses_of(body, template.data) if each.text)
    )
    SectionWording.objects.bulk_create(
        SectionWording(
            municipality=agreement.municipality,
            section=section,
            number=1,
            heading=section.heading,
            text=section.text,
            by=by,
        )
        for section in made
    )


def _title(text: str, partnership: Partnership | None, person: Person | None, actors: list[Actor]) -> str:
    """By what it is about: the partnership, the person, else whom the municipality is with."""
    outside = [actor for actor in actors if not isinstance(actor, Unit)] or actors
    about = partnership.title if partnership else person.name if person else outside[0].name
    return f"{text}: {about}"[:150]


def _a_year_from(day: date) -> date:
    """The last day of it; the texts say that a year at a time is enough for most."""
    later: date = day + relativedelta(years=1)
    return later - timedelta(days=1)
