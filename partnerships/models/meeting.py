"""Meetings of a process: finding a day, the agenda, who came, and what was agreed. Never who said what."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.codesign import CodesignProcess, processes_seen_by
from partnerships.models.edited import Edited
from partnerships.models.participant import CITIZENS, Participant
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class MeetingKind(models.TextChoices):
    JOINT = "joint", _("Felles møte")
    CITIZENS = "citizens", _("Innbyggernes eget møte")


class MeetingState(models.TextChoices):
    POLLING = "polling", _("Finner en dag")
    SET = "set", _("Avtalt")
    HELD = "held", _("Holdt")
    CANCELLED = "cancelled", _("Avlyst")


def open_to(user: User, prefix: str = "") -> Q:
    """Joint meetings, those the citizens have shared, and their own for themselves.

    An employee has no way in, however far her role reaches.
    """
    mine = Participant.objects.taking_part().filter(person__user=user, side__in=CITIZENS)
    return (
        Q(**{f"{prefix}kind": MeetingKind.JOINT})
        | Q(**{f"{prefix}shared_at__isnull": False})
        | Q(**{f"{prefix}process__in": mine.values("process")})
    )


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(open_to(user), process__in=processes_seen_by(user))

    def open_to_participant(self, participant: Participant) -> Self:
        """What somebody who came by link may open: her own process, and the citizens' own if she is one."""
        here = self.filter(process=participant.process_id)
        if participant.is_citizen:
            return here
        return here.filter(Q(kind=MeetingKind.JOINT) | Q(shared_at__isnull=False))


class Meeting(Edited):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="meetings")
    kind = models.CharField(_("slag"), max_length=8, choices=MeetingKind, default=MeetingKind.JOINT)
    title = models.CharField(_("tema"), max_length=150)
    state = models.CharField(_("status"), max_length=9, choices=MeetingState, default=MeetingState.POLLING)
    starts_at = models.DateTimeField(_("begynner"), null=True, blank=True)
    ends_at = models.DateTimeField(_("slutter"), null=True, blank=True)
    place = models.CharField(_("sted"), max_length=200, blank=True)
    host = models.CharField(_("vert"), max_length=150, blank=True)
    food = models.CharField(_("mat"), max_length=150, blank=True)
    # The calendar's name of it never changes; the number goes up when it is moved (RFC 5545).
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # The citizens' own: when they chose to show it to the whole group.
    shared_at = models.DateTimeField(_("delt med gruppa"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("møte")
        verbose_name_plural = _("møter")
        ordering = (F("starts_at").asc(nulls_last=True), "pk")
        constraints = (
            models.CheckConstraint(
                name="meeting_set_has_time",
                condition=Q(state__in=("polling", "cancelled"))
                | Q(starts_at__isnull=False, ends_at__isnull=False),
                violation_error_message=_("Skriv når møtet er."),
            ),
            models.CheckConstraint(
                name="meeting_in_order",
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Møtet må slutte etter at det begynner."),
            ),
        )
        indexes = (
            models.Index(fields=("process", "starts_at"), name="meeting_by_process"),
            models.Index(fields=("municipality", "starts_at"), name="meeting_by_day"),
        )

    def __str__(self) -> str:
        return self.title

    def owned_by(self) -> Own:
        return self.process.owned_by()


class OfMeeting(models.QuerySet[Any]):
    """Rows of a meeting are seen by those who may open the meeting."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class MeetingSlot(models.Model):
    """One time that is asked about."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField(_("begynner"))
    ends_at = models.DateTimeField(_("slutter"))

    objects = OfMeeting.as_manager()

    class Meta:
        verbose_name = _("forslag til tid")
        verbose_name_plural = _("forslag til tid")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="meeting_slot_in_order",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Møtet må slutte etter at det begynner."),
            ),
            models.UniqueConstraint(
                name="meeting_slot_once",
                fields=("meeting", "starts_at"),
                violation_error_message=_("Tiden står der allerede."),
            ),
        )

    def __str__(self) -> str:
        return f"MeetingSlot {self.pk}"

    def owned_by(self) -> Own:
        return self.meeting.owned_by()


