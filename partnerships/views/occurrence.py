"""The times of an offer: all of them, one more, and one of them moved, cancelled or counted."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, get_visible
from partnerships.current import user_of
from partnerships.forms.occurrence import (
    OccurrenceAddForm,
    OccurrenceCancelForm,
    OccurrenceMoveForm,
    OccurrenceNoteForm,
)
from partnerships.models import Occurrence, Offer
from partnerships.models.offer import OfferState
from partnerships.selectors.offer import may_edit, with_sides
from partnerships.services.occurrence import (
    occurrence_add,
    occurrence_cancel,
    occurrence_move,
    occurrence_note,
    occurrence_restore,
)
from partnerships.views.offer import crumbs, editable
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError

PER_PAGE = 40
_ROWS = Occurrence.objects.select_related("offer__partnership", "offer__municipality__settings")


@login_required
@require_safe
def occurrences(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that come, or with «vis=har-vært» those that have been, the latest first."""
    user = user_of(request)
    found = get_visible(user, with_sides(Offer.objects.all()), pk=pk)
    now, been = timezone.now(), request.GET.get("vis") == "har-vært"
    times = (
        found.occurrences.filter(ends_at__lte=now).order_by("-starts_at", "pk")
        if been
        else found.occurrences.filter(ends_at__gt=now).order_by("starts_at", "pk")
    )
    context = {
        "offer": found,
        "page_obj": Paginator(times, PER_PAGE).get_page(request.GET.get("page")),
        "been": been,
        "may_edit": may_edit(found, user) and found.state != OfferState.ENDED,
        "breadcrumbs": crumbs(found, _("Alle ganger")),
    }
    return render(request, "partnerships/occurrence/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = OccurrenceAddForm(request.POST or None, offer=found)
    if request.method == "POST" and form.is_valid():
        try:
            occurrence_add(offer=found, by=user_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Gangen er lagt til."))
            return redirect("offer", pk=found.pk)
    title = _("Legg til en gang")
    context = {"form": form, "title": title, "breadcrumbs": crumbs(found, title)}
    return render(request, "partnerships/offer/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def occurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """One time: what it is to those who only look, and what can be done to those who run it."""
    user = user_of(request)
    found = get_visible(user, _ROWS, pk=pk)
    edits = may_edit(found.offer, user)
    if request.method == "POST" and not edits:
        raise PermissionDenied
    now = timezone.now()
    coming = found.ends_at > now and found.offer.state != OfferState.ENDED
    holds = found.cancelled_at is None
    may_move = coming and holds and found.attendance is None
    forms = {
        "move": OccurrenceMoveForm(_sent(request, "move"), occurrence=found) if may_move else None,
        "cancel": OccurrenceCancelForm(_sent(request, "cancel")) if may_move else None,
        "note": OccurrenceNoteForm(_sent(request, "note"), occurrence=found)
        if found.starts_at <= now and holds
        else None,
    }
    if request.method == "POST" and (answer := _done(request, found, forms)):
        return answer
    day = formats.date_format(timezone.localtime(found.starts_at), "l j. F Y")
    context = {
        "occurrence": found,
        "offer": found.offer,
        "forms": forms if edits else {},
        "may_restore": edits and coming and not holds,
        "may_ask": edits,
        "breadcrumbs": [*crumbs(found.offer)[:1], (found.offer.title, _back(found)), (day, "")],
    }
    return render(request, "partnerships/occurrence/page.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_for(user_of(request), Permission.OFFER_EDIT, _ROWS, pk=pk)
    try:
        occurrence_restore(occurrence=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Gangen er tilbake i kalenderen, og alle det gjelder, får vite det."))
    return redirect("occurrence", pk=found.pk)


def _sent(request: HttpRequest, name: str) -> object:
    return request.POST if name in request.POST else None


def _done(request: HttpRequest, found: Occurrence, forms: dict) -> HttpResponse | None:  # type: ignore[type-arg]
    """The answer when the form that was sent has done its work; None shows it again with what was typed."""
    by = user_of(request)
    name = next((name for name in forms if name in request.POST), "")
    form = forms.get(name)
    if form is None:
        messages.error(request, _("Dette kan ikke gjøres nå. Se hva som står her."))
        return redirect("occurrence", pk=found.pk)
    if not form.is_valid():
        return None
    data = dict(form.cleaned_data)
    data.pop("version", None)
    saves: dict[str, Callable[[int], object]] = {
        "move": lambda version: occurrence_move(occurrence=found, version=version, by=by, **data),
        "note": lambda version: occurrence_note(occurrence=found, version=version, by=by, **data),
    }
    try:
        if name == "cancel":
            occurrence_cancel(occurrence=found, by=by, **data)
        elif not form.saved_by(saves[name], by):
            return None
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return None
    said = {
        "move": _("Flyttet. Alle det gjelder, får vite det."),
        "cancel": _("Avlyst. Alle det gjelder, får vite det."),
        "note": _("Lagret. Takk for at dere teller."),
    }
    messages.success(request, said[name])
    return redirect("offer", pk=found.offer_id)


def _back(found: Occurrence) -> str:
    return reverse("offer", args=[found.offer_id])
