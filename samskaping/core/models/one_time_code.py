"""Six digits sent to an address on file: sign-in, invitations, signing, participants, sign-up."""

import secrets
import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CodePurpose(models.TextChoices):
    SIGN_IN = "sign_in", _("Innlogging")
    INVITATION = "invitation", _("Invitasjon")
    PASSWORD = "password", _("Nytt passord")
    PARTICIPANT = "participant", _("Deltaker i en gruppe")
    CONTACT = "contact", _("Bekrefte adresse")
    SIGNING = "signing", _("Signering")
    SIGN_UP = "sign_up", _("Melde seg som frivillig")
    GUARDIAN = "guardian", _("Foresattes ja")


def new_nonce() -> str:
    return secrets.token_hex(16)


class OneTimeCode(models.Model):
    """A code that was asked for. The digits themselves are on no row: they are derived when sent.

    `subject` names whose code it is («accounts.user:12»); empty for somebody we do not know, so
    that asking costs and looks the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=CodePurpose)
    subject = models.CharField(max_length=80, blank=True)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("engangskode")
        verbose_name_plural = _("engangskoder")
        indexes = (models.Index(fields=("purpose", "subject", "-created_at"), name="code_by_subject"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
