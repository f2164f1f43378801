"""Who did what, to which row, when. Added to, never changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from samskaping.core.history import transaction_time


class AuditEvent(models.Model):
    """One step somebody took. Holds ids and names of fields, never a name, an address or a value.

    The actor has no foreign-key constraint: erasing a user must neither be stopped by the trace
    nor change it.
    """

    append_only = True  # core.db takes UPDATE and DELETE from the app's role

    at = models.DateTimeField(_("tid"), db_default=Now(), editable=False)
    # What the same transaction changed has the same, in the tables of samskaping.core.history.
    transaction_at = transaction_time()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("hvem"),
    )
    on_behalf_of = models.CharField(_("på vegne av"), max_length=60, blank=True)
    municipality = models.ForeignKey(
        "core.Municipality", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("kommune")
    )
    verb = models.CharField(_("hva"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("hendelse")
        verbose_name_plural = _("hendelser")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("object_type", "object_id", "-at"), name="audit_by_object"),
            models.Index(fields=("municipality", "-at"), name="audit_by_municipality"),
            models.Index(fields=("actor", "-at"), name="audit_by_actor"),
            models.Index(fields=("transaction_at",), name="audit_by_transaction"),
        )
        triggers = (
            pgtrigger.Protect(name="audit_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}".strip()
