"""Who takes part: the municipality's units, the centres, the organisations."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.areas import Area
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


def at_most_one_actor() -> models.Q:
    """For a row that may be about one unit, one centre or one organisation."""
    return (
        models.Q(centre=None, organisation=None)
        | models.Q(unit=None, organisation=None)
        | models.Q(unit=None, centre=None)
    )


def one_actor() -> models.Q:
    """For a row that is about exactly one of them."""
    return (
        models.Q(unit__isnull=False, centre=None, organisation=None)
        | models.Q(unit=None, centre__isnull=False, organisation=None)
        | models.Q(unit=None, centre=None, organisation__isnull=False)
    )


def with_key(saving: dict[str, Any], field: str, key: str) -> dict[str, Any]:
    """Arguments to `save()`: a sorting key is written whenever what it is made of is."""
    named = saving.get("update_fields")
    return saving if named is None or field not in named else {**saving, "update_fields": {*named, key}}


class ActorQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Everybody who works in a municipality sees its actors: that is what «Folk og lag» is for."""
        return self.filter(municipality__in=access_of(user).municipality_ids)


class Actor(Edited):
    """What units, centres and organisations have in common."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    name = models.CharField(_("navn"), max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    about = models.TextField(_("om"), max_length=1000, blank=True)
    areas = ArrayField(
        models.CharField(max_length=20, choices=Area), verbose_name=_("områder"), default=list, blank=True
    )
    # The actor's own, where there is one: a switchboard, a shared mailbox.
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    website = models.URLField(_("nettside"), blank=True)
    street = models.CharField(_("gateadresse"), max_length=120, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=4, blank=True)
    post_town = models.CharField(_("poststed"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)
    ended_at = models.DateTimeField(_("avsluttet"), null=True, blank=True)

    objects = ActorQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("name_key", "pk")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                name="%(class)s_postal_code_is_four_digits",
                condition=models.Q(postal_code="") | models.Q(postal_code__regex=r"^[0-9]{4}$"),
                violation_error_message=_("Et postnummer har fire sifre."),
            ),
        )
        indexes = (models.Index("municipality", "name_key", name="%(class)s_by_name"),)

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.name_key = sort_key(self.name)
        super().save(**with_key(kwargs, "name", "name_key"))


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
            *Actor.Meta.constraints,
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
    # The conditions of the state's grant, as the centre itself answers them; None: not answered.
    has_advisory_body = models.BooleanField(_("rådgivende organ med frivillige"), null=True, blank=True)
    has_own_accounts = models.BooleanField(_("eget regnskap og årsmelding"), null=True, blank=True)
    has_premises = models.BooleanField(_("egnede lokaler"), null=True, blank=True)
    has_full_position = models.BooleanField(_("minst ett årsverk"), null=True, blank=True)
    has_local_funding = models.BooleanField(_("minst 40 prosent lokal finansiering"), null=True, blank=True)

    class Meta(Actor.Meta):
        verbose_name = _("frivilligsentral")
        verbose_name_plural = _("frivilligsentraler")
        constraints = (
            *Actor.Meta.constraints,
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


class OrganisationKind(models.TextChoices):
    ASSOCIATION = "association", _("Lag eller forening")
    FOUNDATION = "foundation", _("Stiftelse")
    CONGREGATION = "congregation", _("Menighet eller trossamfunn")
    BUSINESS = "business", _("Næringsliv")
    PUBLIC = "public", _("Offentlig")
    GROUP = "group", _("Gruppe uten organisasjonsnummer")


class RegisterState(models.TextChoices):
    """What the register said last. Advice to whoever opens the page, never a wall."""

    UNKNOWN = "", _("Ikke sjekket")
    ACTIVE = "active", _("Registrert")
    DELETED = "deleted", _("Slettet i registeret")
    BANKRUPT = "bankrupt", _("Konkurs")
    DISSOLVING = "dissolving", _("Under avvikling")
    NOT_FOUND = "not_found", _("Finnes ikke i registeret")


class Organisation(Actor):
    """A club, an association, a business. The unregistered count too: the number may be missing."""

    kind = models.CharField(
        _("slag"), max_length=12, choices=OrganisationKind, default=OrganisationKind.ASSOCIATION
    )
    # A code of the voluntary register's classification (partnerships.icnpo has the words).
    icnpo = models.CharField(_("kategori"), max_length=6, blank=True)
    language = models.CharField(
        _("målform"), max_length=2, choices=[("nb", "Bokmål"), ("nn", "Nynorsk")], default="nb"
    )
    # «Slik er vi»: in their own words, for those who are about to work with them.
    values = models.TextField(_("det vi står for"), max_length=1000, blank=True)
    decision_path = models.TextField(_("slik bestemmer vi"), max_length=1000, blank=True)
    pace = models.TextField(_("tempoet vårt"), max_length=1000, blank=True)
    register_state = models.CharField(
        _("i registeret"), max_length=10, choices=RegisterState, default=RegisterState.UNKNOWN, blank=True
    )
    register_checked_at = models.DateTimeField(_("sjekket"), null=True, blank=True)
    imported_by = models.ForeignKey(
        "partnerships.ActorImport",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="organisations",
    )

    number = models.CharField(  # noqa: DJ001 - unknown numbers must not collide
        _("organisasjonsnummer"), max_length=9, null=True, blank=True
    )

    class Meta(Actor.Meta):
        verbose_name = _("organisasjon")
        verbose_name_plural = _("organisasjoner")
        constraints = (
            *Actor.Meta.constraints,
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
