"""«Opplysningene mine»: what is kept about oneself, by whom; a copy; and the wish to be forgotten."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.current import current_membership, user_of
from partnerships.models import ErasureRequest, Person
from partnerships.selectors.person import exports_for, own_people
from partnerships.selectors.words import sender_name
from partnerships.services.privacy import erasure_ask, person_export_ask
from samskaping.core.errors import StateChanged


@login_required
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    people = own_people(user, first=current_membership(request))
    asked = {
        asked.person_id: asked
        for asked in ErasureRequest.objects.filter(person__in=people).order_by("asked_at")
    }
    rows = [
        {
            "person": person,
            "controller": sender_name(person),
            "exports": exports_for(person, user),
            "asked": asked.get(person.pk),
        }
        for person in people
    ]
    context = {"rows": rows, "breadcrumbs": _crumbs(_("Opplysningene mine"))}
    return render(request, "partnerships/privacy/own.html", context)


@login_required
@require_POST
def own_export(request: HttpRequest, pk: int) -> HttpResponse:
    person_export_ask(person=_own(request, pk), by=user_of(request))
    messages.success(request, _("Kopien lages nå. Den ligger her om et øyeblikk."))
    return redirect("own_data")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_erasure(request: HttpRequest, pk: int) -> HttpResponse:
    person = _own(request, pk)
    if request.method == "POST":
        try:
            erasure_ask(person=person, by=user_of(request))
        except StateChanged as error:
            messages.info(request, str(error.sentence))
        else:
            messages.success(request, _("Ønsket er sendt. Du får svar innen en måned."))
        return redirect("own_data")
    context = {
        "title": _("Be om at opplysningene dine slettes?"),
        "text": _(
            "%(who)s får beskjed og svarer innen en måned. Har du en rolle, må den avsluttes først. "
            "Avtaler du har signert, blir stående så lenge loven krever det."
        )
        % {"who": sender_name(person)},
        "action": _("Be om sletting"),
        "cancel_url": reverse("own_data"),
        "breadcrumbs": [(_("Opplysningene mine"), reverse("own_data")), (_("Sletting"), "")],
    }
    return render(request, "confirm.html", context)


def _own(request: HttpRequest, pk: int) -> Person:
    """Raises Http404 for a row that is not hers."""
    found = next((person for person in own_people(user_of(request)) if person.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Min konto"), reverse("profile")), (last, "")]
