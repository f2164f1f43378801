"""Setting up a signing, and how it goes: whom to ask for each side, and what has happened."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from agreements.models import Agreement, AgreementParty, Envelope, Signatory, SignEvent
from agreements.models.envelope import EnvelopeState
from agreements.models.signature import SignEventKind
from agreements.selectors.signing import with_states
from agreements.services.agreement import field_of
from partnerships.models import Contact, Membership, Person, Unit
from partnerships.selectors.actor_names import Actor
from partnerships.selectors.channel import address_of, code_channel, masked_address
from samskaping.accounts.permissions import Permission, Role, roles_with

_SIGNS = roles_with(Permission.AGREEMENT_DRAFT)
# What is told of a signing on its page; the rest is in the evidence.
_SHOWN = (
    SignEventKind.SENT, SignEventKind.OPENED, SignEventKind.SIGNED, SignEventKind.DECLINED,
    SignEventKind.FORWARDED, SignEventKind.WITHDRAWN, SignEventKind.VOIDED, SignEventKind.COMPLETED,
    SignEventKind.SEALED, SignEventKind.BOUNCED,
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    person: Person
    party: AgreementParty | None
    role: str


def candidates(agreement: Agreement) -> list[Candidate]:
    """Who may well sign: those who lead each side, its contacts, and the one a personal agreement is with."""
    found: dict[tuple[int, int | None], Candidate] = {}
    if agreement.person is not None:
        found[agreement.person.pk, None] = Candidate(agreement.person, None, "")
    for party in agreement.parties.all():
        for person, role in signers_of(party.actor, agreement.partnership_id):
            found.setdefault((person.pk, party.pk), Candidate(person, party, role))
    return list(found.values())


def signers_of(actor: Actor, partnership_id: int | None = None) -> list[tuple[Person, str]]:
    """Those who lead it, and its contacts, with what each is there."""
    field = next(iter(field_of(actor)))
    side = Q(**{field: actor.pk})
    held = side
    if isinstance(actor, Unit):
        whole = Q(role__in=(Role.COORDINATOR, Role.CHIEF), unit=None)
        held |= whole & Q(municipality=actor.municipality_id)
    members = Membership.objects.current().filter(held, role__in=sorted(_SIGNS), person__isnull=False)
    people = [
        (membership.person, membership.role_label)
        for membership in members.select_related("person", "municipality__settings").order_by("unit", "pk")
        if membership.person is not None
    ]
    of_party = Q(**{f"party__{field}": actor.pk})
    contacts = Contact.objects.filter(side | of_party & Q(party__partnership=partnership_id or 0))
    people += [
        (contact.person, contact.title)
        for contact in contacts.select_related("person").order_by("order", "pk")
    ]
    return people


def envelope_now(agreement: Agreement) -> Envelope | None:
    """The one that is alive, else the last; None before anybody has begun."""
    rows = Envelope.objects.filter(agreement=agreement).select_related("document", "sent_by")
    return rows.order_by("-number").first()


def asked_in(envelope: Envelope) -> list[dict[str, Any]]:
    """Everybody who is asked, how each stands, and by what she is reached: never her whole address."""
    rows = (
        Signatory.objects.filter(envelope=envelope)
        .select_related(
            "person", "party__unit", "party__centre", "party__organisation", "signature", "forwarded_by",
            "envelope",
        )
        .prefetch_related("questions__person")
        .order_by("copy_only", "number", "pk")
    )  # fmt: skip
    found = with_states(rows)
    for row in found:
        channel = code_channel(row["signatory"].person)
        row["reached"] = masked_address(address_of(row["signatory"].person, channel)) if channel else ""
    return found


def story_of(envelope: Envelope) -> list[SignEvent]:
    return list(envelope.events.filter(kind__in=_SHOWN).order_by("seq"))


def draft_envelope(agreement: Agreement) -> Envelope | None:
    return agreement.envelopes.filter(state=EnvelopeState.DRAFT).first()
