"""A user's own people: one row for each who keeps something about her."""

from partnerships.models import Membership, Person
from samskaping.accounts.models import User


def own_people(user: User, *, first: Membership | None = None) -> list[Person]:
    """Her rows, the one she works as now first."""
    people = list(
        Person.objects.filter(user=user)
        .select_related("municipality", "controller_organisation", "controller_centre")
        .order_by("pk")
    )
    return sorted(people, key=lambda person: first is None or person.pk != first.person_id)
