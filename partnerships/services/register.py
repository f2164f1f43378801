"""The municipality's voluntary organisations, fetched page by page, so that nobody waits for it."""

import csv
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import Organisation, RegisteredOrganisation, RegisterFetch
from partnerships.models.actors import RegisterState
from partnerships.register import client
from partnerships.register.mapping import form_code, organisation_fields, state_of
from partnerships.selectors.register import look_up_here
from partnerships.services.editing import count
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality, Outbox
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add, outbox_handler
from samskaping.core.text import sort_key

logger = logging.getLogger(__name__)

LIST_KIND = "register_list"
CHECK_KIND = "register_check"
FRESH = timedelta(hours=24)
# A list that was asked for so long ago, and never came, may be asked for again.
GIVEN_UP = timedelta(hours=1)
_INVENTED = Path(__file__).parent.parent / "data" / "demo_register.csv"
_TAKEN = [
    "name",
    "name_key",
    "form_code",
    "icnpo",
    "post_town",
    "in_voluntary_register",
    "details",
    "fetched_at",
]
_FILLED = frozenset(
    {
        "name",
        "number",
        "kind",
        "icnpo",
        "language",
        "email",
        "phone",
        "website",
        "street",
        "postal_code",
        "post_town",
    }
)


@transaction.atomic
def register_fetch(*, municipality: Municipality) -> RegisterFetch:
    """Promises to fetch the list, unless it is fresh or on its way. The demo's is there at once."""
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    now = timezone.now()
    fetch = RegisterFetch.objects.filter(municipality=municipality).first()
    if fetch is not None:
        is_here = fetch.done_at is not None and fetch.done_at >= fetch.asked_at
        if now - fetch.asked_at < (FRESH if is_here else GIVEN_UP):
            return fetch
    fetch, _made = RegisterFetch.objects.update_or_create(
        municipality=municipality, defaults={"asked_at": now, "problem": ""}
    )
    if municipality.is_demo:
        _keep(municipality, _invented(municipality), now)
        return _done(fetch, now)
    _promise_page(municipality, now, 0)
    return fetch


@outbox_handler(LIST_KIND)
def _fetch_page(row: Outbox) -> bool:
    """One page, and the promise of the next: no page takes longer than a lease. Raises RegisterAway."""
    asked_at, page = datetime.fromisoformat(row.payload["asked_at"]), int(row.payload["page"])
    fetch = RegisterFetch.objects.select_related("municipality").filter(municipality=row.municipality).first()
    if fetch is None or fetch.asked_at != asked_at:
        return False
    try:
        rows, more = client.voluntary_in(fetch.municipality.number, page)
    except client.RegisterAway:
        RegisterFetch.objects.filter(pk=fetch.pk).update(problem="away")
        raise
    with transaction.atomic():
        _keep(fetch.municipality, rows, asked_at)
        if more:
            _promise_page(fetch.municipality, asked_at, page + 1)
        else:
            _done(fetch, asked_at)
    return True


def _promise_page(municipality: Municipality, asked_at: datetime, page: int) -> None:
    payload = {"asked_at": asked_at.isoformat(), "page": page}
    outbox_add(
        LIST_KIND,
        f"{municipality.pk}:{int(asked_at.timestamp())}:{page}",
        payload=payload,
        municipality=municipality,
    )


def _keep(municipality: Municipality, rows: Iterable[dict[str, Any]], asked_at: datetime) -> None:
    made = {}
    for row in rows:
        fields = organisation_fields(row)
        if not fields.get("number") or not fields.get("name") or state_of(row) != RegisterState.ACTIVE:
            continue
        if row.get("icnpo"):
            fields["icnpo"] = str(row["icnpo"])
        made[fields["number"]] = RegisteredOrganisation(
            municipality=municipality,
            number=fields["number"],
            name=fields["name"],
            name_key=sort_key(fields["name"])[:200],
            form_code=form_code(row),
            icnpo=fields.get("icnpo", ""),
            post_town=fields.get("post_town", ""),
            in_voluntary_register=row.get("registrertIFrivillighetsregisteret") is True,
            details=fields,
            fetched_at=asked_at,
        )
    RegisteredOrganisation.objects.bulk_create(
        made.values(),
        update_conflicts=True,
        unique_fields=["municipality", "number"],
        update_fields=_TAKEN,
    )


