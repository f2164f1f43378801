"""Looking for somebody, for those who run the offer: put out, change, take down, and who wrote."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, get_visible
from partnerships.current import user_of
from partnerships.selectors.offer import may_edit
from partnerships.views.offer import crumbs, editable
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from volunteers.forms.opening import OpeningForm
from volunteers.models import Opening
from volunteers.selectors.opening import is_light, is_open, sign_ups_seen, taken, wrote_to
from volunteers.services.opening import opening_add, opening_change, opening_close, opening_reopen

READ_WITH = ("offer__partnership", "offer__municipality__settings", "offer__unit", "offer__centre",
             "offer__organisation", "municipality__settings")  # fmt: skip
SHOWN = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    offer, by = editable(request, pk), user_of(request)
    form = OpeningForm(request.POST or None, opening=None, light=is_light(offer))
    if request.method == "POST" and form.is_valid():
        try:
            made = opening_add(offer=offer, by=by, **form.changes())
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Oppdraget er lagt ut. Skriv gjerne ut en plakat også."))
            return redirect("opening", pk=made.pk)
    title = _("Finn frivillige")
    context = {
        "form": form,
        "title": title,
        "lead": _("Det du skriver, vises for alle på nettsiden til kommunen til dere tar det ned."),
        "breadcrumbs": crumbs(offer, title),
    }
    return render(request, "partnerships/offer/form.html", context)


@login_required
@require_safe
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """As it stands, and who wrote: those whom she may answer by name, the others as a number."""
    user, found = user_of(request), seen_opening(request, pk)
    seen = list(sign_ups_seen(found, user)[:SHOWN])
    context = {
        "opening": found,
        "offer": found.offer,
        "is_open": is_open(found),
        "taken": taken(found),
        "sign_ups": seen,
        "others": max(wrote_to(found) - len(seen), 0),
        "may_edit": may_edit(found.offer, user),
        "breadcrumbs": crumbs(found.offer, found.title),
    }
    return render(request, "volunteers/opening/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _editable(request, pk), user_of(request)
    form = OpeningForm(request.POST or None, opening=found, light=is_light(found.offer))
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return opening_change(opening=found, version=version, changes=form.changes(), by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Lagret."))
                return redirect("opening", pk=found.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    title = _("Endre oppdraget")
    own = (found.title, reverse("opening", args=[found.pk]))
    trail = [*crumbs(found.offer, found.title)[:-1], own, (title, "")]
    context = {"form": form, "title": title, "lead": "", "breadcrumbs": trail}
    return render(request, "partnerships/offer/form.html", context)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    opening_close(opening=_editable(request, pk), by=user_of(request))
    messages.success(request, _("Oppdraget er tatt ned. De som har skrevet, venter fortsatt på svar."))
    return redirect("opening", pk=pk)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        opening_reopen(opening=_editable(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Oppdraget er lagt ut igjen."))
    return redirect("opening", pk=pk)


def seen_opening(request: HttpRequest, pk: int) -> Opening:
    """Raises Http404."""
    return get_visible(user_of(request), _rows(), pk=pk)


def _rows() -> QuerySet[Opening]:
    return Opening.objects.select_related(*READ_WITH)


def _editable(request: HttpRequest, pk: int) -> Opening:
    return get_for(user_of(request), Permission.OFFER_EDIT, _rows(), pk=pk)
