"""Follow-up of a volunteer: steps, talks, notes, thanks, and the way to her own page."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of
from partnerships.current import current_membership, user_of
from partnerships.models import Offer
from partnerships.selectors.words import sender_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.ics import Event, calendar_response
from samskaping.core.link_token import row_of_token
from samskaping.core.markdown import to_html
from samskaping.core.selectors.content_template import content_template_current
from volunteers.access import keeps, known, note_kept, step_kept, volunteer_for
from volunteers.documents import confirmation
from volunteers.forms.care import CareMoveForm, CareNoteForm, CareStepForm, CareTalkForm, ThanksForm
from volunteers.models import Assignment, CareStep, Volunteer
from volunteers.models.care import CareKind
from volunteers.selectors.care import TALK_FILE, leaving_reasons, owners_for
from volunteers.selectors.confirmation import PARTS
from volunteers.services.care import (
    care_note_add,
    care_note_remove,
    care_step_add,
    care_step_done,
    care_step_let_go,
    care_step_move,
    care_talk_set,
)
from volunteers.services.own_page import own_page_tell
from volunteers.services.thanks import thanks_give
from volunteers.views.documents import pdf_response

GUIDE = "avklaringssamtale"
REASONS_FOR = timedelta(days=365)
_KEEPS = Permission.VOLUNTEER_CONTACT


def crumbs(found: Volunteer, *last: str) -> list[tuple[str, str]]:
    own = (found.person.name, reverse("volunteer", args=[found.pk]))
    return [(_("Frivillige"), reverse("volunteers")), own, *((text, "") for text in last)]


# --- Steps ------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    found = volunteer_for(by, _KEEPS, pk=pk)
    owners = owners_for(found)
    form = CareStepForm(request.POST or None, owners=owners, chosen=found.followed_by_id or by.pk)

    def step(data: dict[str, Any]) -> object:
        return care_step_add(
            volunteer=found,
            kind=CareKind(data["kind"]),
            words=data["words"],
            due_on=data["due_on"],
            owner=_owner(data["owner"]),
            by=by,
        )

    return _step(request, found, form, step, _("Nytt steg"), _("Steget er lagt til."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    found, volunteer = _step_of(request, pk)
    form = CareMoveForm(request.POST or None, step=found, owners=owners_for(volunteer))

    def step(data: dict[str, Any]) -> object:
        owner = _owner(data["owner"])
        return care_step_move(step=found, due_on=data["due_on"], owner=owner, by=user_of(request))

    return _step(request, volunteer, form, step, _("Flytt: %(what)s") % {"what": found.title}, _("Lagret."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """An hour and a place; she is told in her own channel, and asked whether it suits."""
    found, volunteer = _step_of(request, pk)
    if not found.is_talk:
        raise Http404
    form = CareTalkForm(request.POST or None, step=found)

    def step(data: dict[str, Any]) -> object:
        return care_talk_set(step=found, at=form.at(), place=data["place"], by=user_of(request))

    said = _("Tidspunktet er satt. Den frivillige får vite det, og kan si om det passer.")
    return _step(request, volunteer, form, step, _("Avtal tid: %(what)s") % {"what": found.title}, said)


@login_required
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    found, volunteer = _step_of(request, pk)
    try:
        care_step_done(step=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Gjort. Neste steg kommer av seg selv."))
    return redirect("volunteer", pk=volunteer.pk)


@login_required
@require_POST
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    found, volunteer = _step_of(request, pk)
    try:
        care_step_let_go(step=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Droppet."))
    return redirect("volunteer", pk=volunteer.pk)


@require_safe
def talk_file(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar programme: the link in the message that told her, and nothing that names anybody."""
    found = row_of_token(token, TALK_FILE, CareStep.objects.filter(at__isnull=False))
    if found is None or found.at is None or found.ends_at is None or found.at_set_at is None:
        raise Http404
    event = Event(
        uid=found.uid,
        starts_at=found.at,
        ends_at=found.ends_at,
        title=str(found.get_kind_display()),
        changed_at=found.let_go_at or found.at_set_at,
        sequence=found.sequence + (1 if found.let_go_at else 0),
        place=found.place,
        url=settings.SITE_URL + reverse("my_page"),
        is_cancelled=found.let_go_at is not None,
    )
    return calendar_response([event], file="samtale")


