"""A person's rights over what is kept about her: a copy of it, and its end."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.person import Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality, StoredFile


class PersonExport(models.Model):
    """A copy of everything one controller keeps about one person, for whoever asked for it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="exports")
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("bedt om"), auto_now_add=True)
    # Empty until the worker has made it, and again when its days are over.
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("laget"), null=True, blank=True)

    class Meta:
        verbose_name = _("kopi av opplysninger")
        verbose_name_plural = _("kopier av opplysninger")
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"PersonExport {self.pk}"


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those to the ones who answer for the data."""
        people = Person.objects.reached_by(user, Permission.PRIVACY_MANAGE)
        return self.filter(Exists(people.filter(pk=OuterRef("person"))))


class ErasureRequest(models.Model):
    """«Slett opplysningene mine»: answered by doing it, or by a reason, within a month."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="erasure_requests")
    asked_at = models.DateTimeField(_("bedt om"), auto_now_add=True)
    answer_by = models.DateField(_("svar innen"))
    refused_because = models.TextField(_("hvorfor ikke"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ErasureRequestQuerySet.as_manager()
    personal_fields: ClassVar[tuple[str, ...]] = ("refused_because",)

    class Meta:
        verbose_name = _("ønske om sletting")
        verbose_name_plural = _("ønsker om sletting")
        ordering = ("answer_by",)
        constraints = (
            models.UniqueConstraint(
                name="erasure_asked_once",
                fields=("person",),
                condition=Q(answered_at=None),
                violation_error_message=_("Du har allerede bedt om det."),
            ),
            models.CheckConstraint(
                name="erasure_refused_with_reason",
                condition=Q(answered_at=None, refused_because="")
                | Q(answered_at__isnull=False) & ~Q(refused_because=""),
                violation_error_message=_("Skriv hvorfor."),
            ),
        )

    def __str__(self) -> str:
        return f"ErasureRequest {self.pk}"

    def owned_by(self) -> Own:
        return self.person.owned_by()
