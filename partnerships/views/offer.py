"""Offers: the list, the start, each one's page, what stands about it, and when it is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import access_of, get_for, get_visible
from partnerships.current import current_membership, user_of
from partnerships.forms.offer import OfferFilter, OfferForm, OfferStartForm, TimesForm
from partnerships.models import Offer, Partnership
from partnerships.models.offer import OfferState
from partnerships.models.partnership import Phase
from partnerships.offer_sections import offer_columns
from partnerships.selectors.history import history_of
from partnerships.selectors.offer import (
    offer_page,
    offer_seen,
    people_for,
    with_sides,
)
from partnerships.selectors.offer_list import offers_page
from partnerships.selectors.offer_start import Start
from partnerships.services.offer import offer_change, offer_start, offer_times
from partnerships.views.partnership import viewer_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters


def editable(request: HttpRequest, pk: int) -> Offer:
    """One she may run, for the pages under it. Raises Http404 and PermissionDenied."""
    return get_for(user_of(request), Permission.OFFER_EDIT, with_sides(Offer.objects.all()), pk=pk)


def crumbs(found: Offer, *last: str) -> list[tuple[str, str]]:
    """From the list to the offer, and to a page under it."""
    own = (found.title, reverse("offer", args=[found.pk]) if last else "")
    return [(_("Tilbud"), reverse("offers")), own, *((text, "") for text in last)]


@login_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    user, membership = user_of(request), current_membership(request)
    access = access_of(user)
    if not (access.may(Permission.OFFER_READ) or access.guest_partnership_ids):
        raise PermissionDenied
    form = OfferFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = offers_page(user, membership, request.GET.get("page"), **chosen)
    count = page.paginator.count
    context = {
        "page_obj": page,
        "rows": page.object_list,
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s tilbud", "%(count)s tilbud", count) % {"count": count},
        "may_start": Start(user, membership).may,
    }
    return render(request, "partnerships/offer/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """On its own: a light partnership comes with it."""
    return _start(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_in(request: HttpRequest, pk: int) -> HttpResponse:
    """In a partnership there is."""
    parties = ("parties__unit", "parties__centre", "parties__organisation", "parties__party_municipality")
    with_parties = Partnership.objects.select_related("municipality__settings").prefetch_related(*parties)
    found = get_visible(user_of(request), with_parties, pk=pk)
    if found.phase == Phase.ENDED:
        raise PermissionDenied
    return _start(request, found)


def _start(request: HttpRequest, partnership: Partnership | None) -> HttpResponse:
    by, membership = user_of(request), current_membership(request)
    begun = Start(by, membership, partnership)
    if membership is None or begun.municipality is None or not begun.may:
        raise PermissionDenied
    form = OfferStartForm(
        request.POST or None,
        sides=begun.choices,
        templates=[(template.key, template.text()["title"]) for template in begun.templates],
        initial={"title": partnership.title if partnership else ""},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = offer_start(
                municipality=begun.municipality,
                partnership=partnership,
                title=data["title"],
                own=begun.side(data.get("own", "")),
                template=next((one for one in begun.templates if one.key == data["template"]), None),
                contact=membership.person,
                place=data["place"],
                times=form.times(),
                by=by,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Tilbudet er startet. Her er siden det har fått."))
            return redirect("offer", pk=made.pk)
    context = {
        "form": form,
        "title": _("Start et tilbud"),
        "lead": _("Hva, hvor og når. Resten kan vente."),
        "breadcrumbs": [(_("Tilbud"), reverse("offers")), (_("Start et tilbud"), "")],
    }
    return render(request, "partnerships/offer/form.html", context)


@login_required
@require_safe
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found, access = offer_seen(user, pk), access_of(user)
    wide, narrow = offer_columns(found, viewer_of(request))
    context = {
        "wide": wide,
        "narrow": narrow,
        "page": offer_page(found, user),
        "offer": found,
        "may_ask": access.covers(Permission.SIGNAL_RAISE, found.partnership),
        "is_over": found.state == OfferState.ENDED,
        "history": history_of(found, user) if access.covers(Permission.HISTORY_READ, found) else None,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "partnerships/offer/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    form = OfferForm(request.POST or None, offer=found, people=people_for(found, by))
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return offer_change(offer=found, version=version, changes=form.changes(), by=by)

        if form.saved_by(save, by):
            messages.success(request, _("Lagret."))
            return redirect("offer", pk=found.pk)
    return _form(request, found, form, _("Endre tilbudet"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    form = TimesForm(request.POST or None, offer=found)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return offer_times(offer=found, version=version, times=form.times(), by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Tidene er lagret, og kalenderen følger dem."))
                return redirect("offer", pk=found.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    lead = _("Det gjelder fra nå av. Ganger du har flyttet eller avlyst, blir stående slik de er.")
    return _form(request, found, form, _("Når er det?"), lead)


def _form(request: HttpRequest, found: Offer, form: Any, title: str, lead: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(found, title)}
    return render(request, "partnerships/offer/form.html", context)
