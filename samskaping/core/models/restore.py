"""That the database once came from a backup, and whether what it wanted to send has been let go."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Restore(models.Model):
    """Until `released_at` is set, what the clock and the backup want to send is held (services/replay.py)."""

    # What the backup knows ends here; what was sent after it, it does not know of.
    made_at = models.DateTimeField(_("sikkerhetskopien er fra"))
    restored_at = models.DateTimeField(_("lagt tilbake"), db_default=Now(), editable=False)
    released_at = models.DateTimeField(_("utsending sluppet"), null=True, blank=True)

    class Meta:
        verbose_name = _("tilbakelegging")
        verbose_name_plural = _("tilbakelegginger")

    def __str__(self) -> str:
        return f"restore {self.pk}"
