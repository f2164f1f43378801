"""What sign-in must know of people, and who tells it.

Accounts stands below the domain and imports none of it. The domain puts a `People` here from
`AppConfig.ready()`; without one nobody has a role, a name or a work account.
"""

from datetime import date

from samskaping.accounts.models import User


class People:
    """The questions. Each is asked with a user and may cost a query."""

    def second_factor_due(self, user: User) -> date | None:
        """From which day one of her roles asks for a second factor; None when none does."""
        return None

    def has_role(self, user: User) -> bool:
        """Whether she sees others' data, and so is signed out sooner when she leaves the screen."""
        return False

    def may_use_work_account(self, user: User, domain: str) -> bool:
        """Whether a municipality she works for takes work accounts with addresses in this domain."""
        return False


_people: People = People()


def register_people(people: People) -> None:
    global _people
    _people = people


def people() -> People:
    return _people
