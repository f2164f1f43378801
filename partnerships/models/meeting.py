"""Meetings of a process: finding a day, the agenda, who came, and what was agreed. Never who said what."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.actors import CentreOwnership
from partnerships.models.codesign import CodesignProcess, processes_seen_by
from partnerships.models.edited import Edited
from partnerships.models.notice import Answer
from partnerships.models.participant import CITIZENS, Participant
from partnerships.models.partnership import PartnershipParty
from partnerships.models.reach import among
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality


class MeetingKind(models.TextChoices):
    JOINT = "joint", _("Felles møte")
    CITIZENS = "citizens", _("Innbyggernes eget møte")


class MeetingState(models.TextChoices):
    POLLING = "polling", _("Finner en dag")
    SET = "set", _("Avtalt")
    CANCELLED = "cancelled", _("Avlyst")


# Who works for the municipality. Those of a municipal centre do, too.
EMPLOYEES = (Role.COORDINATOR, Role.CHIEF, Role.UNIT_LEADER, Role.PLACE_CONTACT, Role.STAFF)


def citizens_alone() -> QuerySet[Participant]:
    """Those who may open what the citizens of a group do by themselves.

    Nobody who works for the municipality is among them, nor for one next door that has a part in it, whatever
    side somebody wrote her on: neither by her account nor by an address of hers.
    """
    from partnerships.models.membership import Membership

    municipal_centre = Q(role=Role.CENTRE_LEADER, centre__ownership=CentreOwnership.MUNICIPAL)
    parties = PartnershipParty.objects.filter(
        partnership=OuterRef(OuterRef("process__partnership")), party_municipality=OuterRef("municipality")
    )
    # The database's day, as in `contacts_at_work`.
    employed = Membership.objects.current(TruncDate(Now())).filter(
        Q(role__in=EMPLOYEES) | municipal_centre, Q(municipality=OuterRef("municipality")) | Exists(parties)
    )
    email, phone = OuterRef("person__email"), OuterRef("person__phone")
    hers = (
        Q(user=OuterRef("person__user"))
        | Q(person=OuterRef("person"))
        | (~Q(user__email="") & Q(user__email__iexact=email))
        | (~Q(person__email="") & Q(person__email__iexact=email))
        | (~Q(user__phone="") & Q(user__phone=phone))
        | (~Q(person__phone="") & Q(person__phone=phone))
    )
    return Participant.objects.taking_part().filter(side__in=CITIZENS).exclude(Exists(employed.filter(hers)))


def open_to(user: User, prefix: str = "") -> Q:
    """Joint meetings, those the citizens have shared, and their own for themselves.

    An employee has no way in, however far her role reaches.
    """
    mine = citizens_alone().filter(person__user=user)
    return (
        Q(**{f"{prefix}kind": MeetingKind.JOINT})
        | Q(**{f"{prefix}shared_at__isnull": False})
        | Q(**{f"{prefix}process__in": mine.values("process")})
    )


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(open_to(user), among("process", processes_seen_by(user)))

    def open_to_participant(self, participant: Participant) -> Self:
        """What somebody who came by link may open: her own process, and the citizens' own if she is one."""
        here = self.filter(process=participant.process_id)
        if citizens_alone().filter(pk=participant.pk).exists():
            return here
        return here.filter(SHARED)

    def for_everybody(self) -> Self:
        """Without what the citizens keep to themselves: for numbers, lists and traces staff read."""
        return self.filter(SHARED)

    def held(self) -> Self:
        return self.filter(state=MeetingState.SET, ends_at__lt=Now())


SHARED = Q(kind=MeetingKind.JOINT) | Q(shared_at__isnull=False)


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
    # When the group was asked about days, last.
    asked_at = models.DateTimeField(_("spurt"), null=True, blank=True)
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

    @property
    def is_citizens_own(self) -> bool:
        """Nobody else's to open, still."""
        return self.kind == MeetingKind.CITIZENS and self.shared_at is None


class CallKind(models.TextChoices):
    SET = "set", _("Innkalt")
    MOVED = "moved", _("Endret")
    CANCELLED = "cancelled", _("Avlyst")


class OfMeeting(models.QuerySet[Any]):
    """Rows of a meeting are seen by those who may open the meeting."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class MeetingCall(models.Model):
    """Each time the group was told when and where: it was set, moved, or called off."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="calls")
    # The meeting's `sequence` then.
    number = models.PositiveIntegerField()
    kind = models.CharField(_("hva"), max_length=9, choices=CallKind)
    # When it was to have been.
    was_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    objects = OfMeeting.as_manager()

    class Meta:
        verbose_name = _("innkalling")
        verbose_name_plural = _("innkallinger")
        ordering = ("meeting", "-number")
        constraints = (models.UniqueConstraint(name="meeting_call_once", fields=("meeting", "number")),)

    def __str__(self) -> str:
        return f"MeetingCall {self.pk}"


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
    # The words that were said yes to last, item by item: they stand while it is written anew.
    approved = models.JSONField(_("godkjent tekst"), null=True, blank=True)

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


class MinutesCopy(models.Model):
    """The minutes as they were sent to one participant, once; and what she answers, if she was there.

    «Stemmer det?» She says that it was so, or what she would have otherwise.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("objection",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="copies")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    # Which sending: a yes is to the words that were sent then.
    number = models.PositiveIntegerField(_("versjon"))
    # She was there, and is asked.
    was_there = models.BooleanField(_("var der"))
    sent_at = models.DateTimeField(_("sendt"), auto_now_add=True)
    answer = models.CharField(_("stemmer det?"), max_length=3, choices=Answer, blank=True)
    objection = models.TextField(_("dette vil jeg ha annerledes"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("svart"), null=True, blank=True)
    # Staff who took it down by telephone or from paper, «på vegne av».
    entered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("referat sendt til deltaker")
        verbose_name_plural = _("referater sendt til deltakere")
        constraints = (
            models.UniqueConstraint(name="minutes_copy_once", fields=("minutes", "participant", "number")),
            models.CheckConstraint(
                name="minutes_copy_answered_whole",
                condition=Q(answer="", answered_at=None, objection="")
                | Q(answer="yes", answered_at__isnull=False, objection="")
                | Q(answer="no", answered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"MinutesCopy {self.pk}"
