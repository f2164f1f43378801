"""The tenant and where it lies."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from samskaping.core.text import sort_key


class LanguageForm(models.TextChoices):
    """What the municipality writes in; «nøytral» means it takes both."""

    BOKMAL = "nb", _("Bokmål")
    NYNORSK = "nn", _("Nynorsk")
    NEUTRAL = "neutral", _("Nøytral")


class County(models.Model):
    number = models.CharField(_("fylkesnummer"), max_length=2, unique=True)
    name = models.CharField(_("navn"), max_length=100)

    class Meta:
        verbose_name = _("fylke")
        verbose_name_plural = _("fylker")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    number = models.CharField(_("kommunenummer"), max_length=4, unique=True)
    name = models.CharField(_("navn"), max_length=100)
    # Collation C: sort_key is made to be compared byte by byte, whatever language the server speaks.
    name_key = models.CharField(max_length=100, editable=False, db_collation="C")
    county = models.ForeignKey(
        County, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("fylke")
    )
    language_form = models.CharField(_("målform"), max_length=10, choices=LanguageForm)
    population = models.PositiveIntegerField(_("innbyggere"))
    centrality = models.PositiveSmallIntegerField(_("sentralitet"))
    is_demo = models.BooleanField(_("oppdiktet"), default=False)

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering = ("name_key", "number")
        constraints = (
            models.CheckConstraint(
                name="municipality_number_is_four_digits",
                condition=models.Q(number__regex=r"^[0-9]{4}$"),
                violation_error_message=_("Et kommunenummer har fire sifre."),
            ),
            models.CheckConstraint(
                name="municipality_centrality_is_one_to_six",
                condition=models.Q(centrality__range=(1, 6)),
                violation_error_message=_("Sentralitet går fra 1 til 6."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.name_key = sort_key(self.name)
        super().save(**kwargs)

    @property
    def names(self) -> list[str]:
        """Each of the official names: a municipality can have one in Sámi and one in Kven beside."""
        return self.name.split(" - ")

    @property
    def language(self) -> str:
        """The language a letter is written in when nobody chose another."""
        return "nn" if self.language_form == LanguageForm.NYNORSK else "nb"
