"""The actors and, as the domain grows, three municipalities with real objects and canary words in them."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.test import Client

from samskaping.accounts.models import SignIn, User
from samskaping.core.services.reference import reference_load
from tests.factories.accounts import UserFactory

# In every text of the neighbour's and the third municipality's objects: may never reach the other side.
CANARY = "kanarifugl"


@dataclass
class World:
    users: dict[str, User | None]
    # A sign-in and a passkey of somebody who is none of the actors.
    foreign_sign_in: SignIn
    foreign_factor: Authenticator

    def client(self, actor: str, *, csrf: bool = True) -> Client:
        client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
        user = self.users[actor]
        if user is not None:
            client.force_login(user)
        return client


def build() -> World:
    reference_load()
    other = UserFactory(email=f"{CANARY}@prove.example")
    Client().force_login(other)
    return World(
        foreign_sign_in=SignIn.objects.get(user=other),
        foreign_factor=Authenticator.objects.create(
            user=other, type=Authenticator.Type.WEBAUTHN, data={"name": CANARY, "credential": {}}
        ),
        users={
            "anonymous": None,
            "user": UserFactory(email="bruker@prove.example"),
            "superuser": UserFactory(email="drift@prove.example", is_superuser=True),
        },
    )
