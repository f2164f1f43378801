"""Where somebody is signed in, so that she can see it and end it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models.user import User


class SignIn(models.Model):
    """One open sign-in: which session it is, on what kind of device, since when. No address is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    # «Firefox, Windows»: made from the user agent, which itself is not kept.
    device = models.CharField(_("telefon eller PC"), max_length=60, blank=True)
    started_at = models.DateTimeField(_("logget inn"), db_default=Now(), editable=False)
    seen_at = models.DateTimeField(_("sist brukt"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("innlogging")
        verbose_name_plural = _("innlogginger")
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return f"SignIn {self.pk}"
