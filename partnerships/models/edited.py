"""What two people may edit at once has a version, and says who saved last (services/editing.py)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models import User


class Edited(models.Model):
    # Counts saves, so that somebody who read an older one is told instead of overwriting it.
    version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(_("endret"), auto_now=True)
    updated_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("endret av")
    )

    class Meta:
        abstract = True
