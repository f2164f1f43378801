"""Who takes part in a process, on which side, and what she needs to be able to."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation
from partnerships.models.codesign import CodesignProcess, UnderProcess, processes_seen_by
from partnerships.models.membership import Membership
from partnerships.models.person import Person
from partnerships.models.reach import among
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.one_time_code import new_nonce
from samskaping.core.written import Given, Written


class Side(models.TextChoices):
    CITIZEN = "citizen", _("Innbygger")
    RECIPIENT = "recipient", _("Mottaker eller pårørende")
    VOLUNTEER = "volunteer", _("Frivillig eller organisasjon")
    STAFF = "staff", _("Ansatt i kommunen")
    OTHER = "other", _("Annen")


# Who meets when citizens meet alone.
CITIZENS = (Side.CITIZEN, Side.RECIPIENT, Side.VOLUNTEER)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With the process. Names and sides are shown by the page to those who may know them."""
        return self.filter(process__in=processes_seen_by(user)) if user.is_authenticated else self.none()

    def taking_part(self) -> Self:
        return self.filter(joined_at__isnull=False, left_at=None)


class Participant(models.Model):
    """A person in one process. Invited until she has said yes; leaving asks no reason and keeps none."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="takes_part", verbose_name=_("person")
    )
    side = models.CharField(_("side"), max_length=9, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisasjon"),
    )
    # What the link in her letter is made of; a new one makes the old link stop working.
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    # The very letter she was sent, and so what she said yes to.
    letter = models.ForeignKey(
        ContentTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField(_("invitert"), auto_now_add=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    joined_at = models.DateTimeField(_("sagt ja"), null=True, blank=True)
    declined_at = models.DateTimeField(_("sagt nei"), null=True, blank=True)
    left_at = models.DateTimeField(_("gått ut"), null=True, blank=True)
    # Her yes to being in the group's list of names, given and taken back by herself.
    consent_at = models.DateTimeField(_("samtykket"), null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("deltaker")
        verbose_name_plural = _("deltakere")
        ordering = ("process", "side", "pk")
        constraints = (
            models.UniqueConstraint(
                name="participant_once",
                fields=("process", "person"),
                condition=Q(left_at=None),
                violation_error_message=_("Personen er allerede med."),
            ),
            models.CheckConstraint(
                name="participant_answers_once",
                condition=Q(joined_at=None) | Q(declined_at=None),
                violation_error_message=_("Personen har allerede svart."),
            ),
            models.CheckConstraint(
                name="participant_consents_while_there",
                condition=Q(consent_at=None) | Q(joined_at__isnull=False, left_at=None),
            ),
        )
        indexes = (models.Index(fields=("person",), name="participant_by_person", condition=Q(left_at=None)),)

    def __str__(self) -> str:
        return f"Participant {self.pk}"

    def owned_by(self) -> Own:
        return self.process.owned_by()

    @property
    def takes_part(self) -> bool:
        return self.joined_at is not None and self.left_at is None


def is_contact(user: User, process: CodesignProcess) -> bool:
    """The contact of the group, for as long as she has the role she is it by."""
    return process.convener_id is not None and process.convener_id in access_of(user).works_as


def convenes_here(user: User, process: CodesignProcess) -> bool:
    """The contact, and those who lead the convening side; not everybody who may write in the process."""
    if is_contact(user, process):
        return True
    leads = access_of(user).leads
    side = Own(
        unit_ids=frozenset({process.unit_id} if process.unit_id else ()),
        centre_ids=frozenset({process.centre_id} if process.centre_id else ()),
        organisation_ids=frozenset({process.organisation_id} if process.organisation_id else ()),
    )
    return process.municipality_id in leads.municipality_ids if side == Own() else leads.meets(side)


def is_told_here(user: User, process: CodesignProcess) -> bool:
    """Who is told what is said to the contact alone: she; where there is none at work, those who lead."""
    return is_contact(user, process) or (convenes_here(user, process) and not has_contact(process))


def has_contact(process: CodesignProcess) -> bool:
    """Whether the one the group is told to ring is still at work."""
    return process.convener_id is not None and bool(_AT_WORK.rows(person=process.convener_id))


def contacts_at_work() -> models.QuerySet[Membership]:
    """Roles somebody may be a group's contact by. The day is the database's: a question that is written once
    may know no other (core/stand_in.py)."""
    working = Membership.objects.current(TruncDate(Now())).filter(user__is_active=True)
    return working.exclude(role__in=(Role.GUEST, Role.OBSERVER))


_AT_WORK = Written(lambda: contacts_at_work().filter(person=Given("person")).order_by().values("pk")[:1])


def led_by(leads: Own, process: str = "") -> Q:
    """Processes whose convening side is led by who leads this. `process`: the way to them, with its `__`."""
    whole = {process + side: None for side in ("unit", "centre", "organisation")}
    return (
        Q(**{f"{process}municipality__in": leads.municipality_ids}, **whole)
        | Q(**{f"{process}unit__in": leads.unit_ids})
        | Q(**{f"{process}centre__in": leads.centre_ids})
        | Q(**{f"{process}organisation__in": leads.organisation_ids})
    )


class ContactOnly(models.QuerySet[Any]):
    """What only the contact is told (`is_told_here`): no chief, colleague, participant or other party."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        process = "participant__process__"
        at_work = contacts_at_work().filter(person=OuterRef(process + "convener"))
        return self.filter(
            Q(participant__process__convener__in=access.works_as)
            | led_by(access.leads, process) & ~Exists(at_work),
            among("participant__process", processes_seen_by(user)),
        )


class Adaptation(models.Model):
    """What has to be in place for her, by her consent: what, never why. Gone when she leaves or says so."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="adaptation")
    text = models.CharField(
        _("dette må være på plass"),
        max_length=300,
        help_text=_("Skriv hva som må til, ikke hvorfor. For eksempel: «plass til rullestol ved døra»."),
    )
    consent_at = models.DateTimeField(_("samtykket"))

    objects = ContactOnly.as_manager()

    class Meta:
        verbose_name = _("tilrettelegging")
        verbose_name_plural = _("tilrettelegging")

    def __str__(self) -> str:
        return f"Adaptation {self.pk}"

    def owned_by(self) -> Own:
        return self.participant.owned_by()


class FollowUp(models.Model):
    """Between meetings somebody rings, and notes one line."""

    personal_fields: ClassVar[tuple[str, ...]] = ("line",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="follow_ups")
    line = models.CharField(_("notat"), max_length=300)
    next_on = models.DateField(_("neste gang"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    objects = ContactOnly.as_manager()

    class Meta:
        verbose_name = _("oppfølging mellom møtene")
        verbose_name_plural = _("oppfølging mellom møtene")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("participant", "-at"), name="follow_up_by_participant"),)

    def __str__(self) -> str:
        return f"FollowUp {self.pk}"

    def owned_by(self) -> Own:
        return self.participant.owned_by()


class ProcessTask(models.Model):
    """Something to do before next time; anybody in the group can hold it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField(_("oppgave"), max_length=300)
    holder = models.ForeignKey(
        Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    due_on = models.DateField(_("innen"), null=True, blank=True)
    done_at = models.DateTimeField(_("gjort"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("oppgave i prosessen")
        verbose_name_plural = _("oppgaver i prosessen")
        ordering = ("done_at", "due_on", "pk")
        indexes = (
            models.Index(
                fields=("municipality", "due_on"), name="process_task_open", condition=Q(done_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"ProcessTask {self.pk}"

    def owned_by(self) -> Own:
        return self.process.owned_by()
