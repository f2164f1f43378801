"""How much of each volunteer in a list somebody may know: how to reach her, her name, the first one, nothing.

Asked once for a whole page, whatever its length. Who is known to nobody here is counted by who keeps her.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Value

from partnerships.models import Person
from partnerships.selectors.words import municipality_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import Volunteer

# What a row of a volunteer is read with.
READ_WITH = (
    "volunteer__person__controller_organisation",
    "volunteer__person__controller_centre",
    "volunteer__person__municipality__settings",
)


# In the order of Known's fields.
PERMISSIONS = (
    Permission.VOLUNTEER_CONTACT,
    Permission.VOLUNTEER_NAMES,
    Permission.VOLUNTEER_TODAY,
)


@dataclass(frozen=True)
class Known:
    contact: frozenset[int]
    names: frozenset[int]
    today: frozenset[int]

    def is_known(self, volunteer: Volunteer) -> bool:
        return volunteer.pk in self.today or volunteer.pk in self.names

    def name(self, volunteer: Volunteer) -> str:
        """Empty for one who is a number here."""
        if volunteer.pk in self.names:
            return volunteer.person.name
        return first_name(volunteer.person) if volunteer.pk in self.today else ""

    def opens(self, volunteer: Volunteer) -> bool:
        """Whether her record is a page this viewer may read."""
        return volunteer.pk in self.names

    def phone(self, volunteer: Volunteer) -> str:
        """The number itself; empty where it is not hers to know, or is hidden."""
        person = volunteer.person
        return person.phone if volunteer.pk in self.contact and not person.hide_contact else ""

    def email(self, volunteer: Volunteer) -> str:
        person = volunteer.person
        return person.email if volunteer.pk in self.contact and not person.hide_contact else ""

    def others(self, volunteers: Iterable[Volunteer]) -> list[tuple[str, int]]:
        """«Fjordvik turlag», 2: those who are not named here."""
        unknown = (one for one in volunteers if not self.is_known(one))
        return sorted(Counter(keeper_of(one.person) for one in unknown).items())


def known(user: User, volunteers: Collection[int]) -> Known:
    if not volunteers:
        return Known(frozenset(), frozenset(), frozenset())
    of_three = [
        Volunteer.objects.visible_to(user, permission)
        .filter(pk__in=volunteers)
        .order_by()
        .annotate(to_know=Value(permission.value))
        .values_list("pk", "to_know")
        for permission in PERMISSIONS
    ]
    keys: dict[str, set[int]] = {permission: set() for permission in PERMISSIONS}
    for pk, permission in of_three[0].union(*of_three[1:], all=True):
        keys[permission].add(pk)
    return Known(*(frozenset(keys[permission]) for permission in PERMISSIONS))


def first_name(person: Person) -> str:
    return person.name.split()[0] if person.name.strip() else ""


def keeper_of(person: Person) -> str:
    """Who keeps her data, in words."""
    kept_by = person.controller_organisation or person.controller_centre
    return kept_by.name if kept_by else municipality_name(person.municipality)
