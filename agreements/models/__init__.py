"""Agreements and who stands in them."""

from agreements.models.agreement import Agreement, AgreementParty

__all__ = ["Agreement", "AgreementParty"]
