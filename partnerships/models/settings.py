"""What a municipality has decided for itself: words, contact point, links, modules, sign-in."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.core.models import Municipality, StoredFile


class SettingsQuerySet(models.QuerySet["MunicipalitySettings"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(municipality__in=access_of(user).municipality_ids)


class MunicipalitySettings(Edited):
    """One row per municipality that uses the portal: having it is what «in use» means."""

    # The contact point may be one person's name, address and number at work; so may the archive's address.
    personal_fields: ClassVar[tuple[str, ...]] = (
        "contact_name",
        "contact_email",
        "contact_phone",
        "archive_email",
    )

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, related_name="settings", verbose_name=_("kommune")
    )
    display_name = models.CharField(
        _("navn slik det vises"), max_length=100, blank=True, help_text=_("For eksempel «Fjordvik kommune».")
    )
    language = models.CharField(
        _("språk i brev og meldinger"),
        max_length=2,
        choices=[("nb", "Bokmål"), ("nn", "Nynorsk")],
        default="nb",
    )
    logo = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    contact_name = models.CharField(_("kontaktpunkt"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-post"), blank=True)
    contact_phone = models.CharField(_("telefon"), max_length=20, blank=True)
    # What somebody who writes from the public pages is promised.
    reply_days = models.PositiveSmallIntegerField(
        _("svarer innen så mange arbeidsdager"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("Det vi lover den som stiller et spørsmål, vil bli frivillig eller sender en idé."),
    )
    archive_email = models.EmailField(
        _("arkivets e-post"),
        blank=True,
        help_text=_(
            "Hit sender vi hver dag et avtrykk av det som er signert. Med det kan dere vise at ingen har "
            "endret noe etterpå, heller ikke vi."
        ),
    )
    accessibility_statement_url = models.URLField(_("lenke til tilgjengelighetserklæring"), blank=True)
    whistleblowing_url = models.URLField(_("lenke til varsling"), blank=True)
    deviation_url = models.URLField(_("lenke til avvik"), blank=True)
    concern_url = models.URLField(_("lenke til bekymringsmelding"), blank=True)
    # {"role.coordinator": "samskapingskoordinator", "level.1": "Forankring"}: own words, ours where empty.
    words = models.JSONField(_("egne ord"), default=dict, blank=True)
    modules = models.JSONField(_("moduler"), default=dict, blank=True)
    login_domain = models.CharField(
        _("e-postdomene for arbeidskonto"),
        max_length=100,
        blank=True,
        help_text=_(
            "Ansatte med adresse her kan logge inn med arbeidskontoen, for eksempel «fjordvik.example»."
        ),
    )

    objects = SettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("innstillinger")
        verbose_name_plural = _("innstillinger")

    def __str__(self) -> str:
        return self.display_name or self.municipality.name

    def owned_by(self) -> Own:
        return Own()
