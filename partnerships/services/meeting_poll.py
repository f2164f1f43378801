"""Finding a day: which times are asked about, and what each one answers."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Meeting, MeetingSlot, Participant, SlotAnswer
from partnerships.models.meeting import MeetingState, SlotChoice
from partnerships.selectors.meeting import group_of
from partnerships.services.editing import count, unchanged_since
from partnerships.services.meeting import Time, meeting_lock
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

AT_MOST = 10


@transaction.atomic
def meeting_ask(*, meeting: Meeting, version: int, times: Sequence[Time], by: User | None) -> Meeting:
    """Asks the group about these times. Those that stood before keep their answers; others go, if not past.

    Raises ChangedMeanwhile, StateChanged when the day is found, DomainError for times that will not do.
    """
    locked = _polling(meeting)
    unchanged_since(locked, version)
    if not times:
        raise DomainError(_("Skriv minst én tid."))
    if len(times) > AT_MOST:
        raise DomainError(_("Spør om høyst ti tider. Færre er lettere å svare på."))
    now = timezone.now()
    if any(time.ends_at <= time.starts_at for time in times):
        raise DomainError(_("Møtet må slutte etter at det begynner."))
    if any(time.starts_at < now for time in times):
        raise DomainError(_("Velg tider som kommer."))
    standing = {slot.starts_at: slot for slot in locked.slots.filter(starts_at__gt=now)}
    wanted = {time.starts_at: time.ends_at for time in times}
    MeetingSlot.objects.filter(
        pk__in=[slot.pk for start, slot in standing.items() if wanted.get(start) != slot.ends_at]
    ).delete()
    MeetingSlot.objects.bulk_create(
        MeetingSlot(municipality_id=locked.municipality_id, meeting=locked, starts_at=start, ends_at=end)
        for start, end in wanted.items()
        if start not in standing or standing[start].ends_at != end
    )
    locked.asked_at = now
    count(locked, by=by, fields=("asked_at",))
    audit_record("meeting_asked", locked, by=by, data={"times": len(wanted)})
    return locked


@transaction.atomic
def meeting_answer(
    *, meeting: Meeting, participant: Participant, choices: Mapping[int, SlotChoice], by: User | None
) -> None:
    """What suits her, by the keys of the times; as often as she changes her mind.

    Raises StateChanged when the day is found, DomainError for somebody of another group.
    """
    locked = _polling(meeting)
    if not group_of(locked).filter(pk=participant.pk).exists():
        raise DomainError(_("Deltakeren er ikke med i denne gruppa."))
    slots = set(locked.slots.filter(pk__in=choices).values_list("pk", flat=True))
    for slot in slots:
        SlotAnswer.objects.update_or_create(
            slot_id=slot,
            participant=participant,
            defaults={"municipality_id": locked.municipality_id, "choice": choices[slot]},
        )
    audit_record(
        "meeting_answered",
        locked,
        by=by,
        on_behalf_of=participant.person if by is not None and by.pk != participant.person.user_id else None,
        data={"participant": participant.pk},
    )


def _polling(meeting: Meeting) -> Meeting:
    locked = meeting_lock(meeting)
    if locked.state != MeetingState.POLLING:
        raise StateChanged(_("Møtet har allerede fått en dag, eller er avlyst."))
    return locked