def _done(fetch: RegisterFetch, asked_at: datetime) -> RegisterFetch:
    """What this round did not see has left the register."""
    RegisteredOrganisation.objects.filter(municipality=fetch.municipality, fetched_at__lt=asked_at).delete()
    fetch.done_at, fetch.problem = timezone.now(), ""
    fetch.save(update_fields=["done_at", "problem"])
    return fetch


def _invented(municipality: Municipality) -> list[dict[str, Any]]:
    """The demo's list, in the register's own shape."""
    with _INVENTED.open(encoding="utf-8", newline="") as source:
        return [
            {
                "organisasjonsnummer": row["number"],
                "navn": row["name"],
                "organisasjonsform": {"kode": "FLI"},
                "maalform": "Nynorsk" if municipality.language_form == "nn" else "Bokmål",
                "postadresse": {"postnummer": row["municipality"], "poststed": municipality.name},
                "registrertIFrivillighetsregisteret": True,
                "icnpo": row["icnpo"],
            }
            for row in csv.DictReader(source)
            if row["municipality"] == municipality.number
        ]


@transaction.atomic
def organisations_add_registered(
    *, municipality: Municipality, numbers: Iterable[str], by: User
) -> list[Organisation]:
    """Those somebody knows, from the list. Who is there already stays as it is; the rest are returned.

    Raises DomainError for those who may not add organisations here.
    """
    if municipality.pk not in access_of(by).municipalities_all(Permission.ACTOR_EDIT):
        raise DomainError(_("Du kan ikke legge inn lag for hele kommunen."))
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    wanted = RegisteredOrganisation.objects.filter(municipality=municipality, number__in=list(numbers))
    present = Organisation.objects.filter(municipality=municipality)
    known = {organisation.number for organisation in present if organisation.number}
    by_name = {o.name_key: o for o in present if not o.number and o.ended_at is None}
    made = []
    for registered in wanted:
        if registered.number in known:
            continue
        named = by_name.pop(registered.name_key, None)
        if named is not None:
            # Written by hand before the list came: the same one, who now has a number.
            named = Organisation.objects.select_for_update(of=("self",)).get(pk=named.pk)
            named.number, named.register_state = registered.number, RegisterState.ACTIVE
            named.register_checked_at = registered.fetched_at
            count(named, by=by, fields=["number", "register_state", "register_checked_at"])
            audit_record("organisation_changed", named, by=by, data={"fields": ["number"]})
            continue
        fields = {name: value for name, value in registered.details.items() if name in _FILLED}
        organisation = Organisation.objects.create(
            municipality=municipality,
            **fields,
            register_state=RegisterState.ACTIVE,
            register_checked_at=registered.fetched_at,
            updated_by=by,
        )
        audit_record("organisation_added", organisation, by=by)
        if not organisation.icnpo:
            organisation_check(organisation=organisation)
        made.append(organisation)
    return made


@transaction.atomic
def organisation_check(*, organisation: Organisation) -> None:
    """Promises to ask the register how it stands with the number; nothing for those who have none."""
    if organisation.number:
        # A number put right is asked about at once, also when the wrong one was just asked about.
        key = f"{organisation.pk}:{organisation.number}:{timezone.now():%Y%m%d%H%M}"
        outbox_add(
            CHECK_KIND, key, payload={"organisation": organisation.pk}, municipality=organisation.municipality
        )


@outbox_handler(CHECK_KIND)
def _check(row: Outbox) -> bool:
    """Raises RegisterAway."""
    found = Organisation.objects.select_related("municipality").filter(pk=row.payload["organisation"]).first()
    if found is None or not found.number:
        return False
    answer = look_up_here(found.number, found.municipality)
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=found.pk)
        if locked.number != found.number:
            # Put right while we asked: the answer is about another, and the new one has its own promise.
            return False
        locked.register_state, locked.register_checked_at = answer.state, timezone.now()
        fields = ["register_state", "register_checked_at"]
        # What somebody wrote herself stands; a gap is filled.
        if not locked.icnpo and answer.fields.get("icnpo"):
            locked.icnpo = answer.fields["icnpo"]
            fields.append("icnpo")
        locked.save(update_fields=fields)
    return True
