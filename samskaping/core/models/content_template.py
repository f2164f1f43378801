"""Texts as data: checklists, letters, agreements, question sets, pages (architecture § 3.14)."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class ContentKind(models.TextChoices):
    PAGE = "page", _("Side")
    CHECKLIST = "checklist", _("Sjekkliste")
    QUESTION_SET = "question_set", _("Spørsmålssett")
    LETTER = "letter", _("Brev")
    AGREEMENT = "agreement", _("Avtaletekst")
    OFFER = "offer", _("Tilbudsmal")
    PARTNERSHIP = "partnership", _("Samarbeidsmal")
    TASK_CHECK = "task_check", _("Kan frivillige gjøre dette?")
    RESPONSIBILITY = "responsibility", _("Ansvarskart")
    LAW_REFERENCE = "law_reference", _("Lovhenvisning")


class ContentTemplate(models.Model):
    """One version of one text, ours (no municipality) or a municipality's own copy.

    `texts` is {"nb": {"title": …, "body": …}, "nn": …, "en": …}; bodies are Markdown.
    `data` holds what is not prose: the points of a checklist, the questions of a set.
    """

    key = models.SlugField(_("nøkkel"), max_length=80)
    kind = models.CharField(_("slag"), max_length=20, choices=ContentKind)
    version = models.PositiveIntegerField(_("versjon"), default=1)
    municipality = models.ForeignKey(
        "core.Municipality",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="content_templates",
        verbose_name=_("kommune"),
        help_text=_("Tom når teksten er vår felles."),
    )
    based_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("bygger på"),
    )
    texts = models.JSONField(_("tekster"))
    data = models.JSONField(_("innhold"), default=dict, blank=True)
    created_at = models.DateTimeField(_("laget"), auto_now_add=True)
    first_used_at = models.DateTimeField(_("tatt i bruk"), null=True, blank=True)

    class Meta:
        verbose_name = _("tekst")
        verbose_name_plural = _("tekster")
        ordering = ("kind", "key", "-version")
        constraints = (
            models.UniqueConstraint(
                name="content_template_one_row_per_version",
                fields=("key", "municipality", "version"),
                nulls_distinct=False,
                violation_error_message=_("Denne versjonen av teksten finnes allerede."),
            ),
            models.CheckConstraint(
                name="content_template_has_bokmal",
                condition=models.Q(texts__nb__title__isnull=False),
                violation_error_message=_("Teksten må finnes på bokmål."),
            ),
        )
        triggers = (
            # What somebody has signed, answered or read stays as it was; a change is a new version.
            pgtrigger.Protect(
                name="content_template_used_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__first_used_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def text(self, language: str | None = None) -> dict[str, Any]:
        """Title and body in the language asked for, else in bokmål, with the language they are in."""
        wanted = language or get_language() or "nb"
        chosen = wanted if wanted in self.texts else "nb"
        return {**self.texts[chosen], "language": chosen}
