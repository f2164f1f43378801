"""«Er denne avtalen ekte?» is everybody's; the evidence package is the parties'."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from agreements.control_code import new_control_code
from agreements.models import Envelope, FrozenDocument
from agreements.models.envelope import EnvelopeState
from samskaping.core.services.stored_file import PDF, stored_file_keep
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.permissions.areas.agreements import POSTED
from tests.permissions.frame import Place, Row


def _code(world: Any, place: Place) -> Mapping[str, Any]:
    return {"code": world.town(place).things["frozen"].shown_code}


def _agreement(world: Any, place: Place) -> Mapping[str, Any]:
    return {"pk": world.town(place).things["frozen"].envelope.agreement_id}


ROWS: dict[str, Row] = {
    # Nothing to ask about gives the form back.
    "check": Row(get="*:200", post="*:200", data=lambda _world: {}),
    # Whoever has the paper may ask, wherever she is from.
    "check_code": Row(get="*:200", foreign_get="*:200", shows_its_own=True, path=_code),
    # Not locked yet, so it is told on the agreement's page.
    "agreement_evidence": Row(post=POSTED, path=_agreement),
}


def furnish(town: Any, word: str) -> None:
    """Sent, and signed by nobody; the PDF is not what is tried here."""
    agreement = AgreementFactory.create(
        municipality=town.municipality, title=f"{word} sendt avtale", partnership=town.partnership,
        origin="portal", state="sent",
    )  # fmt: skip
    AgreementPartyFactory.create(agreement=agreement, organisation=town.organisation)
    AgreementPartyFactory.create(agreement=agreement, unit=town.unit, organisation=None)
    envelope = Envelope.objects.create(
        municipality=town.municipality, agreement=agreement, number=1, state=EnvelopeState.SENT,
        sent_at=timezone.now(),
    )  # fmt: skip
    file = stored_file_keep(b"%PDF-", name=word, content_type=PDF, municipality=town.municipality, by=None)
    town.things["frozen"] = FrozenDocument.objects.create(
        municipality=town.municipality, envelope=envelope, file=file, sha256=file.sha256, pages=1,
        control_code=new_control_code(), title=agreement.title, language="nb", html="", stylesheet="",
        snapshot="{}", snapshot_sha256="0" * 64, made_with={},
    )  # fmt: skip
