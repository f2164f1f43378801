"""«Jeg er borte»: from, to, and who takes over. Later parts ask it whom to turn to."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.membership import Membership
from partnerships.models.person import Person
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own only: whoever needs to know whom to turn to asks selectors.absence.deputy_of."""
        return self.filter(membership__user=user) if user.is_authenticated else self.none()


class Absence(models.Model):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="absences", verbose_name=_("rolle")
    )
    deputy = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stedfortreder"),
    )
    away_from = models.DateField(_("borte fra og med"))
    away_to = models.DateField(_("til og med"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("fravær")
        verbose_name_plural = _("fravær")
        ordering = ("away_from",)
        constraints = (
            models.CheckConstraint(
                name="absence_dates_in_order",
                condition=Q(away_to__gte=F("away_from")),
                violation_error_message=_("Siste dag må komme etter første dag."),
            ),
        )

    def __str__(self) -> str:
        return f"Absence {self.pk}"
