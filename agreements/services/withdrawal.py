"""Taking back what everybody has signed. Nothing is deleted: a sealed notice names the original."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements import chain
from agreements.models import Agreement, Envelope, Seal, Withdrawal
from agreements.models.agreement import AgreementOrigin, AgreementState
from agreements.models.envelope import EnvelopeState
from agreements.models.signature import SignEventKind
from agreements.services.sign_event import database_now, sign_event_add
from agreements.withdrawal_notice import withdrawal_notice
from partnerships.services.editing import count
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from samskaping.core.services.stored_file import PDF, stored_file_keep


@transaction.atomic
def agreement_withdraw(*, agreement: Agreement, because: str, by: User) -> Withdrawal:
    """Any side may. All who signed are told, and `/ekte/` says so.

    Raises StateChanged when it does not hold, DomainError without a reason, for one from outside the portal
    and while it is being sealed; PdfRefused, PressAway, NoCertificate and NotSealed when no notice can be
    made.
    """
    reason = because.strip()
    if not reason:
        raise DomainError(_("Skriv hvorfor. Alle som har signert, får vite at avtalen er trukket tilbake."))
    if agreement.origin == AgreementOrigin.REGISTERED:
        raise DomainError(_("Avtalen er signert utenfor portalen. Avslutt den her i stedet."))
    # The envelope before the agreement, as everywhere.
    envelope = (
        Envelope.objects.select_for_update(of=("self",))
        .filter(agreement=agreement, state__in=(EnvelopeState.COMPLETED, EnvelopeState.SEALED))
        .first()
    )
    locked = Agreement.objects.select_for_update(of=("self",)).select_related("municipality")
    found = locked.get(pk=agreement.pk)
    if found.state != AgreementState.ACTIVE or envelope is None:
        raise StateChanged(_("Avtalen gjelder ikke lenger."))
    seal = (
        Seal.objects.select_related("envelope__document", "municipality__settings", "file")
        .filter(envelope=envelope)
        .first()
    )
    if seal is None:
        raise DomainError(_("Avtalen blir låst akkurat nå. Prøv igjen om litt."))
    at = database_now()
    sealed = withdrawal_notice(seal, because=reason, at=at)
    file = stored_file_keep(
        sealed.content,
        name=_("%(title)s trukket tilbake") % {"title": found.title},
        content_type=PDF,
        municipality=found.municipality,
        by=by,
    )
    withdrawal = Withdrawal.objects.create(
        municipality=found.municipality,
        agreement=found,
        original_sha256=seal.sha256,
        because=reason[:1000],
        by=by,
        file=file,
        sha256=file.sha256,
        at=at,
    )
    found.state, found.ended_on = AgreementState.WITHDRAWN, timezone.localdate(at)
    count(found, by=by, fields=["state", "ended_on"])
    sign_event_add(
        envelope,
        SignEventKind.WITHDRAWN,
        by=by,
        payload={"notice": file.sha256, "because": chain.digest(reason.encode())},
    )
    audit_record("agreement_withdrawn", found, by=by)
    return withdrawal
