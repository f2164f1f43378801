"""«Kan frivillige gjøre dette?»: five plain questions, an outcome, and what has to be agreed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.partnership import Partnership, UnderPartnership
from partnerships.models.requirement import RequirementKind
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, Municipality


class TaskVariant(models.TextChoices):
    """Questions that come in addition."""

    TRANSPORT = "transport", _("Skyss")
    CHILDREN = "children", _("Med barn og unge")
    ALONE = "alone", _("Alene med én person")
    NIGHT = "night", _("Om natta")


class TaskOutcome(models.TextChoices):
    YES = "yes", _("Ja")
    YES_WHEN_AGREED = "yes_when_agreed", _("Ja, når dette er avtalt")
    CLARIFY_FIRST = "clarify_first", _("Avklar først")
    MUNICIPAL = "municipal", _("Dette er kommunens oppgave")


class TaskCheck(models.Model):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="task_checks")
    task = models.CharField(_("oppgaven"), max_length=200)
    variants = ArrayField(
        models.CharField(max_length=10, choices=TaskVariant),
        verbose_name=_("gjelder også"),
        default=list,
        blank=True,
    )
    # The very version of the questions that was answered, and the answers by the questions' keys.
    questions = models.ForeignKey(ContentTemplate, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(_("svar"), default=dict)
    outcome = models.CharField(_("utfall"), max_length=15, choices=TaskOutcome)
    clarify_with = models.CharField(_("avklares med"), max_length=150, blank=True)
    # As they came out of the answers, and as people adjusted them.
    requirements = models.ManyToManyField(
        RequirementKind, through="TaskRequirement", related_name="+", verbose_name=_("krav")
    )
    conditions = ArrayField(
        models.CharField(max_length=300), verbose_name=_("dette skal stå i avtalen"), default=list, blank=True
    )
    changed_because = models.CharField(_("hvorfor endret"), max_length=300, blank=True)
    ground = models.CharField(_("begrunnelse"), max_length=500, blank=True)
    law = ArrayField(
        models.SlugField(max_length=80), verbose_name=_("lovhenvisninger"), default=list, blank=True
    )
    decided_by = models.CharField(
        _("avgjort av"), max_length=150, help_text=_("Stilling eller utvalg. Skriv ikke navn.")
    )
    noted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_on = models.DateField(_("avgjort"))
    look_again_on = models.DateField(_("ses på igjen"), null=True, blank=True)
    # A later check of the same task takes this one's place.
    replaced_by = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UnderPartnership.as_manager()

    class Meta:
        verbose_name = _("kan frivillige gjøre dette?")
        verbose_name_plural = _("kan frivillige gjøre dette?")
        ordering = ("-decided_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="task_check_clarify_says_with_whom",
                condition=~Q(outcome="clarify_first") | ~Q(clarify_with=""),
                violation_error_message=_("Skriv hvem dere avklarer det med."),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "look_again_on"),
                name="task_check_to_look_again",
                condition=Q(replaced_by=None, look_again_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.task

    def owned_by(self) -> Own:
        return self.partnership.owned_by()


class TaskRequirement(models.Model):
    """One requirement of one check."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    task_check = models.ForeignKey(TaskCheck, on_delete=models.CASCADE, related_name="required")
    kind = models.ForeignKey(
        RequirementKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("krav")
    )

    class Meta:
        verbose_name = _("krav til oppgaven")
        verbose_name_plural = _("krav til oppgaven")
        constraints = (
            models.UniqueConstraint(
                name="task_requirement_once",
                fields=("task_check", "kind"),
                violation_error_message=_("Kravet er allerede med."),
            ),
        )

    def __str__(self) -> str:
        return f"TaskRequirement {self.pk}"
