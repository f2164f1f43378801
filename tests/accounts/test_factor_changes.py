"""Who may change how somebody signs in: a session that has shown the factor there is."""

import pytest
from django.test import Client

from samskaping.accounts.models import User
from tests.accounts.doing import app_code, give_app, sign_in, signed_in

pytestmark = pytest.mark.django_db

CHANGES = (
    "/min-konto/app/", "/min-konto/app/fjern/", "/min-konto/passnokler/ny/", "/min-konto/reservekoder/",
    "/min-konto/reservekoder/nye/", "/min-konto/passord/",
)  # fmt: skip


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_from_before_the_factor_changes_nothing(
    client: Client, kari: User, path: str, method: str
) -> None:
    """Whoever has her password was in before she set up the app: that session may add and read nothing."""
    sign_in(client, kari.email)
    assert signed_in(client)
    secret = give_app(kari)
    answer = getattr(client, method)(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/min-konto/bekreft/kode/")
    client.post("/min-konto/bekreft/kode/", {"code": app_code(secret)})
    assert client.get(path).status_code in (200, 302)
    assert not client.get(path).headers.get("Location", "").startswith("/min-konto/bekreft/")


def test_whoever_has_no_factor_sets_one_up(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    assert client.get("/min-konto/app/").status_code == 200
