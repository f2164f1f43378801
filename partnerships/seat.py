"""Who sits at a process: staff by their role, a participant by her account or by her link (docs/adr/0039).

All pages of a process ask here, and nowhere else, what is shown and what may be done:

    @seated()                    # whoever may see the process
    @seated("contributes")       # who takes part, or may edit
    def proposal_new(request: HttpRequest, seat: Seat) -> HttpResponse:

A page extends `seat.base`: somebody who came by link has no menu to lose her way in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from partnerships.access import access_of
from partnerships.models import CodesignProcess, Participant, Person
from partnerships.models.codesign import process_keys_seen, ways_to_processes
from partnerships.models.meeting import citizens_alone
from partnerships.models.participant import convenes_here, is_contact, is_told_here
from partnerships.models.reach import written
from partnerships.process_asked import PARTICIPANT, PROCESS, USER, OfSeat
from partnerships.selectors.channel import address_proof
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.accounts.sitting import Sitting
from samskaping.core.written import Written, ask

IN_SESSION = "seat"
SITTING = Sitting(IN_SESSION)
# In the address of the page that asks for her code: she was sending something.
WROTE = "skrev"
READ_WITH = ("municipality__settings", "partnership", "unit", "centre", "organisation", "convener")

Need = Literal["edits", "convenes", "is_told", "takes_part", "contributes", "among_citizens"]
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Seat:
    """What is shown and what may be done at one process, for whoever asks now."""

    process: CodesignProcess
    # Who is signed in; None for who came by link.
    user: User | None
    # Hers, once she has said yes and until she leaves.
    participant: Participant | None
    # May change the process: PROCESS_EDIT covers it, or she is the group's contact.
    edits: bool
    # Invites, and so knows who is asked and how they are reached.
    convenes: bool

    @property
    def takes_part(self) -> bool:
        return self.participant is not None

    @property
    def contributes(self) -> bool:
        """May write in it: proposals, tasks, minutes."""
        return self.edits or self.takes_part

    @cached_property
    def among_citizens(self) -> bool:
        """May be where citizens meet alone: nobody who works for the municipality, on whatever side."""
        return bool(AMONG_CITIZENS.of(self))

    @cached_property
    def is_told(self) -> bool:
        """Knows what is said to the group's contact alone: adaptations, and calls between meetings."""
        return self.user is not None and self.convenes and is_told_here(self.user, self.process)

    @property
    def sees_staff(self) -> bool:
        """Who works with it signs by name to those who do, and to the group; not to a guest."""
        return self.edits or self.sees_names

    @property
    def sees_names(self) -> bool:
        """First names of those who want it; the convener sees all. Others are told how many on each side."""
        return self.convenes or self.takes_part

    @property
    def is_guest(self) -> bool:
        """Let in to read, until a day, and told nobody's name: neither the group's nor the staff's."""
        if self.user is None or self.contributes:
            return False
        access = access_of(self.user)
        return self.process.pk in access.guest_process_ids and not access.covers(
            Permission.PROCESS_READ, self.process
        )

    @property
    def by_link(self) -> bool:
        return self.user is None

    @property
    def base(self) -> str:
        return "partnerships/participant/base.html" if self.by_link else "base.html"

    @property
    def person(self) -> Person | None:
        """Her own row, as what she writes here is signed with: the participant's, else her role's."""
        if self.participant is not None:
            return self.participant.person
        people = [m.person for m in access_of(self.user).memberships if m.person] if self.user else []
        at_home = (person for person in people if person.municipality_id == self.process.municipality_id)
        return next(at_home, people[0] if people else None)


AMONG_CITIZENS = OfSeat(
    lambda: citizens_alone().filter(pk=PARTICIPANT).order_by().values("pk"),
    shown_to=lambda seat: seat.takes_part,
)


class Invited(Exception):
    """She has been asked to take part, and has not said yes."""


class CodeNeeded(Exception):
    """She came by link, and her hour is over."""


def seat_of(request: HttpRequest, pk: int) -> Seat:
    """Where she sits. Raises Http404 for what she may not know of, Invited and CodeNeeded."""
    if isinstance(request.user, User):
        return _by_account(request.user, pk)
    return _by_link(request, pk)