@login_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The talk to clear things up, as a text: before, in it, and after."""
    if not access_of(request.user).may(Permission.VOLUNTEER_NAMES):
        raise PermissionDenied
    membership = current_membership(request)
    text = content_template_current(
        GUIDE, municipality=membership.municipality if membership else None
    ).text()
    context = {
        "title": text["title"],
        "language": text["language"],
        "body": to_html(text["body"]),
        "breadcrumbs": [(_("Frivillige"), reverse("volunteers")), (text["title"], "")],
    }
    return render(request, "volunteers/care/guide.html", context)


# --- Notes and thanks -------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    found = volunteer_for(by, _KEEPS, pk=pk)
    form = CareNoteForm(request.POST or None)

    def step(data: dict[str, Any]) -> object:
        return care_note_add(volunteer=found, by=by, **data)

    return _step(request, found, form, step, _("Nytt notat"), _("Notatet er lagret, og slettes av seg selv."))


@login_required
@require_POST
def note_remove(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    found = note_kept(by, _KEEPS, pk)
    care_note_remove(note=found, by=by)
    messages.success(request, _("Notatet er slettet."))
    return redirect("volunteer", pk=found.volunteer_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thank(request: HttpRequest, pk: int) -> HttpResponse:
    """One line from those where she helps; whoever may know who comes may thank."""
    by = user_of(request)
    found = known(by, Permission.VOLUNTEER_TODAY, pk=pk)
    taken = Assignment.objects.filter(volunteer=found).there()
    if not keeps(by, _KEEPS, found):
        taken = taken.known_at_offer().at_offers_of(access_of(by), Permission.VOLUNTEER_TODAY)
    offers = list(taken.order_by("offer__title_key").values_list("offer", "offer__title"))
    form = ThanksForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        offer = Offer.objects.filter(pk=form.cleaned_data["offer"] or 0).first()
        try:
            thanks_give(volunteer=found, words=form.cleaned_data["words"], by=by, offer=offer)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Takken er sendt."))
            return redirect(_home(by, found))
    title = _("Takk")
    first = found.person.name.split()[0] if found.person.name else ""
    context = {
        "form": form,
        "title": _("Takk %(name)s") % {"name": first},
        "lead": _("Én linje er nok. Den kommer fram på den måten den frivillige vil nås på, også i brev."),
        "breadcrumbs": [(title, "")],
    }
    return render(request, "volunteers/form.html", context)


def _home(user: User, found: Volunteer) -> str:
    return reverse("volunteer", args=[found.pk]) if keeps(user, _KEEPS, found) else reverse("home")


# --- Her own page, and a good ending ----------------------------------------------------------------------
@login_required
@require_POST
def page_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tells her of Min side, where she comes in with a code."""
    by = user_of(request)
    found = volunteer_for(by, _KEEPS, pk=pk)
    try:
        own_page_tell(volunteer=found, by=by)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Den frivillige får vite om Min side, og kommer inn med en kode."))
    return redirect("volunteer", pk=found.pk)


@login_required
@require_safe
def confirm_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """For one who has no account, with what she wants it to show."""
    found = volunteer_for(user_of(request), _KEEPS, pk=pk)
    context = {
        "volunteer": found,
        "parts": PARTS,
        "own": False,
        "controller": sender_name(found.person),
        "pdf": reverse("volunteer_confirmation_pdf", args=[found.pk]),
        "breadcrumbs": crumbs(found, _("Bekreftelse")),
    }
    return render(request, "volunteers/confirmation/choose.html", context)


@login_required
@require_safe
def confirm_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    found = volunteer_for(user_of(request), _KEEPS, pk=pk)
    return pdf_response(request, lambda: confirmation(found, chosen(request)), "bekreftelse")


def chosen(request: HttpRequest) -> frozenset[str]:
    return frozenset(request.GET.getlist("vis")) & {key for key, _label in PARTS}


@login_required
@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    """Why people left, as numbers."""
    user, membership = user_of(request), current_membership(request)
    if membership is None or membership.municipality_id is None or not access_of(user).may(_KEEPS):
        raise PermissionDenied
    since = timezone.localdate() - REASONS_FOR
    context = {
        "rows": leaving_reasons(user, membership.municipality_id, since),
        "since": since,
        "breadcrumbs": [(_("Frivillige"), reverse("volunteers")), (_("Hvorfor folk slutter"), "")],
    }
    return render(request, "volunteers/care/reasons.html", context)


def _owner(pk: int | None) -> User | None:
    """Of those the form let her choose among."""
    return User.objects.filter(pk=pk).first() if pk else None


def _step_of(request: HttpRequest, pk: int) -> tuple[CareStep, Volunteer]:
    found = step_kept(user_of(request), _KEEPS, pk)
    return found, found.volunteer


def _step(
    request: HttpRequest, found: Volunteer, form: Any, step: Any, title: str, said: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            step(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, said)
            return redirect("volunteer", pk=found.pk)
    context = {"form": form, "title": title, "breadcrumbs": crumbs(found, title)}
    return render(request, "volunteers/form.html", context)
