"""Whom to ring at a party or an organisation: at most two, and a person may be so without signing in."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre, one_actor
from partnerships.models.partnership import PartnershipParty
from partnerships.models.person import Person
from partnerships.models.reach import worked_in
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """An actor's contacts: those who do daily work in its municipality. A party's: the other parties too,
        but no guest."""
        here = access_of(user).municipalities_with(Permission.CONTACT_READ)
        return self.filter(Q(party=None, municipality__in=here) | Q(party__partnership__in=worked_in(user)))


class Contact(models.Model):
    """`municipality` is the person's own: the owner's or, for a neighbour's party, the party's."""

    personal_fields: ClassVar[tuple[str, ...]] = ("title",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="contact_for", verbose_name=_("person")
    )
    party = models.ForeignKey(
        PartnershipParty, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    title = models.CharField(_("rolle"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("rekkefølge"), default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("kontakt")
        verbose_name_plural = _("kontakter")
        ordering = ("order", "pk")
        constraints = (
            models.CheckConstraint(
                name="contact_for_one_thing",
                condition=Q(party__isnull=False, unit=None, centre=None, organisation=None)
                | (Q(party=None) & one_actor()),
                violation_error_message=_("En kontakt gjelder én part eller ett lag."),
            ),
            models.UniqueConstraint(
                name="contact_two_at_most",
                fields=("party", "unit", "centre", "organisation", "order"),
                nulls_distinct=False,
                violation_error_message=_("Det er allerede en kontakt her."),
            ),
            models.CheckConstraint(
                name="contact_first_or_second",
                condition=Q(order__in=(1, 2)),
                violation_error_message=_("Det er plass til to kontakter."),
            ),
        )

    def __str__(self) -> str:
        return f"Contact {self.pk}"

    def owned_by(self) -> Own:
        """Whose contact she is: that side says who it is."""
        of = self.party or self.unit or self.centre or self.organisation
        assert of is not None, "contact_for_one_thing holds"  # noqa: S101
        return of.owned_by()
