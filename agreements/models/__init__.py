"""Agreements and who stands in them."""

from agreements.models import history  # noqa: F401 - makes the tables of what was before
from agreements.models.agreement import Agreement, AgreementParty

__all__ = ["Agreement", "AgreementParty"]
