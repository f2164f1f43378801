"""A new agreement for one that runs out: begun from what it says, and in its place when all have signed."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agreements.clauses import escaped
from agreements.decisions import decisions_for
from agreements.models import Agreement, AgreementParty, AgreementSection, Envelope, SectionWording
from agreements.models.agreement import NOT_YET, AgreementOrigin, AgreementState
from agreements.models.draft import search_key_of
from agreements.models.envelope import EnvelopeState
from agreements.models.signature import SignEventKind
from agreements.selectors.draft import own_party
from agreements.services.draft import write_sections
from agreements.services.sign_event import sign_event_add
from partnerships.services.editing import count
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from samskaping.core.services.audit import audit_record

# A renewal's own section, so that it is found again; it goes before whoever signs.
CHANGED = "endret"


@transaction.atomic
def agreement_renew(
    *,
    agreement: Agreement,
    starts_on: date,
    ends_on: date | None,
    template: ContentTemplate | None = None,
    by: User,
) -> Agreement:
    """A draft with the same parties and words, and what was decided since. One from outside the portal begins
    with `template`.

    Raises StateChanged when it does not hold or a renewal is under way, and DomainError for days in the wrong
    order.
    """
    old = _lock(agreement)
    if old.state != AgreementState.ACTIVE:
        raise StateChanged(_("Avtalen gjelder ikke lenger. Lag heller en ny."))
    if under_way(old) is not None:
        raise StateChanged(_("Fornyelsen er alt begynt."))
    if ends_on is not None and ends_on < starts_on:
        raise DomainError(_("Sluttdatoen må komme etter startdatoen."))
    text = old.template or template
    if text is None:
        raise DomainError(_("Velg hvilken tekst den nye avtalen skal begynne med."))
    is_ours = old.origin == AgreementOrigin.PORTAL
    new = Agreement.objects.create(
        municipality=old.municipality,
        kind=old.kind if is_ours else text.data["agreement_kind"],
        origin=AgreementOrigin.PORTAL,
        state=AgreementState.DRAFT,
        title=old.title,
        partnership=old.partnership,
        person=old.person,
        template=text,
        language=old.language if is_ours else text.text(old.language)["language"],
        replaces=old,
        case_number=old.case_number,
        access_code=old.access_code,
        legal_basis=old.legal_basis,
        starts_on=starts_on,
        ends_on=ends_on,
        notice_days=old.notice_days,
        created_by=by,
        updated_by=by,
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(
            municipality=old.municipality,
            agreement=new,
            unit=party.unit,
            centre=party.centre,
            organisation=party.organisation,
        )
        for party in old.parties.order_by("pk")
    )
    new.side = own_party(new, by)
    new.save(update_fields=["side"])
    if is_ours:
        _copy_sections(old, new, by)
    else:
        write_sections(new, text, text.text(new.language)["body"], by)
        ContentTemplate.objects.filter(pk=text.pk, first_used_at=None).update(first_used_at=timezone.now())
    _say_what_changed(old, new, by)
    audit_record("agreement_renewed", old, by=by, data={"renewal": new.pk})
    audit_record("agreement_started", new, by=by, data={"text": text.key, "replaces": old.pk})
    return new


def under_way(agreement: Agreement) -> Agreement | None:
    """Its renewal, while not everybody has signed it."""
    found: Agreement | None = agreement.replaced_by.filter(state__in=NOT_YET).order_by("pk").first()
    return found


def next_days(agreement: Agreement, today: date) -> tuple[date, date | None]:
    """From the day after its last, and for as long as it was; a year where that is not known."""
    begins = max(agreement.ends_on + timedelta(days=1), today) if agreement.ends_on else today
    length = relativedelta(years=1)
    if agreement.starts_on and agreement.ends_on:
        length = relativedelta(agreement.ends_on + timedelta(days=1), agreement.starts_on)
    return begins, begins + length - timedelta(days=1)


def agreement_take_over(new: Agreement) -> None:
    """In the transaction that everybody has signed it: the one it replaces holds no longer than until it
    begins, and its chain says so."""
    if new.replaces_id is None:
        return
    # The envelope before the agreement, as everywhere.
    signed = (EnvelopeState.COMPLETED, EnvelopeState.SEALED)
    envelope = (
        Envelope.objects.select_for_update(of=("self",))
        .filter(agreement=new.replaces_id, state__in=signed)
        .first()
    )
    old = Agreement.objects.select_for_update(of=("self",)).get(pk=new.replaces_id)
    if old.state != AgreementState.ACTIVE:
        return
    today = timezone.localdate()
    last = max(today, new.starts_on - timedelta(days=1)) if new.starts_on else today
    old.state, old.ended_on = AgreementState.REPLACED, min(last, old.ends_on) if old.ends_on else last
    count(old, by=None, fields=["state", "ended_on"])
    if envelope is not None:
        sign_event_add(envelope, SignEventKind.REPLACED, payload={"agreement": new.pk})
    audit_record("agreement_replaced", old, by=None, data={"renewal": new.pk})


def _lock(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_related("municipality", "partnership", "person", "template")
    found: Agreement = rows.select_for_update(of=("self",)).get(pk=agreement.pk)
    return found


def _copy_sections(old: Agreement, new: Agreement, by: User) -> None:
    """With the names to be filled in, so that the new dates stand in the new words. What was left out for
    good reasons last time comes along, still left out."""
    made = AgreementSection.objects.bulk_create(
        AgreementSection(
            municipality=new.municipality,
            agreement=new,
            key=section.key,
            number=section.number,
            heading=section.heading,
            text=section.text,
            search_key=section.search_key,
            left_out_because=section.left_out_because,
            updated_by=by,
        )
        for section in old.sections.exclude(key=CHANGED).order_by("number")
    )
    SectionWording.objects.bulk_create(_first_wording(section, by) for section in made)


def _say_what_changed(old: Agreement, new: Agreement, by: User) -> None:
    decided = decisions_for(old)
    if not decided:
        return
    with translation.override(new.language):
        heading = _("Dette er vi blitt enige om siden sist")
    text = "\n".join(f"- {escaped(' '.join(one.split()))}" for one in decided)
    section = AgreementSection.objects.create(
        municipality=new.municipality,
        agreement=new,
        key=CHANGED,
        number=(new.sections.aggregate(last=Max("number"))["last"] or 0) + 1,
        heading=heading,
        text=text,
        search_key=search_key_of(heading, text),
        updated_by=by,
    )
    _first_wording(section, by).save()


def _first_wording(section: AgreementSection, by: User) -> SectionWording:
    return SectionWording(
        municipality=section.municipality,
        section=section,
        number=1,
        heading=section.heading,
        text=section.text,
        left_out_because=section.left_out_because,
        by=by,
    )
