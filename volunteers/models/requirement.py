"""What a volunteer must have: what she has, who let her off, and the facts of the police certificate."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models import Organisation, Person, RequirementKind, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from volunteers.models.volunteer import OfVolunteer, Volunteer


class MetBy(models.TextChoices):
    AGREEMENT = "agreement", _("Signert her")
    COURSE = "course", _("Kurs her")
    SHOWN = "shown", _("Vist fram")
    REGISTERED = "registered", _("Registrert: hadde det fra før")


class VolunteerRequirement(models.Model):
    """Of a kind, other than the police certificate: asked for, in order, and for how long.

    What she lacks is no row: it is what her offers ask for and this does not have (selectors/requirement.py).
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="requirements")
    kind = models.ForeignKey(RequirementKind, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("bedt om"), null=True, blank=True)
    met_on = models.DateField(_("i orden"), null=True, blank=True)
    met_by = models.CharField(_("hvordan"), max_length=10, choices=MetBy, blank=True)
    # The last day it holds; empty: it lasts.
    holds_to = models.DateField(_("gjelder til"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("krav til en frivillig")
        verbose_name_plural = _("krav til frivillige")
        constraints = (
            models.UniqueConstraint(name="volunteer_requirement_once", fields=("volunteer", "kind")),
            models.CheckConstraint(
                name="volunteer_requirement_met_whole",
                condition=Q(met_on=None, met_by="", holds_to=None) | Q(met_on__isnull=False) & ~Q(met_by=""),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "holds_to"),
                name="volunteer_requirement_ending",
                condition=Q(holds_to__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"VolunteerRequirement {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class Exemption(models.Model):
    """Somebody let her off for a while: who, why and until when."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="exemptions")
    kind = models.ForeignKey(RequirementKind, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(
        _("hvorfor"),
        max_length=200,
        help_text=_("Skriv om oppdraget, ikke om helse eller private forhold."),
    )
    until = models.DateField(_("til og med"))
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("gitt"), auto_now_add=True)
    ended_at = models.DateTimeField(_("gjelder ikke lenger"), null=True, blank=True)

    objects = OfVolunteer.as_manager()
    personal_fields: ClassVar[tuple[str, ...]] = ("because",)

    class Meta:
        verbose_name = _("unntak")
        verbose_name_plural = _("unntak")
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(
                name="exemption_once",
                fields=("volunteer", "kind"),
                condition=Q(ended_at=None),
                violation_error_message=_("Unntaket er allerede gitt."),
            ),
        )

    def __str__(self) -> str:
        return f"Exemption {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class PoliceOutcome(models.TextChoices):
    """Facts only (product.md § 5.1). There is no word here for what stands on it."""

    NOT_REQUIRED = "not_required", _("Ikke krevd")
    ASKED = "asked", _("Bedt om")
    SHOWN = "shown", _("Vist – i orden")
    NOT_SHOWN = "not_shown", _("Ikke vist")
    OUTSIDE = "outside", _("Avklares utenfor portalen")


class PoliceBasis(models.TextChoices):
    """The law it is asked for by; which ones reads from reference.md § 5.4."""

    HEALTH_AND_CARE = "health_and_care", _("helse- og omsorgstjenesteloven § 5-4")
    VOLUNTARY = "voluntary", _("politiregisterloven § 39 (frivillig organisasjon)")
    KINDERGARTEN = "kindergarten", _("barnehageloven § 30")
    SCHOOL = "school", _("opplæringslova")
    CHILD_WELFARE = "child_welfare", _("barnevernsloven")


class PoliceFactQuerySet(models.QuerySet["PoliceFact"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Two roles and herself: the coordinator for the municipality's own; in a centre or an organisation
        only whoever is named as responsible for it."""
        if not user.is_authenticated:
            return self.none()
        kept = Person.objects.reached_by(user, Permission.POLICE_FACT)
        municipal = Q(
            volunteer__person__controller_organisation=None, volunteer__person__controller_centre=None
        )
        named = PoliceResponsible.objects.filter(user=user, ended_at=None)
        return self.filter(
            Q(volunteer__person__user=user)
            | Q(volunteer__person__in=kept)
            & (
                municipal
                | Q(volunteer__person__controller_organisation__in=named.values("organisation"))
                | Q(volunteer__person__controller_centre__in=named.values("centre"))
            )
        )


class PoliceFact(models.Model):
    """That it was shown, when and to whom. No file, no text: she keeps the paper. Deleted with the role."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="police_fact")
    outcome = models.CharField(_("status"), max_length=12, choices=PoliceOutcome)
    basis = models.CharField(_("hjemmel"), max_length=15, choices=PoliceBasis, blank=True)
    asked_on = models.DateField(_("bedt om"), null=True, blank=True)
    issued_on = models.DateField(_("utstedt"), null=True, blank=True)
    shown_on = models.DateField(_("vist"), null=True, blank=True)
    shown_to = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("vist til")
    )
    renew_by = models.DateField(_("fornyes innen"), null=True, blank=True)

    objects = PoliceFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("politiattest")
        verbose_name_plural = _("politiattester")
        constraints = (
            models.CheckConstraint(
                name="police_fact_shown_has_day",
                condition=Q(outcome="shown", shown_on__isnull=False)
                | (~Q(outcome="shown") & Q(shown_on=None, issued_on=None, shown_to=None)),
                violation_error_message=_("Skriv hvilken dag den ble vist."),
            ),
            models.CheckConstraint(
                name="police_fact_asked_on_a_ground",
                condition=Q(outcome="not_required") | ~Q(basis=""),
                violation_error_message=_("Velg hvilken lov den kreves etter."),
            ),
        )

    def __str__(self) -> str:
        return f"PoliceFact {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class PoliceResponsible(models.Model):
    """The one who handles police certificates for a centre or an organisation, and her deputy."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    is_deputy = models.BooleanField(_("vara"), default=False)
    named_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("ansvarlig for politiattester")
        verbose_name_plural = _("ansvarlige for politiattester")
        constraints = (
            models.CheckConstraint(
                name="police_responsible_of_one",
                condition=Q(centre=None, organisation__isnull=False)
                | Q(centre__isnull=False, organisation=None),
            ),
            models.UniqueConstraint(
                name="police_responsible_once",
                fields=("centre", "organisation", "is_deputy"),
                condition=Q(ended_at=None),
                nulls_distinct=False,
                violation_error_message=_("Det er én ansvarlig og én vara."),
            ),
        )

    def __str__(self) -> str:
        return f"PoliceResponsible {self.pk}"

    def owned_by(self) -> Own:
        return Own(
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )
