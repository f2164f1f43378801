"""«Kom i gang»: one step a screen; each can be skipped, left and come back to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.models import Agreement
from agreements.services.agreement import agreement_register
from agreements.views.agreement import uploaded
from partnerships.access import access_of
from partnerships.current import current_municipality, user_of
from partnerships.models import Partnership
from partnerships.selectors.actor_names import actor_names
from partnerships.selectors.first_minutes import first_minutes_of, registered_here
from partnerships.selectors.register import list_state
from partnerships.services.actor import actors_named
from partnerships.services.first_minutes import (
    LAST_STEP,
    first_minutes_finish,
    first_minutes_reach,
    organisations_ticked,
)
from partnerships.services.partnership import partnership_change, partnership_start
from partnerships.services.register import register_fetch
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.dashboards.forms.first_minutes import GoingForm, SignedForm

PAGES = (
    "first_minutes_organisations",
    "first_minutes_partnerships",
    "first_minutes_agreements",
    "together",
)
PER_PAGE = 50
# What is ticked on pages she has left, and names she wrote: in the session until she is through.
TICKS, NAMES = "first_minutes_ticks", "first_minutes_names"
# Longer lists of names belong in a spreadsheet.
MOST_NAMES = 5000


def whole_municipality(request: HttpRequest) -> Municipality:
    """Where she works now, if she answers for all of it. Raises PermissionDenied."""
    municipality = current_municipality(request)
    reached = access_of(user_of(request)).municipalities_all(Permission.ACTOR_EDIT)
    if municipality is None or municipality.pk not in reached:
        raise PermissionDenied
    return municipality


def steps_nav(current: int) -> list[dict[str, Any]]:
    labels = (_("1 Lag"), _("2 I gang"), _("3 Avtaler"), _("4 Dette har vi sammen"))
    return [
        {"label": label, "url": reverse(name), "current": number == current}
        for number, (label, name) in enumerate(zip(labels, PAGES, strict=True), start=1)
    ]


@login_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """To where she was."""
    return redirect(PAGES[first_minutes_of(whole_municipality(request)).step - 1])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    municipality = whole_municipality(request)
    if request.method == "POST":
        return _ticked(request, municipality)
    q = request.GET.get("q", "")[:80]
    # In this order: the list may come while we look, and a page that waits for it looks again.
    state, count = list_state(municipality), registered_here(municipality).count()
    page = Paginator(registered_here(municipality, q=q), PER_PAGE).get_page(request.GET.get("page"))
    ticks = set(request.session.get(TICKS, []))
    context = {
        "q": q,
        "page_obj": page,
        "rows": [{"line": line, "ticked": line.pk in ticks} for line in page],
        "count": count,
        "chosen": len(ticks),
        "names": request.session.get(NAMES, ""),
        "list": state,
        "just_came": bool(count) and not state.is_waiting and "HX-Request" in request.headers,
        "steps": steps_nav(1),
    }
    return render(request, "dashboards/first_minutes/organisations.html", context)


@login_required
@require_POST
def fetch(request: HttpRequest) -> HttpResponse:
    """Asks the registers for the list. A second press changes nothing while it is fresh or on its way."""
    register_fetch(municipality=whole_municipality(request))
    return redirect(PAGES[0])


def _ticked(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """Remembers this page's ticks, and goes where the button says: another page, a search, or on."""
    posted, go = request.POST, request.POST.get("go", "done")
    shown = _numbers(posted.getlist("shown"))
    ticks = set(request.session.get(TICKS, [])) - shown
    if go != "none":
        ticks |= shown if go == "all" else _numbers(posted.getlist("ticked")) & shown
    names = posted.get("names", "")[:MOST_NAMES]
    request.session[TICKS], request.session[NAMES] = sorted(ticks), names
    if go == "done":
        return _take_in(request, municipality, ticks, names)
    q = posted.get("q", "")[:80]
    page = (
        "1" if go == "search" else go.removeprefix("page-") if go.startswith("page-") else posted.get("page")
    )
    return redirect(f"{reverse(PAGES[0])}?{urlencode({'q': q, 'page': page or '1'})}")


def _take_in(request: HttpRequest, municipality: Municipality, ticks: set[int], names: str) -> HttpResponse:
    by = user_of(request)
    count = organisations_ticked(
        municipality=municipality,
        registered=registered_here(municipality).filter(pk__in=ticks),
        names=[" ".join(name.split())[:150] for name in names.splitlines() if name.strip()],
        by=by,
    )
    first_minutes_reach(municipality=municipality, step=2, by=by)
    for key in (TICKS, NAMES):
        request.session.pop(key, None)
    if count:
        told = ngettext("%(count)s lag er lagt inn.", "%(count)s lag er lagt inn.", count)
        messages.success(request, told % {"count": count})
    return redirect(PAGES[1])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partnerships(request: HttpRequest) -> HttpResponse:
    municipality, by = whole_municipality(request), user_of(request)
    form = GoingForm(request.POST or None, actors=actor_names(municipality))
    if request.method == "POST" and form.is_valid():
        started = partnership_start(
            municipality=municipality,
            title=form.cleaned_data["title"],
            others=actors_named(form.parties(), municipality=municipality, by=by),
            running_since=form.cleaned_data["since"],
            by=by,
        )
        if form.cleaned_data["area"]:
            areas = {"areas": [form.cleaned_data["area"]]}
            partnership_change(partnership=started, version=started.version, changes=areas, by=by)
        messages.success(request, _("«%(title)s» er lagt inn.") % {"title": started.title})
        return redirect(PAGES[1])
    rows = Partnership.objects.filter(municipality=municipality).order_by("-pk")
    context = {
        "form": form,
        "there": rows[:PER_PAGE],
        "url_name": "partnership",
        "title": _("Vi har noe i gang"),
        "lead": _("Det dere alt gjør sammen. Ingenting blir rødt, og alt kan fylles ut når det passer."),
        "step": 2,
        "steps": steps_nav(2),
        "next": _("Videre til avtalene"),
    }
    return render(request, "dashboards/first_minutes/several.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreements(request: HttpRequest) -> HttpResponse:
    municipality = whole_municipality(request)
    form = SignedForm(request.POST or None, request.FILES or None, actors=actor_names(municipality))
    if request.method == "POST" and form.is_valid():
        try:
            made = agreement_register(
                municipality=municipality,
                facts=form.facts(),
                parties=form.parties(),
                upload=uploaded(form),
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("«%(title)s» er lagt inn.") % {"title": made.title})
            return redirect(PAGES[2])
    context = {
        "form": form,
        "there": Agreement.objects.visible_to(user_of(request))
        .filter(municipality=municipality)
        .order_by("-pk")[:PER_PAGE],
        "url_name": "agreement",
        "title": _("Avtaler dere alt har"),
        "lead": _("Hvem og til når er nok. Så sier vi fra i god tid før de går ut."),
        "step": 3,
        "steps": steps_nav(3),
        "next": _("Videre til «Dette har vi sammen»"),
    }
    return render(request, "dashboards/first_minutes/several.html", context)


@login_required
@require_POST
def onwards(request: HttpRequest, step: int) -> HttpResponse:
    """On from this step, with or without having done it. Raises Http404 for no such step."""
    municipality = whole_municipality(request)
    if not 1 <= step < LAST_STEP:
        raise Http404
    first_minutes_reach(municipality=municipality, step=step + 1, by=user_of(request))
    return redirect(PAGES[step])


@login_required
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    first_minutes_finish(municipality=whole_municipality(request), by=user_of(request))
    messages.success(request, _("Ferdig. Du finner «Kom i gang» igjen under innstillinger."))
    return redirect("home")


def _numbers(values: list[str]) -> set[int]:
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19}
