"""The actors and, as the domain grows, three municipalities with real objects and canary words in them."""

from dataclasses import dataclass

from django.test import Client

from samskaping.accounts.models import User
from samskaping.core.services.reference import reference_load
from tests.factories.accounts import UserFactory

# In every text of the neighbour's and the third municipality's objects: may never reach the other side.
CANARY = "kanarifugl"


@dataclass
class World:
    users: dict[str, User | None]

    def client(self, actor: str, *, csrf: bool = True) -> Client:
        client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
        user = self.users[actor]
        if user is not None:
            client.force_login(user)
        return client


def build() -> World:
    reference_load()
    return World(
        users={
            "anonymous": None,
            "user": UserFactory.create(email="bruker@prove.example"),
            "superuser": UserFactory.create(email="drift@prove.example", is_superuser=True),
        }
    )
