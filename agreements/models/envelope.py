"""A sending to sign: the frozen document, and who is asked to sign it.

Every transition locks the envelope's row (`Envelope.objects.locked`): two who sign at once would otherwise
each see the other as missing, and the agreement would never be complete.
"""

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.db.models import Case, Exists, Max, OuterRef, Q, When
from django.db.models.functions import Coalesce, Now
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement, AgreementKind, AgreementParty
from partnerships.access import Own
from partnerships.models import Person
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, Municipality, StoredFile
from samskaping.core.models.one_time_code import new_nonce
from samskaping.core.written import Given, Written


class Assurance(models.TextChoices):
    """How a person was confirmed; what is asked of her is one of the first five."""

    CODE_EMAIL = "code_email", _("bekreftet med kode på e-post")
    CODE_SMS = "code_sms", _("bekreftet med kode på SMS")
    LOGGED_IN = "logged_in", _("innlogget med to faktorer")
    IDPORTEN_SUBSTANTIAL = "idporten_substantial", _("ID-porten, nivå betydelig")
    IDPORTEN_HIGH = "idporten_high", _("ID-porten, nivå høyt")
    IN_PERSON = "in_person", _("på skjerm sammen med et vitne")
    PAPER = "paper", _("på papir")


class Floor(models.TextChoices):
    """The least that is asked of somebody. A municipality may raise it, never go below the first."""

    CODE = "code", _("Kode eller papir")
    LOGGED_IN = "logged_in", _("Innlogget med to faktorer, eller papir")
    IDPORTEN_SUBSTANTIAL = "idporten_substantial", _("ID-porten, minst betydelig, eller papir")
    IDPORTEN_HIGH = "idporten_high", _("ID-porten, høyt, eller papir")


# What somebody can meet here; the others wait for ID-porten at signing, and would leave only paper.
OFFERED_FLOORS = (Floor.CODE, Floor.LOGGED_IN)


