"""What people and access put on home pages: things that wait, numbers, and what is one's own.

Registered in AppConfig.ready(). Each provider keeps to the role the viewer is in now, so that the page
is about one place even for somebody who works in three.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.access import access_of
from partnerships.due_sources import ACCESS_ENDS
from partnerships.models import Absence, ErasureRequest, Invitation, Membership, Notice, Person, Reply
from partnerships.models.notice import Answer, NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.words import municipality_name, settings_of
from samskaping.accounts import second_factor
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.registries import (
    MyPageItem,
    OverviewCard,
    Viewer,
    WorkItem,
    my_page_items_from,
    overview_cards_from,
    work_items_from,
)
from samskaping.core.sms import shown_number

# Long enough to ring somebody, short enough not to be seen every week.
INVITATION_SOON = timedelta(days=4)
INVITATION_PAST = timedelta(days=30)
ACCESS_SOON = timedelta(days=21)
ABSENCE_SOON = timedelta(days=7)
SECOND_FACTOR_SOON = timedelta(days=7)


def register() -> None:
    work_items_from("invitations", invitations)
    work_items_from("accesses", accesses)
    work_items_from("absences", absences)
    work_items_from("erasures", erasures)
    work_items_from("contact_point", contact_point)
    work_items_from("second_factor", second_factor_missing)
    work_items_from("letters_and_calls", letters_and_calls)
    overview_cards_from("members", member_cards)
    my_page_items_from("roles", my_roles)
    my_page_items_from("whom_to_ring", whom_to_ring)


def invitations(viewer: Viewer) -> Iterator[WorkItem]:
    """Those about to run out, and those that did without an answer: often the message never came through."""
    if not _manages(viewer):
        return
    now = timezone.now()
    unanswered = _managed_here(Invitation.objects.filter(accepted_at=None, withdrawn_at=None), viewer)
    soon = unanswered.filter(
        expires_at__gt=now - INVITATION_PAST, expires_at__lt=now + INVITATION_SOON
    ).select_related("person")
    for invitation in soon.order_by("expires_at")[:20]:
        last_day = timezone.localdate(invitation.expires_at)
        yield WorkItem(
            tag=_("Invitasjon"),
            color="info",
            title=_("%(name)s har ikke svart på invitasjonen") % {"name": invitation.person.name},
            note=_("Gikk ut %(day)s. Send den på nytt, eller ring.") % {"day": _day(last_day)}
            if invitation.expires_at <= now
            else _("Går ut %(day)s. Ring, og spør om den kom fram.") % {"day": _day(last_day)},
            url=reverse("members"),
            due_on=last_day,
        )


def accesses(viewer: Viewer) -> Iterator[WorkItem]:
    """Roles with an end that is near: to prolong, or to let go on purpose."""
    if not _manages(viewer):
        return
    ending = _managed_here(Membership.objects.current(), viewer).filter(
        valid_to__lte=viewer.today + ACCESS_SOON
    )
    found = list(ending.select_related("person", "municipality__settings").order_by("valid_to")[:20])
    answers = _wanted_longer(found)
    for membership in found:
        name = membership.person.name if membership.person else ""
        yield WorkItem(
            tag=_("Tilgang"),
            color="warning",
            title=_("Tilgangen til %(name)s går ut") % {"name": name},
            note=_("%(role)s til og med %(day)s")
            % {
                "role": membership.role_label.capitalize(),
                "day": _day(membership.valid_to),
            }
            + answers.get((str(membership.pk), membership.valid_to), ""),
            url=reverse("membership_change", kwargs={"pk": membership.pk}),
            due_on=membership.valid_to,
        )


def _wanted_longer(memberships: list[Membership]) -> dict[tuple[str, date | None], str]:
    """What they answered when asked, about this very end: `due_sources` asks two weeks before."""
    words = {Answer.YES: _("Svarte ja: trenger den videre."), Answer.NO: _("Svarte nei: trenger den ikke.")}
    replies = Reply.objects.filter(
        notice__kind=ACCESS_ENDS, notice__object_id__in=[str(membership.pk) for membership in memberships]
    ).order_by("at")
    return {
        (object_id, due_on): f". {words[Answer(answer)]}"
        for object_id, due_on, answer in replies.values_list("notice__object_id", "notice__due_on", "answer")
    }


def absences(viewer: Viewer) -> Iterator[WorkItem]:
    """Whom she stands in for, and an absence of her own that nobody covers."""
    if viewer.membership is None:
        return
    near = Absence.objects.filter(
        away_from__lte=viewer.today + ABSENCE_SOON, away_to__gte=viewer.today
    ).select_related("membership__person")
    mine = Q(membership=viewer.membership, deputy=None)
    for absence in near.filter(
        mine | Q(deputy__user=viewer.user, municipality=viewer.membership.municipality_id)
    ):
        period = _("%(first)s til %(last)s") % {
            "first": _day(absence.away_from),
            "last": _day(absence.away_to),
        }
        if absence.membership_id == viewer.membership.pk:
            title, note = _("Velg hvem som tar over mens du er borte"), period
        else:
            person = absence.membership.person
            title = _("Du er stedfortreder for %(name)s") % {"name": person.name if person else ""}
            note = period
        yield WorkItem(
            tag=_("Borte"),
            title=title,
            note=note,
            url=reverse("away"),
            due_on=max(absence.away_from, viewer.today),
        )


def erasures(viewer: Viewer) -> Iterator[WorkItem]:
    """People who want what is kept about them erased: the law gives a month."""
    if viewer.membership is None or viewer.membership.role not in roles_with(Permission.PRIVACY_MANAGE):
        return
    asked = ErasureRequest.objects.visible_to(viewer.user).filter(
        municipality=viewer.membership.municipality_id, answered_at=None
    )
    for request in asked.select_related("person")[:20]:
        yield WorkItem(
            tag=_("Personvern"),
            color="warning",
            title=_("%(name)s ber om at opplysningene slettes") % {"name": request.person.name},
            note=_("Slett dem, eller skriv hvorfor det ikke går."),
            url=reverse("erasure_answer", args=[request.pk]),
            due_on=request.answer_by,
        )


def contact_point(viewer: Viewer) -> Iterator[WorkItem]:
    """«Hvem ringer jeg?» must have an answer before the first volunteer asks."""
    membership = viewer.membership
    if membership is None or membership.municipality is None:
        return
    if membership.municipality_id not in access_of(viewer.user).municipalities_all(Permission.SETTINGS_EDIT):
        return
    settings = settings_of(membership.municipality)
    if settings is None or not (settings.contact_email or settings.contact_phone):
        yield WorkItem(
            tag=_("Kom i gang"),
            title=_("Skriv hvem innbyggere og lag kan ringe"),
            note=_("Kontaktpunktet står på sider og i meldinger."),
            url=reverse("municipality_settings"),
        )


def second_factor_missing(viewer: Viewer) -> Iterator[WorkItem]:
    """From a role's first days it can wait; it is said when the day is near."""
    if viewer.membership is None:
        return
    day = second_factor.due(viewer.user)
    near = day is not None and day <= viewer.today + SECOND_FACTOR_SOON
    if near and not second_factor.has_factor(viewer.user):
        yield WorkItem(
            tag=_("Sikkerhet"),
            title=_("Sett opp innlogging i to trinn"),
            note=_("Rollen din krever det. Det tar to minutter, og du trenger telefonen."),
            url=reverse("account_security"),
            due_on=day,
        )


