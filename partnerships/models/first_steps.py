"""How far a municipality has come: first ten minutes, first steps, and the yearly look up the stairs."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Unit
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality


class FirstMinutesQuerySet(models.QuerySet["FirstMinutes"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(municipality__in=access_of(user).municipalities_all(Permission.ACTOR_EDIT))


class FirstMinutes(models.Model):
    """Where in the first ten minutes she is. Gone through or put away: never shown again."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="first_minutes")
    step = models.PositiveSmallIntegerField(_("steg"), default=1)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    # The list of first steps is taken off the home page; it still has its own.
    steps_put_away_at = models.DateTimeField(null=True, blank=True)

    objects = FirstMinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("de første ti minuttene")
        verbose_name_plural = _("de første ti minuttene")

    def __str__(self) -> str:
        return f"FirstMinutes {self.pk}"

    def owned_by(self) -> Own:
        return Own()


class StairCheckQuerySet(models.QuerySet["StairCheck"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(municipality__in=access_of(user).municipalities_with(Permission.MAP_READ))


class StairCheck(Edited):
    """«Hvor langt opp i trappa er vi?» of one unit in one year. A talk about the next step, not a grade."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stair_checks")
    year = models.PositiveSmallIntegerField(_("år"))
    questions = models.ForeignKey(ContentTemplate, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(_("svar"), default=dict)
    next_step = models.CharField(_("neste steg"), max_length=300, blank=True)

    objects = StairCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("involveringstrapp")
        verbose_name_plural = _("involveringstrapper")
        ordering = ("-year", "unit")
        constraints = (
            models.UniqueConstraint(
                name="stair_check_once_a_year",
                fields=("unit", "year"),
                violation_error_message=_("Enheten har svart for dette året."),
            ),
        )

    def __str__(self) -> str:
        return f"StairCheck {self.pk}"

    def owned_by(self) -> Own:
        return Own(unit_ids=frozenset({self.unit_id}))
