"""Files, as rows: one backup, one transaction, any number of hosts."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(
        "core.Municipality", on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    name = models.CharField(_("filnavn"), max_length=150)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("størrelse"))
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    # The virus scanner that looked at it; empty where none is set up.
    checked_by = models.CharField(max_length=40, blank=True)
    # What the portal made for one errand (an export, a print list) goes away by itself.
    expires_at = models.DateTimeField(_("slettes"), null=True, blank=True)
    created_at = models.DateTimeField(_("lagret"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("fil")
        verbose_name_plural = _("filer")
        constraints = (
            models.CheckConstraint(
                name="stored_file_at_most_50_mb",
                condition=models.Q(size__lte=50_000_000),
                violation_error_message=_("Filen er for stor."),
            ),
        )
        indexes = (
            models.Index(
                fields=("expires_at",),
                name="stored_file_expiring",
                condition=models.Q(expires_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
