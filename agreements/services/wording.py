"""Changing what a draft says, under the agreement's lock. Each wording is kept beside the ones before it."""

from django.db.models import F, Max
from django.utils.translation import gettext as _

from agreements.clauses import OPENING
from agreements.models import Agreement, AgreementParty, AgreementSection, SectionWording
from agreements.models.agreement import AgreementState
from partnerships.services.editing import count, edited
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

# Where a section that is added goes: before the one about signing.
_LAST = "signatur"


def lock_draft(agreement: Agreement) -> Agreement:
    """Raises StateChanged when it is sent, signed or over."""
    rows = Agreement.objects.with_parties().select_related("municipality", "partnership", "side")
    locked = rows.select_for_update(of=("self",)).get(pk=agreement.pk)
    if locked.state != AgreementState.DRAFT:
        raise StateChanged(_("Avtalen er ikke lenger et utkast."))
    return locked


def lock_section(section: AgreementSection) -> AgreementSection:
    found: AgreementSection = AgreementSection.objects.select_for_update(of=("self",)).get(pk=section.pk)
    return found


def reword(
    agreement: Agreement,
    section: AgreementSection,
    *,
    heading: str,
    text: str,
    party: AgreementParty | None,
    by: User,
) -> AgreementSection:
    """The same words again are no change. Raises DomainError for a section without a heading."""
    heading = " ".join(heading.split())
    if section.key == OPENING:
        heading = ""
    elif not heading:
        raise DomainError(_("Skriv en overskrift."))
    changes = {"heading": heading, "text": _plain(text), "left_out_because": ""}
    return _keep(agreement, section, changes, party, by)


def leave_out(
    agreement: Agreement, section: AgreementSection, *, because: str, party: AgreementParty | None, by: User
) -> AgreementSection:
    """An empty reason puts it back."""
    return _keep(agreement, section, {"left_out_because": " ".join(because.split())[:300]}, party, by)


def add_section(
    agreement: Agreement, *, heading: str, text: str, party: AgreementParty | None, by: User
) -> AgreementSection:
    """Raises DomainError without a heading or a text."""
    if not heading.strip() or not text.strip():
        raise DomainError(_("Et nytt punkt trenger både overskrift og tekst."))
    last = agreement.sections.aggregate(last=Max("number"))["last"] or 0
    moved = agreement.sections.filter(key=_LAST, number=last).update(number=F("number") + 1)
    section: AgreementSection = AgreementSection.objects.create(
        municipality=agreement.municipality,
        agreement=agreement,
        number=last if moved else last + 1,
        heading=" ".join(heading.split()),
        text=_plain(text),
        updated_by=by,
    )
    _keep_wording(section, party, by)
    count(agreement, by=by)
    audit_record("agreement_section_added", agreement, by=by, data={"section": section.pk})
    return section


def _keep(
    agreement: Agreement,
    section: AgreementSection,
    changes: dict[str, str],
    party: AgreementParty | None,
    by: User,
) -> AgreementSection:
    changed = edited(section, changes, may_change=("heading", "text", "left_out_because"), by=by)
    if changed:
        _keep_wording(section, party, by)
        count(agreement, by=by)
        audit_record("agreement_section_changed", agreement, by=by, data={"section": section.pk})
    return section


def _keep_wording(section: AgreementSection, party: AgreementParty | None, by: User) -> None:
    SectionWording.objects.create(
        municipality_id=section.municipality_id,
        section=section,
        number=section.version + 1,
        heading=section.heading,
        text=section.text,
        left_out_because=section.left_out_because,
        party=party,
        by=by,
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
