"""A volunteer's own hours: those that came of themselves first, to correct; then what only she knows of."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import user_of
from samskaping.core.errors import DomainError
from volunteers.door import one_of
from volunteers.forms.hours import CorrectForm, TellForm
from volunteers.selectors.my_shifts import assignments_of, my_entries, my_offers, rows_of
from volunteers.services.hours import hours_correct, hours_tell
from volunteers.views.my_shifts import crumbs

PER_PAGE = 30
# What is older is counted in somebody's yearly report.
CORRECTED_WITHIN = timedelta(days=90)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_hours(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    offers = my_offers(user)
    form = TellForm(request.POST or None, offers=offers) if rows_of(user).exists() else None
    if request.method == "POST" and form is not None and form.is_valid():
        offer = form.cleaned_data["offer"]
        hers = one_of(assignments_of(user).order_by("pk"), offer=offer)
        try:
            hours_tell(
                volunteer=hers.volunteer, offer=offer, day=form.cleaned_data["day"], minutes=form.minutes()
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Timene er ført. Takk!"))
            return redirect("my_hours")
    context = {
        "form": form,
        "page_obj": Paginator(my_entries(user), PER_PAGE).get_page(request.GET.get("page")),
        "corrected_from": timezone.localdate() - CORRECTED_WITHIN,
        "breadcrumbs": crumbs(_("Timene mine")),
    }
    return render(request, "volunteers/my_shifts/hours.html", context)


@login_required
@require_POST
def my_hours_correct(request: HttpRequest, pk: int) -> HttpResponse:
    recent = my_entries(user_of(request)).filter(day__gte=timezone.localdate() - CORRECTED_WITHIN)
    entry = one_of(recent, pk=pk)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Skriv timene som et tall, for eksempel 1,5."))
        return redirect("my_hours")
    try:
        hours_correct(entry=entry, minutes=form.minutes(), by=None)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Rettet."))
    return redirect("my_hours")
