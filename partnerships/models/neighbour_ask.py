"""Asking the municipality next door for one of its own."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.partnership import Partnership, PartnershipParty
from partnerships.models.reach import worked_in
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality


class NeighbourAskQuerySet(models.QuerySet["NeighbourAsk"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those who asked, and those who answer for the municipality that was asked."""
        here = access_of(user).municipalities_all(Permission.PARTNERSHIP_EDIT)
        return self.filter(Q(asked_municipality__in=here) | Q(partnership__in=worked_in(user)))

    def open(self) -> Self:
        return self.filter(answered_at=None)


class NeighbourAsk(models.Model):
    """A party of another municipality, asked for by name: nobody looks through a neighbour's actors.

    Whoever answers there says which of theirs it is; then there is a party, and until then only this.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="neighbour_asks", verbose_name=_("samarbeid")
    )
    asked_municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("spurt kommune")
    )
    name = models.CharField(_("hvem vi vil ha med"), max_length=150)
    words = models.TextField(_("noen ord"), max_length=500, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("spurt"), auto_now_add=True)
    # The one they meant; empty when the answer was no, and when a later question brought that one in again.
    party = models.OneToOneField(
        PartnershipParty, on_delete=models.CASCADE, null=True, blank=True, related_name="neighbour_ask"
    )
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)

    objects = NeighbourAskQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørsmål til en annen kommune")
        verbose_name_plural = _("spørsmål til andre kommuner")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="neighbour_ask_is_to_another",
                condition=~Q(asked_municipality=F("municipality")),
                violation_error_message=_("Velg en annen kommune enn deres egen."),
            ),
            models.CheckConstraint(
                name="neighbour_ask_party_is_answer",
                condition=Q(party=None) | Q(answered_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="neighbour_ask_once",
                fields=("partnership", "asked_municipality", "name"),
                condition=Q(answered_at=None),
                violation_error_message=_("Dere har allerede spurt, og venter på svar."),
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_municipality",), name="neighbour_ask_open", condition=Q(answered_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"NeighbourAsk {self.pk}"

    def owned_by(self) -> Own:
        return self.partnership.owned_by()
