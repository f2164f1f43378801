"""What somebody is where, from when to when, and who said so."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from partnerships.models.partnership import Partnership
from partnerships.models.person import Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import (
    CENTRE_ROLES,
    NEEDS_SECOND_FACTOR,
    ORGANISATION_ROLES,
    ROLE_LABELS,
    UNIT_ROLES,
    Permission,
    Role,
)
from samskaping.core.models import Municipality
from samskaping.core.written import Given

ROLE_CHOICES = [(role.value, ROLE_LABELS[role]) for role in Role]


def _only(roles: frozenset[Role], field: str, *, optional_for: frozenset[Role] = frozenset()) -> Q:
    """`field` is set for these roles, may be for `optional_for`, and is empty for every other."""
    # Sorted: a set's order changes from run to run, and each would look like a change to migrate.
    must = sorted(role.value for role in roles)
    may = sorted(role.value for role in optional_for)
    empty = Q(**{f"{field}__isnull": True})
    return (Q(role__in=must) & ~empty) | Q(role__in=may) | (~Q(role__in=must + may) & empty)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: date | Given | Combinable | None = None) -> Self:
        """Memberships that give rights now: read at each request, an ended one is gone at the next click."""
        today = today or timezone.localdate()
        return self.filter(Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today), ended_at=None)

    def with_away_to(self, today: date | Given) -> Self:
        """Adds `away_to`: the last day of the absence she is in that day, or None."""
        from partnerships.models.absence import Absence

        now = Absence.objects.filter(membership=OuterRef("pk"), away_from__lte=today, away_to__gte=today)
        return self.annotate(away_to=Subquery(now.order_by("-away_to").values("away_to")[:1]))

    def with_questions(self) -> Self:
        """Adds `questions`: how many wait for an answer from her there, for the menu of every page."""
        from partnerships.models.signal import Signal

        waiting = (
            Signal.objects.unanswered()
            .filter(receiver__user=OuterRef("user"), receiver__municipality=OuterRef("municipality"))
            .order_by()
            .values("receiver__user")
            .values(count=Count("pk"))
        )
        return self.annotate(questions=Coalesce(Subquery(waiting), 0))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and those one may change: the municipality's, own centre's, own organisation's."""
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        own = access.own(Permission.MEMBER_MANAGE)
        return self.filter(
            Q(user=user)
            | Q(municipality__in=access.municipalities_all(Permission.MEMBER_MANAGE))
            | Q(unit__in=own.unit_ids)
            | Q(centre__in=own.centre_ids)
            | Q(organisation__in=own.organisation_ids)
        )


class Membership(models.Model):
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("bruker")
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("person"),
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kommune"),
    )
    role = models.CharField(_("rolle"), max_length=20, choices=ROLE_CHOICES)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("enhet"),
    )
    centre = models.ForeignKey(
        VolunteerCentre,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("frivilligsentral"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organisasjon"),
    )
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="guests",
        verbose_name=_("samarbeid"),
    )
    process = models.ForeignKey(
        "partnerships.CodesignProcess",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="guests",
        verbose_name=_("prosess"),
    )
    valid_from = models.DateField(_("fra"), default=timezone.localdate)
    valid_to = models.DateField(_("til"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("gitt av")
    )
    granted_at = models.DateTimeField(_("gitt"), auto_now_add=True)
    ended_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("avsluttet av"),
    )
    ended_at = models.DateTimeField(_("avsluttet"), null=True, blank=True)
    # From this day the role asks for a second factor; until then she is only reminded.
    second_factor_from = models.DateField(_("innlogging i to trinn fra"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("rolle")
        verbose_name_plural = _("roller")
        ordering = ("municipality", "role", "pk")
        constraints = (
            models.CheckConstraint(
                name="membership_national_has_no_municipality",
                condition=Q(role="national", municipality=None, person=None)
                | (~Q(role="national") & Q(municipality__isnull=False, person__isnull=False)),
                violation_error_message=_("Bare en nasjonal analytiker står utenfor kommunene."),
            ),
            models.CheckConstraint(
                name="membership_unit_fits_role",
                condition=_only(UNIT_ROLES, "unit", optional_for=frozenset({Role.CHIEF})),
                violation_error_message=_("Velg en enhet for denne rollen."),
            ),
            models.CheckConstraint(
                name="membership_centre_fits_role",
                condition=_only(CENTRE_ROLES, "centre"),
                violation_error_message=_("Velg en frivilligsentral for denne rollen."),
            ),
            models.CheckConstraint(
                name="membership_organisation_fits_role",
                condition=_only(ORGANISATION_ROLES, "organisation"),
                violation_error_message=_("Velg en organisasjon for denne rollen."),
            ),
            models.CheckConstraint(
                name="membership_guest_has_one_thing_and_an_end",
                condition=Q(role="guest", valid_to__isnull=False)
                & (Q(partnership__isnull=False, process=None) | Q(partnership=None, process__isnull=False))
                | (~Q(role="guest") & Q(partnership=None, process=None)),
                violation_error_message=_("En gjest ser ett samarbeid eller én prosess, til en dato."),
            ),
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Sluttdatoen må komme etter startdatoen."),
            ),
            models.CheckConstraint(
                name="membership_second_factor_fits_role",
                condition=Q(second_factor_from=None)
                | Q(role__in=sorted(role.value for role in NEEDS_SECOND_FACTOR)),
            ),
            models.UniqueConstraint(
                name="membership_once_while_it_lasts",
                fields=(
                    *("user", "municipality", "role", "unit", "centre", "organisation"),
                    *("partnership", "process"),
                ),
                condition=Q(ended_at=None),
                nulls_distinct=False,
                violation_error_message=_("Personen har allerede denne rollen."),
            ),
        )
        indexes = (
            models.Index(fields=("user",), name="membership_open", condition=Q(ended_at=None)),
            models.Index(fields=("municipality", "role"), name="membership_by_municipality"),
        )

    def __str__(self) -> str:
        return f"Membership {self.pk}"

    def owned_by(self) -> Own:
        return Own(
            unit_ids=frozenset({self.unit_id} if self.unit_id else ()),
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )

    @property
    def role_label(self) -> str:
        """What the role is called there. Join `municipality__settings` where there are many."""
        from partnerships.selectors.words import role_word

        return role_word(self.role, self.municipality)

    @property
    def belongs_to(self) -> Unit | VolunteerCentre | Organisation | Municipality | None:
        """What the role is for, nearest first."""
        return self.unit or self.centre or self.organisation or self.municipality

    @property
    def place_name(self) -> str:
        """For lists: the unit, centre or organisation, or that it is for all of the municipality."""
        place = self.unit or self.centre or self.organisation
        one = self.process or self.partnership
        if place is None and one is not None:
            return one.title
        return place.name if place else str(_("Hele kommunen"))
