"""The secret address of somebody's calendar."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.membership import Membership
from partnerships.models.person import Person
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Her own, and nobody else's."""
        return self.filter(person__user=user) if user.is_authenticated else self.none()


class CalendarFeed(models.Model):
    """A secret address for a calendar programme. Only a hash of the secret is kept; it ends with the role."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_feeds")
    # The role it shows the calendar of, and ends with; None: as herself only.
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feeds"
    )
    # Only her own, or everything her role sees there.
    only_own = models.BooleanField(default=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("laget"), auto_now_add=True)
    read_at = models.DateTimeField(_("sist hentet"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kalenderlenke")
        verbose_name_plural = _("kalenderlenker")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"CalendarFeed {self.pk}"

    def owned_by(self) -> Own:
        return self.person.owned_by()
