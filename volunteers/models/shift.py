"""Who comes to a time of an offer, and the hours that come of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models import Occurrence, Offer, Unit
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from volunteers.models.errand import Errand
from volunteers.models.volunteer import OfVolunteer, Volunteer


class ShiftState(models.TextChoices):
    ASKED = "asked", _("Spurt")
    COMING = "coming", _("Kommer")
    WAITING = "waiting", _("På venteliste")
    CANNOT = "cannot", _("Kan ikke")
    CAME = "came", _("Var der")
    ABSENT = "absent", _("Kom ikke")


# Hours are of an offer, or of a unit that asked for one volunteer.
OF_ONE = Q(offer__isnull=False, unit=None) | Q(offer=None, unit__isnull=False)

# Those who fill a place.
IN_PLACE = (ShiftState.COMING, ShiftState.CAME)


class Shift(models.Model):
    """Her place at an occurrence. How many may come is counted under a lock on the occurrence."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="shifts")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="shifts")
    state = models.CharField(_("status"), max_length=7, choices=ShiftState)
    # The order of the waiting list.
    since = models.DateTimeField(_("siden"))
    # She would like somebody else to take it; it is hers until somebody does.
    offered_at = models.DateTimeField(_("ber noen ta over"), null=True, blank=True)
    # «Kan du fortsatt?» was answered.
    confirmed_at = models.DateTimeField(_("bekreftet"), null=True, blank=True)
    # When a place became hers because somebody else's was free: she is told.
    moved_up_at = models.DateTimeField(_("rykket opp"), null=True, blank=True)
    # She is somewhere else at the time, and comes all the same.
    clash_accepted = models.BooleanField(default=False)
    # Somebody else, on her behalf; None: she herself.
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("vakt")
        verbose_name_plural = _("vakter")
        ordering = ("occurrence", "since", "pk")
        constraints = (
            models.UniqueConstraint(
                name="shift_once",
                fields=("occurrence", "volunteer"),
                violation_error_message=_("Den frivillige står allerede på denne gangen."),
            ),
            models.CheckConstraint(
                name="shift_offered_while_hers", condition=Q(offered_at=None) | Q(state="coming")
            ),
        )
        indexes = (
            models.Index(fields=("occurrence", "state"), name="shift_by_occurrence"),
            models.Index(fields=("volunteer", "state"), name="shift_by_volunteer"),
            models.Index(
                fields=("moved_up_at",), name="shift_moved_up", condition=Q(moved_up_at__isnull=False)
            ),
            models.Index(fields=("offered_at",), name="shift_offered", condition=Q(offered_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"Shift {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class HoursFrom(models.TextChoices):
    ATTENDANCE = "attendance", _("Av oppmøtet")
    CORRECTED = "corrected", _("Rettet")
    TOLD = "told", _("Meldt av den frivillige")


class HourEntry(models.Model):
    """What she gave one day. Derived from who came; corrected rather than asked for.

    `volunteer` is emptied when who it was is no longer needed: the hours stay in the year's counts.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.SET_NULL, null=True, blank=True, related_name="hours"
    )
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Where it was an errand: the unit that asked.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    occurrence = models.ForeignKey(
        Occurrence, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    errand = models.ForeignKey(Errand, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    day = models.DateField(_("dag"))
    minutes = models.PositiveIntegerField(_("minutter"))
    source = models.CharField(_("hvor fra"), max_length=10, choices=HoursFrom)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timer")
        ordering = ("-day", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="hour_entry_once",
                fields=("volunteer", "occurrence"),
                condition=Q(volunteer__isnull=False, occurrence__isnull=False),
            ),
            models.UniqueConstraint(
                name="hour_entry_once_an_errand", fields=("errand",), condition=Q(errand__isnull=False)
            ),
            models.CheckConstraint(name="hour_entry_of_offer_or_unit", condition=OF_ONE),
            models.CheckConstraint(
                name="hour_entry_within_a_day",
                condition=Q(minutes__lte=24 * 60),
                violation_error_message=_("Det er høyst 24 timer i et døgn."),
            ),
        )
        indexes = (
            models.Index(fields=("volunteer", "day"), name="hour_entry_by_volunteer"),
            models.Index(fields=("offer", "day"), name="hour_entry_by_offer"),
        )

    def __str__(self) -> str:
        return f"HourEntry {self.pk}"

    @property
    def hours(self) -> float:
        """«1,5», and «2» rather than «2,0»."""
        found = round(self.minutes / 60, 2)
        return int(found) if found == int(found) else found

    def owned_by(self) -> Own:
        return _own(self.offer, self.unit_id)


class HoursMonth(models.Model):
    """The sum of a month at an offer, or of a unit's errands, kept in the same step as the hours: what
    overviews read."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The first of the month.
    month = models.DateField(_("måned"))
    minutes = models.PositiveBigIntegerField(_("minutter"), default=0)
    entries = models.PositiveIntegerField(_("oppmøter"), default=0)

    class Meta:
        verbose_name = _("timer i en måned")
        verbose_name_plural = _("timer i en måned")
        constraints = (
            models.UniqueConstraint(
                name="hours_month_once", fields=("offer", "unit", "month"), nulls_distinct=False
            ),
            models.CheckConstraint(name="hours_month_of_offer_or_unit", condition=OF_ONE),
        )
        indexes = (models.Index(fields=("municipality", "month"), name="hours_month_by_town"),)

    def __str__(self) -> str:
        return f"HoursMonth {self.pk}"

    def owned_by(self) -> Own:
        return _own(self.offer, self.unit_id)


def _own(offer: Offer | None, unit_id: int | None) -> Own:
    return offer.owned_by() if offer else Own(unit_ids=frozenset({unit_id} if unit_id else ()))


class ExpenseKind(models.TextChoices):
    DRIVING = "driving", _("Kjøring")
    TICKET = "ticket", _("Billett")
    THINGS = "things", _("Innkjøp")
    OTHER = "other", _("Annet")


class Expense(models.Model):
    """What she had to lay out or drive: noted by her or for her, and ticked off when it is paid."""

    personal_fields: ClassVar[tuple[str, ...]] = ("words",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="expenses")
    offer = models.ForeignKey(Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("slag"), max_length=7, choices=ExpenseKind, default=ExpenseKind.DRIVING)
    day = models.DateField(_("dag"))
    km = models.DecimalField(_("km"), max_digits=6, decimal_places=1, null=True, blank=True)
    amount = models.DecimalField(_("kroner"), max_digits=8, decimal_places=2, null=True, blank=True)
    words = models.CharField(
        _("hva"), max_length=150, blank=True, help_text=_("Skriv ikke navn på den du hjalp.")
    )
    at = models.DateTimeField(_("ført"), auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    paid_on = models.DateField(_("utbetalt"), null=True, blank=True)
    paid_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Not to be paid, and why.
    refused_because = models.CharField(_("ikke utbetalt fordi"), max_length=150, blank=True)

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("utlegg")
        verbose_name_plural = _("utlegg")
        ordering = ("-day", "-pk")
        constraints = (
            models.CheckConstraint(
                name="expense_has_size",
                condition=Q(km__gt=0) | Q(amount__gt=0),
                violation_error_message=_("Skriv hvor langt, eller hvor mye det kostet."),
            ),
            models.CheckConstraint(
                name="expense_paid_or_refused", condition=Q(paid_on=None) | Q(refused_because="")
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "day"),
                name="expense_to_pay",
                condition=Q(paid_on=None, refused_because=""),
            ),
        )

    def __str__(self) -> str:
        return f"Expense {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()
