"""People who sign in."""

from factory.declarations import Sequence
from factory.django import DjangoModelFactory

from samskaping.accounts.models import User

PASSWORD = "et langt passord ingen gjetter"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = Sequence(lambda n: f"person{n}@prove.example")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """Through the manager, which hashes the password and cleans the address."""
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})
