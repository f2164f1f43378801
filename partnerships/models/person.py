"""One row per human per controller in a municipality (architecture § 3.8)."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


class Channel(models.TextChoices):
    EMAIL = "email", _("E-post")
    SMS = "sms", _("SMS")
    LETTER = "letter", _("Brev")
    PHONE = "phone", _("Telefon")


class Digest(models.TextChoices):
    """How often what can wait is sent. What cannot (a code, a cancellation) never waits."""

    AT_ONCE = "at_once", _("Med en gang")
    DAILY = "daily", _("Samlet, hver morgen")
    MONDAY = "monday", _("Samlet, hver mandag")


def kept_with(user: User | AnonymousUser, permission: Permission, of: str = "") -> Q:
    """That the user answers for whoever keeps the person, with this permission. `of`: «person__» for rows
    that have one, so that a long list of them does not gather all the people first."""
    access = access_of(user)
    own = access.own(permission)
    municipal = Q(**{f"{of}controller_organisation": None, f"{of}controller_centre": None})
    return (
        (municipal & Q(**{f"{of}municipality__in": access.municipalities_all(permission)}))
        | Q(**{f"{of}controller_organisation__in": own.organisation_ids})
        | Q(**{f"{of}controller_centre__in": own.centre_ids})
    )


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Herself, and the people of the controller one works for.

        The controller is the wall: a coordinator sees the municipality's people, not the ones an
        organisation or an independent centre keeps, and the other way about.
        """
        from partnerships.models.membership import Membership

        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        municipal = Q(controller_organisation=None, controller_centre=None)
        seen = Q(user=user)
        seen |= municipal & Q(municipality__in=access.municipalities_all(Permission.PERSON_READ))
        # Members of one's own unit, centre or organisation, whoever keeps their data.
        own = access.own(Permission.PERSON_READ)
        members = Membership.objects.current().filter(person=OuterRef("pk"))
        seen |= Q(Exists(members.filter(unit__in=own.unit_ids)))
        seen |= Q(Exists(members.filter(centre__in=own.centre_ids)))
        seen |= Q(Exists(members.filter(organisation__in=own.organisation_ids)))
        seen |= Q(controller_organisation__in=own.organisation_ids)
        seen |= Q(controller_centre__in=own.centre_ids)
        return self.filter(seen, erased_at=None)

    def reached_by(
        self, user: User | AnonymousUser, permission: Permission, *, also_erased: bool = False
    ) -> Self:
        """Those whose controller the user answers for with this permission; never across controllers.

        `also_erased`: for what outlives a profile, such as a signed agreement.
        """
        if not user.is_authenticated:
            return self.none()
        found = self if also_erased else self.filter(erased_at=None)
        return found.filter(kept_with(user, permission))


class Person(models.Model):
    # What export and erasure read (architecture § 3.13).
    personal_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "name_key",
        "email",
        "phone",
        "street",
        "postal_code",
        "post_town",
    )

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    controller_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    controller_centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    name = models.CharField(_("navn"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    street = models.CharField(_("gateadresse"), max_length=120, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=4, blank=True)
    post_town = models.CharField(_("poststed"), max_length=60, blank=True)
    language = models.CharField(
        _("språk"),
        max_length=2,
        choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
        default="nb",
    )
    channel = models.CharField(_("vil nås på"), max_length=6, choices=Channel, default=Channel.EMAIL)
    digest = models.CharField(_("påminnelser"), max_length=8, choices=Digest, default=Digest.MONDAY)
    # When the server or the supplier said for good that nothing arrives there; empty after a new address.
    email_failed_at = models.DateTimeField(null=True, blank=True)
    phone_failed_at = models.DateTimeField(null=True, blank=True)
    # Nothing of hers is erased by the calendar while this stands: a claim, an audit, a case.
    held_since = models.DateField(_("holdt tilbake fra sletting"), null=True, blank=True)
    # What was hers is gone; the row stays where something signed or counted still points to it.
    erased_at = models.DateTimeField(_("slettet"), null=True, blank=True)
    hide_contact = models.BooleanField(_("skjul kontaktopplysninger"), default=False)
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        ordering = ("name_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="person_has_one_controller",
                condition=Q(controller_organisation=None) | Q(controller_centre=None),
                violation_error_message=_("En person har én behandlingsansvarlig."),
            ),
            models.UniqueConstraint(
                name="person_once_per_controller",
                fields=("user", "municipality", "controller_organisation", "controller_centre"),
                condition=Q(user__isnull=False),
                nulls_distinct=False,
                violation_error_message=_("Personen finnes allerede her."),
            ),
            models.CheckConstraint(
                name="person_erased_is_empty",
                condition=Q(erased_at=None)
                | Q(name="", email="", phone="", street="", postal_code="", post_town="", user=None),
            ),
            models.CheckConstraint(
                name="person_postal_code_is_four_digits",
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{4}$"),
                violation_error_message=_("Et postnummer har fire sifre."),
            ),
        )
        indexes = (
            models.Index("municipality", "name_key", name="person_by_name"),
            models.Index(Lower("email"), name="person_by_email"),
            models.Index(fields=("phone",), name="person_by_phone"),
        )

    def __str__(self) -> str:
        return f"Person {self.pk}"

    def save(self, **kwargs: Any) -> None:
        self.name_key = sort_key(self.name)
        super().save(**kwargs)

    def owned_by(self) -> Own:
        """Her controller, and what she is a member of."""
        memberships = [m for m in self.memberships.current() if m.role != Role.GUEST]
        return Own(
            unit_ids=frozenset(m.unit_id for m in memberships if m.unit_id),
            centre_ids=frozenset(
                pk for pk in (self.controller_centre_id, *(m.centre_id for m in memberships)) if pk
            ),
            organisation_ids=frozenset(
                pk
                for pk in (self.controller_organisation_id, *(m.organisation_id for m in memberships))
                if pk
            ),
        )

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()
