"""The texts agreements begin with: ours, a municipality's own instead of them, and a club's or centre's own.

A copy that is not the municipality's says whose it is in `data["owner"]`, and has a key of its own.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.http import Http404

from agreements.models.agreement import AgreementKind
from partnerships.access import access_of
from partnerships.models import Organisation, Partnership, VolunteerCentre
from partnerships.models.partnership import Track
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind

Owner = Organisation | VolunteerCentre


def texts_for(municipality: Municipality, user: User) -> list[ContentTemplate]:
    """The newest of each she may begin with, the municipality's own before ours, by their kinds."""
    rows = ContentTemplate.objects.filter(
        Q(municipality=None) | Q(municipality=municipality), _hers(user), kind=ContentKind.AGREEMENT
    )
    found: dict[str, ContentTemplate] = {}
    for row in rows.order_by("key", "municipality", "-version"):  # PostgreSQL sorts NULL last
        found.setdefault(row.key, row)
    kinds = list(AgreementKind.values)
    return sorted(found.values(), key=lambda row: (kinds.index(row.data["agreement_kind"]), row.key))


def text_for(key: str, municipality: Municipality, user: User) -> ContentTemplate:
    """Raises Http404 for one that is not there for her."""
    found = next((row for row in texts_for(municipality, user) if row.key == key), None)
    if found is None:
        raise Http404
    return found


def key_for(partnership: Partnership | None, texts: Iterable[ContentTemplate]) -> str:
    """The one most begin with: one page for a small partnership, the whole for another."""
    light = partnership is None or partnership.track == Track.LIGHT
    wanted = AgreementKind.COOPERATION_LIGHT if light else AgreementKind.COOPERATION
    return next((row.key for row in texts if row.data["agreement_kind"] == wanted), "")


def owners_for(municipality: Municipality, user: User) -> list[Owner | None]:
    """Whom she may adapt a text for; None is the municipality."""
    access = access_of(user)
    own = access.own(Permission.AGREEMENT_DRAFT)
    found: list[Owner | None] = []
    if municipality.pk in access.municipalities_all(Permission.SETTINGS_EDIT):
        found.append(None)
    found += Organisation.objects.filter(municipality=municipality, pk__in=own.organisation_ids)
    found += VolunteerCentre.objects.filter(municipality=municipality, pk__in=own.centre_ids)
    return found


def owner_name(owner: Owner) -> str:
    return f"{owner._meta.model_name}:{owner.pk}"


def may_change(text: ContentTemplate, municipality: Municipality, user: User) -> bool:
    """Ours is nobody's to change."""
    if text.municipality_id != municipality.pk:
        return False
    whose = text.data.get("owner", "")
    return whose in {owner_name(owner) if owner else "" for owner in owners_for(municipality, user)}


def _hers(user: User) -> Q:
    own = access_of(user).own(Permission.AGREEMENT_DRAFT)
    owners = [f"organisation:{pk}" for pk in own.organisation_ids]
    owners += [f"volunteercentre:{pk}" for pk in own.centre_ids]
    return Q(data__owner__isnull=True) | Q(data__owner__in=owners)
