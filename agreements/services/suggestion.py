"""Other words beside the ones that stand, once an agreement is shared.

Another side takes them in, or says why not.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement, AgreementParty, AgreementSection, Suggestion
from agreements.models.draft import SuggestionState
from agreements.selectors.draft import writes_freely
from agreements.selectors.side import speaking
from agreements.services.wording import add_section, leave_out, lock_draft, lock_section, reword
from partnerships.selectors.actor_names import Actor
from partnerships.services.editing import unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record


@transaction.atomic
def suggestion_make(
    *,
    agreement: Agreement,
    section: AgreementSection | None,
    party: AgreementParty,
    heading: str,
    text: str,
    comment: str,
    by: User,
) -> Suggestion:
    """For one side. No section: one that is not there yet; no text: the section is taken out.

    Raises StateChanged when the agreement is not a shared draft, and DomainError when nothing would be
    otherwise, when it gives no reason for taking something out, and for a side that is not hers.
    """
    locked = lock_draft(agreement)
    behalf = _may_speak(locked, party, by)
    if writes_freely(locked):
        raise StateChanged(_("Utkastet er ikke delt ennå. Endre teksten rett i det."))
    row = Suggestion(
        municipality=locked.municipality,
        agreement=locked,
        section=section,
        heading=" ".join(heading.split()),
        text=text.replace("\r\n", "\n").strip(),
        comment=comment.strip(),
        party=party,
        by=by,
    )
    if section is not None:
        stands = lock_section(section)
        row.against = stands.version
        if (row.heading, row.text, stands.left_out_because) == (stands.heading, stands.text, ""):
            raise DomainError(_("Teksten er den samme som den som står."))
        if not row.text and not row.comment:
            raise DomainError(_("Skriv hvorfor dere vil ta ut punktet."))
    elif not row.heading or not row.text:
        raise DomainError(_("Et nytt punkt trenger både overskrift og tekst."))
    row.save()
    audit_record("agreement_suggested", locked, by=by, on_behalf_of=behalf, data={"suggestion": row.pk})
    return row


@transaction.atomic
def suggestion_accept(
    *, suggestion: Suggestion, party: AgreementParty, version: int, answer: str, by: User
) -> Suggestion:
    """Another side takes it in, as it stands beside the section's `version`.

    Raises StateChanged when it is answered, ChangedMeanwhile when the section was worded anew since she read
    it, and DomainError for the side that suggested it.
    """
    locked, row, behalf = _lock_to_answer(suggestion, party, by)
    if row.section is None:
        row.section = add_section(locked, heading=row.heading, text=row.text, party=row.party, by=by)
    else:
        section = lock_section(row.section)
        unchanged_since(section, version)
        if row.text:
            reword(locked, section, heading=row.heading, text=row.text, party=row.party, by=by)
        else:
            leave_out(locked, section, because=row.comment, party=row.party, by=by)
    _answer(row, SuggestionState.ACCEPTED, party, answer, by)
    audit_record(
        "agreement_suggestion_taken_in", locked, by=by, on_behalf_of=behalf, data={"suggestion": row.pk}
    )
    return row


@transaction.atomic
def suggestion_decline(*, suggestion: Suggestion, party: AgreementParty, answer: str, by: User) -> Suggestion:
    """Another side says why not. Raises StateChanged when it is answered, DomainError without a reason."""
    locked, row, behalf = _lock_to_answer(suggestion, party, by)
    if not answer.strip():
        raise DomainError(_("Skriv hvorfor dere ikke tar det inn."))
    _answer(row, SuggestionState.DECLINED, party, answer, by)
    audit_record(
        "agreement_suggestion_declined", locked, by=by, on_behalf_of=behalf, data={"suggestion": row.pk}
    )
    return row


@transaction.atomic
def suggestion_take_back(*, suggestion: Suggestion, by: User) -> Suggestion:
    """By the side that made it. Raises StateChanged when it is answered."""
    locked = lock_draft(suggestion.agreement)
    row = _lock_open(suggestion)
    _may_speak(locked, row.party, by)
    _answer(row, SuggestionState.TAKEN_BACK, row.party, "", by)
    audit_record("agreement_suggestion_taken_back", locked, by=by, data={"suggestion": row.pk})
    return row


def _lock_to_answer(
    suggestion: Suggestion, party: AgreementParty, by: User
) -> tuple[Agreement, Suggestion, Actor | None]:
    locked = lock_draft(suggestion.agreement)
    row = _lock_open(suggestion)
    behalf = _may_speak(locked, party, by)
    if party.pk == row.party_id:
        raise DomainError(_("En annen part svarer på forslaget."))
    return locked, row, behalf


def _lock_open(suggestion: Suggestion) -> Suggestion:
    rows = Suggestion.objects.select_related("section", "party").select_for_update(of=("self",))
    row: Suggestion = rows.get(pk=suggestion.pk)
    if row.state != SuggestionState.OPEN:
        raise StateChanged(_("Forslaget er alt besvart."))
    return row


def _may_speak(agreement: Agreement, party: AgreementParty, by: User) -> Actor | None:
    """Whom she stands in for, where it is not her own side. Raises DomainError for one that is neither."""
    may = speaking(agreement, by)
    if not may.may(party):
        raise DomainError(_("Du kan bare skrive og svare for din egen side."))
    return party.actor if party.pk in may.behalf else None


def _answer(row: Suggestion, state: SuggestionState, party: AgreementParty, answer: str, by: User) -> None:
    row.state, row.answer, row.answered_party = state, answer.strip(), party
    row.answered_by, row.answered_at = by, timezone.now()
    row.save(update_fields=["section", "state", "answer", "answered_party", "answered_by", "answered_at"])
