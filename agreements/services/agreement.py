"""Registering an agreement that is signed already, and keeping what stands about it true."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import OVER, AgreementOrigin, AgreementState
from agreements.selectors.side import for_the_town, speaking
from partnerships.access import Own, access_of
from partnerships.models import Organisation, Partnership, Unit, VolunteerCentre
from partnerships.selectors.actor_names import Actor
from partnerships.services.actor import actors_named
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from samskaping.core.services.stored_file import stored_file_add_pdf

A_WEEK = timedelta(weeks=1)
# What is signed here stays as it was signed; these are about it.
ARCHIVE = frozenset({"case_number", "access_code", "legal_basis"})
ABOUT = ARCHIVE | {"notice_days"}
FIELDS = ABOUT | {"kind", "title", "partnership", "signed_on", "starts_on", "ends_on"}


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


@transaction.atomic
def agreement_register(
    *,
    municipality: Municipality,
    facts: Mapping[str, Any],
    parties: Iterable[Actor | str],
    upload: Upload | None = None,
    by: User,
) -> Agreement:
    """Notes an agreement signed outside the portal. Without a title it is called by whom it is with.

    Raises DomainError when nobody is named, when none of them is hers, or for a partnership she is not in;
    FileRefused for what is no PDF we can keep.
    """
    if not set(facts) <= FIELDS:
        message = f"Not for this service: {sorted(set(facts) - FIELDS)}"
        raise ValueError(message)
    file = None
    if upload is not None:
        file = stored_file_add_pdf(upload.content, name=upload.name, municipality=municipality, by=by)
    actors = parties_named(parties, municipality, by)
    agreement = Agreement(
        **facts,
        municipality=municipality,
        origin=AgreementOrigin.REGISTERED,
        file=file,
        created_by=by,
        updated_by=by,
    )
    check_partnership(agreement.partnership, municipality, by)
    agreement.title = " ".join(agreement.title.split()) or _called(actors)
    agreement.save()
    for actor in actors:
        AgreementParty.objects.create(agreement=agreement, municipality=municipality, **field_of(actor))
    audit_record("agreement_registered", agreement, by=by)
    return agreement


@transaction.atomic
def agreement_change(
    *,
    agreement: Agreement,
    version: int,
    changes: Mapping[str, Any],
    parties: Iterable[Actor | str],
    by: User,
) -> Agreement:
    """Saves what differs. Raises ChangedMeanwhile when somebody saved after `version` was read.

    Raises DomainError as agreement_register does, and for the municipality's case and access code by anybody
    else; StateChanged for what the signed text says.
    """
    locked = _lock(agreement)
    unchanged_since(locked, version)
    there = [party.actor for party in locked.parties.select_related("unit", "centre", "organisation")]
    actors = parties_named(parties, locked.municipality, by, there=there)
    partnership = changes.get("partnership", locked.partnership)
    if partnership != locked.partnership:
        check_partnership(partnership, locked.municipality, by)
    title = " ".join(changes["title"].split()) or _called(actors)
    stays = locked.origin == AgreementOrigin.PORTAL and locked.state != AgreementState.DRAFT
    is_the_towns = for_the_town(locked, by)
    changed = edited(locked, {**changes, "title": title}, may_change=FIELDS, by=by)
    if not is_the_towns and not ARCHIVE.isdisjoint(changed):
        raise DomainError(_("Saksnummer og tilgangskode er kommunens egne. Be kommunen om å skrive dem."))
    if "ends_on" in changed and locked.remind_on is not None:
        # What they asked to be reminded of was the old day.
        locked.remind_on = None
        locked.save(update_fields=["remind_on"])
    if locked.state == AgreementState.DRAFT and locked.shared_at is not None:
        _takes_out_nobody_elses(locked, actors, by)
    moved = _set_parties(locked, actors)
    if stays and (moved or not set(changed) <= ABOUT):
        raise StateChanged(_("Avtalen er sendt til signering. Trekk den tilbake først."))
    if moved:
        if not changed:
            count(locked, by=by)
        changed = [*changed, "parties"]
    if changed:
        audit_record(
            "agreement_changed", locked, by=by, data={"fields": changed, **side_in_trace(locked, by)}
        )
    return locked


def side_in_trace(agreement: Agreement, by: User) -> dict[str, int | None]:
    """For whom it was done: the other sides of a shared draft hear of it (draft_due.py)."""
    own = speaking(agreement, by).own
    return {"party": next((party.pk for party in agreement.parties.all() if party.pk in own), None)}


def _takes_out_nobody_elses(agreement: Agreement, actors: Iterable[Actor], by: User) -> None:
    """Who has been given a draft to read does not lose it because another side says so."""
    stays, hers = list(actors), speaking(agreement, by)
    for party in agreement.parties.select_related("unit", "centre", "organisation"):
        if party.actor not in stays and not hers.may(party):
            raise DomainError(
                _("Utkastet er delt. Bare %(name)s kan ta seg selv ut.") % {"name": party.actor.name}
            )


@transaction.atomic
def agreement_change_file(*, agreement: Agreement, upload: Upload, by: User) -> Agreement:
    """Another PDF; the one before is deleted. Raises FileRefused for what is no PDF we can keep,
    and StateChanged for one that is signed here."""
    file = stored_file_add_pdf(upload.content, name=upload.name, municipality=agreement.municipality, by=by)
    locked = _lock(agreement)
    if locked.origin == AgreementOrigin.PORTAL:
        raise StateChanged(_("Avtalen er laget her. PDF-en blir låst når alle har signert."))
    old, locked.file = locked.file, file
    count(locked, by=by, fields=["file"])
    audit_record("agreement_file_changed", locked, by=by)
    if old is not None:
        old.delete()
    return locked


@transaction.atomic
def agreement_remind(*, agreement: Agreement, today: date, by: User) -> Agreement:
    """«Minn oss om en uke»: nothing is said of its end before then.

    Raises StateChanged when it does not hold, and DomainError when it has no end or ends before.
    """
    locked = _lock(agreement)
    if locked.state != AgreementState.ACTIVE:
        raise StateChanged(_("Avtalen gjelder ikke lenger."))
    if locked.ends_on is None:
        raise DomainError(_("Avtalen har ingen sluttdato å minne om."))
    locked.remind_on = today + A_WEEK
    count(locked, by=by, fields=["remind_on"])
    audit_record("agreement_put_off", locked, by=by)
    return locked


@transaction.atomic
def agreement_end(*, agreement: Agreement, on: date, by: User) -> Agreement:
    """Over before its time. Raises StateChanged when it is already, or was never signed by all, and
    DomainError for a day before it began."""
    locked = _lock(agreement)
    if locked.state in OVER:
        raise StateChanged(_("Avtalen er alt avsluttet."))
    if locked.state != AgreementState.ACTIVE:
        raise StateChanged(_("Avtalen gjelder ikke ennå: Ikke alle har signert."))
    if locked.starts_on is not None and on < locked.starts_on:
        raise DomainError(_("Siste dag kan ikke være før avtalen begynner."))
    locked.ended_on, locked.state = on, AgreementState.ENDED
    count(locked, by=by, fields=["ended_on", "state"])
    audit_record("agreement_ended", locked, by=by)
    return locked


@transaction.atomic
def agreement_resume(*, agreement: Agreement, by: User) -> Agreement:
    """It was not over after all. Raises StateChanged when it never ended."""
    locked = _lock(agreement)
    if locked.state != AgreementState.ENDED:
        raise StateChanged(_("Avtalen er ikke avsluttet."))
    locked.ended_on, locked.state = None, AgreementState.ACTIVE
    count(locked, by=by, fields=["ended_on", "state"])
    audit_record("agreement_resumed", locked, by=by)
    return locked


def _lock(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_related("municipality", "partnership", "file").defer("file__content")
    return rows.select_for_update(of=("self",)).get(pk=agreement.pk)


def parties_named(
    parties: Iterable[Actor | str], municipality: Municipality, by: User, *, there: Collection[Actor] = ()
) -> list[Actor]:
    """At least one of them must be hers, unless she answers for the whole municipality.

    Who is `there` already may be a neighbour's; nobody new may.
    """
    wanted = list(parties)
    must_be_hers(wanted, municipality, by)
    new = [party for party in wanted if party not in there]
    kept = [party for party in there if party in wanted]
    return [*kept, *(actors_named(new, municipality=municipality, by=by) if new else ())]


def must_be_hers(parties: Collection[Actor | str], municipality: Municipality, by: User) -> None:
    """Raises DomainError when nobody is named, or none of them is hers."""
    if not parties:
        raise DomainError(_("Skriv hvem avtalen er med."))
    access = access_of(by)
    if municipality.pk not in access.municipalities_all(Permission.AGREEMENT_DRAFT):
        known = [party for party in parties if not isinstance(party, str)]
        if not access.own(Permission.AGREEMENT_DRAFT).meets(_own(known)):
            raise DomainError(_("Du må selv være part i avtalen. Skriv ditt eget lag eller din egen enhet."))


def _own(actors: Iterable[Actor]) -> Own:
    there = list(actors)
    return Own(
        unit_ids=frozenset(actor.pk for actor in there if isinstance(actor, Unit)),
        centre_ids=frozenset(actor.pk for actor in there if isinstance(actor, VolunteerCentre)),
        organisation_ids=frozenset(actor.pk for actor in there if isinstance(actor, Organisation)),
    )


def check_partnership(partnership: Partnership | None, municipality: Municipality, by: User) -> None:
    """An agreement about a neighbour's partnership would belong to the neighbour: they register it."""
    hers = Partnership.objects.worked_in_by(by).filter(municipality=municipality)
    if partnership and not hers.filter(pk=partnership.pk).exists():
        raise DomainError(_("Velg et samarbeid du selv er med i."))


def _set_parties(agreement: Agreement, actors: list[Actor]) -> bool:
    """Whether anybody came or went."""
    there = list(agreement.parties.select_related("unit", "centre", "organisation"))
    gone = [party for party in there if party.actor not in actors]
    come = [actor for actor in actors if actor not in [party.actor for party in there]]
    for party in gone:
        try:
            party.delete()
        except ProtectedError:
            text = _("%(name)s har alt skrevet i avtalen eller skal signere den, og kan ikke tas ut.")
            raise DomainError(text % {"name": party.actor.name}) from None
    for actor in come:
        AgreementParty.objects.create(
            agreement=agreement, municipality=agreement.municipality, **field_of(actor)
        )
    return bool(gone or come)


def field_of(actor: Actor) -> dict[str, Actor]:
    if isinstance(actor, Unit):
        return {"unit": actor}
    return {"centre": actor} if isinstance(actor, VolunteerCentre) else {"organisation": actor}


def _called(actors: list[Actor]) -> str:
    """By the one outside the municipality first: that is whom people remember it by."""
    outside = [actor for actor in actors if not isinstance(actor, Unit)] or actors
    return (_("Avtale med %(name)s") % {"name": outside[0].name})[:150]
