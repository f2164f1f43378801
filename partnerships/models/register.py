"""What the public registers say, kept so that no page waits for them."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import with_key
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.text import sort_key


class RegisteredQuerySet(models.QuerySet["RegisteredOrganisation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(municipality__in=access_of(user).municipality_ids)


class RegisteredOrganisation(models.Model):
    """One organisation registered in the municipality: a line to tick off, not yet somebody we know."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(_("organisasjonsnummer"), max_length=9)
    name = models.CharField(_("navn"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    form_code = models.CharField(max_length=6, blank=True)
    icnpo = models.CharField(max_length=6, blank=True)
    post_town = models.CharField(_("poststed"), max_length=60, blank=True)
    in_voluntary_register = models.BooleanField(default=False)
    # As the register gave it, for filling in an organisation that is ticked off; without roles and people.
    details = models.JSONField(default=dict)
    fetched_at = models.DateTimeField(_("hentet"))

    objects = RegisteredQuerySet.as_manager()

    class Meta:
        verbose_name = _("registrert organisasjon")
        verbose_name_plural = _("registrerte organisasjoner")
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(name="registered_organisation_once", fields=("municipality", "number")),
        )
        indexes = (models.Index(fields=("municipality", "name_key"), name="registered_by_name"),)

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.name_key = sort_key(self.name)
        super().save(**with_key(kwargs, "name", "name_key"))


class RegisterFetch(models.Model):
    """When the list of a municipality was last asked for, and how it went: shown in plain words."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("spurt"))
    done_at = models.DateTimeField(_("hentet"), null=True, blank=True)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("henting fra registeret")
        verbose_name_plural = _("hentinger fra registeret")

    def __str__(self) -> str:
        return f"RegisterFetch {self.pk}"


class ImportQuerySet(models.QuerySet["ActorImport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A spreadsheet holds people: for those who may take one in."""
        return self.filter(municipality__in=access_of(user).municipalities_all(Permission.ACTOR_EDIT))


class ActorImport(models.Model):
    """One spreadsheet taken in: previewed row by row, saved whole or not at all, undone as one."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("lest"), auto_now_add=True)
    name = models.CharField(_("filnavn"), max_length=150)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # What each column means, as the person chose: {"0": "name", "3": "email"}.
    columns = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("lagret"), null=True, blank=True)
    saved_rows = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(_("angret"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("importer")
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(
                name="import_undone_was_saved",
                condition=models.Q(undone_at=None) | models.Q(saved_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"ActorImport {self.pk}"

    def owned_by(self) -> Own:
        return Own()
