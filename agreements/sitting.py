"""Who reads and signs: by her own account, or by the link and the code. All her documents in one sitting.

    @asked                       # gives the view its Signatory in place of the number
    def read(request: HttpRequest, signatory: Signatory) -> HttpResponse:

Nobody else gets in here, whatever her role: an employee sees how a signing goes on the agreement's own page.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from agreements.models import Signatory
from agreements.models.envelope import HEAVY, Assurance, EnvelopeState, SignatoryQuerySet
from agreements.services.signatory import signing_proof
from agreements.services.signature import CONFIRMED_WITHIN, Confirmed, is_enough
from partnerships.models import Person
from partnerships.models.person import Channel
from partnerships.selectors.channel import address_of, code_channel
from samskaping.accounts import second_factor
from samskaping.accounts.limits import caller
from samskaping.accounts.models import User
from samskaping.accounts.services.session import SINCE
from samskaping.accounts.sitting import Sitting
from samskaping.core.written import Given, Written

SITTING = Sitting("signing")
# So much before the quarter is over a new code is asked for, so that nobody's is late when she presses.
MARGIN = timedelta(minutes=1)
View = Callable[..., HttpResponseBase]


class CodeNeeded(Exception):
    """She came by link, and her hour is over."""


def asked(view: View) -> View:
    @wraps(view)
    def hers(request: HttpRequest, pk: int, **more: Any) -> HttpResponseBase:
        try:
            signatory = signatory_of(request, pk)
        except CodeNeeded:
            back = {"next": request.path} if request.method in ("GET", "HEAD") else {}
            return redirect(reverse("signing_code", query=back))
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())
        response = view(request, signatory, **more)
        # On a borrowed phone «tilbake» must show nothing.
        add_never_cache_headers(response)
        return response

    return hers


def signatory_of(request: HttpRequest, pk: int) -> Signatory:
    """Raises Http404 for what is not hers, and CodeNeeded."""
    if isinstance(request.user, User):
        found = _ONE_OF_USER.rows(pk=pk, user=request.user.pk)
    else:
        found = _ONE_OF_PERSON.rows(pk=pk, person=_seated(request).pk)
    if not found:
        raise Http404
    one: Signatory = found[0]
    return one


def next_after(request: HttpRequest, signatory: Signatory) -> int | None:
    """The newest that waits for whoever has just signed this."""
    if isinstance(request.user, User):
        found = _WAITING_FOR_USER.rows(user=request.user.pk)
    else:
        found = _WAITING_FOR_PERSON.rows(person=signatory.person_id)
    return found[0] if found else None


def theirs(request: HttpRequest) -> SignatoryQuerySet:
    """All that whoever asks is to sign or has signed. Raises Http404 for nobody, and CodeNeeded."""
    rows = _rows()
    if isinstance(request.user, User):
        return rows.filter(person__user=request.user)
    return rows.filter(person=_seated(request))


def _rows() -> SignatoryQuerySet:
    return (
        Signatory.objects.exclude(envelope__state=EnvelopeState.DRAFT)
        .select_related(
            "person__municipality__settings", "person__controller_organisation", "person__controller_centre",
            "party__unit", "party__centre", "party__organisation", "signature", "envelope__sent_by",
            "envelope__document__municipality", "envelope__agreement__municipality__settings",
        )
        .defer(*HEAVY)
        .order_by("-envelope__sent_at", "pk")
    )  # fmt: skip


# Each press asks for one of them, and its joins took longer to plan than all else did.
_ONE_OF_USER = Written(lambda: _rows().filter(pk=Given("pk"), person__user=Given("user")))
_ONE_OF_PERSON = Written(lambda: _rows().filter(pk=Given("pk"), person=Given("person")))
_WAITING_FOR_USER = Written(
    lambda: _rows().filter(person__user=Given("user")).waiting().values_list("pk", flat=True)[:1]
)
_WAITING_FOR_PERSON = Written(
    lambda: _rows().filter(person=Given("person")).waiting().values_list("pk", flat=True)[:1]
)


def _seated(request: HttpRequest) -> Person:
    person = sitter(request)
    if person is None:
        raise Http404
    if not SITTING.holds(request, signing_proof(person)):
        raise CodeNeeded
    speak(request, person)
    return person


_SITTER = Written(
    lambda: Person.objects.select_related(
        "municipality__settings", "controller_organisation", "controller_centre"
    ).filter(pk=Given("pk"), erased_at=None)
)


def sitter(request: HttpRequest) -> Person | None:
    """Who this browser came for by link, whether or not her hour is over."""
    kept = SITTING.kept(request)
    found = _SITTER.rows(pk=kept["id"]) if kept is not None else []
    return found[0] if found else None


def sit_down(request: HttpRequest, person: Person) -> None:
    """The caller has seen the right code. Signed in as herself she stays so, and is confirmed by it."""
    SITTING.begin(request, who=person.pk, proof=signing_proof(person), coded=time.time())


def speak(request: HttpRequest, person: Person) -> None:
    """Her language, unless she has chosen one: on this machine, or by being signed in."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and not isinstance(request.user, User):
        translation.activate(person.language)


def confirmed(request: HttpRequest, signatory: Signatory) -> Confirmed | None:
    """How she was confirmed within the last quarter of an hour, in a way that is enough for this agreement;
    two factors come before a code."""
    for how, at, address in (_by_factors(request), _by_code(request, signatory.person)):
        if (
            how is not None
            and is_enough(how, signatory)
            and datetime.now(UTC) - at < CONFIRMED_WITHIN - MARGIN
        ):
            return Confirmed(
                how=how,
                at=at,
                address=address,
                ip=caller(request),
                user_agent=request.headers.get("User-Agent", "")[:300],
                session_sha256=_session_hash(request),
                opened_at=signatory.opened_at,
                pages_shown=signatory.envelope.document.pages if signatory.opened_at else 0,
            )
    return None


_NEVER = datetime.fromtimestamp(0, UTC)


def _by_factors(request: HttpRequest) -> tuple[Assurance | None, datetime, str]:
    """When she last showed her second factor: as she signed in, or since."""
    if not isinstance(request.user, User) or not second_factor.was_shown(request):
        return None, _NEVER, ""
    records = get_authentication_records(request, request.user)
    shown = [record["at"] for record in records if record.get("method") == "mfa"]
    if request.session[second_factor.SHOWN] == "sign_in":
        shown.append(request.session[SINCE])
    latest = max(shown, default=0)
    return Assurance.LOGGED_IN, datetime.fromtimestamp(latest, UTC), ""


def _by_code(request: HttpRequest, person: Person) -> tuple[Assurance | None, datetime, str]:
    """To the address she has now: with another, the proof is another."""
    kept, channel = SITTING.kept(request), code_channel(person)
    if kept is None or channel is None or (kept["id"], kept["proof"]) != (person.pk, signing_proof(person)):
        return None, _NEVER, ""
    how = Assurance.CODE_SMS if channel == Channel.SMS else Assurance.CODE_EMAIL
    return how, datetime.fromtimestamp(kept["coded"], UTC), address_of(person, channel)


def _session_hash(request: HttpRequest) -> str:
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()
