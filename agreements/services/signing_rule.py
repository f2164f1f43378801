"""How sure a municipality wants to be of who signs: raised above our own floor, kind by kind."""

from collections.abc import Mapping

from django.db import transaction

from agreements.models import SigningRule
from agreements.models.agreement import AgreementKind
from agreements.models.envelope import Floor
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record


@transaction.atomic
def signing_rules_set(
    *, municipality: Municipality, floors: Mapping[AgreementKind, Floor], by: User
) -> list[str]:
    """For what is sent from now on; what has been sent asks as before. Returns the kinds that changed."""
    # Of two who save at once the last one's holds.
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    standing = rules_of(municipality)
    changed: list[str] = sorted(kind for kind, floor in floors.items() if standing[kind] != floor)
    for kind in changed:
        SigningRule.objects.update_or_create(
            municipality=municipality, kind=kind, defaults={"floor": floors[AgreementKind(kind)]}
        )
    if changed:
        audit_record("signing_rules_changed", None, by=by, municipality=municipality, data={"kinds": changed})
    return changed


def rules_of(municipality: Municipality) -> dict[AgreementKind, Floor]:
    """For every kind; ours where the municipality has said nothing."""
    said = dict(SigningRule.objects.filter(municipality=municipality).values_list("kind", "floor"))
    return {kind: Floor(said.get(kind, Floor.CODE)) for kind in AgreementKind}
