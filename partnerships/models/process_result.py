"""What a process came to, and what it became: an offer, a duty, or something they agree on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.codesign import CodesignProcess, UnderProcess
from partnerships.models.edited import Edited
from partnerships.models.offer import Offer
from partnerships.models.responsibility import Duty
from partnerships.models.understanding import Understanding
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class ResultKind(models.TextChoices):
    OFFER = "offer", _("Et tilbud")
    DUTY = "duty", _("En oppgave i ansvarskartet")
    UNDERSTANDING = "understanding", _("Noe dere er enige om")


class ProcessResult(Edited):
    """What a process came to, before and after it became the thing. One click makes it; the link stays."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(_("hva det blir"), max_length=13, choices=ResultKind)
    title = models.CharField(_("resultat"), max_length=150)
    about = models.TextField(_("mer om det"), max_length=2000, blank=True)
    offer = models.ForeignKey(Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="came_of")
    duty = models.ForeignKey(Duty, on_delete=models.SET_NULL, null=True, blank=True, related_name="came_of")
    understanding = models.ForeignKey(
        Understanding, on_delete=models.SET_NULL, null=True, blank=True, related_name="came_of"
    )
    made_at = models.DateTimeField(_("ble til noe"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("resultat av prosessen")
        verbose_name_plural = _("resultater av prosessen")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="process_result_becomes_its_kind",
                condition=Q(offer=None, duty=None, understanding=None)
                | Q(kind="offer", duty=None, understanding=None)
                | Q(kind="duty", offer=None, understanding=None)
                | Q(kind="understanding", offer=None, duty=None),
            ),
        )

    def __str__(self) -> str:
        return f"ProcessResult {self.pk}"

    def owned_by(self) -> Own:
        return self.process.owned_by()
