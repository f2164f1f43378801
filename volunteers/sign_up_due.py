"""What those who answer are told: that somebody waits, and that somebody came in by herself. No names."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Membership, Notice, Person
from samskaping.accounts.permissions import Role
from samskaping.core.templatetags.letters import without_links
from samskaping.core.working_days import working_day_before
from volunteers.models import SignUp
from volunteers.models.sign_up import SignUpKind

WAITING, JOINED = "sign_up_waits", "sign_up_joined"
# Long enough for a portal that stood still to tell of it when it is back.
JOINED_FOR = timedelta(days=14)


def register() -> None:
    due_source(DueSource(WAITING, gettext_lazy("Noen venter på svar"), _waits, _still_waits, _waiting_words))
    due_source(
        DueSource(
            JOINED, gettext_lazy("Ny frivillig er med"), _joined, _has_joined, _joined_words, urgent=True
        )
    )


def _waits(day: date) -> Iterator[Due]:
    """The working day before the answer is due, to everybody who may give it."""
    waiting = SignUp.objects.waiting().filter(reply_by__lte=day)
    found = list(waiting.order_by("pk"))
    people = _who_answer(found)
    for sign_up in found:
        tell_on = working_day_before(sign_up.reply_by)
        if tell_on <= day:
            for person in people[_key(sign_up)]:
                yield Due(person, sign_up, due_on=sign_up.reply_by, tell_on=tell_on)


Key = tuple[int, int | None, int | None]


def _key(sign_up: SignUp) -> Key:
    return (sign_up.municipality_id, sign_up.centre_id, sign_up.organisation_id)


def _who_answer(sign_ups: list[SignUp]) -> dict[Key, list[Person]]:
    """One query for all of them: coordinators, the leaders of a centre, an organisation's own."""
    people: dict[Key, list[Person]] = {_key(one): [] for one in sign_ups}
    if not people:
        return people
    towns = {town for town, _centre, _organisation in people}
    centres = {centre for _town, centre, _organisation in people if centre}
    organisations = {organisation for _town, _centre, organisation in people if organisation}
    wanted = (
        Q(role=Role.COORDINATOR, municipality__in=towns)
        | Q(role=Role.CENTRE_LEADER, centre__in=centres)
        | Q(role=Role.ORGANISATION_REP, organisation__in=organisations)
    )
    holders = Membership.objects.current().filter(wanted, person__erased_at=None, person__isnull=False)
    for membership in holders.select_related("person").order_by("pk"):
        if membership.municipality_id is None or membership.person is None:
            continue
        key = (membership.municipality_id, membership.centre_id, membership.organisation_id)
        if key in people:
            people[key].append(membership.person)
    return people


def _still_waits(notice: Notice) -> Any:
    found = SignUp.objects.waiting().select_related("opening").filter(pk=notice.object_id)
    return found.filter(reply_by=notice.due_on).first()


def _waiting_words(_notice: Notice, sign_up: SignUp) -> Words:
    day = formats.date_format(sign_up.reply_by, "j. F")
    asks = sign_up.kind == SignUpKind.QUESTION
    said = (
        _("En som har spurt om å være frivillig, er lovet svar innen %(day)s.")
        if asks
        else _("En som vil bli frivillig, er lovet svar innen %(day)s.")
    )
    lines = [said % {"day": day}]
    if sign_up.opening is not None:
        lines.append(_("Det gjelder: %(title)s") % {"title": without_links(sign_up.opening.title)})
    return Words(
        title=_("Noen venter på svar"),
        lines=tuple(lines),
        url=reverse("sign_up", args=[sign_up.pk]),
        link=_("Se og svar"),
    )


# --- In by herself ----------------------------------------------------------------------------------------
def _joined(_day: date) -> Iterator[Due]:
    """To those who keep her and the one who is there: at once, so that somebody says welcome."""
    since = timezone.now() - JOINED_FOR
    found = list(
        SignUp.objects.filter(kind=SignUpKind.AT_ONCE, confirmed_at__gte=since, volunteer__isnull=False)
        .select_related("opening__offer__contact")
        .order_by("pk")
    )
    people = _who_answer(found)
    for sign_up in found:
        assert sign_up.confirmed_at is not None  # noqa: S101 - asked for
        day = timezone.localdate(sign_up.confirmed_at)
        told = [*people[_key(sign_up)], *_contact(sign_up)]
        for person in dict.fromkeys(told):
            yield Due(person, sign_up, due_on=day, tell_on=day)


def _contact(sign_up: SignUp) -> list[Person]:
    """Whoever runs the offer from day to day."""
    contact = sign_up.opening.offer.contact if sign_up.opening is not None else None
    return [contact] if contact is not None and contact.erased_at is None else []


def _has_joined(notice: Notice) -> Any:
    rows = SignUp.objects.select_related("opening__offer")
    return rows.filter(pk=notice.object_id, volunteer__isnull=False).first()


def _joined_words(notice: Notice, sign_up: SignUp) -> Words:
    offer = sign_up.opening.offer if sign_up.opening is not None else None
    line = _("En ny frivillig har meldt seg på %(title)s, og er med.") % {
        "title": without_links(offer.title) if offer is not None else ""
    }
    answers = notice.person in _who_answer([sign_up])[_key(sign_up)]
    # Who runs the offer sees her where the others are, and whoever has no account is told all the same.
    url = reverse("sign_up", args=[sign_up.pk]) if answers else ""
    if not answers and offer is not None and notice.person.user_id is not None:
        url = reverse("offer_crew", args=[offer.pk])
    return Words(
        title=_("En ny frivillig er med"),
        lines=(line, _("Si velkommen i god tid før første gang.")),
        url=url,
        link=_("Se hvem") if url else "",
        sms="" if url else line,
    )
