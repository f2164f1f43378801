"""The tables of ours whose changes are kept."""

from agreements.models.agreement import Agreement, AgreementParty
from samskaping.core.history import keep_history

keep_history(
    Agreement,
    *("municipality", "kind", "origin", "title", "partnership", "file"),
    *("signed_on", "starts_on", "ends_on", "notice_days", "ended_on"),
)
keep_history(AgreementParty, "municipality", "agreement", "unit", "centre", "organisation")
