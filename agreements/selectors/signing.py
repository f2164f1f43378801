"""What the signing screens show: the frozen text, the words of consent, and how it stands."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Value, When
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.models import Envelope, FrozenDocument, Signatory
from agreements.models.envelope import FAILED, OPEN, EnvelopeState, SignatoryQuerySet
from agreements.services.signature import Consent
from partnerships.models import Person
from partnerships.selectors.words import municipality_name, sender_name, settings_of
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.sms import shown_number

CONSENT = "samtykke-signering"
_MAIN = re.compile(r"<main[^>]*>(.*)</main>", re.DOTALL)
# Pictures are named inside the document («app:logo»); a page cannot fetch them.
_PICTURE = re.compile(r"<img[^>]*>")


def frozen_text(document: FrozenDocument) -> SafeString:
    """What the PDF says, for a page. It was made safe when it was frozen, and cannot be changed since."""
    found = _MAIN.search(document.html)
    return mark_safe(_PICTURE.sub("", found.group(1) if found else ""))  # noqa: S308


def consent_to(document: FrozenDocument, *, language: str | None = None) -> Consent:
    """What she is asked to agree to, word for word, in the language the page is in."""
    town = document.municipality
    template = content_template_current(CONSENT, municipality=town)
    text = template.text(language or get_language())
    one, many = template.data["pages"][text["language"]]
    pages = (one if document.pages == 1 else many).replace("{n}", str(document.pages))
    first_groups = "-".join(document.shown_code.split("-")[:2])
    words = text["body"].strip().replace("{sider}", pages).replace("{kode}", first_groups)
    return Consent(template, text["language"], words)


def is_waiting(signatory: Signatory) -> bool:
    """Whether it is for her to answer now."""
    return state_of(signatory) == "waiting"


def may_retract(signatory: Signatory) -> bool:
    """Whether she has signed, and somebody still has not."""
    return hasattr(signatory, "signature") and signatory.envelope.state in OPEN


def state_of(signatory: Signatory) -> str:
    """waiting, later (others first), signed, void (signed, and it came to nothing), declined, copy or closed.
    One query."""
    found: str = with_states([signatory])[0]["state"]
    return found


def _state(signatory: Signatory, turns: set[int]) -> str:
    if hasattr(signatory, "signature"):
        return "void" if signatory.envelope.state in FAILED else "signed"
    if signatory.copy_only:
        return "copy"
    if signatory.declined_at is not None:
        return "declined"
    if signatory.envelope.state not in OPEN:
        return "closed"
    return "waiting" if signatory.pk in turns else "later"


def state_words(state: str, envelope: Envelope) -> dict[str, str]:
    """For a tag beside the name."""
    if state == "closed":
        return {"text": str(EnvelopeState(envelope.state).label), "color": "neutral"}
    return {
        "waiting": {"text": _("Venter på signatur"), "color": "warning"},
        "later": {"text": _("Spørres etter de andre"), "color": "neutral"},
        "signed": {"text": _("Signert"), "color": "success"},
        "void": {"text": _("Signert, men gjelder ikke"), "color": "neutral"},
        "declined": {"text": _("Vil ikke signere"), "color": "danger"},
        "copy": {"text": _("Får kopi"), "color": "neutral"},
    }[state]


def with_states(signatories: Iterable[Signatory]) -> list[dict[str, Any]]:
    """Ready for a list. One query, however many."""
    rows, found = list(signatories), []
    turns = set(
        Signatory.objects.filter(pk__in=[one.pk for one in rows]).waiting().values_list("pk", flat=True)
    )
    for signatory in rows:
        state = _state(signatory, turns)
        found.append({"signatory": signatory, "state": state, "tag": state_words(state, signatory.envelope)})
    return found


def waiting_first(signatories: SignatoryQuerySet) -> SignatoryQuerySet:
    """What waits for her stands on the first page, however much she has signed since it was sent."""
    hers = signatories.waiting().order_by().values("pk")
    rank = Case(When(pk__in=hers, then=Value(0)), default=Value(1))
    return signatories.order_by(rank, "-envelope__sent_at", "pk")


def sender_of(person: Person) -> dict[str, str]:
    """Who asks her, and whom she may ring: the one that keeps her data."""
    settings = settings_of(person.municipality)
    kept_elsewhere = person.controller_organisation_id or person.controller_centre_id
    phone = shown_number(settings.contact_phone) if settings and not kept_elsewhere else ""
    return {"sender": sender_name(person), "phone": phone}


def place_of(envelope: Envelope) -> str:
    """Who sends the agreement, as a message says it."""
    return municipality_name(envelope.agreement.municipality)


def asker_of(envelope: Envelope) -> Person | None:
    """The person behind whoever sent it: who hears of questions and of how it goes."""
    if envelope.sent_by_id is None:
        return None
    people = Person.objects.filter(user=envelope.sent_by_id, erased_at=None).order_by("pk")
    return people.filter(municipality=envelope.municipality_id).first() or people.first()
