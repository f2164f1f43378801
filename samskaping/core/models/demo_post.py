"""What would have been sent, where the portal is only tried out."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PostChannel(models.TextChoices):
    EMAIL = "email", _("E-post")
    SMS = "sms", _("SMS")


class DemoPost(models.Model):
    """One message, kept to be read at /dev/post/ instead of being sent.

    A row and not a file: web shows what the worker wrote, in whatever container each of them runs.
    """

    at = models.DateTimeField(_("tid"), db_default=Now(), editable=False)
    channel = models.CharField(_("kanal"), max_length=5, choices=PostChannel)
    recipient = models.CharField(_("til"), max_length=320)
    subject = models.CharField(_("emne"), max_length=200, blank=True)
    text = models.TextField(_("tekst"))
    message_id = models.CharField(max_length=320)

    class Meta:
        verbose_name = _("demopost")
        verbose_name_plural = _("demopost")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"DemoPost {self.pk}"
