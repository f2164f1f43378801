"""What an agreement says while it is written: sections, earlier wordings, and what a side wants otherwise."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement, AgreementParty
from partnerships.access import Own
from partnerships.models.actors import with_key
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


class UnderAgreement(models.QuerySet[Any]):
    """Rows with an `agreement`, seen by whoever sees it."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(agreement__in=Agreement.objects.visible_to(user))


def search_key_of(*texts: str) -> str:
    return " ".join(map(sort_key, texts)).strip()


class AgreementSection(Edited):
    """One heading and its words. The template gives them; from then on they are the parties'.

    Placeholders («{start}») stay in the words until they are frozen, so that a date changed beside them is
    changed in them too.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="sections")
    # The template's name for it, empty where the parties added it themselves.
    key = models.SlugField(max_length=40, blank=True)
    number = models.PositiveSmallIntegerField(_("nummer"))
    heading = models.CharField(_("overskrift"), max_length=120)
    text = models.TextField(_("tekst"), max_length=20_000, blank=True)
    # What a search of the register looks in.
    search_key = models.TextField(editable=False, blank=True)
    # Left out by somebody who says why.
    left_out_because = models.CharField(_("hvorfor punktet er tatt ut"), max_length=300, blank=True)

    objects = UnderAgreement.as_manager()

    class Meta:
        verbose_name = _("punkt i avtalen")
        verbose_name_plural = _("punkter i avtalen")
        ordering = ("agreement", "number")
        constraints = (
            models.UniqueConstraint(
                name="agreement_section_once",
                fields=("agreement", "number"),
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                name="agreement_section_key_once", fields=("agreement", "key"), condition=~Q(key="")
            ),
        )

    def __str__(self) -> str:
        return f"AgreementSection {self.pk}"

    def save(self, **kwargs: Any) -> None:
        self.search_key = search_key_of(self.heading, self.text)
        saving = with_key(with_key(kwargs, "text", "search_key"), "heading", "search_key")
        super().save(**saving)

    def owned_by(self) -> Own:
        return self.agreement.owned_by()


class UnderSection(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(section__in=AgreementSection.objects.visible_to(user))


class SectionWording(models.Model):
    """How a section has been worded, each time: nothing changes in silence."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(AgreementSection, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField(_("versjon"))
    heading = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    left_out_because = models.CharField(max_length=300, blank=True)
    # Whose words they were: the side, and who wrote for it.
    party = models.ForeignKey(AgreementParty, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = UnderSection.as_manager()

    class Meta:
        verbose_name = _("ordlyd")
        verbose_name_plural = _("ordlyder")
        ordering = ("section", "-number")
        constraints = (models.UniqueConstraint(name="section_wording_once", fields=("section", "number")),)

    def __str__(self) -> str:
        return f"SectionWording {self.pk}"


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Venter på svar")
    ACCEPTED = "accepted", _("Tatt inn")
    DECLINED = "declined", _("Ikke tatt inn")
    TAKEN_BACK = "taken_back", _("Trukket tilbake")


class Suggestion(models.Model):
    """Another wording beside the one that stands, until another side takes it in or says why not."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="suggestions")
    # None: a section that is not there yet.
    section = models.ForeignKey(
        AgreementSection, on_delete=models.CASCADE, null=True, blank=True, related_name="suggestions"
    )
    # The section's version it was written against.
    against = models.PositiveIntegerField(default=0)
    heading = models.CharField(_("overskrift"), max_length=120)
    text = models.TextField(_("slik vil vi ha det"), max_length=20_000, blank=True)
    comment = models.TextField(_("hvorfor"), max_length=1000, blank=True)
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(
        _("status"), max_length=10, choices=SuggestionState, default=SuggestionState.OPEN
    )
    answer = models.TextField(_("svar"), max_length=1000, blank=True)
    answered_party = models.ForeignKey(
        AgreementParty, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)

    objects = UnderAgreement.as_manager()

    class Meta:
        verbose_name = _("forslag til ordlyd")
        verbose_name_plural = _("forslag til ordlyd")
        ordering = ("agreement", "at", "pk")
        constraints = (
            models.CheckConstraint(
                name="suggestion_answered_whole",
                condition=Q(state="open", answered_at=None) | ~Q(state="open") & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_declined_says_why",
                condition=~Q(state="declined") | ~Q(answer=""),
                violation_error_message=_("Skriv hvorfor dere ikke tar det inn."),
            ),
        )
        indexes = (models.Index(fields=("agreement",), name="suggestion_open", condition=Q(state="open")),)

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"

    def owned_by(self) -> Own:
        return self.agreement.owned_by()


class SkippedGap(models.Model):
    """Something the draft has no value for, and somebody says why that is right."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="skipped")
    # A placeholder's name, or a section's key.
    name = models.CharField(max_length=40)
    because = models.CharField(_("hvorfor"), max_length=300)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = UnderAgreement.as_manager()

    class Meta:
        verbose_name = _("tomt felt i avtalen")
        verbose_name_plural = _("tomme felter i avtalen")
        constraints = (models.UniqueConstraint(name="skipped_gap_once", fields=("agreement", "name")),)

    def __str__(self) -> str:
        return f"SkippedGap {self.pk}"