class SigningRule(models.Model):
    """How sure a municipality wants to be of who signs, for a kind of agreement. None is `Floor.CODE`."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("slag"), max_length=17, choices=AgreementKind)
    floor = models.CharField(_("minst"), max_length=20, choices=Floor, default=Floor.CODE)

    class Meta:
        verbose_name = _("krav til den som signerer")
        verbose_name_plural = _("krav til dem som signerer")
        constraints = (models.UniqueConstraint(name="signing_rule_once", fields=("municipality", "kind")),)

    def __str__(self) -> str:
        return f"SigningRule {self.pk}"


class EnvelopeState(models.TextChoices):
    DRAFT = "draft", _("Gjøres klar")
    SENT = "sent", _("Sendt")
    PARTLY_SIGNED = "partly_signed", _("Signert av noen")
    COMPLETED = "completed", _("Signert av alle")
    SEALED = "sealed", _("Signert av alle og låst")
    DECLINED = "declined", _("Noen vil ikke signere")
    VOIDED = "voided", _("Trukket tilbake før alle signerte")
    EXPIRED = "expired", _("Fristen gikk ut")


# Somebody may still sign.
OPEN = (EnvelopeState.SENT, EnvelopeState.PARTLY_SIGNED)
# Came to nothing; the agreement goes back to draft.
FAILED = (EnvelopeState.DECLINED, EnvelopeState.VOIDED, EnvelopeState.EXPIRED)
# Of a signatory's document, what no list of them needs: the whole text, three times over.
HEAVY = tuple(f"envelope__document__{field}" for field in ("html", "stylesheet", "snapshot", "search_key"))


class EnvelopeQuerySet(models.QuerySet["Envelope"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(agreement__in=Agreement.objects.visible_to(user))

    def locked(self, pk: int) -> "Envelope":
        """Every press of somebody who signs begins with it. Raises Envelope.DoesNotExist."""
        if not connection.in_atomic_block:
            raise TransactionManagementError("A lock lasts as long as its transaction.")
        found: list[Envelope] = _LOCKED.rows(pk=pk)
        if not found:
            raise Envelope.DoesNotExist
        return found[0]


class Envelope(models.Model):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="envelopes")
    number = models.PositiveSmallIntegerField(_("sending"))
    state = models.CharField(_("status"), max_length=13, choices=EnvelopeState, default=EnvelopeState.DRAFT)
    # One after the other, by `Signatory.number`; else all at once.
    in_order = models.BooleanField(_("én etter én"), default=False)
    deadline = models.DateField(_("frist"), null=True, blank=True)
    message = models.TextField(_("hilsen til dem som signerer"), max_length=1000, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    completed_at = models.DateTimeField(_("signert av alle"), null=True, blank=True)
    # Declined, voided or expired, and why; all are told.
    closed_at = models.DateTimeField(_("avsluttet"), null=True, blank=True)
    closed_because = models.TextField(_("hvorfor"), max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending til signering")
        verbose_name_plural = _("sendinger til signering")
        ordering = ("agreement", "-number")
        constraints = (
            models.UniqueConstraint(name="envelope_number_once", fields=("agreement", "number")),
            models.UniqueConstraint(
                name="envelope_one_alive",
                fields=("agreement",),
                condition=~Q(state__in=("declined", "voided", "expired")),
                violation_error_message=_("Avtalen er alt sendt til signering."),
            ),
            models.CheckConstraint(
                name="envelope_sent_whole", condition=Q(state="draft") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="envelope_completed_whole",
                condition=Q(state__in=("completed", "sealed"), completed_at__isnull=False)
                | ~Q(state__in=("completed", "sealed")) & Q(completed_at=None),
            ),
            models.CheckConstraint(
                name="envelope_closed_whole",
                condition=Q(state__in=("declined", "voided", "expired"), closed_at__isnull=False)
                | ~Q(state__in=("declined", "voided", "expired")) & Q(closed_at=None),
            ),
        )
        indexes = (
            models.Index(
                fields=("deadline",), name="envelope_open", condition=Q(state__in=("sent", "partly_signed"))
            ),
            # The sweep: what everybody has signed and is not sealed, however old.
            models.Index(fields=("completed_at",), name="envelope_to_seal", condition=Q(state="completed")),
        )

    def __str__(self) -> str:
        return f"Envelope {self.pk}"

    def owned_by(self) -> Own:
        return self.agreement.owned_by()


_LOCKED = Written(
    lambda: (
        Envelope.objects.select_for_update(of=("self",))
        .select_related("agreement", "municipality")
        .filter(pk=Given("pk"))
    )
)


class UnderEnvelope(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(envelope__in=Envelope.objects.visible_to(user))


class FrozenDocument(models.Model):
    """What was sent, whole: the PDF and everything it was made of, so that the seal can be made of it."""

    append_only = True

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    envelope = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="document")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    # Twenty base32 characters, printed on every page; the address of `/ekte/`. Not a hash and not a number.
    control_code = models.CharField(_("kontrollkode"), max_length=20, unique=True)
    title = models.CharField(max_length=150)
    language = models.CharField(max_length=2)
    html = models.TextField()
    # What it says, for a search of the register.
    search_key = models.TextField(editable=False, blank=True)
    stylesheet = models.TextField()
    template = models.ForeignKey(ContentTemplate, on_delete=models.PROTECT, null=True, related_name="+")
    # The data it was filled with, as canonical JSON, and its SHA-256.
    snapshot = models.TextField()
    snapshot_sha256 = models.CharField(max_length=64)
    # What it was made with: {"weasyprint": "70.0", "fonts": "<sha256>", …}
    made_with = models.JSONField()
    frozen_at = models.DateTimeField(_("låst for signering"), db_default=Now(), editable=False)
    # No foreign key that a deleted user could change: the row is append-only.
    frozen_by = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )

    objects = UnderEnvelope.as_manager()

    class Meta:
        verbose_name = _("fryst dokument")
        verbose_name_plural = _("frosne dokumenter")
        triggers = (
            pgtrigger.Protect(
                name="frozen_document_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"FrozenDocument {self.pk}"

    @property
    def shown_code(self) -> str:
        """In five groups of four, as it is printed and typed."""
        code = self.control_code
        return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


class FrozenAsset(models.Model):
    """A picture the frozen document shows, such as the logo as it was that day."""

    append_only = True

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="assets")
    name = models.CharField(max_length=40)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("bilde i fryst dokument")
        verbose_name_plural = _("bilder i frosne dokumenter")
        constraints = (models.UniqueConstraint(name="frozen_asset_once", fields=("document", "name")),)
        triggers = (
            pgtrigger.Protect(name="frozen_asset_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"FrozenAsset {self.pk}"


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(envelope__in=Envelope.objects.visible_to(user))

    def of_user(self, user: User) -> Self:
        """What she herself is asked to sign, or has signed: «Mine avtaler»."""
        return self.filter(person__user=user).exclude(envelope__state=EnvelopeState.DRAFT)

    def waiting(self) -> Self:
        """Whose turn it is. `since`: the moment it became so."""
        missing = Signatory.objects.filter(
            envelope=OuterRef("envelope"), copy_only=False, signature=None, number__lt=OuterRef("number")
        )
        before = (
            Signatory.objects.filter(envelope=OuterRef("envelope"))
            .order_by()
            .values("envelope")
            .annotate(last=Max("signature__signed_at"))
        )
        return self.filter(
            Q(envelope__in_order=False) | ~Exists(missing),
            envelope__state__in=OPEN,
            copy_only=False,
            signature=None,
        ).annotate(
            since=Case(
                When(envelope__in_order=True, then=Coalesce(before.values("last"), "envelope__sent_at")),
                default="envelope__sent_at",
            )
        )


class UnderEnvelopesSignatory(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(signatory__in=Signatory.objects.visible_to(user))


class Signatory(models.Model):
    """A person who is asked to sign for a party or for herself, or who gets a copy to read."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="signatories")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="signs", verbose_name=_("person")
    )
    role = models.CharField(_("rolle"), max_length=80, help_text=_("For eksempel «leder» eller «frivillig»."))
    # On whose behalf; empty is herself.
    party = models.ForeignKey(
        AgreementParty, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Reads along, and signs nothing.
    copy_only = models.BooleanField(_("får bare kopi"), default=False)
    number = models.PositiveSmallIntegerField(_("rekkefølge"), default=1)
    floor = models.CharField(_("minst"), max_length=20, choices=Floor, default=Floor.CODE)
    # What the link she gets is made of; forwarding makes a new one.
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    opened_at = models.DateTimeField(_("åpnet"), null=True, blank=True)
    declined_at = models.DateTimeField(_("sa nei"), null=True, blank=True)
    # «Minn nå», by somebody who waits: a notice of its own for each day.
    reminded_on = models.DateField(_("minnet på det"), null=True, blank=True)
    # Who asked her, when she was not the right person first.
    forwarded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("den som signerer")
        verbose_name_plural = _("de som signerer")
        ordering = ("envelope", "number", "pk")
        constraints = (
            models.UniqueConstraint(
                name="signatory_once",
                fields=("envelope", "person", "role"),
                violation_error_message=_("Personen er alt med i denne rollen."),
            ),
            models.CheckConstraint(
                name="signatory_copy_declines_nothing", condition=Q(copy_only=False) | Q(declined_at=None)
            ),
        )
        indexes = (models.Index(fields=("person",), name="signatory_by_person"),)

    def __str__(self) -> str:
        return f"Signatory {self.pk}"

    def owned_by(self) -> Own:
        return self.envelope.owned_by()

    @property
    def on_behalf_of(self) -> str:
        """The party's name; empty when she signs for herself."""
        return self.party.actor.name if self.party is not None else ""


class SigningQuestion(models.Model):
    """What somebody wants to know before she signs. Whoever sent the agreement answers her."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    signatory = models.ForeignKey(Signatory, on_delete=models.CASCADE, related_name="questions")
    # Who asked: the signatory may be another since, when she sent it on.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("spørsmål"), max_length=1000)
    asked_at = models.DateTimeField(_("spurt"), db_default=Now(), editable=False)

    objects = UnderEnvelopesSignatory.as_manager()

    class Meta:
        verbose_name = _("spørsmål før signering")
        verbose_name_plural = _("spørsmål før signering")
        ordering = ("asked_at", "pk")

    def __str__(self) -> str:
        return f"SigningQuestion {self.pk}"
