"""Level 1 of one partnership: what it rests on, what is cleared, and what there is to work with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.edited import Edited
from partnerships.models.partnership import Partnership, UnderPartnership
from partnerships.models.strategy import Strategy, StrategyPoint
from samskaping.core.models import Municipality


class WorkingForm(models.TextChoices):
    """The question the parties answer about their partnership at level 1."""

    CO_CREATION = "co_creation", _("Samskaping: vi utvikler det sammen, også med dem det er for")
    CO_PRODUCTION = "co_production", _("Samproduksjon: vi gjør det sammen, slik det allerede er bestemt")
    BOTH = "both", _("Begge deler, hver til sin tid")


class Frame(Edited):
    """«Rammer». Nothing in it has to be filled in before people may begin."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="frame")
    strategy = models.ForeignKey(
        Strategy, on_delete=models.PROTECT, null=True, blank=True, related_name="frames"
    )
    point = models.ForeignKey(
        StrategyPoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="frames"
    )
    working_form = models.CharField(
        _("samskaping eller samproduksjon?"), max_length=13, choices=WorkingForm, blank=True
    )
    mandate = models.TextField(_("hva gruppa kan bestemme selv"), max_length=2000, blank=True)
    clarifications = models.TextField(_("hva som er avklart på forhånd"), max_length=2000, blank=True)
    resources = models.TextField(_("tid, penger og lokaler"), max_length=2000, blank=True)
    hours_a_week = models.DecimalField(
        _("timer i uka som er satt av"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    decided_by = models.CharField(
        _("hvem har sagt ja"),
        max_length=150,
        blank=True,
        help_text=_("Stilling, utvalg eller styre. Skriv ikke navn."),
    )
    decided_on = models.DateField(_("når"), null=True, blank=True)
    revise_by = models.DateField(_("ses over innen"), null=True, blank=True)

    objects = UnderPartnership.as_manager()

    class Meta:
        verbose_name = _("rammer")
        verbose_name_plural = _("rammer")
        constraints = (
            models.CheckConstraint(
                name="frame_point_has_strategy",
                condition=models.Q(point=None) | models.Q(strategy__isnull=False),
                violation_error_message=_("Velg strategien punktet står i."),
            ),
        )

    def __str__(self) -> str:
        return f"Frame {self.pk}"

    def owned_by(self) -> Own:
        return self.partnership.owned_by()