def letters_and_calls(viewer: Viewer) -> Iterator[WorkItem]:
    """What waits for her hands: letters to post, and people to ring today."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.NOTICES_MANAGE):
        return
    waiting = Notice.objects.visible_to(viewer.user).filter(
        municipality=membership.municipality_id, state=NoticeState.LISTED
    )
    found = waiting.aggregate(
        letters=Count("pk", filter=Q(channel=Channel.LETTER)),
        letters_from=Min("tell_on", filter=Q(channel=Channel.LETTER)),
        calls=Count("pk", filter=Q(channel=Channel.PHONE, tell_on__lte=viewer.today)),
        calls_from=Min("tell_on", filter=Q(channel=Channel.PHONE)),
    )
    if found["letters"]:
        yield WorkItem(
            tag=_("Brev"),
            title=ngettext(
                "%(count)s brev venter på å bli postlagt",
                "%(count)s brev venter på å bli postlagt",
                found["letters"],
            )
            % {"count": found["letters"]},
            url=reverse("letters"),
            due_on=found["letters_from"],
        )
    if found["calls"]:
        yield WorkItem(
            tag=_("Ring"),
            title=ngettext("%(count)s person å ringe", "%(count)s personer å ringe", found["calls"])
            % {"count": found["calls"]},
            url=reverse("calls"),
            due_on=found["calls_from"],
        )


def member_cards(viewer: Viewer) -> Iterator[OverviewCard]:
    if not _manages(viewer):
        return
    members = _managed_here(Membership.objects.current(), viewer).values("user").distinct().count()
    unanswered = _managed_here(Invitation.objects.open(), viewer).count()
    yield OverviewCard(
        label=_("Har tilgang"),
        number=formats.number_format(members, force_grouping=True),
        note=ngettext("person med en rolle nå", "personer med en rolle nå", members),
        order=80,
        url=reverse("members"),
        link=_("Se hvem"),
    )
    yield OverviewCard(
        label=_("Invitasjoner uten svar"),
        number=formats.number_format(unanswered, force_grouping=True),
        order=90,
        url=reverse("members"),
        link=_("Se invitasjonene"),
    )


def my_roles(viewer: Viewer) -> Iterator[MyPageItem]:
    """What others have let her do, and until when: nobody should have to ask."""
    lines = []
    for membership in access_of(viewer.user).memberships:
        place = membership.belongs_to
        words = membership.role_label.capitalize() + (f", {place}" if place else "")
        until = _(" til og med %(day)s") % {"day": _day(membership.valid_to)} if membership.valid_to else ""
        lines.append(words + until)
    if lines:
        yield MyPageItem(
            title=_("Rollene dine"),
            lines=tuple(lines),
            order=10,
            url=reverse("profile"),
            link=_("Til kontoen din"),
        )


def whom_to_ring(viewer: Viewer) -> Iterator[MyPageItem]:
    """Hvem ringer jeg? One answer for each municipality that knows her."""
    people = Person.objects.filter(user=viewer.user).select_related("municipality__settings")
    seen = set()
    for person in people:
        settings = settings_of(person.municipality)
        if settings is None or person.municipality_id in seen:
            continue
        seen.add(person.municipality_id)
        ways = (settings.contact_name, shown_number(settings.contact_phone), settings.contact_email)
        if any(ways):
            yield MyPageItem(
                title=_("Hvem ringer jeg i %(place)s?") % {"place": municipality_name(person.municipality)},
                lines=tuple(way for way in ways if way),
                order=20,
            )


def _manages(viewer: Viewer) -> bool:
    """Whether the role she is in now lets people in; another role of hers may, and has its own page."""
    membership = viewer.membership
    return membership is not None and membership.role in roles_with(Permission.MEMBER_MANAGE)


def _managed_here(rows: Any, viewer: Viewer) -> Any:
    """What she may see of these, in the place she works now."""
    return rows.visible_to(viewer.user).filter(municipality=viewer.membership.municipality_id)


def _day(day: date | None) -> str:
    return formats.date_format(day, "j. F") if day else ""
