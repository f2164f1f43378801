"""An idea, from anyone: a person to ask and a day for the answer, from the first minute."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.areas import Area
from partnerships.models.codesign import CodesignProcess
from partnerships.models.membership import Membership
from partnerships.models.partnership import Partnership
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.models.one_time_code import new_nonce


class InitiativeState(models.TextChoices):
    NEW = "new", _("Ny")
    ANSWERED = "answered", _("Besvart")
    YES = "yes", _("Ja, gjør det")
    BECAME = "became", _("Ble noe mer")
    NO = "no", _("Ikke nå")


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those who start partnerships for the whole municipality, and whoever it was given to."""
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        everywhere = access.municipalities_all(Permission.PARTNERSHIP_EDIT)
        return self.filter(Q(municipality__in=everywhere) | Q(holder__in=[m.pk for m in access.memberships]))

    def waiting(self) -> Self:
        return self.filter(state=InitiativeState.NEW)


class Initiative(models.Model):
    """«idé». Whoever sent it may be reached, and is told; who it was stands nowhere else."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "text", "answer")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("ideen i én setning"), max_length=150)
    text = models.TextField(_("litt mer om den"), max_length=2000, blank=True)
    areas_words = models.CharField(_("hvor i kommunen"), max_length=120, blank=True)
    area = models.CharField(_("område"), max_length=20, choices=Area, blank=True)
    name = models.CharField(_("navn"), max_length=120, blank=True)
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    language = models.CharField(
        _("språk"),
        max_length=2,
        choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
        default="nb",
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    given_at = models.DateTimeField(_("sendt"), auto_now_add=True)
    reply_by = models.DateField(_("svar innen"))
    # Who answers.
    holder = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("svarer"),
    )
    state = models.CharField(_("status"), max_length=8, choices=InitiativeState, default=InitiativeState.NEW)
    answer = models.TextField(_("svar"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.SET_NULL, null=True, blank=True, related_name="initiatives"
    )
    process = models.ForeignKey(
        CodesignProcess, on_delete=models.SET_NULL, null=True, blank=True, related_name="initiatives"
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("idé")
        verbose_name_plural = _("ideer")
        ordering = ("reply_by", "pk")
        constraints = (
            models.CheckConstraint(
                name="initiative_answered_whole",
                condition=Q(state="new", answered_at=None) | (~Q(state="new") & Q(answered_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "reply_by"), name="initiative_to_answer", condition=Q(state="new")
            ),
        )

    def __str__(self) -> str:
        return f"Initiative {self.pk}"

    def owned_by(self) -> Own:
        return Own()
