"""Which partnerships a process may become a part of."""

from partnerships.access import access_of
from partnerships.models import CodesignProcess, Partnership
from partnerships.selectors.process import side_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission

SHOWN = 30


def may_become_part_of(process: CodesignProcess, user: User) -> list[Partnership]:
    """Those changed last, in which she may develop something. Two queries."""
    seen = Partnership.objects.worked_in_by(user).running().filter(municipality=process.municipality_id)
    found = seen.order_by("-updated_at", "-pk").prefetch_related("parties")[:SHOWN]
    access = access_of(user)
    return [one for one in found if access.covers(Permission.PROCESS_EDIT, one)]


def may_start_one(process: CodesignProcess, user: User) -> bool:
    access = access_of(user)
    if process.municipality_id in access.municipalities_all(Permission.PARTNERSHIP_EDIT):
        return True
    side = side_of(process)
    return side is not None and access.own(Permission.PARTNERSHIP_EDIT).meets(side.owned_by())
