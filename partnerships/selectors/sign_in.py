"""What sign-in asks of the domain (accounts/registry.py): roles, and which domains work accounts have."""

from datetime import date

from partnerships.access import access_of
from partnerships.models import MunicipalitySettings
from samskaping.accounts.models import User
from samskaping.accounts.permissions import NEEDS_SECOND_FACTOR, Role
from samskaping.accounts.registry import People


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
