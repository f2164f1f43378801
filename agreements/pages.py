"""Where agreements stand in the portal: in the menu, and who may open which PDF."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from partnerships.current import current_membership
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.file_access import file_access_from
from samskaping.core.models import StoredFile
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in


def register() -> None:
    file_access_from("agreements", files_visible_to)
    partnership_pages.register(MenuItem(_("Avtaler"), "agreements", order=40, visible=_sees_agreements))


def files_visible_to(user: Any) -> QuerySet[StoredFile]:
    seen = Agreement.objects.visible_to(user).filter(file__isnull=False)
    return StoredFile.objects.filter(pk__in=seen.values("file"))


def _sees_agreements(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.PARTNERSHIP_READ)
