"""The sign-in somebody has at work, tied to a user here."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models.user import User


class WorkAccount(models.Model):
    """One account at one OpenID provider. The pair (issuer, subject) is who she is there; an address is not.

    Nothing else of what the provider tells is kept.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="work_accounts")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(_("koblet"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("arbeidskonto")
        verbose_name_plural = _("arbeidskontoer")
        constraints = (
            models.UniqueConstraint(
                name="work_account_once",
                fields=("issuer", "subject"),
                violation_error_message=_("Arbeidskontoen er allerede koblet til en konto."),
            ),
        )

    def __str__(self) -> str:
        return f"WorkAccount {self.pk}"
