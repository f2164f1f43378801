"""How long things are kept: our periods as rows, a municipality's own beside them, and what nights took."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from samskaping.core.history import keep_history


class RetentionRule(models.Model):
    """How many days one kind of thing is kept. `key` names a rule registered in core.retention."""

    key = models.CharField(max_length=60)
    # None: ours, for every municipality that has not set its own.
    municipality = models.ForeignKey(
        "core.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    keep_days = models.PositiveIntegerField(_("dager"))
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("lagringstid")
        verbose_name_plural = _("lagringstider")
        constraints = (
            models.UniqueConstraint(
                name="retention_rule_once",
                fields=("key", "municipality"),
                nulls_distinct=False,
                violation_error_message=_("Lagringstiden er satt fra før."),
            ),
        )

    def __str__(self) -> str:
        return self.key


keep_history(RetentionRule, "municipality", "key", "keep_days")


class RetentionReport(models.Model):
    """What one night's tidying took of one kind in one municipality. Counts, never what it was."""

    municipality = models.ForeignKey("core.Municipality", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    at = models.DateTimeField(_("tid"), db_default=Now(), editable=False)
    keep_days = models.PositiveIntegerField(_("dager"))
    removed = models.PositiveIntegerField(_("slettet"))
    # What was old enough, but is held back by somebody (a claim, an audit).
    held = models.PositiveIntegerField(_("holdt tilbake"), default=0)

    class Meta:
        verbose_name = _("sletterapport")
        verbose_name_plural = _("sletterapporter")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("municipality", "-at"), name="retention_report_by_time"),)

    def __str__(self) -> str:
        return f"{self.key} {self.pk}"
