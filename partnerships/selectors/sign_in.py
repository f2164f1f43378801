"""What sign-in asks of the domain (accounts/registry.py): roles, and where work accounts come from."""

from datetime import date

from partnerships.access import access_of
from partnerships.selectors.words import settings_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import NEEDS_SECOND_FACTOR, Role
from samskaping.accounts.registry import People


class DomainPeople(People):
    """Reads what the request reads anyway, so the gate costs no query."""

    def second_factor_due(self, user: User) -> date | None:
        """The first day among her roles; a role given without a day asks from its own first day."""
        held = access_of(user).memberships
        days = [m.second_factor_from or m.valid_from for m in held if Role(m.role) in NEEDS_SECOND_FACTOR]
        return min(days, default=None)

    def has_role(self, user: User) -> bool:
        return bool(access_of(user).memberships)

    def may_use_work_account(self, user: User, domain: str) -> bool:
        """A municipality speaks for its own people: the domain is that of one she has a role in."""
        own = (settings_of(membership.municipality) for membership in access_of(user).memberships)
        allowed = {settings.login_domain.lower().lstrip("@") for settings in own if settings} - {""}
        return domain.lower() in allowed
