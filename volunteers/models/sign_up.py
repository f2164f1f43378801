"""Somebody we do not know yet: a question, an interest, or a sign-up, from the public pages."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models import Organisation, VolunteerCentre
from partnerships.models.areas import Area
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.models.one_time_code import new_nonce
from volunteers.models.assignment import Opening
from volunteers.models.volunteer import HowMuch, Volunteer, WhenFree


class SignUpKind(models.TextChoices):
    QUESTION = "question", _("Spørsmål")
    INTEREST = "interest", _("Vil gjerne høre mer")
    AT_ONCE = "at_once", _("Melder seg på")


class SignUpOutcome(models.TextChoices):
    """What came of it, beside the words of the answer."""

    ANSWERED = "answered", _("Besvart")
    TAKEN_IN = "taken_in", _("Tatt inn")
    NOT_NOW = "not_now", _("Ble ikke aktuelt")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever keeps the volunteers it is for; what was not confirmed is nobody's."""
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        own = access.own(Permission.VOLUNTEER_CONTACT)
        municipal = Q(organisation=None, centre=None)
        everywhere = access.municipalities_all(Permission.VOLUNTEER_CONTACT)
        return self.filter(
            (municipal & Q(municipality__in=everywhere))
            | Q(organisation__in=own.organisation_ids)
            | Q(centre__in=own.centre_ids)
        ).exclude(kind=SignUpKind.AT_ONCE, confirmed_at=None)

    def waiting(self) -> Self:
        return self.filter(answered_at=None).exclude(kind=SignUpKind.AT_ONCE, confirmed_at=None)


class SignUp(models.Model):
    """Becomes a volunteer when somebody takes her in, or by her code where the task is light.

    Those that led nowhere go after the days for applicants.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "words")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    # Who answers, and keeps her if she comes: none of them is the municipality.
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("slag"), max_length=8, choices=SignUpKind)
    opening = models.ForeignKey(
        Opening, on_delete=models.SET_NULL, null=True, blank=True, related_name="sign_ups"
    )
    name = models.CharField(_("navn"), max_length=120)
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    language = models.CharField(
        _("språk"),
        max_length=2,
        choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
        default="nb",
    )
    words = models.CharField(_("spørsmål eller noen ord"), max_length=500, blank=True)
    interests = ArrayField(
        models.CharField(max_length=20, choices=Area), verbose_name=_("interesser"), default=list, blank=True
    )
    how_much = models.CharField(_("hvor mye"), max_length=9, choices=HowMuch, blank=True)
    free = ArrayField(
        models.CharField(max_length=7, choices=WhenFree),
        verbose_name=_("når det passer"),
        default=list,
        blank=True,
    )
    under_18 = models.BooleanField(_("er under 18"), default=False)
    # What the link in her message is made of.
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    at = models.DateTimeField(_("meldt"), auto_now_add=True)
    # Her code showed that the address is hers.
    confirmed_at = models.DateTimeField(_("bekreftet"), null=True, blank=True)
    # The answer she was promised by.
    reply_by = models.DateField(_("svar innen"))
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField(_("svar"), max_length=1000, blank=True)
    outcome = models.CharField(_("hva det ble til"), max_length=8, choices=SignUpOutcome, blank=True)
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.SET_NULL, null=True, blank=True, related_name="sign_ups"
    )

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("henvendelse")
        verbose_name_plural = _("henvendelser")
        ordering = ("reply_by", "pk")
        constraints = (
            models.CheckConstraint(
                name="sign_up_can_be_answered",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message=_("Skriv en e-postadresse eller et telefonnummer."),
            ),
            models.CheckConstraint(
                name="sign_up_answered_whole",
                condition=Q(answered_at=None, outcome="") | (Q(answered_at__isnull=False) & ~Q(outcome="")),
                violation_error_message=_("Et svar sier hva det ble til."),
            ),
            models.CheckConstraint(name="sign_up_for_one", condition=Q(centre=None) | Q(organisation=None)),
        )
        indexes = (
            models.Index(
                fields=("municipality", "reply_by"),
                name="sign_up_to_answer",
                condition=Q(answered_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"SignUp {self.pk}"

    def owned_by(self) -> Own:
        return Own(
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )
