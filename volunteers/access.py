"""The door to a volunteer: who keeps her decides, not where in the municipality somebody works.

`Access.covers` asks for municipality and place; a volunteer's wall is her controller (product.md § 1), so
whoever only sees her because she is shared at an offer may not change what her controller keeps.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import Volunteer

# What a page about one volunteer reads with her.
JOINED = (
    *("person__user", "person__municipality__settings", "person__controller_organisation"),
    *("person__controller_centre", "municipality__settings", "unit", "centre", "organisation", "followed_by"),
    "guardian",
)


def volunteer_for(user: User, permission: Permission, **lookup: Any) -> Volunteer:
    """Raises Http404 when she may not be known here, PermissionDenied when somebody else keeps her."""
    seen = Volunteer.objects.visible_to(user, Permission.VOLUNTEER_TODAY).select_related(*JOINED)
    volunteer: Volunteer = get_object_or_404(seen, **lookup)
    if not keeps(user, permission, volunteer):
        raise PermissionDenied
    return volunteer


def keeps(user: User, permission: Permission, volunteer: Volunteer) -> bool:
    return Volunteer.objects.kept_by(user, permission).filter(pk=volunteer.pk).exists()


def herself(user: User, **lookup: Any) -> Volunteer:
    """Her own row. Raises Http404 when there is none."""
    if not user.is_authenticated:
        raise Http404
    found: Volunteer = get_object_or_404(
        Volunteer.objects.select_related("person__user", "municipality"),
        person__user=user,
        person__erased_at=None,
        **lookup,
    )
    return found
