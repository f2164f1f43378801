"""An idea, from anyone: given, answered in one step, or become something more. The giver is told."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import CodesignProcess, Initiative, Membership, Partnership
from partnerships.models.initiative import InitiativeState
from partnerships.public import reply_by
from partnerships.selectors.initiative import message_channel
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.link_token import link_token, row_of_token
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add
from samskaping.core.services.sent_twice import made_lately

LINK = "partnerships.initiative"
GAVE = ("municipality_id", "title", "text", "area", "areas_words", "name", "email", "phone")
ANSWERS = (InitiativeState.ANSWERED, InitiativeState.YES, InitiativeState.NO)


@dataclass(frozen=True)
class Giver:
    """Who sent it, as far as she wants to be known; nobody has to."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "nb"


def initiative_token(initiative: Initiative) -> str:
    return link_token(LINK, initiative)


def initiative_from_token(token: str) -> Initiative | None:
    rows = Initiative.objects.select_related("municipality__settings", "partnership", "process")
    return row_of_token(token, LINK, rows)


@transaction.atomic
def initiative_give(
    *,
    municipality: Municipality,
    title: str,
    giver: Giver,
    text: str = "",
    area: str = "",
    where: str = "",
) -> Initiative:
    """Somebody holds it from the first minute, and a day is promised. Sending it twice sends it once."""
    made = Initiative(
        municipality=municipality,
        title=" ".join(title.split()),
        text=text,
        area=area,
        areas_words=where,
        name=giver.name,
        email=giver.email.lower(),
        phone=giver.phone,
        language=giver.language,
        reply_by=reply_by(municipality, timezone.localdate()),
        holder=_first_coordinator(municipality),
    )
    same = made_lately(made, "given_at", GAVE)
    if same is not None:
        return same
    made.save()
    audit_record("initiative_given", made, by=None)
    _tell(made, "initiative_received")
    return made


@transaction.atomic
def initiative_answer(*, initiative: Initiative, state: InitiativeState, text: str, by: User) -> Initiative:
    """Yes, not now, or an answer in words. Raises StateChanged when it was answered meanwhile."""
    if state not in ANSWERS:
        raise DomainError(_("Velg et svar."))
    locked = _open(initiative)
    _answered(locked, state, text, by)
    return locked


@transaction.atomic
def initiative_became(
    *,
    initiative: Initiative,
    text: str,
    by: User,
    partnership: Partnership | None = None,
    process: CodesignProcess | None = None,
) -> Initiative:
    """Something more than an answer. Raises StateChanged when it was answered meanwhile."""
    locked = _open(initiative)
    locked.partnership, locked.process = partnership, process
    _answered(locked, InitiativeState.BECAME, text, by)
    return locked


@transaction.atomic
def initiative_hand_over(*, initiative: Initiative, holder: Membership, by: User) -> Initiative:
    """Somebody else answers. Raises StateChanged when it is answered, DomainError for one from elsewhere."""
    locked = _open(initiative)
    if holder.municipality_id != locked.municipality_id or holder.ended_at is not None:
        raise DomainError(_("Velg en som arbeider her."))
    if locked.holder_id != holder.pk:
        locked.holder = holder
        locked.save(update_fields=["holder"])
        audit_record("initiative_handed_over", locked, by=by)
    return locked


def _first_coordinator(municipality: Municipality) -> Membership | None:
    rows = Membership.objects.current().filter(municipality=municipality, role=Role.COORDINATOR)
    found: Membership | None = rows.order_by("granted_at", "pk").first()
    return found


def _open(initiative: Initiative) -> Initiative:
    locked: Initiative = (
        Initiative.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .get(pk=initiative.pk)
    )
    if locked.state != InitiativeState.NEW:
        raise StateChanged(_("Noen har svart på denne allerede."))
    return locked


def _answered(locked: Initiative, state: InitiativeState, text: str, by: User) -> None:
    locked.state, locked.answer = state, text
    locked.answered_at, locked.answered_by = timezone.now(), by
    fields: tuple[Any, ...] = ("state", "answer", "answered_at", "answered_by", "partnership", "process")
    locked.save(update_fields=fields)
    audit_record("initiative_answered", locked, by=by, data={"state": state.value})
    _tell(locked, "initiative_answer")


def _tell(initiative: Initiative, kind: str) -> None:
    if message_channel(initiative) is not None:
        outbox_add(
            kind,
            str(initiative.pk),
            payload={"initiative": initiative.pk},
            municipality=initiative.municipality,
        )