def seated(need: Need | None = None) -> Callable[[View], View]:
    """Gives the view its seat in place of the process's key. Without what it needs she gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def at_the_table(request: HttpRequest, pk: int, **more: Any) -> HttpResponseBase:
            try:
                seat = seat_of(request, pk)
            except Invited:
                return redirect("participant_answer", pk=pk)
            except CodeNeeded:
                return _to_code(request)
            except Http404:
                return _to_sign_in(request)
            if need is not None and not getattr(seat, need):
                raise PermissionDenied
            response = view(request, seat, **more)
            # On a borrowed phone «tilbake» must show nothing.
            add_never_cache_headers(response)
            return response

        return at_the_table

    return decorate


def invited(view: View) -> View:
    """Gives the view whoever was asked to this process, for where she answers yes or no."""

    @wraps(view)
    def asked(request: HttpRequest, pk: int, **more: Any) -> HttpResponseBase:
        try:
            participant = _invitee(request, pk)
        except CodeNeeded:
            return _to_code(request)
        except Http404:
            return _to_sign_in(request)
        return view(request, participant, **more)

    return asked


def _to_code(request: HttpRequest) -> HttpResponseBase:
    """What she wrote goes along: the browser posts it once more, there (views/participant_link.py)."""
    wrote = request.method not in ("GET", "HEAD")
    back = {"next": request.path, **({WROTE: "1"} if wrote else {})}
    return redirect(reverse("participant_code", query=back), preserve_request=wrote)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Where signing in may be what is missing. Raises Http404 where it is not."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path())


# --- By her own account ---------------------------------------------------------------------------------
_HERS = Written(
    lambda: (
        Participant.objects.filter(process=PROCESS, person__user=USER, left_at=None)
        .select_related("person")
        .order_by("side", "pk")[:1]
    )
)


def _seen(having: frozenset[str]) -> QuerySet[CodesignProcess]:
    seen = CodesignProcess.objects.filter(pk=PROCESS, pk__in=process_keys_seen(having))
    return seen.select_related(*READ_WITH)


def _by_account(user: User, pk: int) -> Seat:
    if pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    by = ways_to_processes(user)
    hers, seen = ask((_HERS, written(_seen, frozenset(by))), {**by, PROCESS.name: pk})
    participant: Participant | None = next(iter(hers), None)
    if not seen:
        raise Http404 if participant is None else Invited
    process: CodesignProcess = seen[0]
    return Seat(
        process=process,
        user=user,
        participant=participant if participant is not None and participant.takes_part else None,
        edits=access_of(user).covers(Permission.PROCESS_EDIT, process) or is_contact(user, process),
        convenes=convenes_here(user, process),
    )


# --- By link and code -----------------------------------------------------------------------------------
def seat_proof(participant: Participant) -> str:
    """What her code proves, until her address or link is another. Empty where no code reaches her."""
    return address_proof("partnerships.seat", participant, participant.person, nonce=participant.nonce)


def sit_down(request: HttpRequest, participant: Participant) -> None:
    """From now on this browser sits where she sits; the caller has seen the right code."""
    SITTING.begin(request, who=participant.pk, proof=seat_proof(participant))


def stand_up(request: HttpRequest) -> None:
    SITTING.end(request)


def speak(request: HttpRequest, participant: Participant) -> None:
    """Her language, unless she has chosen one on this machine."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(participant.person.language)


def sitting(request: HttpRequest) -> Participant | None:
    """Who this browser came for by link, whether or not her hour is over; None after she has left."""
    kept = SITTING.kept(request)
    if kept is None:
        return None
    return next(iter(_SITTING.rows(participant=kept["id"])), None)


_SITTING = Written(
    lambda: (
        Participant.objects.filter(pk=PARTICIPANT, left_at=None, person__erased_at=None)
        .select_related("person__municipality__settings", *(f"process__{name}" for name in READ_WITH))
        .order_by()
    )
)


def _invitee(request: HttpRequest, pk: int) -> Participant:
    if not isinstance(request.user, User):
        return _proven(request, pk)
    hers = Participant.objects.filter(process=pk, person__user=request.user, left_at=None)
    joined = [f"process__{name}" for name in READ_WITH]
    found = hers.select_related("person", *joined).first()
    if found is None:
        raise Http404
    return found


def _by_link(request: HttpRequest, pk: int) -> Seat:
    participant = _proven(request, pk)
    if not participant.takes_part:
        raise Invited
    return Seat(process=participant.process, user=None, participant=participant, edits=False, convenes=False)


def _proven(request: HttpRequest, pk: int) -> Participant:
    participant = sitting(request)
    if participant is None or participant.process_id != pk:
        raise Http404
    speak(request, participant)
    if not SITTING.holds(request, seat_proof(participant)):
        raise CodeNeeded
    return participant
