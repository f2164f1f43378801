"""Where agreements stand in the portal: in the menu, and who may open which PDF."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Envelope, FrozenDocument, Seal, Signatory, Signature, Withdrawal
from partnerships.current import current_membership
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.file_access import file_access_from
from samskaping.core.models import StoredFile
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in


def register() -> None:
    file_access_from("agreements", files_visible_to)
    partnership_pages.register(MenuItem(_("Avtaler"), "agreements", order=40, visible=_sees_agreements))


def files_visible_to(user: Any) -> QuerySet[StoredFile]:
    """What is signed elsewhere and here: for who sees the agreement, and for who has signed it."""
    seen = Agreement.objects.visible_to(user).order_by()
    asked = Envelope.objects.none()
    if user.is_authenticated:
        asked = Envelope.objects.filter(signatories__in=Signatory.objects.of_user(user)).order_by()
    sent = Q(envelope__agreement__in=seen) | Q(envelope__in=asked)
    kept = Agreement.objects.drafted_by(user).order_by() if user.is_authenticated else seen
    scanned = Q(signatory__envelope__agreement__in=kept)
    withdrawn = Q(agreement__in=seen) | Q(agreement__envelopes__in=asked)
    return StoredFile.objects.filter(
        Q(pk__in=seen.filter(file__isnull=False).values("file"))
        | Q(pk__in=FrozenDocument.objects.filter(sent).values("file"))
        | Q(pk__in=Seal.objects.filter(sent).values("file"))
        | Q(pk__in=Withdrawal.objects.filter(withdrawn).values("file"))
        # What somebody wrote by hand on paper: for those who may look whether it is hers.
        | Q(pk__in=Signature.objects.filter(scanned, scan__isnull=False).values("scan"))
    )


def _sees_agreements(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.PARTNERSHIP_READ)
