"""Courses that volunteers and staff share."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models import Organisation, Person, RequirementKind, Unit, VolunteerCentre
from partnerships.models.actors import at_most_one_actor
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class CourseFor(models.TextChoices):
    ALL = "all", _("Frivillige og ansatte")
    VOLUNTEERS = "volunteers", _("Frivillige")
    STAFF = "staff", _("Ansatte")


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Everybody who works in the municipality, its volunteers, and whoever has been on it."""
        from volunteers.models.volunteer import Volunteer

        if not user.is_authenticated:
            return self.none()
        hers = Volunteer.objects.filter(person__user=user).here().values("municipality")
        seats = CourseSeat.objects.filter(course=OuterRef("pk"), person__user=user)
        here = Q(municipality__in=access_of(user).municipality_ids) | Q(municipality__in=hers)
        return self.filter(here | Exists(seats))


class Course(Edited):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    # Who holds it; none of them is the municipality.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Whoever has been there has this in order.
    kind = models.ForeignKey(
        RequirementKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gir dette kravet"),
    )
    title = models.CharField(_("navn"), max_length=120)
    about = models.TextField(_("om kurset"), max_length=1000, blank=True)
    open_to = models.CharField(_("for"), max_length=10, choices=CourseFor, default=CourseFor.ALL)
    place = models.CharField(_("sted"), max_length=150, blank=True)
    starts_at = models.DateTimeField(_("begynner"))
    ends_at = models.DateTimeField(_("slutter"))
    places = models.PositiveSmallIntegerField(_("plass til"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("avlyst"), null=True, blank=True)
    cancelled_because = models.CharField(_("hvorfor avlyst"), max_length=200, blank=True)
    held_at = models.DateTimeField(_("oppmøtet er ført"), null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    # Counts moves, for calendar programmes.
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("kurs")
        verbose_name_plural = _("kurs")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="course_held_by_one",
                condition=at_most_one_actor(),
                violation_error_message=_("Et kurs holdes av én."),
            ),
            models.CheckConstraint(
                name="course_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Kurset må slutte etter at det begynner."),
            ),
        )
        indexes = (models.Index(fields=("municipality", "starts_at"), name="course_by_time"),)

    def __str__(self) -> str:
        return self.title

    @property
    def nonce(self) -> str:
        """What the link to its calendar file is made of (core/link_token.py)."""
        return str(self.uid)

    @property
    def held_by(self) -> str:
        """Empty for the municipality's own."""
        side = self.unit or self.centre or self.organisation
        return side.name if side else ""

    def owned_by(self) -> Own:
        return Own(
            unit_ids=frozenset({self.unit_id} if self.unit_id else ()),
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )


class CourseNewsKind(models.TextChoices):
    MOVED = "moved", _("Flyttet")
    CANCELLED = "cancelled", _("Avlyst")


class CourseNews(models.Model):
    """What those who are to come must be told of."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(_("hva"), max_length=9, choices=CourseNewsKind)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    class Meta:
        verbose_name = _("nytt om et kurs")
        verbose_name_plural = _("nytt om kurs")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"CourseNews {self.pk}"

    def owned_by(self) -> Own:
        return self.course.owned_by()


class CourseSeat(models.Model):
    """One person's place on a course, or in the line for one."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="course_seats")
    signed_up_at = models.DateTimeField(_("meldt på"), auto_now_add=True)
    # Somebody else, on her behalf; None: she herself.
    signed_up_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    waiting = models.BooleanField(_("på venteliste"), default=False)
    # When she got the place of somebody who could not come after all; then she is told.
    moved_up_at = models.DateTimeField(_("fikk plass"), null=True, blank=True)
    attended = models.BooleanField(_("var der"), null=True, blank=True)

    class Meta:
        verbose_name = _("plass på kurs")
        verbose_name_plural = _("plasser på kurs")
        ordering = ("signed_up_at", "pk")
        constraints = (
            models.UniqueConstraint(
                name="course_seat_once",
                fields=("course", "person"),
                violation_error_message=_("Personen er allerede påmeldt."),
            ),
            models.CheckConstraint(
                name="course_seat_waiting_was_not_there",
                condition=Q(waiting=False) | Q(attended=None),
            ),
        )
        indexes = (models.Index(fields=("person", "course"), name="course_seat_by_person"),)

    def __str__(self) -> str:
        return f"CourseSeat {self.pk}"

    def owned_by(self) -> Own:
        return self.course.owned_by()
