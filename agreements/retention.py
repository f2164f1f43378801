"""How long agreements are kept, and what of them: the signed text for as long as somebody may ask what was
agreed, what tells of addresses and devices not so long, and drafts that came to nothing hardly at all."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Signatory, SignatureEvidence, SignEvent
from agreements.models.agreement import NOT_YET, OVER, PERSONAL_KINDS, AgreementKind, AgreementState
from agreements.models.envelope import OPEN
from agreements.models.signature import SignEventKind
from agreements.services.forget import agreement_forget, evidence_erase
from partnerships.retention import person_tie
from samskaping.core.models import Municipality
from samskaping.core.retention import Rule, retention_rule

NEVER_SIGNED = (AgreementState.DRAFT, AgreementState.DECLINED)
# What is done with an agreement that is over, and makes it no younger.
AFTERWARDS = (SignEventKind.DOWNLOADED, SignEventKind.VERIFIED, SignEventKind.ERASED)


def register() -> None:
    person_tie("agreements", _signs_or_is_bound)
    retention_rule(
        Rule(
            "agreements",
            _("Avtaler mellom parter, som er gått ut eller avsluttet"),
            _("Nok til å se hva som var avtalt. Originalen hører hjemme i kommunens arkiv."),
            # The database lets none go before it has been over for a year (portal_forget_agreement).
            least_days=366,
            most_days=3650,
            find=lambda town, before: _over(town, before).exclude(kind__in=PERSONAL_KINDS),
            erase=_forget,
        )
    )
    retention_rule(
        Rule(
            "personal_agreements",
            _("Avtaler med frivillige og taushetserklæringer, som er over"),
            _("Taushetsplikten varer etter at oppdraget er slutt, så erklæringen finnes en tid til."),
            least_days=366,
            most_days=7300,
            find=lambda town, before: _personal(town, before).exclude(person__held_since__isnull=False),
            erase=_forget,
            held=lambda town, before: _held(_personal(town, before)),
        )
    )
    retention_rule(
        Rule(
            "agreement_drafts",
            _("Utkast til avtaler som ikke ble signert av alle"),
            _("Et utkast ingen har rørt på et kvartal, er ikke lenger noe dere arbeider med."),
            least_days=30,
            most_days=730,
            find=lambda town, before: _drafts(town, before).exclude(person__held_since__isnull=False),
            erase=_forget,
            held=lambda town, before: _held(_drafts(town, before)),
        )
    )
    retention_rule(
        Rule(
            "signature_evidence",
            _("Bevis for signaturer: adresser, nettlesere og koder"),
            _("Trengs hvis noen bestrider at de har signert. Etter det kan ingen slå opp hvor de var."),
            least_days=366,
            most_days=3650,
            find=lambda town, before: _evidence(town, before).filter(signatory__person__held_since=None),
            erase=_erase_evidence,
            held=lambda town, before: (
                _evidence(town, before).exclude(signatory__person__held_since=None).count()
            ),
        )
    )


def _is_over(day: object, path: str = "") -> Q:
    """Its last day was before."""
    early = Q(**{f"{path}state__in": OVER, f"{path}ended_on__lt": day})
    return early | Q(**{f"{path}state": AgreementState.ACTIVE, f"{path}ends_on__lt": day})


def _over(town: Municipality, before: datetime) -> QuerySet[Agreement]:
    """And nothing has happened in its signing since, as the database asks (portal_forget_agreement)."""
    since = SignEvent.objects.filter(envelope__agreement=OuterRef("pk"), at__gte=before)
    lately = Exists(since.exclude(kind__in=AFTERWARDS))
    return Agreement.objects.filter(~lately, _is_over(timezone.localdate(before)), municipality=town)


def _personal(town: Municipality, before: datetime) -> QuerySet[Agreement]:
    return _over(town, before).filter(kind__in=PERSONAL_KINDS)


def _drafts(town: Municipality, before: datetime) -> QuerySet[Agreement]:
    return Agreement.objects.filter(municipality=town, state__in=NEVER_SIGNED, updated_at__lt=before)


def _held(rows: QuerySet[Agreement]) -> int:
    return rows.filter(person__held_since__isnull=False).count()


def _evidence(town: Municipality, before: datetime) -> QuerySet[SignatureEvidence]:
    over = _is_over(timezone.localdate(before), "signatory__envelope__agreement__")
    # A declaration has no last day; hers is over when she herself is gone from here.
    left = Q(
        signatory__envelope__agreement__kind=AgreementKind.CONFIDENTIALITY,
        signatory__envelope__agreement__ends_on=None,
        signatory__person__erased_at__lt=before,
    )
    return SignatureEvidence.objects.filter(over | left, municipality=town, erased_at=None)


def _forget(rows: QuerySet[Agreement]) -> int:
    found = list(rows)
    for agreement in found:
        agreement_forget(agreement)
    return len(found)


def _erase_evidence(rows: QuerySet[SignatureEvidence]) -> int:
    found = list(rows)
    for evidence in found:
        evidence_erase(evidence)
    return len(found)


def _signs_or_is_bound(before: datetime) -> Q:
    """Somebody who is asked to sign, or whose own agreement holds or has just ended. A declaration ties her
    only while it is new: it holds for ever, and stands as it was signed when her profile is gone."""
    asked = Signatory.objects.filter(person=OuterRef("pk"), envelope__state__in=OPEN)
    day = timezone.localdate(before)
    declared = Q(kind=AgreementKind.CONFIDENTIALITY, signed_on__lt=day)
    over = _is_over(day) | Q(state__in=NOT_YET) | declared
    bound = Agreement.objects.filter(person=OuterRef("pk")).exclude(over)
    return Q(Exists(asked)) | Q(Exists(bound))
