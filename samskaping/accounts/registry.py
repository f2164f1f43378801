"""What sign-in must know of people, and who tells it.

Accounts stands below the domain and imports none of it. The domain puts a `People` here from
`AppConfig.ready()`; without one nobody has a role, a name or a work account.
"""

from datetime import date
from typing import NamedTuple

from samskaping.accounts.models import User


class Address(NamedTuple):
    email: str
    phone: str
    language: str


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

    def newcomer(self, field: str, address: str) -> str:
        """Somebody known who has no account and is reached there, as the subject of a code; empty for nobody.
        `field` is «email» or «phone»."""
        return ""

    def newcomer_address(self, subject: str) -> Address | None:
        """Where her code goes; None for nobody's, and when she is no longer reached where she asked."""
        return None

    def newcomer_enter(self, subject: str) -> User | None:
        """Makes the account of one whose code was right."""
        return None

    def entered(self, user: User) -> None:
        """She has shown with a code that the address is hers."""


_people: People = People()


def register_people(people: People) -> None:
    global _people
    _people = people


def people() -> People:
    return _people
