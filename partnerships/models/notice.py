"""A reason to tell one person one thing, on one channel, once (architecture § 3.9)."""

import uuid
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models.person import Channel, Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality, Outbox, StoredFile


class NoticeState(models.TextChoices):
    COMING = "coming", _("Kommer")
    LISTED = "listed", _("På lista")  # waits for somebody to post or to ring
    QUEUED = "queued", _("Sendes")
    SENT = "sent", _("Sendt")  # the server took it, it was posted, or she was rung
    DROPPED = "dropped", _("Ikke lenger nødvendig")
    FAILED = "failed", _("Kom ikke fram")


OPEN = (NoticeState.COMING, NoticeState.LISTED, NoticeState.QUEUED)


class PrintRunQuerySet(models.QuerySet["PrintRun"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those with letters to people one sends for; a run is of one controller's people only."""
        return self.filter(Exists(Notice.objects.visible_to(user).filter(print_run=OuterRef("pk"))))


class PrintRun(models.Model):
    """All letters that waited, in one PDF, to be printed, put in envelopes and posted."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("laget"), auto_now_add=True)
    # Empty until the worker has rendered it, and again when the file has been tidied away.
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    problem = models.CharField(max_length=60, blank=True)
    posted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    posted_at = models.DateTimeField(_("postlagt"), null=True, blank=True)

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("utskrift av brev")
        verbose_name_plural = _("utskrifter av brev")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"PrintRun {self.pk}"

    def owned_by(self) -> Own:
        """Whose people it is to."""
        first = self.notices.select_related("person").first()
        return first.person.owned_by() if first is not None else Own()


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those to people whose controller one sends letters and rings for."""
        people = Person.objects.reached_by(user, Permission.NOTICES_MANAGE)
        return self.filter(Exists(people.filter(pk=OuterRef("person"))))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)


class Notice(models.Model):
    """Derived from data by a due-source (partnerships.due); what it says is made when it leaves."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    due_on = models.DateField(_("gjelder dagen"))
    channel = models.CharField(_("kanal"), max_length=6, choices=Channel)
    state = models.CharField(_("status"), max_length=8, choices=NoticeState, default=NoticeState.COMING)
    # The working day it is to leave; snoozing moves it.
    tell_on = models.DateField(_("sendes"))
    problem = models.CharField(max_length=60, blank=True)
    outbox = models.ForeignKey(Outbox, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    print_run = models.ForeignKey(
        PrintRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    # For the link under a question: which notice, and that we made it.
    nonce = models.UUIDField(default=uuid.uuid4, editable=False)
    done_at = models.DateTimeField(_("ferdig"), null=True, blank=True)
    # Who posted the letter or rang; nobody for what the portal sent.
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("beskjed")
        verbose_name_plural = _("beskjeder")
        ordering = ("tell_on", "pk")
        constraints = (
            models.UniqueConstraint(
                name="notice_once",
                fields=("kind", "object_type", "object_id", "due_on", "person", "channel"),
            ),
            models.CheckConstraint(
                name="notice_done_has_time",
                condition=Q(state__in=("coming", "listed", "queued"), done_at__isnull=True)
                | Q(state__in=("sent", "dropped", "failed"), done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_lists_are_letters_and_calls",
                condition=~Q(state="listed") | Q(channel__in=("letter", "phone")),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "tell_on"),
                name="notice_open",
                condition=Q(state__in=("coming", "listed", "queued")),
            ),
            models.Index(fields=("tell_on",), name="notice_coming", condition=Q(state="coming")),
            models.Index(fields=("municipality", "-done_at"), name="notice_done"),
            models.Index(fields=("person",), name="notice_by_person"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def owned_by(self) -> Own:
        return self.person.owned_by()


class Answer(models.TextChoices):
    YES = "yes", _("Ja")
    NO = "no", _("Nei")


class Reply(models.Model):
    """Yes or no to the question a notice asked: by its link, or noted by who rang or opened the letter."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="reply")
    answer = models.CharField(_("svar"), max_length=3, choices=Answer)
    at = models.DateTimeField(_("tid"), auto_now=True)
    # Who noted it on her behalf; empty when she answered herself.
    noted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("svar")
        verbose_name_plural = _("svar")

    def __str__(self) -> str:
        return f"Reply {self.pk}"


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("Vi fikk snakket sammen")
    NO_ANSWER = "no_answer", _("Ikke svar")
    WRONG_NUMBER = "wrong_number", _("Feil nummer")


class CallNote(models.Model):
    """One time somebody rang: what came of it, one line, and when to try again."""

    personal_fields: ClassVar[tuple[str, ...]] = ("line",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="calls")
    outcome = models.CharField(_("hvordan gikk det?"), max_length=12, choices=CallOutcome)
    line = models.CharField(_("notat"), max_length=200, blank=True)
    again_on = models.DateField(_("ring igjen"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    class Meta:
        verbose_name = _("telefonnotat")
        verbose_name_plural = _("telefonnotater")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"CallNote {self.pk}"
