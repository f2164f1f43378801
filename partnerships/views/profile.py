"""One's own account: about oneself, the addresses, and the roles one has."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.access import access_of
from partnerships.current import current_membership, remember_language, user_of
from partnerships.forms.invitation import CodeForm
from partnerships.forms.profile import NewEmailForm, NewPhoneForm, ProfileForm
from partnerships.models import Person
from partnerships.models.person import Channel
from partnerships.selectors.person import own_people
from partnerships.services.profile import contact_change_ask, contact_change_confirm, profile_change
from samskaping.core.errors import DomainError, TooMany
from samskaping.core.sms import shown_number

# The path's word → what is changed.
CONTACTS = {"e-post": (Channel.EMAIL, NewEmailForm), "mobil": (Channel.SMS, NewPhoneForm)}
IN_SESSION = "contact_change"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    people = own_people(user_of(request), first=current_membership(request))
    person = people[0] if people else None
    form = ProfileForm(request.POST or None, person=person) if person else None
    if request.method == "POST" and form is not None and form.is_valid():
        profile_change(changes=form.cleaned_data, by=user_of(request))
        translation.activate(form.cleaned_data["language"])
        remember_language(request, form.cleaned_data["language"])
        messages.success(request, _("Opplysningene dine er lagret."))
        return redirect("profile")
    context = {
        "form": form,
        "person": person,
        "phone": shown_number(user_of(request).phone),
        "controllers": [_controller(p) for p in people],
        "memberships": access_of(user_of(request)).memberships,
    }
    return render(request, "partnerships/profile/profile.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, what: str) -> HttpResponse:
    """A new address: asks where to send the code."""
    channel, form_class = _contact(what)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = contact_change_ask(
                channel=channel,
                value=form.cleaned_data["value"],
                by=user_of(request),
            )
        except TooMany as error:
            form.add_error(None, str(error.sentence))
        else:
            request.session[IN_SESSION] = str(change.pk)
            return redirect("contact_confirm", what)
    return render(request, "partnerships/profile/contact_new.html", _page(what, form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact_confirm(request: HttpRequest, what: str) -> HttpResponse:
    """The code that was sent there."""
    _contact(what)
    code_id = request.session.get(IN_SESSION)
    if code_id is None:
        return redirect("contact_new", what)
    form = CodeForm(request.POST or None, button=_("Bruk den nye adressen"))
    if request.method == "POST" and form.is_valid():
        try:
            change = contact_change_confirm(
                code_id=code_id,
                typed=form.cleaned_data["code"],
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            if change is not None:
                del request.session[IN_SESSION]
                messages.success(request, _("Den nye adressen er tatt i bruk. Du logger inn med den fra nå."))
                return redirect("profile")
            form.add_error(
                "code", _("Koden stemmer ikke, eller den er for gammel. Sjekk sifrene, eller be om en ny.")
            )
    return render(request, "partnerships/profile/contact_confirm.html", _page(what, form))


def _contact(what: str) -> tuple[Channel, Any]:
    """Raises Http404 for a word that names no address."""
    if what not in CONTACTS:
        raise Http404
    return CONTACTS[what]


def _page(what: str, form: Any) -> dict[str, Any]:
    title = _("Bytt e-postadresse") if what == "e-post" else _("Bytt mobilnummer")
    return {
        "form": form,
        "what": what,
        "title": title,
        "breadcrumbs": [(_("Min konto"), reverse("profile")), (title, "")],
    }


def _controller(person: Person) -> str:
    """Who keeps this row of hers."""
    return str(person.controller_organisation or person.controller_centre or person.municipality)
