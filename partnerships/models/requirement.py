"""What somebody must have or have done before a task: kinds, ours or a municipality's own."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class RequirementKindQuerySet(models.QuerySet["RequirementKind"]):
    def for_municipality(self, municipality: Municipality) -> Self:
        """Ours and its own, those in use."""
        return self.filter(Q(municipality=None) | Q(municipality=municipality), ended_at=None)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Ours, for whoever works somewhere, and those of where she works."""
        here = access_of(user).municipality_ids
        return self.filter(Q(municipality=None) | Q(municipality__in=here)) if here else self.none()


class RequirementKind(Edited):
    """«taushetserklæring», «politiattest», «førerkort» … `key` is what code and templates name."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    key = models.SlugField(max_length=60)
    names = models.JSONField(_("navn"))  # {"nb": …, "nn": …, "en": …}
    about = models.JSONField(_("om kravet"), default=dict, blank=True)
    # After how many months it has to be renewed; None: it lasts.
    renew_months = models.PositiveSmallIntegerField(_("fornyes etter (måneder)"), null=True, blank=True)
    # Only the fact, only to the two roles, deleted with the role (product.md § 5.1).
    is_police_certificate = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RequirementKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("krav")
        verbose_name_plural = _("krav")
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint(
                name="requirement_kind_once",
                fields=("municipality", "key"),
                nulls_distinct=False,
                violation_error_message=_("Kravet finnes allerede."),
            ),
            models.CheckConstraint(
                name="requirement_kind_has_bokmal",
                condition=Q(names__nb__isnull=False),
                violation_error_message=_("Kravet må ha et navn på bokmål."),
            ),
        )

    def __str__(self) -> str:
        return str(self.names.get(get_language() or "nb") or self.names["nb"])

    def owned_by(self) -> Own:
        return Own()
