"""Who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """A user with or without an address; without a password she signs in with a code."""
        user = self.model(email=self.clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.clean_email(username))

    @staticmethod
    def clean_email(email: str | None) -> str | None:
        """Lower case throughout, since people type their address both ways; no address is null, not empty."""
        return (email or "").strip().lower() or None


class User(AbstractBaseUser):
    """A sign-in, not a person: name and contact data live on Person, rights on Membership.

    The e-mail is the user name and may be missing: a volunteer can sign in with a code by SMS.
    """

    email = models.EmailField(
        _("e-postadresse"),
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("Det finnes allerede en bruker med denne e-postadressen.")},
    )
    # A number she has proven with a code. It stands here and not on Person, because staff may change a
    # Person's number, and whoever can must not be able to receive another's code. Two may share a telephone.
    phone = models.CharField(_("mobilnummer for innlogging"), max_length=20, blank=True, db_index=True)
    # Chosen while signed in; empty follows the browser.
    language = models.CharField(_("språk"), max_length=2, choices=LANGUAGES, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    # Technical operation, and no standing power over anybody's data.
    is_superuser = models.BooleanField(_("teknisk drift"), default=False)
    joined_at = models.DateTimeField(_("opprettet"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("bruker")
        verbose_name_plural = _("brukere")
        constraints = (
            models.CheckConstraint(
                name="user_email_is_lower_case",
                condition=models.Q(email=Lower("email")),
                violation_error_message=_("Skriv e-postadressen med små bokstaver."),
            ),
            models.CheckConstraint(
                name="user_email_is_null_not_empty",
                condition=~models.Q(email=""),
                violation_error_message=_("La e-postadressen stå tom i stedet."),
            ),
            models.CheckConstraint(
                name="user_phone_is_international",
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                violation_error_message=_("Skriv mobilnummeret med åtte sifre."),
            ),
        )

    def __str__(self) -> str:
        # Never the address: this text reaches logs and error pages.
        return f"User {self.pk}"
