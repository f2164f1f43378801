"""The papers a volunteer signs before she begins, in one go: both are written, frozen and sent together.

She reads and signs them in one sitting, with one code; who has neither e-mail nor mobile signs them on paper.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.document import content_of
from agreements.freezing import freeze
from agreements.models import Agreement
from agreements.models.agreement import AgreementKind
from agreements.selectors.draft import with_content
from agreements.selectors.papers import begun_kinds
from agreements.services.draft import agreement_start, gap_skip
from agreements.services.envelope import Asked, envelope_prepare, envelope_send
from agreements.services.requirement import MEETS
from partnerships.models import Partnership, Person, RequirementKind
from partnerships.selectors.actor_names import Actor
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from volunteers.models import Volunteer
from volunteers.services.requirement import requirement_ask
from volunteers.services.volunteer import volunteer_lock


class StillEmpty(DomainError):
    """Something in the papers stands empty; its sentence names it."""


@dataclass(frozen=True)
class Signs:
    """Who signs for the side she helps, and as what."""

    person: Person
    role: str


@transaction.atomic
def papers_send(
    *,
    volunteer: Volunteer,
    texts: Collection[ContentTemplate],
    side: Actor,
    signs: Signs | None,
    partnership: Partnership | None = None,
    deadline: date | None = None,
    message: str = "",
    leave_out: bool = False,
    by: User,
) -> list[Agreement]:
    """All or none of them. `leave_out`: what stands empty is taken out of the text.

    Raises DomainError for none, for what the texts or the side are not for, and when nobody signs for it;
    StateChanged when one of them is begun already; StillEmpty; PdfRefused and PressAway.
    """
    locked = volunteer_lock(volunteer)
    kinds = [AgreementKind(text.data["agreement_kind"]) for text in texts]
    if not kinds:
        raise DomainError(_("Velg minst én tekst."))
    if not set(kinds) <= set(MEETS) or len(set(kinds)) < len(kinds):
        odd = f"Not the papers of a volunteer: {sorted(kinds)}"
        raise ValueError(odd)
    if begun_kinds(locked) & set(kinds):
        raise StateChanged(_("Papirene er alt laget."))
    if AgreementKind.VOLUNTEER in kinds and signs is None:
        raise DomainError(_("Velg hvem som signerer for %(names)s.") % {"names": side.name})
    drafts = [_drafted(locked, text, side, partnership, by) for text in texts]
    empty = _empty(drafts)
    if empty and not leave_out:
        names = ", ".join(dict.fromkeys(label for _draft, _name, label in empty))
        raise StillEmpty(_("Dette står tomt: %(names)s.") % {"names": names})
    for draft, name, _label in empty:
        gap_skip(agreement=draft, name=name, because=_("Var ikke fylt ut da papirene ble sendt."), by=by)
    return [_sent(draft, locked, signs, deadline, message, by) for draft in drafts]


def _drafted(
    volunteer: Volunteer, text: ContentTemplate, side: Actor, partnership: Partnership | None, by: User
) -> Agreement:
    with_one = text.data["agreement_kind"] == AgreementKind.VOLUNTEER
    return agreement_start(
        municipality=volunteer.municipality,
        template=text,
        language=volunteer.person.language,
        # A promise to keep silent is about no single thing she does.
        partnership=partnership if with_one else None,
        parties=[side],
        person=volunteer.person,
        by=by,
    )


def _empty(drafts: list[Agreement]) -> list[tuple[Agreement, str, str]]:
    return [
        (draft, gap.name, gap.label)
        for draft in drafts
        for gap in content_of(with_content(Agreement.objects.all()).get(pk=draft.pk)).gaps
    ]


def _sent(
    draft: Agreement, volunteer: Volunteer, signs: Signs | None, deadline: date | None, message: str, by: User
) -> Agreement:
    asked = [Asked(person=volunteer.person, role=str(_("For seg selv")))]
    if draft.kind == AgreementKind.VOLUNTEER and signs is not None:
        asked.append(Asked(person=signs.person, role=signs.role, party=draft.parties.get()))
    envelope = envelope_prepare(
        agreement=draft, asked=asked, in_order=False, deadline=deadline, message=message, by=by
    )
    read = with_content(Agreement.objects.all()).get(pk=draft.pk)
    envelope_send(envelope=envelope, frozen=freeze(read), by=by)
    kind = RequirementKind.objects.filter(
        municipality=None, key=MEETS[AgreementKind(draft.kind)], ended_at=None
    ).first()
    if kind is not None:
        requirement_ask(volunteer=volunteer, kind=kind, by=by)
    return read
