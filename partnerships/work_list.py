"""What people and access put on home pages: things that wait, numbers, and what is one's own.

Registered in AppConfig.ready(). Each keeps to the role the viewer is in now, so that the page
is about one place even for somebody who works in three.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.access import access_of
from partnerships.due_sources import ACCESS_ENDS
from partnerships.models import Absence, ErasureRequest, Invitation, Membership, Notice, Person, Reply
from partnerships.models.notice import Answer, NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.words import municipality_name, role_word, settings_of
from samskaping.accounts import second_factor
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.one_query import Question, Row, as_day, as_moment, number_in
from samskaping.core.registries import (
    MyPageItem,
    OverviewCard,
    Viewer,
    WorkItem,
    card_source,
    my_page_items_from,
    work_items_from,
    work_source,
)
from samskaping.core.sms import shown_number

# Long enough to ring somebody, short enough not to be seen every week.
INVITATION_SOON = timedelta(days=4)
INVITATION_PAST = timedelta(days=30)
ACCESS_SOON = timedelta(days=21)
ABSENCE_SOON = timedelta(days=7)
SECOND_FACTOR_SOON = timedelta(days=7)
AT_MOST = 20


def register() -> None:
    work_source("invitations", _unanswered, invitations)
    work_source("accesses", _ending, accesses)
    work_source("absences", _near_absences, absences)
    work_source("erasures", _erasures_asked, erasures)
    work_source("letters_and_calls", _letters_and_calls, letters_and_calls)
    work_items_from("contact_point", contact_point)
    work_items_from("second_factor", second_factor_missing)
    card_source("members", _members, members_card)
    card_source("open_invitations", _open_invitations, invitations_card)
    my_page_items_from("roles", my_roles)
    my_page_items_from("whom_to_ring", whom_to_ring)


def _unanswered(viewer: Viewer) -> Question | None:
    """Those about to run out, and those that did without an answer: often the message never came through."""
    if not _manages(viewer):
        return None
    now = viewer.now
    unanswered = _managed_here(Invitation.objects.filter(accepted_at=None, withdrawn_at=None), viewer)
    soon = unanswered.filter(expires_at__gt=now - INVITATION_PAST, expires_at__lt=now + INVITATION_SOON)
    return Question(soon.order_by("expires_at")[:AT_MOST], name="person__name", expires_at="expires_at")


def invitations(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        expires_at = as_moment(row["expires_at"])
        last_day = timezone.localdate(expires_at)
        yield WorkItem(
            tag=_("Invitasjon"),
            color="info",
            title=_("%(name)s har ikke svart på invitasjonen") % {"name": row["name"]},
            note=_("Gikk ut %(day)s. Send den på nytt, eller ring.") % {"day": _day(last_day)}
            if expires_at <= timezone.now()
            else _("Går ut %(day)s. Ring, og spør om den kom fram.") % {"day": _day(last_day)},
            url=reverse("members"),
            due_on=last_day,
        )


def _ending(viewer: Viewer) -> Question | None:
    """Roles with an end that is near: to prolong, or to let go on purpose."""
    if not _manages(viewer):
        return None
    ending = _managed_here(Membership.objects.current(viewer.today), viewer).filter(
        valid_to__lte=viewer.today + ACCESS_SOON
    )
    # What they answered when asked, about this very end: `due_sources` asks two weeks before.
    answers = Reply.objects.filter(
        notice__kind=ACCESS_ENDS,
        notice__object_id=Cast(OuterRef("pk"), CharField()),
        notice__due_on=OuterRef("valid_to"),
    ).order_by("-at")
    return Question(
        ending.order_by("valid_to")[:AT_MOST],
        pk="pk",
        name="person__name",
        role="role",
        valid_to="valid_to",
        answer=Subquery(answers.values("answer")[:1]),
    )


def accesses(viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    words = {Answer.YES: _("Svarte ja: trenger den videre."), Answer.NO: _("Svarte nei: trenger den ikke.")}
    for row in rows:
        valid_to = as_day(row["valid_to"])
        role = role_word(row["role"], viewer.membership.municipality)
        note = _("%(role)s til og med %(day)s") % {"role": role.capitalize(), "day": _day(valid_to)}
        if row["answer"]:
            note += f". {words[Answer(row['answer'])]}"
        yield WorkItem(
            tag=_("Tilgang"),
            color="warning",
            title=_("Tilgangen til %(name)s går ut") % {"name": row["name"]},
            note=note,
            url=reverse("membership_change", kwargs={"pk": row["pk"]}),
            due_on=valid_to,
        )


def _near_absences(viewer: Viewer) -> Question | None:
    """Whom she stands in for, and an absence of her own that nobody covers."""
    if viewer.membership is None:
        return None
    near = Absence.objects.filter(away_from__lte=viewer.today + ABSENCE_SOON, away_to__gte=viewer.today)
    mine = Q(membership=viewer.membership, deputy=None)
    return Question(
        near.filter(mine | Q(deputy__user=viewer.user, municipality=viewer.membership.municipality_id)),
        membership="membership_id",
        name="membership__person__name",
        away_from="away_from",
        away_to="away_to",
    )


def absences(viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        first, last = date.fromisoformat(row["away_from"]), date.fromisoformat(row["away_to"])
        yield WorkItem(
            tag=_("Borte"),
            title=_("Velg hvem som tar over mens du er borte")
            if row["membership"] == viewer.membership.pk
            else _("Du er stedfortreder for %(name)s") % {"name": row["name"]},
            note=_("%(first)s til %(last)s") % {"first": _day(first), "last": _day(last)},
            url=reverse("away"),
            due_on=max(first, viewer.today),
        )


def _erasures_asked(viewer: Viewer) -> Question | None:
    """People who want what is kept about them erased: the law gives a month."""
    if viewer.membership is None or viewer.membership.role not in roles_with(Permission.PRIVACY_MANAGE):
        return None
    asked = ErasureRequest.objects.visible_to(viewer.user).filter(
        municipality=viewer.membership.municipality_id, answered_at=None
    )
    return Question(asked[:AT_MOST], pk="pk", name="person__name", answer_by="answer_by")


def erasures(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Personvern"),
            color="warning",
            title=_("%(name)s ber om at opplysningene slettes") % {"name": row["name"]},
            note=_("Slett dem, eller skriv hvorfor det ikke går."),
            url=reverse("erasure_answer", args=[row["pk"]]),
            due_on=as_day(row["answer_by"]),
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


def _letters_and_calls(viewer: Viewer) -> Question | None:
    """What waits for her hands: letters to post, and people to ring today."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.NOTICES_MANAGE):
        return None
    waiting = Notice.objects.visible_to(viewer.user).filter(
        municipality=membership.municipality_id, state=NoticeState.LISTED
    )
    return Question(
        waiting.order_by(),
        letters=Count("pk", filter=Q(channel=Channel.LETTER)),
        letters_from=Min("tell_on", filter=Q(channel=Channel.LETTER)),
        calls=Count("pk", filter=Q(channel=Channel.PHONE, tell_on__lte=viewer.today)),
        calls_from=Min("tell_on", filter=Q(channel=Channel.PHONE)),
    )


