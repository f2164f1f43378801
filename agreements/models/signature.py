"""What somebody signed, how she was confirmed, and the chain of all that happened.

`Signature` and `SignEvent` are added to, never changed. What is personal and shall be erased one day is in
`SignatureEvidence`; the chain holds commitments to it (SHA-256 of a salt and the value), and still verifies
when the salt and the value are gone.
"""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agreements.models.envelope import Assurance, Envelope, Signatory, UnderEnvelope
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, Municipality, StoredFile


class UnderSignatory(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Any:
        return self.filter(signatory__in=Signatory.objects.visible_to(user))


class Signature(models.Model):
    append_only = True

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    signatory = models.OneToOneField(Signatory, on_delete=models.PROTECT, related_name="signature")
    signed_at = models.DateTimeField(_("signert"), db_default=Now(), editable=False)
    # As she wrote it. It stands in the agreement, and is kept as long as that.
    typed_name = models.CharField(_("navn"), max_length=120)
    # What the page she signed on said it showed; the same as the frozen document's, or it is refused.
    document_sha256 = models.CharField(max_length=64)
    consent = models.ForeignKey(ContentTemplate, on_delete=models.PROTECT, related_name="+")
    consent_language = models.CharField(max_length=2)
    # Word for word, with the number of pages and the code filled in.
    consent_text = models.TextField(_("det som ble godtatt"))
    consent_sha256 = models.CharField(max_length=64)
    assurance = models.CharField(_("bekreftet"), max_length=20, choices=Assurance)
    # Made with the form: the same press twice is one signature.
    idempotency_key = models.UUIDField(unique=True)
    # Who received the paper, or sat beside her.
    witness = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="+"
    )
    witness_name = models.CharField(max_length=120, blank=True)
    # The day written on the paper, and the scan of it.
    signed_on = models.DateField(_("dato på papiret"), null=True, blank=True)
    scan = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("skannet"),
    )

    objects = UnderSignatory.as_manager()

    class Meta:
        verbose_name = _("signatur")
        verbose_name_plural = _("signaturer")
        ordering = ("signed_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="signature_witnessed",
                condition=~Q(assurance__in=("in_person", "paper")) | ~Q(witness_name=""),
            ),
            models.CheckConstraint(
                name="signature_paper_has_scan",
                condition=~Q(assurance="paper") | Q(scan__isnull=False, signed_on__isnull=False),
            ),
        )
        triggers = (
            pgtrigger.Protect(name="signature_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"Signature {self.pk}"


class SignatureEvidence(models.Model):
    """What is erased three years after the agreement's life: addresses, the device, and the salts."""

    personal_fields: ClassVar[tuple[str, ...]] = ("address", "ip", "user_agent", "oidc", "salts")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    signatory = models.OneToOneField(Signatory, on_delete=models.CASCADE, related_name="evidence")
    # The address the code went to.
    address = models.CharField(_("adressen koden gikk til"), max_length=254, blank=True)
    ip = models.GenericIPAddressField(_("IP-adresse"), null=True, blank=True)
    user_agent = models.CharField(_("nettleser"), max_length=300, blank=True)
    session_sha256 = models.CharField(max_length=64, blank=True)
    # iss, sub, acr, amr, auth_time and the SHA-256 of the ID token.
    oidc = models.JSONField(_("svar fra ID-porten"), default=dict, blank=True)
    opened_at = models.DateTimeField(_("åpnet"), null=True, blank=True)
    pages_shown = models.PositiveSmallIntegerField(_("sider vist"), default=0)
    # {"address": "<32 hex>", …}: what each commitment in the chain was made with.
    salts = models.JSONField(_("koder som låser bevisene i kjeden"), default=dict, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UnderSignatory.as_manager()

    class Meta:
        verbose_name = _("bevis for signatur")
        verbose_name_plural = _("bevis for signaturer")

    def __str__(self) -> str:
        return f"SignatureEvidence {self.pk}"


class SignEventKind(models.TextChoices):
    FROZEN = "frozen", _("Låst for signering")
    SENT = "sent", _("Sendt")
    DELIVERED = "delivered", _("Levert")
    BOUNCED = "bounced", _("Kom ikke fram")
    OPENED = "opened", _("Åpnet")
    CODE_SENT = "code_sent", _("Kode sendt")
    CODE_OK = "code_ok", _("Riktig kode")
    CODE_FAILED = "code_failed", _("Feil kode")
    IDPORTEN_OK = "idporten_ok", _("Bekreftet med ID-porten")
    SHOWN = "shown", _("Vist")
    CONSENTED = "consented", _("Godtatt")
    SIGNED = "signed", _("Signert")
    # What came too late, twice, or to another document: nothing was signed.
    REFUSED = "refused", _("Avvist")
    DECLINED = "declined", _("Ville ikke signere")
    FORWARDED = "forwarded", _("Sendt videre")
    VOIDED = "voided", _("Trukket tilbake før alle signerte")
    COMPLETED = "completed", _("Signert av alle")
    SEALED = "sealed", _("Låst")
    TIMESTAMPED = "timestamped", _("Tidsstemplet")
    DOWNLOADED = "downloaded", _("Lastet ned")
    VERIFIED = "verified", _("Kontrollert")
    WITHDRAWN = "withdrawn", _("Trukket tilbake")
    REPLACED = "replaced", _("Erstattet")
    ERASED = "erased", _("Bevis slettet")


class SignEvent(models.Model):
    """A link of an envelope's chain: `hash` is SHA-256 of the one before and this one as canonical JSON."""

    append_only = True

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(_("hva"), max_length=12, choices=SignEventKind)
    at = models.DateTimeField(_("tid"))
    # «signatory:12», «user:5» or «portal»: never a name.
    actor = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = UnderEnvelope.as_manager()

    class Meta:
        verbose_name = _("hendelse i signeringen")
        verbose_name_plural = _("hendelser i signeringen")
        ordering = ("envelope", "seq")
        constraints = (models.UniqueConstraint(name="sign_event_once", fields=("envelope", "seq")),)
        triggers = (
            pgtrigger.Protect(name="sign_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"SignEvent {self.pk}"
