"""Ivaretakingshjulet: the next step, its day and who takes it; notes that go by themselves; and thanks."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models import Occurrence, Offer
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from volunteers.models.volunteer import OfVolunteer, Volunteer


class CarePhase(models.TextChoices):
    INTRODUCTION = "introduction", _("Innledning")
    START = "start", _("Oppstart")
    CARE = "care", _("Ivaretakelse")
    ENDING = "ending", _("Avklaring og avslutning")


class CareKind(models.TextChoices):
    FIRST_CONTACT = "first_contact", _("Ta kontakt")
    START_TALK = "start_talk", _("Oppstartsamtale")
    FIRST_TASK = "first_task", _("Første oppdrag")
    INTRO_COURSE = "intro_course", _("Introkurs")
    HOW_IT_WENT = "how_it_went", _("Hør hvordan det gikk")
    FOLLOW_UP_TALK = "follow_up_talk", _("Oppfølgingssamtale")
    THANK = "thank", _("Takke")
    CLARIFY_TALK = "clarify_talk", _("Avklaringssamtale")
    RETURN = "return", _("Tilbake fra pause")
    GOODBYE = "goodbye", _("En god avslutning")
    OTHER = "other", _("Annet")


# What has an hour and a place: then it stands in both calendars, and she is asked whether it suits.
TALKS = (CareKind.START_TALK, CareKind.FOLLOW_UP_TALK, CareKind.CLARIFY_TALK)
TALK_TAKES = timedelta(minutes=45)


class CareStep(models.Model):
    """One step: open until it is done or let go. Everybody here has at most one that comes next."""

    personal_fields: ClassVar[tuple[str, ...]] = ("words",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="care_steps")
    phase = models.CharField(_("fase"), max_length=12, choices=CarePhase)
    kind = models.CharField(_("steg"), max_length=14, choices=CareKind)
    words = models.CharField(_("hva"), max_length=150, blank=True)
    due_on = models.DateField(_("dag"))
    # A talk has an hour and a place too; then it stands in both calendars.
    at = models.DateTimeField(_("tidspunkt"), null=True, blank=True)
    place = models.CharField(_("sted"), max_length=150, blank=True)
    # When the hour was set or moved: what she is told of, and asked about.
    at_set_at = models.DateTimeField(_("satt"), null=True, blank=True)
    # Whether it suits her; None until she has said.
    suits = models.BooleanField(_("passer for den frivillige"), null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    # Counts moves of the hour, for her calendar programme.
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("hvem")
    )
    # From the plan that comes by itself; None by hand.
    plan = models.SlugField(max_length=60, blank=True)
    done_at = models.DateTimeField(_("gjort"), null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Not needed after all.
    let_go_at = models.DateTimeField(_("droppet"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("steg i oppfølgingen")
        verbose_name_plural = _("steg i oppfølgingen")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(name="care_step_ends_once", condition=Q(done_at=None) | Q(let_go_at=None)),
            models.CheckConstraint(
                name="care_step_hour_was_set",
                condition=Q(at=None, at_set_at=None) | Q(at__isnull=False, at_set_at__isnull=False),
            ),
            models.CheckConstraint(name="care_step_suits_an_hour", condition=Q(suits=None) | ~Q(at=None)),
        )
        indexes = (
            models.Index(
                fields=("municipality", "due_on"),
                name="care_step_open",
                condition=Q(done_at=None, let_go_at=None),
            ),
            models.Index(fields=("volunteer", "due_on"), name="care_step_by_volunteer"),
            models.Index(
                fields=("at",), name="care_step_talks", condition=Q(at__isnull=False, let_go_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"CareStep {self.pk}"

    @property
    def nonce(self) -> str:
        """What the link to its calendar file is made of (core/link_token.py)."""
        return str(self.uid)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.let_go_at is None

    @property
    def is_talk(self) -> bool:
        return self.kind in TALKS

    @property
    def ends_at(self) -> datetime | None:
        return self.at + TALK_TAKES if self.at else None

    @property
    def title(self) -> str:
        """Her own words where somebody wrote some, else what kind it is."""
        return self.words or str(CareKind(self.kind).label)

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class CareNote(models.Model):
    """Ten seconds: one line about what to remember, gone by itself."""

    personal_fields: ClassVar[tuple[str, ...]] = ("line",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="care_notes")
    line = models.CharField(
        _("notat"),
        max_length=200,
        help_text=_("Ikke om helse eller private forhold. Notatet forsvinner av seg selv."),
    )
    gone_on = models.DateField(_("slettes"))
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("notat om en frivillig")
        verbose_name_plural = _("notater om frivillige")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("gone_on",), name="care_note_by_end"),)

    def __str__(self) -> str:
        return f"CareNote {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class Thanks(models.Model):
    """What somebody where she helps said it meant. Told to her in her own channel, and kept on her page."""

    personal_fields: ClassVar[tuple[str, ...]] = ("words",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="thanks")
    offer = models.ForeignKey(Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    occurrence = models.ForeignKey(
        Occurrence, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    words = models.CharField(
        _("takk"), max_length=300, help_text=_("Skriv om det som ble gjort, ikke om den som fikk hjelp.")
    )
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("takk")
        verbose_name_plural = _("takk")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("volunteer", "-at"), name="thanks_by_volunteer"),)

    def __str__(self) -> str:
        return f"Thanks {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()
