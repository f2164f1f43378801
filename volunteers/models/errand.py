"""A unit asks for one volunteer for one thing, with the least that must be said of the one it is for."""

from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models import Unit
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.models.one_time_code import new_nonce
from volunteers.models.volunteer import Volunteer


class ErrandKind(models.TextChoices):
    VISIT = "visit", _("Besøk")
    WALK = "walk", _("Gå en tur")
    COMPANY = "company", _("Følge til noe")
    DRIVE = "drive", _("Skyss")
    SHOP = "shop", _("Handle")
    PRACTICAL = "practical", _("Praktisk hjelp")


# Who it is for is not shown after this, whether the clock has taken it away yet or not.
NAMED_AFTER = timedelta(hours=12)


def of_unit(user: User | AnonymousUser, permission: Permission) -> Q:
    """Rows of a unit that the permission reaches."""
    access = access_of(user)
    towns = access.municipalities_all(permission)
    return Q(municipality__in=towns) | Q(unit__in=access.own(permission).unit_ids)


class ErrandQuerySet(models.QuerySet["Errand"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those who post at the unit. A volunteer's way to it is selectors/errand.py."""
        return self.filter(of_unit(user, Permission.ERRAND_POST)) if user.is_authenticated else self.none()

    def open(self) -> Self:
        return self.filter(taken_at=None, cancelled_at=None, done_at=None)


class WallQuerySet(models.QuerySet["Wall"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(of_unit(user, Permission.WALL_MANAGE)) if user.is_authenticated else self.none()


class Errand(Edited):
    """Én-til-én-oppdrag. Who it is for stands in ErrandFor, and nowhere else."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="errands")
    kind = models.CharField(_("hva"), max_length=9, choices=ErrandKind)
    words = models.CharField(
        _("litt mer om det"),
        max_length=200,
        blank=True,
        help_text=_("Skriv ikke navn, adresse eller noe om helse. Alle som kan ta oppdraget, ser det."),
    )
    area_words = models.CharField(_("hvor, omtrent"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("fra"))
    ends_at = models.DateTimeField(_("til"))
    # What the one who takes it must have.
    requirements = models.ManyToManyField(
        "partnerships.RequirementKind", related_name="+", blank=True, verbose_name=_("krav")
    )
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("lagt ut"), auto_now_add=True)
    taken_by = models.ForeignKey(
        Volunteer, on_delete=models.SET_NULL, null=True, blank=True, related_name="errands"
    )
    taken_at = models.DateTimeField(_("tatt"), null=True, blank=True)
    done_at = models.DateTimeField(_("gjort"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("avlyst"), null=True, blank=True)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("én-til-én-oppdrag")
        verbose_name_plural = _("én-til-én-oppdrag")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="errand_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Oppdraget må slutte etter at det begynner."),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "starts_at"),
                name="errand_open",
                condition=Q(taken_at=None, cancelled_at=None),
            ),
            models.Index(fields=("unit", "starts_at"), name="errand_by_unit"),
        )

    def __str__(self) -> str:
        return f"Errand {self.pk}"

    def owned_by(self) -> Own:
        return Own(unit_ids=frozenset({self.unit_id}))


class ErrandFor(models.Model):
    """A first name and where to meet, for the one who took it alone. Gone the day after."""

    personal_fields: ClassVar[tuple[str, ...]] = ("first_name", "meet_at", "ring")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    errand = models.OneToOneField(Errand, on_delete=models.CASCADE, related_name="for_whom")
    first_name = models.CharField(_("fornavn"), max_length=40)
    meet_at = models.CharField(_("der dere møtes"), max_length=150)
    # At the unit, not hers: whom the volunteer rings when something is wrong.
    ring = models.CharField(_("telefon til enheten"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("hvem oppdraget er for")
        verbose_name_plural = _("hvem oppdragene er for")

    def __str__(self) -> str:
        return f"ErrandFor {self.pk}"

    def owned_by(self) -> Own:
        return self.errand.owned_by()


class Wall(models.Model):
    """A tablet on the wall shows who comes today, by first name and time. The link can be taken back."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("hvor den henger"), max_length=80)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("laget"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("tatt tilbake"), null=True, blank=True)

    objects = WallQuerySet.as_manager()

    class Meta:
        verbose_name = _("skjerm på veggen")
        verbose_name_plural = _("skjermer på veggen")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"Wall {self.pk}"

    def owned_by(self) -> Own:
        return Own(unit_ids=frozenset({self.unit_id}))
