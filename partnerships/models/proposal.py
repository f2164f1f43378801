"""«Innspill»: every input is answered with a reason, and the giver is told in her channel."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.codesign import CodesignProcess, UnderProcess
from partnerships.models.edited import Edited
from partnerships.models.participant import Participant
from partnerships.models.person import Person
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class GivenBy(models.TextChoices):
    PORTAL = "portal", _("Skrevet her")
    PHONE = "phone", _("På telefon")
    PAPER = "paper", _("Fra en lapp")


class ProposalOutcome(models.TextChoices):
    TAKEN_IN = "taken_in", _("Tatt inn")
    PARTLY = "partly", _("Delvis tatt inn")
    NOT_NOW = "not_now", _("Ikke nå")
    NOT_OURS = "not_our_mandate", _("Ikke vårt å bestemme")


class ProposalGroup(models.Model):
    """Proposals about the same."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="proposal_groups")
    title = models.CharField(_("tema"), max_length=100)

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("tema for innspill")
        verbose_name_plural = _("temaer for innspill")
        ordering = ("title", "pk")
        constraints = (
            models.UniqueConstraint(
                name="proposal_group_once",
                fields=("process", "title"),
                violation_error_message=_("Temaet finnes allerede."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def owned_by(self) -> Own:
        return self.process.owned_by()


class Proposal(Edited):
    """Her own words, and the answer. Nobody: typed from paper notes, where nobody is named."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="proposals")
    group = models.ForeignKey(
        ProposalGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("tema"),
    )
    text = models.TextField(_("innspill"), max_length=20_000)
    given_by = models.CharField(_("kom inn"), max_length=6, choices=GivenBy, default=GivenBy.PORTAL)
    participant = models.ForeignKey(
        Participant,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("fra"),
    )
    # Who wrote it down for her.
    entered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("gitt"), auto_now_add=True)
    outcome = models.CharField(_("svar"), max_length=15, choices=ProposalOutcome, blank=True)
    reason = models.TextField(_("begrunnelse"), max_length=3000, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    answer_by = models.DateField(_("svar innen"))
    # How many times it has climbed unanswered, and when it last did.
    climbed = models.PositiveSmallIntegerField(_("løftet"), default=0)
    climbed_at = models.DateTimeField(null=True, blank=True)

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("innspill")
        verbose_name_plural = _("innspill")
        ordering = ("-given_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="proposal_answer_has_a_reason",
                condition=Q(outcome="", reason="", answered_at=None)
                | (~Q(outcome="") & ~Q(reason="") & Q(answered_at__isnull=False)),
                violation_error_message=_("Et svar må ha en begrunnelse."),
            ),
            models.CheckConstraint(
                name="proposal_climbed_has_time",
                condition=Q(climbed=0, climbed_at=None) | Q(climbed__gt=0, climbed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("process", "-given_at"), name="proposal_by_process"),
            models.Index(
                fields=("municipality", "answer_by"),
                name="proposal_unanswered",
                condition=Q(answered_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"Proposal {self.pk}"

    def owned_by(self) -> Own:
        return self.process.owned_by()


class ProposalSupport(models.Model):
    """«Jeg støtter dette», once each."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="support")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("støtte")
        verbose_name_plural = _("støtte")
        constraints = (
            models.UniqueConstraint(name="proposal_support_once", fields=("proposal", "participant")),
        )

    def __str__(self) -> str:
        return f"ProposalSupport {self.pk}"


class ProposalComment(models.Model):
    """The talk under a proposal. Taken away by whoever wrote it, or by the convener."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("kommentar"), max_length=2000)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet av")
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("kommentar til innspill")
        verbose_name_plural = _("kommentarer til innspill")
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("proposal", "at"), name="proposal_comment_by_time"),)

    def __str__(self) -> str:
        return f"ProposalComment {self.pk}"
