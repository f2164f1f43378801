"""Where each role begins its day."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest
from django.utils import timezone

from partnerships.current import current_membership
from samskaping.accounts.permissions import HAS_WEEK, Permission, Role, roles_with
from samskaping.core.navigation import signed_in
from samskaping.core.registries import Viewer

WEEK = "this_week"
OVERVIEW = "overview"
MINE = "my_page"

_HOME_OF: Mapping[Role, str] = MappingProxyType(
    {
        Role.COORDINATOR: WEEK,
        Role.UNIT_LEADER: WEEK,
        Role.PLACE_CONTACT: WEEK,
        Role.STAFF: WEEK,
        Role.CENTRE_LEADER: WEEK,
        Role.ORGANISATION_REP: WEEK,
        Role.CHIEF: OVERVIEW,
        Role.OBSERVER: OVERVIEW,
        Role.NATIONAL: OVERVIEW,
        Role.GUEST: MINE,
    }
)


def home_of(request: HttpRequest) -> str:
    """The URL name of the page she lands on; a volunteer and an operator have no role, and get their own."""
    membership = current_membership(request)
    return _HOME_OF[Role(membership.role)] if membership else MINE


def viewer_of(request: HttpRequest) -> Viewer:
    return Viewer(user=request.user, membership=current_membership(request), today=timezone.localdate())


# --- Who has which entry in the menu -------------------------------------------------------------
def has_overview(request: HttpRequest) -> bool:
    return signed_in(request) and home_of(request) == OVERVIEW


def has_week(request: HttpRequest) -> bool:
    """Everybody with a role that does daily work; leaders have it beside the overview."""
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in HAS_WEEK


def manages_people(request: HttpRequest) -> bool:
    return _role_may(request, Permission.MEMBER_MANAGE)


def sends_notices(request: HttpRequest) -> bool:
    return _role_may(request, Permission.NOTICES_MANAGE)


def _role_may(request: HttpRequest, permission: Permission) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(permission)


def reads_history(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.HISTORY_READ)


def has_my_page(request: HttpRequest) -> bool:
    return signed_in(request) and home_of(request) == MINE
