"""What people hear of agreements: that one runs out, that one was registered with them, that one is over.

All parties hear the same: those who lead the units, centres and organisations that stand in it, and whoever
coordinates in the municipality. Of a volunteer's agreement only those hear who keep her data.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import PERSONAL_KINDS, AgreementOrigin, AgreementState
from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Membership, Notice, Person
from partnerships.selectors.words import municipality_name
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.models import AuditEvent
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
HANDFUL = 100
_HEARS = roles_with(Permission.AGREEMENT_DRAFT) - {Role.CHIEF}


def register() -> None:
    due_source(
        DueSource(
            kind="agreement_ends",
            label=gettext_lazy("Avtale som går ut"),
            derive=_ending,
            about=_still_ending,
            words=_ending_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_ends_again",
            label=gettext_lazy("Avtale som går ut, som dere ba om å bli minnet på"),
            derive=_ending_again,
            about=_asked_to_remind,
            words=_ending_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_registered",
            label=gettext_lazy("Avtale registrert"),
            derive=_registered,
            about=_registered_then,
            words=_registered_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_withdrawn",
            label=gettext_lazy("Avtale trukket tilbake"),
            derive=_withdrawn,
            about=_withdrawn_then,
            words=_withdrawn_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_ended",
            label=gettext_lazy("Avtale avsluttet før tiden"),
            derive=_ended,
            about=_ended_then,
            words=_ended_words,
        )
    )


# --- It runs out ------------------------------------------------------------------------------------------
def _ending(day: date) -> Iterator[Due]:
    running: Any = Agreement.objects.running().filter(remind_on=None).with_tell_on()
    found = running.filter(ends_on__gte=timezone.localdate(), told_from__lte=day)
    for agreement, people in _with_people(found):
        assert agreement.ends_on is not None and agreement.tell_on is not None  # noqa: S101, PT018 - filtered
        for person in people:
            yield Due(person, agreement, due_on=agreement.ends_on, tell_on=agreement.tell_on)


def _still_ending(notice: Notice) -> Agreement | None:
    """None when it was renewed, ended, or put off until later meanwhile."""
    found: Agreement | None = (
        _agreements().running().filter(pk=notice.object_id, ends_on=notice.due_on, remind_on=None).first()
    )
    return found


def _ending_again(day: date) -> Iterator[Due]:
    """«Minn oss om en uke»: once more, on the day they asked for."""
    since = timezone.localdate() - TOLD_WITHIN
    running = Agreement.objects.running().filter(remind_on__gte=since, remind_on__lte=day)
    for agreement, people in _with_people(running):
        assert agreement.remind_on is not None  # noqa: S101 - filtered
        for person in people:
            yield Due(person, agreement, due_on=agreement.remind_on, tell_on=agreement.remind_on)


def _asked_to_remind(notice: Notice) -> Agreement | None:
    found: Agreement | None = (
        _agreements().running().filter(pk=notice.object_id, remind_on=notice.due_on).first()
    )
    return found


def _ending_words(_notice: Notice, agreement: Agreement) -> Words:
    day = formats.date_format(agreement.ends_on, "j. F Y") if agreement.ends_on else ""
    made_here = agreement.origin == AgreementOrigin.PORTAL
    return Words(
        title=_("En avtale går snart ut"),
        lines=(
            _("«%(title)s» gjelder til og med %(day)s.")
            % {"title": without_links(agreement.title), "day": day},
            _("Snakk sammen om den skal fornyes. Fornyelsen begynner med det som står i avtalen nå.")
            if made_here
            else _(
                "Snakk sammen om den skal fornyes. Skriv den nye datoen når dere er enige, så husker vi den."
            ),
        ),
        url=reverse("agreement", args=[agreement.pk]),
        link=_("Se avtalen"),
    )


# --- It was registered ------------------------------------------------------------------------------------
def _registered(day: date) -> Iterator[Due]:
    since = timezone.localdate() - TOLD_WITHIN
    found = Agreement.objects.filter(
        origin=AgreementOrigin.REGISTERED, created_at__date__gte=since, created_at__date__lte=day
    )
    for agreement, people in _with_people(found):
        on = timezone.localdate(agreement.created_at)
        for person in people:
            if person.user_id != agreement.created_by_id:
                yield Due(person, agreement, due_on=on, tell_on=on)


def _registered_then(notice: Notice) -> Agreement | None:
    found: Agreement | None = _agreements().running().filter(pk=notice.object_id).first()
    return found


def _registered_words(_notice: Notice, agreement: Agreement) -> Words:
    return Words(
        title=_("En avtale er registrert"),
        lines=(
            _("«%(title)s» er lagt inn i %(place)s, og dere er part i den.")
            % {
                "title": without_links(agreement.title),
                "place": municipality_name(agreement.municipality),
            },
            _("Se over at den stemmer. Dere kan rette den like mye som de andre."),
        ),
        url=reverse("agreement", args=[agreement.pk]),
        link=_("Se avtalen"),
    )


# --- It was ended early -----------------------------------------------------------------------------------
def _ended(_until: date) -> Iterator[Due]:
    """Who ended it and when stands in the trace: the row itself says who changed it last, whatever it was."""
    since = timezone.localdate() - TOLD_WITHIN
    steps = AuditEvent.objects.filter(
        verb="agreement_ended",
        object_type=Agreement._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
    ).order_by("-at", "-pk")
    found: Any = Agreement.objects.filter(state=AgreementState.ENDED, updated_at__date__gte=since).annotate(
        ended_at=Subquery(steps.values("at")[:1]), ended_by=Subquery(steps.values("actor")[:1])
    )
    for agreement, people in _with_people(found.filter(ended_at__date__gte=since)):
        on: Any = agreement
        for person in people:
            if on.ended_by is None or person.user_id != on.ended_by:
                yield Due(person, agreement, due_on=on.ended_on, tell_on=timezone.localdate(on.ended_at))


def _ended_then(notice: Notice) -> Agreement | None:
    """None when whoever ended it took it back."""
    found: Agreement | None = (
        _agreements().filter(pk=notice.object_id, ended_on=notice.due_on, state=AgreementState.ENDED).first()
    )
    return found


def _ended_words(notice: Notice, agreement: Agreement) -> Words:
    return Words(
        title=_("En avtale er avsluttet"),
        lines=(
            _("«%(title)s» er avsluttet. Siste dag var %(day)s.")
            % {
                "title": without_links(agreement.title),
                "day": formats.date_format(notice.due_on, "j. F Y"),
            },
            _("Er dere uenige, så snakk sammen først. Avslutningen kan angres."),
        ),
        url=reverse("agreement", args=[agreement.pk]),
        link=_("Se avtalen"),
    )


# --- It was withdrawn after all had signed -----------------------------------------------------------------
def _withdrawn(_until: date) -> Iterator[Due]:
    """To the parties, and to everybody who signed it."""
    since = timezone.now() - TOLD_WITHIN
    found: Any = Agreement.objects.filter(withdrawal__at__gte=since).select_related("withdrawal")
    for agreement, people in _with_people(found):
        on = timezone.localdate(agreement.withdrawal.at)
        told = {person.pk: person for person in (*people, *_signed_by(agreement))}
        for person in told.values():
            if person.user_id is None or person.user_id != agreement.withdrawal.by_id:
                yield Due(person, agreement, due_on=on, tell_on=on)


def _signed_by(agreement: Agreement) -> QuerySet[Person]:
    return Person.objects.filter(
        signs__envelope__agreement=agreement, signs__signature__isnull=False, erased_at=None
    ).distinct()


def _withdrawn_then(notice: Notice) -> Agreement | None:
    found: Agreement | None = (
        _agreements()
        .select_related("withdrawal")
        .filter(pk=notice.object_id, withdrawal__isnull=False)
        .first()
    )
    return found


def _withdrawn_words(notice: Notice, agreement: Agreement) -> Words:
    """The reason stands on the page: it may be about somebody, and this may lie on a table."""
    sees = (
        Agreement.objects.visible_to(notice.person.user).filter(pk=agreement.pk).exists()
        if (notice.person.user)
        else False
    )
    return Words(
        title=_("En avtale er trukket tilbake"),
        lines=(
            _("«%(title)s» er trukket tilbake, og gjelder ikke lenger fra %(day)s.")
            % {
                "title": without_links(agreement.title),
                "day": formats.date_format(notice.due_on, "j. F Y"),
            },
            _("Den signerte avtalen ligger der fortsatt, med en beskjed om at den er trukket tilbake."),
        ),
        url=reverse("agreement", args=[agreement.pk]) if sees else "",
        link=_("Se avtalen") if sees else "",
    )


# --- Whom it concerns ---------------------------------------------------------------------------------------
def _agreements() -> Any:
    return Agreement.objects.select_related("municipality__settings")


def _with_people(found: QuerySet[Agreement]) -> Iterator[tuple[Agreement, list[Person]]]:
    """Each agreement with those who hear of it, so many at a time: two more queries for each handful."""
    handful: list[Agreement] = []
    for agreement in found.select_related("municipality").order_by("pk").iterator(chunk_size=HANDFUL):
        handful.append(agreement)
        if len(handful) == HANDFUL:
            yield from _told_of(handful)
            handful = []
    yield from _told_of(handful)


def _told_of(handful: list[Agreement]) -> Iterable[tuple[Agreement, list[Person]]]:
    by_pk = {agreement.pk: agreement for agreement in handful}
    parties: dict[int, set[tuple[str, int]]] = {pk: set() for pk in by_pk}
    rows = AgreementParty.objects.filter(agreement__in=by_pk)
    for pk, unit, centre, organisation in rows.values_list("agreement", "unit", "centre", "organisation"):
        parties[pk].add(side_of(unit, centre, organisation))
    keepers = _keepers({agreement.person_id for agreement in handful if agreement.person_id})
    heard = leaders({agreement.municipality_id for agreement in handful})
    for agreement in handful:
        sides, whole = parties[agreement.pk], True
        if agreement.person_id:
            keeper = keepers[agreement.person_id]
            sides, whole = ({keeper}, False) if keeper else (set(), True)
        elif agreement.kind in PERSONAL_KINDS:
            whole = any(kind == "unit" for kind, _pk in sides)
        people = {
            person.pk: person
            for municipality, side, person in heard
            if side in sides or (whole and side is None and municipality == agreement.municipality_id)
        }
        yield agreement, list(people.values())


def _keepers(people: set[int]) -> dict[int, tuple[str, int] | None]:
    """Who keeps each person's data; None is the municipality."""
    rows = Person.objects.filter(pk__in=people) if people else Person.objects.none()
    return {
        pk: side_of(None, centre, organisation) if centre or organisation else None
        for pk, centre, organisation in rows.values_list("pk", "controller_centre", "controller_organisation")
    }


def leaders(municipality_ids: set[int]) -> list[tuple[int | None, tuple[str, int] | None, Person]]:
    """Those who may change agreements, with the side each answers for; None for the whole municipality."""
    held = Membership.objects.current().filter(
        municipality__in=municipality_ids, role__in=sorted(_HEARS), person__isnull=False
    )
    found: list[tuple[int | None, tuple[str, int] | None, Person]] = []
    for membership in held.select_related("person").order_by("pk"):
        whole = membership.role == Role.COORDINATOR
        side = (
            None if whole else side_of(membership.unit_id, membership.centre_id, membership.organisation_id)
        )
        if membership.person is not None:
            found.append((membership.municipality_id, side, membership.person))
    return found


def side_of(unit: int | None, centre: int | None, organisation: int | None) -> tuple[str, int]:
    if unit is not None:
        return "unit", unit
    return ("centre", centre) if centre is not None else ("organisation", organisation or 0)
