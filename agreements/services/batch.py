"""The same text to many people, each her own agreement: made, frozen and sent one by one by the worker.

Each row is a promise of its own, so that two workers share them, a killed one costs nobody anything, and what
fails for one person is told beside her name. Stopping lets those that have not left lie; going on promises
them anew.
"""

import logging
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.document import content_of
from agreements.freezing import freeze
from agreements.models import Agreement, Batch, BatchRow
from agreements.models.agreement import AgreementKind
from agreements.selectors.draft import with_content
from agreements.services.agreement import field_of, must_be_hers
from agreements.services.draft import agreement_start
from agreements.services.envelope import Asked, envelope_prepare, envelope_send
from partnerships.models import Person
from partnerships.selectors.actor_names import Actor
from partnerships.services.person import Somebody, people_add
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Municipality, Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add_many, outbox_handler

logger = logging.getLogger(__name__)

KIND = "agreement_batch"
# So many at once; a municipality with more has two batches.
MOST = 1000


@transaction.atomic
def batch_start(
    *,
    municipality: Municipality,
    template: ContentTemplate,
    side: Actor,
    people: Sequence[Somebody],
    title: str = "",
    message: str = "",
    deadline: date | None = None,
    by: User,
) -> Batch:
    """Notes who they are, and promises an agreement to each. Who is there already is found by her address.

    Raises DomainError for nobody or too many, for a text that is not for one person or has something empty in
    it, and for another's side.
    """
    if not people:
        raise DomainError(_("Skriv hvem som skal signere."))
    if len(people) > MOST:
        raise DomainError(_("Send til høyst 1 000 om gangen."))
    if template.data["agreement_kind"] != AgreementKind.CONFIDENTIALITY:
        raise DomainError(_("Velg en tekst som den enkelte signerer alene."))
    if deadline is not None and deadline < timezone.localdate():
        raise DomainError(_("Fristen har gått ut. Velg en dag som kommer."))
    must_be_hers([side], municipality, by)
    batch = Batch(
        municipality=municipality,
        title=" ".join(title.split()) or template.text()["title"],
        template=template,
        message=message.strip(),
        deadline=deadline,
        created_by=by,
    )
    for field, actor in field_of(side).items():
        setattr(batch, field, actor)
    batch.save()
    noted = people_add(municipality=municipality, side=side, people=people, by=by)
    found = {person.pk: person for person in noted}
    BatchRow.objects.bulk_create(
        BatchRow(municipality=municipality, batch=batch, person=person) for person in found.values()
    )
    _must_be_whole(batch, next(iter(found.values())), by)
    _promise(batch)
    audit_record("batch_started", batch, by=by, data={"people": len(found)})
    return batch


@transaction.atomic
def batch_pause(*, batch: Batch, by: User) -> Batch:
    """What has left has left; the rest lies. Raises StateChanged when it is stopped or done."""
    locked = _lock(batch)
    if locked.paused_at is not None or not to_send(locked).exists():
        raise StateChanged(_("Det er ingenting å stoppe."))
    locked.paused_at = timezone.now()
    locked.save(update_fields=["paused_at"])
    audit_record("batch_paused", locked, by=by)
    return locked


@transaction.atomic
def batch_resume(*, batch: Batch, by: User) -> Batch:
    """Goes on with those that lie, and once more with those that failed.

    Raises StateChanged when there are none, or it goes already.
    """
    locked = _lock(batch)
    if goes(locked):
        raise StateChanged(_("Bunken går allerede."))
    locked.rows.exclude(failed_because="").update(failed_because="")
    if not to_send(locked).exists():
        raise StateChanged(_("Alle er sendt."))
    locked.paused_at, locked.round = None, locked.round + 1
    locked.save(update_fields=["paused_at", "round"])
    _promise(locked)
    audit_record("batch_resumed", locked, by=by)
    return locked


@outbox_handler(KIND)
def send_one(row: Outbox) -> bool:
    """Her agreement, from nothing to sent, in one transaction: a worker that is killed leaves nothing."""
    try:
        with transaction.atomic():
            mine = _row_to_send(row)
            if mine is None:
                return False
            _send(mine)
    except DomainError as error:
        # Hers alone: no address, an empty field. It stands beside her name, and the others go on.
        BatchRow.objects.filter(pk=row.payload["row"]).update(failed_because=str(error.sentence)[:300])
        return False
    return True


def to_send(batch: Batch) -> QuerySet[BatchRow]:
    return batch.rows.filter(sent_at=None, failed_because="")


def goes(batch: Batch) -> bool:
    """Whether something of it still leaves by itself: what the outbox has given up does not."""
    if batch.paused_at is not None:
        return False
    keys = [_key(pk, batch) for pk in to_send(batch).values_list("pk", flat=True)]
    alive = (OutboxState.WAITING, OutboxState.LEASED)
    return Outbox.objects.filter(kind=KIND, key__in=keys, state__in=alive).exists()


def _key(row: int, batch: Batch) -> str:
    """The round is in it: those that were promised before it stopped are promised once more."""
    return f"{row}:{batch.round}"


def _row_to_send(row: Outbox) -> BatchRow | None:
    mine = (
        BatchRow.objects.select_for_update(of=("self",))
        .select_related("batch__municipality", "batch__template", "batch__created_by", "person")
        .select_related("batch__unit", "batch__centre", "batch__organisation")
        .filter(pk=row.payload["row"], sent_at=None, failed_because="")
        .first()
    )
    return None if mine is None or mine.batch.paused_at is not None else mine


def _send(row: BatchRow) -> None:
    batch, by = row.batch, row.batch.created_by
    if by is None:
        raise DomainError(_("Den som sendte bunken, har ikke lenger tilgang."))
    agreement = _drafted(batch, row.person, by)
    envelope = envelope_prepare(
        agreement=agreement,
        asked=[Asked(person=row.person, role=str(_("For seg selv")))],
        in_order=False,
        deadline=batch.deadline,
        message=batch.message,
        by=by,
    )
    read = with_content(Agreement.objects.all()).get(pk=agreement.pk)
    envelope_send(envelope=envelope, frozen=freeze(read), by=by)
    row.agreement, row.sent_at = agreement, timezone.now()
    row.save(update_fields=["agreement", "sent_at"])


def _drafted(batch: Batch, person: Person, by: User) -> Agreement:
    return agreement_start(
        municipality=batch.municipality,
        template=batch.template,
        language=person.language,
        parties=[batch.side],
        person=person,
        by=by,
    )


def _must_be_whole(batch: Batch, person: Person, by: User) -> None:
    """Hers is begun and taken back: what stands empty is told now, and not beside five hundred names."""
    with transaction.atomic():
        agreement = _drafted(batch, person, by)
        gaps = content_of(with_content(Agreement.objects.all()).get(pk=agreement.pk)).gaps
        transaction.set_rollback(True)
    if gaps:
        names = ", ".join(gap.label for gap in gaps)
        text = _("Dette er fortsatt tomt i teksten: %(names)s. Skriv det hos %(side)s, eller velg en annen.")
        raise DomainError(text % {"names": names, "side": batch.side.name})


def _promise(batch: Batch) -> None:
    waiting = list(to_send(batch).values_list("pk", flat=True))
    promises = {_key(pk, batch): {"row": pk} for pk in waiting}
    outbox_add_many(KIND, promises, municipality_ids=dict.fromkeys(promises, batch.municipality_id))


def _lock(batch: Batch) -> Batch:
    found: Batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    return found
