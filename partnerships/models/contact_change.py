"""A new address somebody has asked for and not yet confirmed with the code sent to it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models.person import Channel
from samskaping.accounts.models import User
from samskaping.core.models import OneTimeCode


class ContactChange(models.Model):
    """Lives as long as its code: what was not confirmed is gone at the next night's tidying."""

    personal_fields: ClassVar[tuple[str, ...]] = ("value", "value_before")

    code = models.OneToOneField(OneTimeCode, on_delete=models.CASCADE, primary_key=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(
        max_length=6,
        choices=[(Channel.EMAIL.value, Channel.EMAIL.label), (Channel.SMS.value, Channel.SMS.label)],
    )
    value = models.CharField(_("ny adresse"), max_length=254)
    # For telling the old address, once, that it no longer is hers to sign in with.
    value_before = models.CharField(max_length=254, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("adresse som skal bekreftes")
        verbose_name_plural = _("adresser som skal bekreftes")

    def __str__(self) -> str:
        return f"ContactChange {self.pk}"
