"""What has become of an agreement, and what can be done with it now: for its page."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agreements.models import Agreement, ArchiveDelivery, Seal, Withdrawal
from agreements.models.agreement import AgreementOrigin, AgreementState
from agreements.selectors.side import for_the_town
from agreements.services.renewal import under_way
from samskaping.accounts.models import User


@dataclass(frozen=True)
class Life:
    # Its neighbours in time, where she may see them.
    replaces: Agreement | None
    replaced_by: Agreement | None
    renewal: Agreement | None
    seal: Seal | None
    withdrawal: Withdrawal | None
    last_delivery: ArchiveDelivery | None
    may_renew: bool
    may_put_off: bool
    may_withdraw: bool
    may_end: bool
    may_archive: bool


def life_of(agreement: Agreement, user: User, today: date, *, may_edit: bool) -> Life:
    """`may_edit`: her role reaches it. Five queries at the most."""
    signed = agreement.state == AgreementState.ACTIVE
    made_here = agreement.origin == AgreementOrigin.PORTAL
    seen = Agreement.objects.visible_to(user)
    next_one = seen.filter(replaces=agreement).only("title", "state").order_by("-pk").first()
    renewal = next_one if next_one is not None and next_one.state != AgreementState.ACTIVE else None
    seal = (
        Seal.objects.filter(envelope__agreement=agreement).defer("certificate").first() if made_here else None
    )
    may = signed and may_edit
    is_told = agreement.tell_on is not None and agreement.tell_on <= today
    return Life(
        replaces=seen.filter(pk=agreement.replaces_id).only("title").first()
        if agreement.replaces_id
        else None,
        replaced_by=next_one if next_one is not renewal else None,
        renewal=renewal,
        seal=seal,
        withdrawal=Withdrawal.objects.filter(agreement=agreement).first()
        if agreement.state == AgreementState.WITHDRAWN
        else None,
        last_delivery=_deliveries(agreement).first() if may_edit else None,
        may_renew=may and renewal is None and under_way(agreement) is None,
        may_put_off=may and is_told,
        may_withdraw=may and seal is not None,
        may_end=may,
        may_archive=may_edit
        and for_the_town(agreement, user)
        and (seal is not None or agreement.file_id is not None),
    )


def _deliveries(agreement: Agreement) -> QuerySet[ArchiveDelivery]:
    return ArchiveDelivery.objects.filter(agreement=agreement)
