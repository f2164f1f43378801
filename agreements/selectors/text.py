"""The texts agreements begin with: ours, and a municipality's own instead of them."""

from django.db.models import Q

from agreements.models.agreement import AgreementKind
from partnerships.models import Partnership
from partnerships.models.partnership import Track
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind


def texts_for(municipality: Municipality) -> list[ContentTemplate]:
    """The newest of each, the municipality's own before ours, in the order of the kinds."""
    ours_and_its = Q(municipality=None) | Q(municipality=municipality)
    rows = ContentTemplate.objects.filter(ours_and_its, kind=ContentKind.AGREEMENT)
    found: dict[str, ContentTemplate] = {}
    for row in rows.order_by("key", "municipality", "-version"):  # PostgreSQL sorts NULL last
        found.setdefault(row.key, row)
    kinds = list(AgreementKind.values)
    return sorted(found.values(), key=lambda row: (kinds.index(row.data["agreement_kind"]), row.key))


def key_for(partnership: Partnership | None, texts: list[ContentTemplate]) -> str:
    """The one most begin with: one page for a small partnership, the whole for another."""
    light = partnership is None or partnership.track == Track.LIGHT
    wanted = AgreementKind.COOPERATION_LIGHT if light else AgreementKind.COOPERATION
    return next((row.key for row in texts if row.data["agreement_kind"] == wanted), "")
