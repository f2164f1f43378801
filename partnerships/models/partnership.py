"""The thread through the levels. Here only what access needs: whose it is and who its parties are."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own reach, a party of one's own (also from the municipality next door), or as a guest."""
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        own = access.own(Permission.PARTNERSHIP_READ)
        parties = PartnershipParty.objects.filter(partnership=OuterRef("pk"), accepted_at__isnull=False)
        everywhere = access.municipalities_all(Permission.PARTNERSHIP_READ)
        return self.filter(
            Q(municipality__in=everywhere)
            | Exists(parties.filter(party_municipality__in=everywhere))
            | Exists(parties.filter(unit__in=own.unit_ids))
            | Exists(parties.filter(centre__in=own.centre_ids))
            | Exists(parties.filter(organisation__in=own.organisation_ids))
            | Q(pk__in=access.guest_partnership_ids)
        )


class Partnership(models.Model):
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    title = models.CharField(_("navn"), max_length=150)
    created_at = models.DateTimeField(_("startet"), auto_now_add=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("samarbeid")
        verbose_name_plural = _("samarbeid")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title

    def owned_by(self) -> Own:
        """The accepted parties, on the same footing whoever started it."""
        parties = list(self.parties.filter(accepted_at__isnull=False))
        return Own(
            unit_ids=frozenset(p.unit_id for p in parties if p.unit_id),
            centre_ids=frozenset(p.centre_id for p in parties if p.centre_id),
            organisation_ids=frozenset(p.organisation_id for p in parties if p.organisation_id),
            municipality_ids=frozenset(p.party_municipality_id for p in parties),
        )


class PartnershipParty(models.Model):
    """One side of a partnership. `municipality` is the owner's, `party_municipality` the party's own."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    party_municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("partens kommune")
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="parties", verbose_name=_("samarbeid")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="parties")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    accepted_at = models.DateTimeField(_("takket ja"), null=True, blank=True)

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parter")
        constraints = (
            models.CheckConstraint(
                name="party_is_one_actor",
                condition=Q(unit__isnull=False, centre=None, organisation=None)
                | Q(unit=None, centre__isnull=False, organisation=None)
                | Q(unit=None, centre=None, organisation__isnull=False),
                violation_error_message=_("En part er én enhet, én frivilligsentral eller én organisasjon."),
            ),
            models.UniqueConstraint(
                name="party_once",
                fields=("partnership", "unit", "centre", "organisation"),
                nulls_distinct=False,
                violation_error_message=_("Parten er allerede med."),
            ),
        )

    def __str__(self) -> str:
        return f"PartnershipParty {self.pk}"
