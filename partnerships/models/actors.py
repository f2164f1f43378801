"""Who takes part: the municipality's units, the centres, the organisations."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


class ActorQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Everybody who works in a municipality sees its actors: that is what «Folk og lag» is for."""
        return self.filter(municipality__in=access_of(user).municipality_ids)


class Actor(models.Model):
    """What units, centres and organisations have in common."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    name = models.CharField(_("navn"), max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)
    ended_at = models.DateTimeField(_("avsluttet"), null=True, blank=True)

    objects = ActorQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("name_key", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.name_key = sort_key(self.name)
        super().save(**kwargs)


class Unit(Actor):
    """A service unit of the municipality: a nursing home, a school, a whole sector."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under"),
    )

    class Meta(Actor.Meta):
        verbose_name = _("enhet")
        verbose_name_plural = _("enheter")
        constraints = (
            models.UniqueConstraint(
                "municipality",
                Lower("name"),
                "parent",
                name="unit_name_once_under_parent",
                nulls_distinct=False,
                violation_error_message=_("Det finnes allerede en enhet med dette navnet her."),
            ),
            models.CheckConstraint(
                name="unit_not_under_itself",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                violation_error_message=_("En enhet kan ikke ligge under seg selv."),
            ),
        )

    def owned_by(self) -> Own:
        return Own(unit_ids=frozenset({self.pk}))


class CentreOwnership(models.TextChoices):
    MUNICIPAL = "municipal", _("Kommunal")
    ORGANISATION = "organisation", _("Eid av en organisasjon")
    COOPERATIVE = "cooperative", _("Samvirke")
    FOUNDATION = "foundation", _("Stiftelse")


class CentreProfile(models.TextChoices):
    BRIDGE = "bridge", _("Bindeledd")
    OWN_ACTIVITY = "own_activity", _("Egenregi")
    BOTH = "both", _("Begge deler")


class VolunteerCentre(Actor):
    ownership = models.CharField(
        _("eierform"), max_length=12, choices=CentreOwnership, default=CentreOwnership.MUNICIPAL
    )
    profile = models.CharField(_("profil"), max_length=12, choices=CentreProfile, default=CentreProfile.BOTH)

    class Meta(Actor.Meta):
        verbose_name = _("frivilligsentral")
        verbose_name_plural = _("frivilligsentraler")
        constraints = (
            models.UniqueConstraint(
                "municipality",
                Lower("name"),
                name="centre_name_once",
                violation_error_message=_("Frivilligsentralen finnes allerede."),
            ),
        )

    def owned_by(self) -> Own:
        return Own(centre_ids=frozenset({self.pk}))

    @property
    def is_controller(self) -> bool:
        """A municipal centre's people are the municipality's; every other centre has its own."""
        return self.ownership != CentreOwnership.MUNICIPAL


class Organisation(Actor):
    """A club, an association, a business. The unregistered count too: the number may be missing."""

    number = models.CharField(  # noqa: DJ001 - unknown numbers must not collide
        _("organisasjonsnummer"), max_length=9, null=True, blank=True
    )

    class Meta(Actor.Meta):
        verbose_name = _("organisasjon")
        verbose_name_plural = _("organisasjoner")
        constraints = (
            models.UniqueConstraint(
                name="organisation_number_once",
                fields=("municipality", "number"),
                violation_error_message=_("Organisasjonen finnes allerede i kommunen."),
            ),
            models.CheckConstraint(
                name="organisation_number_is_nine_digits",
                condition=models.Q(number__isnull=True) | models.Q(number__regex=r"^[0-9]{9}$"),
                violation_error_message=_("Et organisasjonsnummer har ni sifre."),
            ),
        )

    def owned_by(self) -> Own:
        return Own(organisation_ids=frozenset({self.pk}))
