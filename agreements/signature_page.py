"""What the signature pages say: who signed, when, how it was confirmed, and how anybody can check it."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agreements.letters import not_shown
from agreements.models import Envelope, FrozenDocument, Signature
from agreements.models.envelope import Assurance
from partnerships.selectors.channel import masked_address
from samskaping.core.markdown import to_html
from samskaping.core.qr import qr
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.text import sort_key
from samskaping.core.working_days import OSLO

TEXT = "signaturside"


@dataclass(frozen=True)
class Signed:
    """One person, as it is printed."""

    name: str
    role: str
    # Empty: for herself.
    party: str
    at: str
    paper_day: str
    how: str
    # Masked: everybody who has the PDF reads it.
    address: str
    # Empty on paper.
    consent: str


@dataclass(frozen=True)
class SignaturePage:
    title: str
    opening: SafeString
    signed: tuple[Signed, ...]
    document: FrozenDocument
    parties: tuple[str, ...]
    chain_head: str
    issuer: str
    timestamp_from: str
    url: str
    # What the words and the numbers mean, and what nobody promises.
    words: SafeString


def signature_page(envelope: Envelope, *, chain_head: str, issuer: str) -> tuple[str, bytes]:
    """The pages' HTML, in the document's language, and the picture called `qr`."""
    document = envelope.document
    template = content_template_current(TEXT, municipality=envelope.municipality)
    text = template.text(document.language)
    opening, _break, rest = text["body"].partition("\n## ")
    url = settings.SITE_URL + reverse("check_code", args=[document.shown_code])
    with translation.override(document.language):
        page = SignaturePage(
            title=text["title"],
            opening=to_html(opening),
            signed=tuple(
                _signed(each, template.data["assurances"], text["language"]) for each in _signatures(envelope)
            ),
            document=document,
            parties=tuple(json.loads(document.snapshot)["parties"]),
            chain_head=chain_head,
            issuer=issuer,
            timestamp_from=urlsplit(settings.TIMESTAMP_URL).hostname or "",
            url=url,
            words=to_html(f"## {rest}"),
        )
        return render_to_string("pdf/_signature_page.html", {"page": page}), qr(url)


def moment_in_words(at: datetime) -> str:
    """To the second, with the zone, since it may be read in another land and another year."""
    here = at.astimezone(OSLO)
    hours = int((here.utcoffset() or here - here).total_seconds()) // 3600
    return _("%(day)s kl. %(time)s, norsk tid (UTC+%(hours)s)") % {
        "day": formats.date_format(here, "j. F Y"),
        "time": f"{here:%H.%M.%S}",
        "hours": hours,
    }


def _signatures(envelope: Envelope) -> list[Signature]:
    return list(
        Signature.objects.filter(signatory__envelope=envelope)
        .select_related(
            "signatory__evidence",
            "signatory__person",
            "signatory__party__unit",
            "signatory__party__centre",
            "signatory__party__organisation",
        )
        .order_by("signed_at", "pk")
    )


def _signed(signature: Signature, assurances: dict[str, dict[str, str]], language: str) -> Signed:
    signatory = signature.signatory
    evidence = getattr(signatory, "evidence", None)
    how = assurances[signature.assurance][language]
    if signature.assurance == Assurance.IN_PERSON:
        how = f"{how} {_('Vitne: %(name)s.') % {'name': signature.witness_name}}"
    elif signature.assurance == Assurance.PAPER:
        how = f"{how} {_('Mottatt av %(name)s.') % {'name': signature.witness_name}}"
    return Signed(
        name=_named(signature.typed_name, signatory.person.name),
        role=signatory.role,
        party=signatory.party.actor.name if signatory.party else "",
        at=moment_in_words(signature.signed_at),
        paper_day=formats.date_format(signature.signed_on, "j. F Y") if signature.signed_on else "",
        how=how,
        address=masked_address(evidence.address) if evidence and evidence.address else "",
        # Paper has no box to tick: she signed what is printed on it.
        consent="" if signature.assurance == Assurance.PAPER else signature.consent_text,
    )


def _named(typed: str, asked: str) -> str:
    """As she wrote it, and who was asked when that is another name; empty when it is erased since."""
    if not asked or sort_key(typed) == sort_key(asked) or not_shown(escape(asked)):
        return typed
    return _("%(name)s (invitert som %(asked)s)") % {"name": typed, "asked": asked}
