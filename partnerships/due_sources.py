"""What people are reminded of about access: invitations, roles that end, second factors, standing in."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Absence, ErasureRequest, Invitation, Membership, Notice
from partnerships.selectors.words import municipality_name
from partnerships.services.invitation import invitation_token, inviting_name
from samskaping.accounts import second_factor
from samskaping.accounts.permissions import NEEDS_SECOND_FACTOR
from samskaping.core.templatetags.letters import without_links
from samskaping.core.working_days import working_day_before

INVITATION_BEFORE = timedelta(days=4)
ACCESS_BEFORE = timedelta(days=14)
SECOND_FACTOR_BEFORE = timedelta(days=7)
ACCESS_ENDS = "access_ends"
# Long enough for a portal that stood still to tell of it when it is back.
ERASURE_TOLD_WITHIN = timedelta(days=14)


def register() -> None:
    due_source(
        DueSource(
            kind="erasure_answer",
            label=gettext_lazy("Svar på ønske om sletting"),
            derive=_erasures_refused,
            about=_erasure_refused,
            words=_erasure_words,
            urgent=True,
        )
    )
    due_source(
        DueSource(
            kind="invitation_reminder",
            label=gettext_lazy("Invitasjon uten svar"),
            derive=_invitations,
            about=_open_invitation,
            words=_invitation_words,
        )
    )
    due_source(
        DueSource(
            kind=ACCESS_ENDS,
            label=gettext_lazy("Tilgang som går ut"),
            derive=_ending,
            about=_ending_membership,
            words=_ending_words,
        )
    )
    due_source(
        DueSource(
            kind="second_factor_due",
            label=gettext_lazy("Innlogging i to trinn mangler"),
            derive=_without_factor,
            about=_still_without_factor,
            words=_factor_words,
        )
    )
    due_source(
        DueSource(
            kind="deputy",
            label=gettext_lazy("Stedfortreder"),
            derive=_deputies,
            about=_absence_covered,
            words=_deputy_words,
        )
    )


# --- An invitation nobody answered -----------------------------------------------------------------------
def _invitations(day: date) -> Iterator[Due]:
    unanswered = Invitation.objects.open().filter(
        expires_at__date__lte=day + INVITATION_BEFORE, created_at__date__lt=day
    )
    for invitation in unanswered.select_related("person").iterator(chunk_size=1000):
        last_day = timezone.localdate(invitation.expires_at)
        yield Due(invitation.person, invitation, due_on=last_day, tell_on=last_day - INVITATION_BEFORE)


def _open_invitation(notice: Notice) -> Any:
    """None, too, when it was sent again meanwhile: the new days have a reminder of their own."""
    invitation = (
        Invitation.objects.open()
        .select_related("municipality__settings", "person", "unit", "centre", "organisation")
        .filter(pk=notice.object_id)
        .first()
    )
    if invitation is None or timezone.localdate(invitation.expires_at) != notice.due_on:
        return None
    return invitation


def _invitation_words(_notice: Notice, invitation: Invitation) -> Words:
    place = without_links(inviting_name(invitation))
    day = _day(timezone.localdate(invitation.expires_at))
    url = reverse("invitation_open", args=[invitation_token(invitation)])
    return Words(
        title=_("Invitasjonen din går snart ut"),
        lines=(
            _("%(place)s har invitert deg til Samskaping som %(role)s.")
            % {"place": place, "role": invitation.role_label},
            _("Du kan svare til og med %(day)s. Passer det ikke, trenger du ikke gjøre noe.") % {"day": day},
        ),
        url=url,
        link=_("Se invitasjonen"),
        sms=_("%(place)s venter på svar på invitasjonen til Samskaping. Svar innen %(day)s: %(link)s")
        % {"place": place, "day": day, "link": settings.SITE_URL + url},
    )


# --- A role that ends --------------------------------------------------------------------------------------
def _ending(day: date) -> Iterator[Due]:
    ending = Membership.objects.current().filter(valid_to__lte=day + ACCESS_BEFORE, person__isnull=False)
    for membership in ending.select_related("person").iterator(chunk_size=1000):
        if membership.person is not None and membership.valid_to is not None:
            tell_on = membership.valid_to - ACCESS_BEFORE
            yield Due(membership.person, membership, due_on=membership.valid_to, tell_on=tell_on)


def _ending_membership(notice: Notice) -> Any:
    """None when it was prolonged or ended meanwhile."""
    return (
        Membership.objects.current()
        .select_related("municipality__settings", "unit", "centre", "organisation")
        .filter(pk=notice.object_id, valid_to=notice.due_on)
        .order_by("pk")  # one row; the usual order joins four tables for it
        .first()
    )


def _ending_words(notice: Notice, membership: Membership) -> Words:
    return Words(
        title=_("Tilgangen din går snart ut"),
        lines=(
            _("Rollen din som %(role)s (%(place)s) varer til og med %(day)s.")
            % {
                "role": membership.role_label,
                "place": membership.belongs_to or "",
                "day": _day(notice.due_on),
            },
            _("Svaret ditt går til dem som gir tilgang. De avgjør om den forlenges."),
        ),
        url=reverse("profile"),
        link=_("Se rollene mine"),
        question=_("Trenger du tilgangen videre?"),
    )


# --- A second factor that will be asked for -----------------------------------------------------------------
def _without_factor(day: date) -> Iterator[Due]:
    """The first day for each person: her second role asks for the same."""
    if settings.SECOND_FACTOR == "optional":
        return
    has_factor = Authenticator.objects.filter(user=OuterRef("user"), type__in=second_factor.KINDS)
    held = Membership.objects.current().filter(
        ~Exists(has_factor),
        role__in=sorted(NEEDS_SECOND_FACTOR),
        second_factor_from__gt=timezone.localdate(),
        second_factor_from__lte=day + SECOND_FACTOR_BEFORE,
        person__isnull=False,
    )
    first = held.order_by("user", "second_factor_from", "pk").distinct("user").select_related("person")
    for membership in first.iterator(chunk_size=1000):
        if membership.person is not None and membership.second_factor_from is not None:
            day_asked = membership.second_factor_from
            yield Due(
                membership.person, membership, due_on=day_asked, tell_on=day_asked - SECOND_FACTOR_BEFORE
            )


def _still_without_factor(notice: Notice) -> Any:
    membership = (
        Membership.objects.current()
        .select_related("user")
        .filter(pk=notice.object_id, second_factor_from=notice.due_on)
        .first()
    )
    return None if membership is None or second_factor.has_factor(membership.user) else membership


def _factor_words(notice: Notice, _membership: Membership) -> Words:
    return Words(
        title=_("Sett opp innlogging i to trinn"),
        lines=(
            _("Fra %(day)s trenger du mer enn passord eller kode for å logge inn.")
            % {"day": _day(notice.due_on)},
            _("Det tar to minutter, og du trenger telefonen din."),
        ),
        url=reverse("account_security"),
        link=_("Sett opp nå"),
    )


# --- Standing in for somebody ----------------------------------------------------------------------------
def _deputies(day: date) -> Iterator[Due]:
    covered = Absence.objects.filter(
        deputy__isnull=False,
        away_from__gte=timezone.localdate(),
        # Before a long weekend the working day before is some days earlier.
        away_from__lte=day + timedelta(days=7),
        membership__ended_at=None,
    )
    for absence in covered.select_related("deputy").iterator(chunk_size=1000):
        tell_on = working_day_before(absence.away_from)
        if absence.deputy is not None and tell_on <= day:
            yield Due(absence.deputy, absence, due_on=absence.away_from, tell_on=tell_on)


def _absence_covered(notice: Notice) -> Any:
    """None when it was called off, is over, or was left to somebody else."""
    return (
        Absence.objects.filter(
            pk=notice.object_id, deputy=notice.person_id, away_to__gte=timezone.localdate()
        )
        .select_related("membership__person", "municipality__settings")
        .first()
    )


def _deputy_words(_notice: Notice, absence: Absence) -> Words:
    person = absence.membership.person
    return Words(
        title=_("Du er stedfortreder"),
        lines=(
            _("%(name)s er borte fra %(first)s til og med %(last)s, og har satt deg opp som stedfortreder.")
            % {
                "name": without_links(person.name if person else municipality_name(absence.municipality)),
                "first": _day(absence.away_from),
                "last": _day(absence.away_to),
            },
            _("Passer det ikke, så si fra til hverandre før det begynner."),
        ),
        url=reverse("this_week"),
        link=_("Se hva som venter"),
    )


def _day(day: date) -> str:
    return formats.date_format(day, "j. F")


def _erasures_refused(_until: date) -> Iterator[Due]:
    since = timezone.localdate() - ERASURE_TOLD_WITHIN
    refused = ErasureRequest.objects.filter(answered_at__date__gte=since)
    for asked in refused.exclude(refused_because="").select_related("person__municipality"):
        assert asked.answered_at is not None  # noqa: S101 - erasure_refused_with_reason holds
        day = timezone.localdate(asked.answered_at)
        yield Due(asked.person, asked, due_on=day, tell_on=day)


def _erasure_refused(notice: Notice) -> ErasureRequest | None:
    return ErasureRequest.objects.filter(pk=notice.object_id).exclude(refused_because="").first()


def _erasure_words(_notice: Notice, asked: ErasureRequest) -> Words:
    return Words(
        title=_("Svar på ønsket ditt om sletting"),
        lines=(
            _("Vi kan ikke slette alt nå. Dette er grunnen:"),
            asked.refused_because,
            _("Er du uenig, kan du klage til Datatilsynet."),
        ),
        url=reverse("own_data"),
        link=_("Se opplysningene dine"),
    )
