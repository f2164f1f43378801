"""Agreements made in the portal, one in each state: written, shared, out to be signed, signed, said no to,
replaced and withdrawn. Made by the services people use, so that they are what such agreements are.

Those that are sent are typeset, and that takes longer than all the rest of the demo. So they are promised,
and a worker makes them when the portal is up: each in one transaction, so that nobody meets half of one.
"""

import uuid
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from agreements.demo_year.agreements import actor_field
from agreements.document import content_of
from agreements.freezing import freeze
from agreements.models import Agreement, AgreementParty, Envelope, Signature
from agreements.models.agreement import AgreementState
from agreements.models.envelope import Assurance
from agreements.selectors.draft import with_content
from agreements.selectors.signing import consent_to
from agreements.selectors.text import texts_for
from agreements.services.draft import agreement_start, draft_share, gap_skip
from agreements.services.envelope import Asked, envelope_prepare, envelope_send, signatory_decline
from agreements.services.renewal import agreement_renew, next_days
from agreements.services.sealing import envelope_seal
from agreements.services.signature import Confirmed, signature_add
from agreements.services.suggestion import suggestion_make
from agreements.services.withdrawal import agreement_withdraw
from partnerships.models import Membership, Partnership, Person
from partnerships.selectors.actor_names import Actor
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.models import Municipality, Outbox
from samskaping.core.services.outbox import outbox_add, outbox_handler

KIND = "demo_agreement"
# After the partnerships, and after the agreements from outside.
ORDER = 62


class Tale(NamedTuple):
    town: str
    by: str
    # The text it begins with, and what it is called here.
    text: str
    title: str
    parties: tuple[str, ...]
    # What becomes of it: written, shared, sent, half, declined, signed, renewed or withdrawn.
    becomes: str
    # Whom a personal one is with: a login.
    person: str = ""
    partnership: str = ""
    language: str = "nb"


TALES = (
    Tale(
        "9901", "coordinator@demo.example", "avtale-samarbeid-lett", "Kafévertene på Solkroken",
        ("Dagsenteret Solkroken", "Fjordvik bygdekvinnelag"), "written",
    ),
    Tale(
        "9901", "coordinator@demo.example", "avtale-samarbeid-lett", "Leksehjelp på biblioteket",
        ("Fjordvik bibliotek", "Fjordvik helselag"), "shared",
    ),
    Tale(
        "9901", "coordinator@demo.example", "avtale-intensjon", "Friluftsdager for skolen",
        ("Fjordvik skole", "Fjordvik turlag"), "half",
    ),
    Tale(
        "9901", "coordinator@demo.example", "avtale-intensjon", "Sang i barnehagen",
        ("Nesodden barnehage", "Fjordvik mannskor"), "declined",
    ),
    Tale(
        "9901", "coordinator@demo.example", "avtale-samarbeid-lett", "Kveldskaffe på Fjordheimen",
        ("Fjordheimen sykehjem", "Fjordvik bygdekvinnelag"), "signed",
    ),
    Tale(
        "9901", "coordinator@demo.example", "avtale-samarbeid-lett", "Høytlesing på Fjordheimen",
        ("Fjordheimen sykehjem", "Fjordvik helselag"), "renewed",
    ),
    Tale(
        "9901", "coordinator@demo.example", "avtale-intensjon", "Felles lager på brygga",
        ("Kultur og innbygger", "Brygga kafé og håndverk AS"), "withdrawn",
    ),
    Tale(
        "9902", "neighbour@demo.example", "avtale-samarbeid-lett", "Strikkekafé på biblioteket",
        ("Sunndalsfjord folkebibliotek", "Sunndalsfjord bygdekvinnelag"), "signed", language="nn",
    ),
    Tale(
        "9902", "neighbour@demo.example", "avtale-intensjon", "Ungdomskveld på omsorgssenteret",
        ("Sundheimen omsorgssenter", "Sunndalsfjord ungdomslag"), "sent", language="nn",
    ),
)  # fmt: skip
VOLUNTEER = Tale(
    "9901", "coordinator@demo.example", "taushet-helse", "Taushetserklæring",
    ("Fjordheimen sykehjem",), "signed", person="volunteer@demo.example",
)  # fmt: skip


# What becomes of those that are drafts still: nothing is typeset.
DRAFTS = ("written", "shared")
SENT = [tale for tale in (*TALES, VOLUNTEER) if tale.becomes not in DRAFTS]


def load() -> None:
    for tale in TALES:
        if tale.becomes in DRAFTS:
            _tell_once(tale)
    # By how many there are: a longer list is promised anew.
    outbox_add(KIND, str(len(SENT)), payload={})


@outbox_handler(KIND)
def tell_promised(_row: Outbox) -> bool:
    """By one worker, one after the other: they share places, which a draft locks. One that is cut short is
    gone on with. False when all are told, and where there is no demo."""
    if not Municipality.objects.filter(number__in={tale.town for tale in SENT}, is_demo=True).exists():
        return False
    return sum(map(_tell_once, SENT)) > 0


@transaction.atomic
def _tell_once(tale: Tale) -> bool:
    town = Municipality.objects.get(number=tale.town)
    if Agreement.objects.filter(municipality=town, title=tale.title).exists():
        return False
    _tell(town, tale)
    return True