def letters_and_calls(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        if row["letters"]:
            yield WorkItem(
                tag=_("Brev"),
                title=ngettext(
                    "%(count)s brev venter på å bli postlagt",
                    "%(count)s brev venter på å bli postlagt",
                    row["letters"],
                )
                % {"count": row["letters"]},
                url=reverse("letters"),
                due_on=as_day(row["letters_from"]),
            )
        if row["calls"]:
            yield WorkItem(
                tag=_("Ring"),
                title=ngettext("%(count)s person å ringe", "%(count)s personer å ringe", row["calls"])
                % {"count": row["calls"]},
                url=reverse("calls"),
                due_on=as_day(row["calls_from"]),
            )


def _members(viewer: Viewer) -> Question | None:
    if not _manages(viewer):
        return None
    members = _managed_here(Membership.objects.current(viewer.today), viewer)
    return Question(members.order_by(), number=Count("user", distinct=True))


def members_card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    number = number_in(rows)
    yield OverviewCard(
        label=_("Har tilgang"),
        number=formats.number_format(number, force_grouping=True),
        note=ngettext("person med en rolle nå", "personer med en rolle nå", number),
        order=80,
        url=reverse("members"),
        link=_("Se hvem"),
    )


def _open_invitations(viewer: Viewer) -> Question | None:
    if not _manages(viewer):
        return None
    return Question(_managed_here(Invitation.objects.open(viewer.now), viewer).order_by(), number=Count("pk"))


def invitations_card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    yield OverviewCard(
        label=_("Invitasjoner uten svar"),
        number=formats.number_format(number_in(rows), force_grouping=True),
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
