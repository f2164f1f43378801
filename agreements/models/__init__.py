"""Agreements, who stands in them, what they say, who signs, and what was locked."""

from agreements.models import history  # noqa: F401 - makes the tables of what was before
from agreements.models.agreement import Agreement, AgreementParty
from agreements.models.draft import AgreementSection, SectionWording, SkippedGap, Suggestion
from agreements.models.envelope import (
    Envelope,
    FrozenAsset,
    FrozenDocument,
    Signatory,
    SigningQuestion,
    SigningRule,
)
from agreements.models.seal import (
    Anchor,
    ArchiveDelivery,
    Batch,
    BatchRow,
    Seal,
    Timestamp,
    Withdrawal,
)
from agreements.models.signature import Signature, SignatureEvidence, SignEvent

__all__ = [
    "Agreement",
    "AgreementParty",
    "AgreementSection",
    "Anchor",
    "ArchiveDelivery",
    "Batch",
    "BatchRow",
    "Envelope",
    "FrozenAsset",
    "FrozenDocument",
    "Seal",
    "SectionWording",
    "SignEvent",
    "Signatory",
    "Signature",
    "SignatureEvidence",
    "SigningQuestion",
    "SigningRule",
    "SkippedGap",
    "Suggestion",
    "Timestamp",
    "Withdrawal",
]
