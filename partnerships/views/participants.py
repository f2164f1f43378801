"""The group: who is in it, as each seat may know it; and what the convener does about each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.current import user_of
from partnerships.forms.participant import AdaptationForm, FollowUpForm, InviteForm, SideForm
from partnerships.models import Organisation, Participant
from partnerships.models.participant import Side
from partnerships.process_asked import answers
from partnerships.seat import Seat, seated
from partnerships.selectors.participant import (
    INVITED,
    NEXT_ON,
    SIDES,
    group_of,
    invited,
    phone_of,
    place_of,
    state_of,
)
from partnerships.selectors.participant_letter import letter_now, paragraphs
from partnerships.selectors.process_preparation import stops
from partnerships.selectors.words import language_of
from partnerships.services.participant import (
    participant_consent,
    participant_decline,
    participant_join,
    participant_leave,
)
from partnerships.services.participant_invite import (
    adaptation_set,
    follow_up_note,
    participant_invite,
    participant_invite_again,
    participant_side_set,
)
from partnerships.views.process import crumbs, form_page
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.sms import shown_number


@require_safe
@seated()
def participants(request: HttpRequest, seat: Seat) -> HttpResponse:
    answers(seat, (INVITED, NEXT_ON, SIDES))
    context = {
        "seat": seat,
        "group": group_of(seat, with_names=not seat.convenes),
        "invited": invited(seat),
        "breadcrumbs": crumbs(seat, _("Gruppa")),
    }
    return render(request, "partnerships/participant/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("convenes")
def invite(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Somebody of the municipality who is about to invite citizens to what is not anchored stops first."""
    process, by = seat.process, user_of(request)
    side = request.GET.get("som", "")
    side = side if side in Side.values else Side.CITIZEN
    if request.method != "POST" and stops(process, by, side):
        return redirect("process_stop", pk=process.pk)
    form = InviteForm(
        request.POST or None,
        organisations=_organisations(seat, by),
        language=language_of(process.municipality),
        side=side,
    )
    stopped = False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        stopped = stops(process, by, given["side"])
        try:
            if stopped:
                raise DomainError(_("Les dette før dere inviterer innbyggere."))
            participant_invite(
                process=process,
                who=form.who(),
                side=Side(given["side"]),
                organisation=given.get("organisation"),
                joined=given["joined"],
                by=by,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            said = (
                _("%(name)s er med i gruppa.")
                if given["joined"]
                else _("Invitasjonen til %(name)s er på vei.")
            )
            messages.success(request, said % {"name": given["name"]})
            return redirect("participants", pk=process.pk)
    context = {
        "seat": seat,
        "form": form,
        "stopped": stopped,
        "breadcrumbs": crumbs(seat, _("Inviter")),
    }
    return render(request, "partnerships/participant/invite.html", context)


@require_safe
@seated("edits")
def letter(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The information letter with the process's own words in it, for printing and handing out."""
    text = letter_now(seat.process).text()
    context = {
        "seat": seat,
        "title": text["title"],
        "text_language": text["language"],
        "paragraphs": paragraphs(text["body"], seat.process),
        "place": place_of(seat.process),
        "phone": phone_of(seat.process),
        "breadcrumbs": crumbs(seat, _("Informasjonsbrevet")),
    }
    return render(request, "partnerships/participant/letter.html", context)


# --- One, for the convener ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@seated("convenes")
def participant(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Her answer; and, for the contact, what she needs and the calls between meetings. POST notes a call."""
    if request.method == "POST" and not seat.is_told:
        raise PermissionDenied
    found = _at(seat, number)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            follow_up_note(
                participant=found, line=given["line"], next_on=given["next_on"], by=user_of(request)
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Samtalen er notert."))
            return redirect("participant", seat.process.pk, number)
    state, color = state_of(found)
    context = {
        "seat": seat,
        "participant": found,
        "number": shown_number(found.person.phone),
        "state": state,
        "color": color,
        "adaptation": getattr(found, "adaptation", None) if seat.is_told else None,
        "follow_ups": found.follow_ups.all() if seat.is_told else [],
        "form": form,
        "breadcrumbs": crumbs(seat, found.person.name),
    }
    return render(request, "partnerships/participant/page.html", context)


@require_POST
@seated("convenes")
def answer_for(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """What she said on the telephone or on the slip: yes or no, or who sees her name; on her behalf."""
    found, by, answer = _at(seat, number), user_of(request), request.POST.get("answer")
    try:
        if answer in ("show", "hide"):
            participant_consent(participant=found, consent=answer == "show", by=by)
        elif answer == "yes":
            participant_join(participant=found, consent="consent" in request.POST, by=by)
        else:
            participant_decline(participant=found, by=by)
    except DomainError as error:
        messages.warning(request, str(error.sentence))
    else:
        messages.success(request, _("Svaret er notert på vegne av %(name)s.") % {"name": found.person.name})
    return redirect("participant", seat.process.pk, number)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("convenes")
def side(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found, by = _at(seat, number), user_of(request)
    form = SideForm(
        request.POST or None,
        organisations=_organisations(seat, by, now=found.organisation_id),
        initial={"side": found.side, "organisation": found.organisation},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["side"] != found.side and stops(seat.process, by, given["side"]):
                raise DomainError(_("Les dette før dere inviterer innbyggere."))
            participant_side_set(
                participant=found, side=Side(given["side"]), organisation=given["organisation"], by=by
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("participant", seat.process.pk, number)
    return form_page(
        request, seat, form, _("Hvilken side kommer %(name)s fra?") % {"name": found.person.name}
    )


@require_POST
@seated("convenes")
def again(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    try:
        participant_invite_again(participant=_at(seat, number), by=user_of(request))
    except DomainError as error:
        messages.warning(request, str(error.sentence))
    else:
        messages.success(request, _("En ny lenke er på vei. Den gamle virker ikke lenger."))
    return redirect("participant", seat.process.pk, number)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("is_told")
def adaptation_for(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found = _at(seat, number)
    now = getattr(found, "adaptation", None)
    form = AdaptationForm(request.POST or None, initial={"text": now.text} if now else {}, herself=False)
    if request.method == "POST" and form.is_valid():
        try:
            adaptation_set(participant=found, text=form.cleaned_data["text"], by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Tilretteleggingen er lagret."))
            return redirect("participant", seat.process.pk, number)
    context = {"seat": seat, "form": form, "name": found.person.name}
    return render(request, "partnerships/participant/adaptation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("convenes")
def remove(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """She has said that she wants out, and nobody asks why."""
    found = _at(seat, number)
    if request.method == "POST":
        try:
            participant_leave(participant=found, by=user_of(request))
        except DomainError as error:
            messages.warning(request, str(error.sentence))
        else:
            messages.success(request, _("%(name)s er ute av gruppa.") % {"name": found.person.name})
        return redirect("participants", pk=seat.process.pk)
    context = {
        "seat": seat,
        "title": _("Skal %(name)s ut av gruppa?") % {"name": found.person.name},
        "text": _("Lenken slutter å virke, og det som er notert om tilrettelegging og samtaler, slettes."),
        "action": _("Ta ut av gruppa"),
        "cancel_url": reverse("participant", args=[seat.process.pk, number]),
        "danger": True,
    }
    return render(request, "partnerships/participant/confirm.html", context)


def _organisations(seat: Seat, by: User, *, now: int | None = None) -> QuerySet[Organisation]:
    """Those to choose among, with the one it is `now`."""
    seen = Organisation.objects.visible_to(by).filter(municipality=seat.process.municipality, ended_at=None)
    return Organisation.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk=now))


def _at(seat: Seat, number: int) -> Participant:
    """One of this process's who has not left. Raises Http404 for any other."""
    rows = Participant.objects.select_related("person", "organisation", "adaptation")
    found = rows.filter(process=seat.process, pk=number, left_at=None).first()
    if found is None:
        raise Http404
    return found
