"""The dated times of an offer."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.edited import Edited
from partnerships.models.offer import Offer, OfOffer
from samskaping.core.models import Municipality

# The relations other apps hang on a time by.
_hung_on: list[str] = []


def hangs_on_times(relation: str) -> None:
    """A time with such rows is called off where it would have been taken away: they are somebody's yes."""
    _hung_on.append(relation)


class OccurrenceQuerySet(OfOffer):
    def by_the_rule(self) -> Self:
        """As the clock made them: nobody has moved, cancelled or written anything on them."""
        return self.filter(version=0, day__isnull=False)

    def untouched(self) -> Self:
        """Of those, the ones nobody's yes or no hangs on either."""
        return self.by_the_rule().filter(**dict.fromkeys(_hung_on))

    def taking_place(self) -> Self:
        return self.filter(cancelled_at=None)

    def after(self, now: datetime) -> Self:
        return self.filter(starts_at__gt=now)


class Occurrence(Edited):
    """One time of it. `day` is the day the rule gave, so that a moved one is not made anew."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="occurrences")
    # Empty for one that was added by hand.
    day = models.DateField(_("dag"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begynner"))
    ends_at = models.DateTimeField(_("slutter"))
    place = models.CharField(_("sted, når det er et annet"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(_("avlyst"), null=True, blank=True)
    cancelled_because = models.CharField(_("hvorfor avlyst"), max_length=200, blank=True)
    # By a pause or an end of the offer, not for its own sake: it comes back with the offer.
    off_with_offer = models.BooleanField(default=False, editable=False)
    # How many came, never who.
    attendance = models.PositiveSmallIntegerField(_("hvor mange kom"), null=True, blank=True)
    feedback = models.CharField(_("hvordan det var"), max_length=300, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("gang")
        verbose_name_plural = _("ganger")
        ordering = ("starts_at", "pk")
        constraints = (
            models.UniqueConstraint(
                name="occurrence_once",
                fields=("offer", "day"),
                violation_error_message=_("Det er allerede en gang denne dagen."),
            ),
            models.CheckConstraint(
                name="occurrence_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Den må slutte etter at den begynner."),
            ),
            models.CheckConstraint(
                name="occurrence_cancelled_nobody_came",
                condition=Q(cancelled_at=None) | Q(attendance=None),
                violation_error_message=_("En avlyst gang har ikke oppmøte."),
            ),
        )
        indexes = (models.Index(fields=("municipality", "starts_at"), name="occurrence_by_time"),)

    def __str__(self) -> str:
        return f"Occurrence {self.pk}"

    def owned_by(self) -> Own:
        return self.offer.owned_by()
