"""The tables of ours whose changes are kept."""

from agreements.models.agreement import Agreement, AgreementParty
from agreements.models.envelope import Envelope, Signatory, SigningRule
from samskaping.core.history import keep_history

keep_history(
    Agreement,
    *(
        "municipality",
        "kind",
        "origin",
        "state",
        "title",
        "partnership",
        "person",
        "template",
        "language",
        "file",
    ),
    *("shared_at", "replaces", "case_number", "access_code", "legal_basis"),
    *("signed_on", "starts_on", "ends_on", "notice_days", "remind_on", "ended_on"),
)
keep_history(AgreementParty, "municipality", "agreement", "unit", "centre", "organisation")
keep_history(
    Envelope,
    *(
        "municipality",
        "agreement",
        "number",
        "state",
        "in_order",
        "deadline",
        "sent_at",
        "completed_at",
        "closed_at",
    ),
)
keep_history(
    Signatory,
    *(
        "municipality",
        "envelope",
        "person",
        "party",
        "copy_only",
        "number",
        "floor",
        "declined_at",
        "forwarded_by",
    ),
)
keep_history(SigningRule, "municipality", "kind", "floor")
