"""What sign-in asks of the domain (accounts/registry.py): roles, and which domains work accounts have."""

from datetime import date

from partnerships.access import access_of
from partnerships.models import MunicipalitySettings
from partnerships.selectors.newcomer import newcomer_of, newcomer_subject, newcomers
from partnerships.services.newcomer import newcomer_enter, newcomer_tie
from samskaping.accounts.models import User
from samskaping.accounts.permissions import NEEDS_SECOND_FACTOR, Role
from samskaping.accounts.registry import Address, People


class DomainPeople(People):
    def second_factor_due(self, user: User) -> date | None:
        """The first day among her roles. Reads what the request reads anyway, so the gate costs no query."""
        held = access_of(user).memberships
        days = [m.second_factor_from for m in held if Role(m.role) in NEEDS_SECOND_FACTOR]
        return min((day for day in days if day is not None), default=None)

    def has_role(self, user: User) -> bool:
        return bool(access_of(user).memberships)

    def may_use_work_account(self, user: User, domain: str) -> bool:
        """A municipality speaks for its own people: the domain is that of one she has a role in."""
        places = [m.municipality_id for m in access_of(user).memberships if m.municipality_id]
        allowed = MunicipalitySettings.objects.filter(municipality__in=places).exclude(login_domain="")
        return domain.lower() in {
            d.lower().lstrip("@") for d in allowed.values_list("login_domain", flat=True)
        }

    def newcomer(self, field: str, address: str) -> str:
        people = newcomers(field, address)
        return newcomer_subject(people[0], field) if people else ""

    def newcomer_address(self, subject: str) -> Address | None:
        found = newcomer_of(subject)
        if found is None:
            return None
        person, _field = found
        return Address(person.email, person.phone, person.language)

    def newcomer_enter(self, subject: str) -> User | None:
        return newcomer_enter(subject=subject)

    def entered(self, user: User) -> None:
        newcomer_tie(user=user)
