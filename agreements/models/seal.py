"""What is locked: the sealed PDF, its timestamp, the days' anchors, and what is said of it afterwards."""

from typing import Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement
from agreements.models.draft import UnderAgreement
from agreements.models.envelope import Envelope, UnderEnvelope
from partnerships.access import Own
from partnerships.models import Organisation, Person, Unit, VolunteerCentre
from partnerships.models.actors import one_actor
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality, StoredFile


def _added_only(name: str) -> tuple[pgtrigger.Protect]:
    return (pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete),)


class Seal(models.Model):
    """The one sealed PDF of an envelope. Its bytes are never touched again."""

    append_only = True

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    envelope = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="seal")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    # The chain's head as it stands on the signature page.
    chain_head = models.CharField(max_length=64)
    # Whose certificate: subject and serial number, and whether it is the one made for trying.
    issuer = models.CharField(max_length=300)
    certificate_serial = models.CharField(max_length=60)
    certificate = models.BinaryField()
    is_test = models.BooleanField()
    # The timestamp is inside the file; else it may come beside it later (`Timestamp`).
    timestamped_inside = models.BooleanField(default=False)
    sealed_at = models.DateTimeField(_("låst"), db_default=Now(), editable=False)

    objects = UnderEnvelope.as_manager()

    class Meta:
        verbose_name = _("låst avtale")
        verbose_name_plural = _("låste avtaler")
        triggers = _added_only("seal_append_only")

    def __str__(self) -> str:
        return f"Seal {self.pk}"


class Anchor(models.Model):
    """A day's root over all chain heads, sealed: what makes the chains evidence also against us."""

    append_only = True

    day = models.DateField(unique=True)
    root = models.CharField(max_length=64)
    # [[envelope, head], …] in order: what the root was made of.
    heads = models.JSONField()
    # The root signed by the seal's key.
    signature = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("anker")
        verbose_name_plural = _("ankere")
        ordering = ("-day",)
        triggers = _added_only("anchor_append_only")

    def __str__(self) -> str:
        return f"Anchor {self.day}"


class Timestamp(models.Model):
    """A detached RFC 3161 token over a sealed file's hash or an anchor's root."""

    append_only = True

    seal = models.OneToOneField(
        Seal, on_delete=models.PROTECT, null=True, blank=True, related_name="timestamp"
    )
    anchor = models.OneToOneField(
        Anchor, on_delete=models.PROTECT, null=True, blank=True, related_name="timestamp"
    )
    token = models.BinaryField()
    authority = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("tidsstempel")
        verbose_name_plural = _("tidsstempler")
        constraints = (
            models.CheckConstraint(
                name="timestamp_of_one",
                condition=Q(seal=None, anchor__isnull=False) | Q(seal__isnull=False, anchor=None),
            ),
        )
        triggers = _added_only("timestamp_append_only")

    def __str__(self) -> str:
        return f"Timestamp {self.pk}"


class Withdrawal(models.Model):
    """After all have signed nothing is deleted: a sealed notice of its own names the original's hash."""

    append_only = True

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="withdrawal")
    original_sha256 = models.CharField(max_length=64)
    because = models.TextField(_("hvorfor"), max_length=1000)
    by = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("trukket tilbake"), db_default=Now(), editable=False)

    objects = UnderAgreement.as_manager()

    class Meta:
        verbose_name = _("tilbaketrekking")
        verbose_name_plural = _("tilbaketrekkinger")
        triggers = _added_only("withdrawal_append_only")

    def __str__(self) -> str:
        return f"Withdrawal {self.pk}"


class ArchiveWay(models.TextChoices):
    FOLDER = "folder", _("Mappe")
    HTTP = "http", _("Arkivsystemet")


class ArchiveDelivery(models.Model):
    """A package handed to the municipality's archive, with the receipt that came back."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="deliveries")
    way = models.CharField(_("levert til"), max_length=6, choices=ArchiveWay)
    sha256 = models.CharField(max_length=64)
    receipt = models.CharField(_("kvittering"), max_length=200, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(_("levert"), null=True, blank=True)
    failed_because = models.CharField(max_length=60, blank=True)

    objects = UnderAgreement.as_manager()

    class Meta:
        verbose_name = _("levering til arkivet")
        verbose_name_plural = _("leveringer til arkivet")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="archive_delivered_once",
                fields=("agreement", "sha256", "way"),
                condition=Q(delivered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"ArchiveDelivery {self.pk}"

    @property
    def trouble(self) -> str:
        """Why it is not there, in words; empty when nothing went wrong."""
        if self.failed_because == "changed":
            return gettext("Avtalen er endret siden. Send den en gang til.")
        if self.failed_because.startswith("refused"):
            return gettext("Arkivet tok ikke imot pakken.")
        if self.failed_because == "twice":
            return gettext("Avtalen er alt levert til arkivet, og er ikke endret siden.")
        return gettext("Arkivet svarte ikke som det skulle. Vi prøver igjen.") if self.failed_because else ""


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever keeps the people in it and may know who they are (a batch is of one keeper's people), and
        whoever wrote the list."""
        if not user.is_authenticated:
            return self.none()
        kept = Person.objects.reached_by(user, Permission.VOLUNTEER_NAMES, also_erased=True)
        hers = BatchRow.objects.filter(person__in=kept).values("batch")
        return self.filter(Q(pk__in=hers) | Q(created_by=user))


class Batch(models.Model):
    """The same text to many people (five hundred taushetserklæringer), made and sent one by one."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("navn"), max_length=150)
    template = models.ForeignKey(
        ContentTemplate, on_delete=models.PROTECT, related_name="+", verbose_name=_("tekst")
    )
    # With whom: it stands in each of them as the other party.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    message = models.TextField(_("hilsen"), max_length=1000, blank=True)
    deadline = models.DateField(_("frist"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # What has not left by then waits until somebody goes on. Counted, so that each going on is one promise.
    paused_at = models.DateTimeField(_("stoppet"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("mange avtaler på én gang")
        verbose_name_plural = _("mange avtaler på én gang")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="batch_side_is_one",
                condition=one_actor(),
                violation_error_message=_("Velg én enhet, én frivilligsentral eller ett lag."),
            ),
        )

    def __str__(self) -> str:
        return f"Batch {self.pk}"

    @property
    def side(self) -> Unit | VolunteerCentre | Organisation:
        found = self.unit or self.centre or self.organisation
        assert found is not None, "batch_side_is_one holds"  # noqa: S101
        return found

    def owned_by(self) -> Own:
        return Own(
            unit_ids=frozenset({self.unit_id} if self.unit_id else ()),
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )


class BatchRow(models.Model):
    """One person of a batch; her agreement is made and sent in the same step."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    agreement = models.OneToOneField(
        Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="batch_row"
    )
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    # Why this one could not be made or sent; the others go on.
    failed_because = models.CharField(_("hvorfor den ikke ble sendt"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("avtale i en bunke")
        verbose_name_plural = _("avtaler i en bunke")
        ordering = ("batch", "pk")
        constraints = (
            models.UniqueConstraint(name="batch_row_once", fields=("batch", "person")),
            models.CheckConstraint(
                name="batch_row_sent_whole",
                condition=Q(sent_at=None, agreement=None) | Q(sent_at__isnull=False, agreement__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("batch", "id"), name="batch_to_send", condition=Q(sent_at=None, failed_because="")
            ),
        )

    def __str__(self) -> str:
        return f"BatchRow {self.pk}"