class SlotChoice(models.TextChoices):
    YES = "yes", _("Passer")
    IF_NEEDED = "if_needed", _("Kan om det må til")
    NO = "no", _("Passer ikke")


class SlotAnswer(models.Model):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(MeetingSlot, on_delete=models.CASCADE, related_name="answers")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(_("svar"), max_length=9, choices=SlotChoice)

    class Meta:
        verbose_name = _("svar på tid")
        verbose_name_plural = _("svar på tid")
        constraints = (models.UniqueConstraint(name="slot_answer_once", fields=("slot", "participant")),)

    def __str__(self) -> str:
        return f"SlotAnswer {self.pk}"


class Attendance(models.Model):
    """Who came; it says who is asked to approve the minutes."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")

    objects = OfMeeting.as_manager()

    class Meta:
        verbose_name = _("oppmøte")
        verbose_name_plural = _("oppmøte")
        constraints = (models.UniqueConstraint(name="attendance_once", fields=("meeting", "participant")),)

    def __str__(self) -> str:
        return f"Attendance {self.pk}"

    def owned_by(self) -> Own:
        return self.meeting.owned_by()


class AgendaItem(Edited):
    """One thing to talk of, and beside it what was agreed. Each is saved by itself: two may write at once."""

    personal_fields: ClassVar[tuple[str, ...]] = ("agreed",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(_("rekkefølge"), default=0)
    text = models.CharField(_("sak"), max_length=200)
    agreed = models.TextField(_("dette ble vi enige om"), max_length=3000, blank=True)

    objects = OfMeeting.as_manager()

    class Meta:
        verbose_name = _("sak")
        verbose_name_plural = _("saker")
        ordering = ("meeting", "order", "pk")

    def __str__(self) -> str:
        return f"AgendaItem {self.pk}"

    def owned_by(self) -> Own:
        return self.meeting.owned_by()


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("Under arbeid")
    SENT = "sent", _("Til godkjenning")
    APPROVED = "approved", _("Godkjent")


class Minutes(models.Model):
    """The minutes of a meeting: its agenda items' «agreed», sent to those who came and approved by them."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="minutes")
    state = models.CharField(_("status"), max_length=8, choices=MinutesState, default=MinutesState.DRAFT)
    # Goes up each time they are sent: an approval is of what was sent then.
    number = models.PositiveIntegerField(_("versjon"), default=0)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    approved_at = models.DateTimeField(_("godkjent"), null=True, blank=True)

    objects = OfMeeting.as_manager()

    class Meta:
        verbose_name = _("referat")
        verbose_name_plural = _("referater")
        constraints = (
            models.CheckConstraint(
                name="minutes_state_has_its_time",
                condition=Q(state="draft", approved_at=None)
                | Q(state="sent", sent_at__isnull=False, approved_at=None)
                | Q(state="approved", sent_at__isnull=False, approved_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"Minutes {self.pk}"

    def owned_by(self) -> Own:
        return self.meeting.owned_by()


class MinutesApproval(models.Model):
    """One who came: that it was so, or what she would have otherwise."""

    personal_fields: ClassVar[tuple[str, ...]] = ("objection",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="approvals")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("versjon"))
    objection = models.TextField(_("dette vil jeg ha annerledes"), max_length=1000, blank=True)
    # Staff who took it down by telephone or from paper, «på vegne av».
    entered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("godkjenning av referat")
        verbose_name_plural = _("godkjenninger av referat")
        constraints = (
            models.UniqueConstraint(
                name="minutes_approval_once", fields=("minutes", "participant", "number")
            ),
        )

    def __str__(self) -> str:
        return f"MinutesApproval {self.pk}"
