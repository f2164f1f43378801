"""A user is a sign-in: an address in lower case or none at all, and no name."""

import pytest
from django.db import IntegrityError, transaction

from samskaping.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["Kari@Prove.Example", "  kari@prove.example ", "KARI@PROVE.EXAMPLE"])
def test_address_is_one_address_however_it_is_typed(typed: str) -> None:
    user = UserFactory.create(email=typed)
    assert user.email == "kari@prove.example"
    assert User.objects.get_by_natural_key(typed) == user


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_many_users_may_have_no_address(nothing: str | None) -> None:
    assert UserFactory.create(email=nothing).email is None
    assert UserFactory.create(email=nothing).email is None


def test_same_address_twice_is_refused() -> None:
    UserFactory.create(email="kari@prove.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory.create(email="Kari@prove.example")


@pytest.mark.parametrize(
    ("email", "constraint"),
    [("Kari@prove.example", "user_email_is_lower_case"), ("", "user_email_is_null_not_empty")],
)
def test_database_keeps_the_form_past_the_manager(email: str, constraint: str) -> None:
    user = UserFactory.create()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email=email)


def test_without_a_password_none_works() -> None:
    user = User.objects.create_user("kari@prove.example")
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_text_of_a_user_holds_no_address() -> None:
    user = UserFactory.create(email="kari@prove.example")
    assert "kari" not in f"{user} {user!r}"


def test_technical_operation_has_no_django_permissions_to_lean_on() -> None:
    assert User.objects.create_superuser("drift@prove.example", "x").is_superuser
    assert not hasattr(User, "user_permissions")
