"""What the portal has promised to send. The row is the promise; Redis only rings."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutboxState(models.TextChoices):
    WAITING = "waiting", _("Venter")
    LEASED = "leased", _("Sendes")
    SENT = "sent", _("Sendt")
    DROPPED = "dropped", _("Ikke lenger nødvendig")
    DEAD = "dead", _("Kunne ikke sendes")


class Delivery(models.TextChoices):
    """What the supplier tells afterwards, where it tells at all."""

    UNKNOWN = "", _("Ikke kjent")
    DELIVERED = "delivered", _("Kom fram")
    FAILED = "failed", _("Kom ikke fram")


class Outbox(models.Model):
    """One thing to send, once. `payload` holds ids only; addresses are looked up when it is sent."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    payload_version = models.PositiveSmallIntegerField(default=1)
    municipality = models.ForeignKey(
        "core.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=OutboxState, default=OutboxState.WAITING)
    due_at = models.DateTimeField(db_default=Now())
    # After a restore, until somebody says that it was not sent already (services/replay.py).
    held = models.BooleanField(default=False, db_default=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Attempts whose worker was never heard of again: killed, or stopped for taking too long.
    losses = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The type of what went wrong, never its text: an SMTP answer repeats the address.
    problem = models.CharField(max_length=120, blank=True)
    # The supplier's own number for it, and what it told of the way.
    receipt = models.CharField(max_length=120, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.UNKNOWN, blank=True)
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("utgående")
        verbose_name_plural = _("utgående")
        constraints = (
            models.UniqueConstraint(name="outbox_promised_once", fields=("kind", "key")),
            models.CheckConstraint(
                name="outbox_leased_has_lease",
                condition=~models.Q(state="leased")
                | models.Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
            models.CheckConstraint(
                name="outbox_finished_has_time",
                condition=models.Q(state__in=("waiting", "leased"), finished_at__isnull=True)
                | models.Q(state__in=("sent", "dropped", "dead"), finished_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                name="outbox_open",
                condition=models.Q(state__in=("waiting", "leased")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
