"""«Dette er vi enige om»: one record, reused everywhere, made and confirmed by every side."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.edited import Edited
from partnerships.models.partnership import Partnership, PartnershipParty, UnderPartnership
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class UnderstandingState(models.TextChoices):
    DRAFT = "draft", _("Under arbeid")
    PROPOSED = "proposed", _("Til bekreftelse")
    AGREED = "agreed", _("Enige")
    REPLACED = "replaced", _("Erstattet")


OPEN_STATES = ("draft", "proposed")


class Understanding(Edited):
    """One version. At most one is in work and one is agreed; a confirmed one replaces the agreed.

    A confirmation is of the words as they stood at its `version`.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="understandings")
    number = models.PositiveIntegerField(_("versjon"), default=1)
    state = models.CharField(
        _("status"), max_length=8, choices=UnderstandingState, default=UnderstandingState.DRAFT
    )
    shall = ArrayField(
        models.CharField(max_length=300), verbose_name=_("dette skal vi"), default=list, blank=True
    )
    shall_not = ArrayField(
        models.CharField(max_length=300), verbose_name=_("dette skal vi ikke"), default=list, blank=True
    )
    recipients_can_expect = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("dette kan mottakerne vente seg"),
        default=list,
        blank=True,
    )
    proposed_by = models.ForeignKey(
        PartnershipParty, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(_("foreslått"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("enige"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UnderPartnership.as_manager()

    class Meta:
        verbose_name = _("dette er vi enige om")
        verbose_name_plural = _("dette er vi enige om")
        ordering = ("partnership", "-number")
        constraints = (
            models.UniqueConstraint(
                name="understanding_number_once",
                fields=("partnership", "number"),
                violation_error_message=_("Versjonen finnes allerede."),
            ),
            models.UniqueConstraint(
                name="understanding_one_in_work",
                fields=("partnership",),
                condition=Q(state__in=OPEN_STATES),
                violation_error_message=_("Det er allerede en versjon under arbeid."),
            ),
            models.UniqueConstraint(
                name="understanding_one_agreed",
                fields=("partnership",),
                condition=Q(state="agreed"),
                violation_error_message=_("Dere er allerede enige om en versjon."),
            ),
            models.CheckConstraint(
                name="understanding_agreed_has_time",
                condition=Q(agreed_at__isnull=False, state__in=("agreed", "replaced"))
                | Q(agreed_at=None, state__in=OPEN_STATES),
            ),
        )

    def __str__(self) -> str:
        return f"Understanding {self.pk}"

    def owned_by(self) -> Own:
        return self.partnership.owned_by()


class SideQuerySet(models.QuerySet["UnderstandingSide"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(understanding__in=Understanding.objects.visible_to(user))


class UnderstandingSide(Edited):
    """What one party wishes and gains, in its own words, and whether it stands by the whole.

    It has a version of its own, so that two sides who write at once are not in each other's way.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    understanding = models.ForeignKey(Understanding, on_delete=models.CASCADE, related_name="sides")
    party = models.ForeignKey(PartnershipParty, on_delete=models.PROTECT, related_name="+")
    wishes = models.TextField(_("dette ønsker vi"), max_length=1000, blank=True)
    gains = models.TextField(_("dette får vi ut av det"), max_length=1000, blank=True)
    # The `version` of the understanding this side confirmed; an edit after it asks everybody again.
    confirmed_version = models.PositiveIntegerField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("bekreftet"), null=True, blank=True)
    # What this side wants otherwise, while it does not confirm.
    objection = models.TextField(_("dette vil vi ha annerledes"), max_length=1000, blank=True)

    objects = SideQuerySet.as_manager()

    class Meta:
        verbose_name = _("side i det vi er enige om")
        verbose_name_plural = _("sider i det vi er enige om")
        constraints = (
            models.UniqueConstraint(
                name="understanding_side_once",
                fields=("understanding", "party"),
                violation_error_message=_("Siden er allerede med."),
            ),
            models.CheckConstraint(
                name="understanding_side_confirmed_whole",
                condition=Q(confirmed_version=None, confirmed_at=None)
                | Q(confirmed_version__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="understanding_side_confirms_or_objects",
                condition=Q(confirmed_version=None) | Q(objection=""),
                violation_error_message=_("Dere bekrefter, eller skriver hva dere vil ha annerledes."),
            ),
        )

    def __str__(self) -> str:
        return f"UnderstandingSide {self.pk}"

    def owned_by(self) -> Own:
        """The side's own words are its own to write."""
        return self.party.owned_by()