def _tell(town: Municipality, tale: Tale) -> None:
    by = User.objects.get(email=tale.by)
    text = next(text for text in texts_for(town, by) if text.key == tale.text)
    actors: list[Actor] = [actor for name in tale.parties for actor in actor_field(town, name).values()]
    person = (
        Person.objects.filter(municipality=town, user__email=tale.person).first() if tale.person else None
    )
    partnership = Partnership.objects.filter(municipality=town, title__startswith=tale.partnership).first()
    agreement = agreement_start(
        municipality=town,
        template=text,
        language=tale.language,
        parties=actors,
        partnership=partnership if tale.partnership else None,
        person=person,
        by=by,
    )
    agreement.title = tale.title
    agreement.save(update_fields=["title"])
    if tale.becomes == "written":
        return None
    if len(actors) > 1:
        draft_share(agreement=agreement, by=by)
    if tale.becomes == "shared":
        return _suggest(agreement, by)
    envelope = _send(agreement, by)
    if tale.becomes == "declined":
        last = envelope.signatories.order_by("-pk")[0]
        signatory_decline(signatory=last, because="Vi er for få i høst. Spør oss igjen etter jul.")
    elif tale.becomes != "sent":
        _sign(envelope, half=tale.becomes == "half")
    if tale.becomes == "renewed":
        _renew(agreement, by)
    elif tale.becomes == "withdrawn":
        _withdraw(envelope, by)
    return None


def _suggest(agreement: Agreement, by: User) -> None:
    """The other side wants one thing otherwise; nobody of theirs need be in the portal."""
    party = agreement.parties.order_by("-pk")[0]
    speaker = _speaker(party) or by
    section = agreement.sections.exclude(key__in=("innledning", "signatur")).order_by("number")[1]
    suggestion_make(
        agreement=agreement,
        section=section,
        party=party,
        heading=section.heading,
        text=f"{section.text}\n\nVi møtes en gang i halvåret og ser på hvordan det går.",
        comment="Da slipper vi å vente på at noe går galt.",
        by=speaker,
    )


def _send(agreement: Agreement, by: User) -> Envelope:
    read = _read(agreement)
    for gap in content_of(read).gaps:
        gap_skip(agreement=agreement, name=gap.name, because="Er ikke med i denne avtalen.", by=by)
    asked = [
        Asked(person=_signs_for(party, by), role="leder", party=party)
        for party in agreement.parties.order_by("pk")
    ]
    if agreement.person is not None:
        asked = [Asked(person=agreement.person, role="frivillig")]
    envelope = envelope_prepare(
        agreement=agreement, asked=asked, in_order=False, deadline=None, message="", by=by
    )
    return envelope_send(envelope=envelope, frozen=freeze(_read(agreement)), by=by)


def _sign(envelope: Envelope, *, half: bool = False) -> None:
    """Each as if by a code: the demo has no telephones."""
    consent = consent_to(envelope.document, language=envelope.document.language)
    signatories = list(envelope.signatories.filter(copy_only=False).order_by("pk"))
    for signatory in signatories[: 1 if half else None]:
        made = signature_add(
            signatory=signatory,
            document_sha256=envelope.document.sha256,
            typed_name=signatory.person.name,
            consent=consent,
            confirmed=Confirmed(Assurance.CODE_EMAIL, timezone.now(), address=signatory.person.email),
            idempotency_key=uuid.uuid4(),
        )
        if not isinstance(made, Signature):
            raise TypeError(f"The demo could not sign: {made.code}")


def _renew(agreement: Agreement, by: User) -> None:
    """The old one is replaced as soon as all have signed the new one."""
    old = Agreement.objects.get(pk=agreement.pk)
    starts, ends = next_days(old, old.starts_on or timezone.localdate())
    new = agreement_renew(agreement=old, starts_on=starts, ends_on=ends, by=by)
    draft_share(agreement=new, by=by)
    _sign(_send(new, by))


def _withdraw(envelope: Envelope, by: User) -> None:
    read = Envelope.objects.select_related("agreement", "municipality", "document__file").get(pk=envelope.pk)
    envelope_seal(read)
    agreement_withdraw(
        agreement=read.agreement, because="Lageret er solgt, så det er ikke noe å dele lenger.", by=by
    )


def _read(agreement: Agreement) -> Agreement:
    found: Agreement = with_content(Agreement.objects.filter(state=AgreementState.DRAFT)).get(pk=agreement.pk)
    return found


def _leaders(party: AgreementParty) -> Any:
    here = {name: getattr(party, name) for name in ("unit", "centre", "organisation") if getattr(party, name)}
    roles = sorted(roles_with(Permission.AGREEMENT_DRAFT))
    return Membership.objects.current().filter(**here, role__in=roles).order_by("pk")


def _speaker(party: AgreementParty) -> User | None:
    found = _leaders(party).exclude(user=None).select_related("user").first()
    return found.user if found else None


def _signs_for(party: AgreementParty, by: User) -> Person:
    """Who leads it here; else somebody it is agreed with, noted as its own person."""
    found = _leaders(party).exclude(person=None).select_related("person").first()
    if found is not None and found.person is not None:
        person: Person = found.person
        return person
    made, _new = Person.objects.get_or_create(
        municipality=party.municipality,
        name=f"Lederen i {party.actor.name}"[:120],
        controller_organisation=party.organisation,
        defaults={"email": f"leder-{party.actor.pk}@demo.example"},
    )
    return made
