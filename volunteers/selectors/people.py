"""Names of those who look after volunteers."""

from partnerships.models import Membership, Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.models import Municipality
from volunteers.selectors.keeper import Keeper


def name_of_user(user: User | None, municipality: Municipality) -> str:
    """What a colleague is called here; empty for nobody."""
    if user is None:
        return ""
    rows = Person.objects.filter(user=user, municipality=municipality, erased_at=None).order_by("pk")
    return rows.values_list("name", flat=True).first() or ""


def followers_for(keeper: Keeper) -> list[tuple[int, str]]:
    """Who may follow somebody up: those who keep volunteers for the same controller, and who lead units where
    the municipality's own help. By user, with their names."""
    members = Membership.objects.current().filter(
        municipality=keeper.municipality,
        user__isnull=False,
        person__isnull=False,
        role__in=sorted(roles_with(Permission.VOLUNTEER_NAMES)),
    )
    if not keeper.is_municipality:
        kind = "organisation" if keeper.controller["controller_organisation"] else "centre"
        members = members.filter(**{kind: keeper.side})
    else:
        members = members.filter(organisation=None)
    found: dict[int, str] = {}
    for user, name in members.order_by("person__name_key", "pk").values_list("user", "person__name"):
        if user is not None and name is not None:
            found.setdefault(user, name)
    return list(found.items())
