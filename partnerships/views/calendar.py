"""The calendar: a month or a list, all or one's own; and the secret address for a calendar programme."""

from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_visible
from partnerships.current import current_membership, user_of
from partnerships.forms.calendar import FeedForm
from partnerships.models import CalendarFeed, Person
from partnerships.selectors.calendar import SHOWN_A_DAY, as_list, feed_span, feed_viewer, in_weeks, month_of
from partnerships.selectors.words import municipality_name
from partnerships.services.calendar_feed import calendar_feed_make, calendar_feed_of, calendar_feed_stop
from partnerships.views.partnership import viewer_of
from samskaping.core.calendar_items import calendar_days, calendar_items
from samskaping.core.errors import DomainError
from samskaping.core.ics import calendar_response


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    month = month_of(request.GET.get("maned", ""), viewer.today)
    is_list, mine = request.GET.get("som") == "liste", request.GET.get("vis") == "mine"
    span = month.span(viewer, only_own=mine)
    weeks = [] if is_list else in_weeks(month, calendar_days(span, SHOWN_A_DAY), viewer.today)
    days = as_list(month, calendar_items(span), viewer.today) if is_list else chain.from_iterable(weeks)
    context: dict[str, Any] = {
        "month": month,
        "is_list": is_list,
        "mine": mine,
        "days": [day for day in days if day.in_month and day.items],
        "weeks": weeks,
        "weekdays": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in range(7)],
        "links": _links(month, is_list=is_list, mine=mine),
        "this_month": month_of("", viewer.today),
        "has_feeds": _person(request) is not None,
    }
    return render(request, "partnerships/calendar/page.html", context)


@login_required
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    _need_person(request)
    return _feeds(request, FeedForm())


@login_required
@require_POST
def feed_new(request: HttpRequest) -> HttpResponse:
    """The address is shown in this answer and never again: nothing that is kept could make it."""
    person = _need_person(request)
    form = FeedForm(request.POST)
    if not form.is_valid():
        return _feeds(request, form)
    try:
        _feed, secret = calendar_feed_make(
            person=person,
            membership=current_membership(request),
            only_own=form.cleaned_data["what"] == "mine",
            by=user_of(request),
        )
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return _feeds(request, form)
    address = settings.SITE_URL + reverse("calendar_feed", args=[secret])
    response = _feeds(request, FeedForm(), address)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def feed_stop(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_visible(user_of(request), CalendarFeed, pk=pk)
    calendar_feed_stop(feed=found, by=user_of(request))
    messages.success(request, _("Lenken virker ikke lenger."))
    return redirect("calendar_feeds")


@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar programme, which has no session. One that was stopped is as one that never was."""
    found = calendar_feed_of(token)
    viewer = feed_viewer(found) if found is not None else None
    if found is None or viewer is None:
        raise Http404
    with translation.override(found.person.language):
        items = calendar_items(feed_span(found, viewer))
        name = municipality_name(found.municipality)
        response = calendar_response((item.event(settings.SITE_URL) for item in items), name=name)
    response["Cache-Control"] = "private, no-store"
    return response


def _feeds(request: HttpRequest, form: FeedForm, address: str = "") -> HttpResponse:
    rows = CalendarFeed.objects.visible_to(user_of(request)).filter(revoked_at=None)
    context = {
        "form": form,
        "feeds": rows.select_related(
            "municipality__settings",
            "membership__municipality__settings",
            "membership__unit",
            "membership__centre",
            "membership__organisation",
        ),
        "address": address,
        "breadcrumbs": [(_("Kalender"), reverse("calendar")), (_("I din egen kalender"), "")],
    }
    return render(request, "partnerships/calendar/feeds.html", context)


def _links(month: Any, *, is_list: bool, mine: bool) -> dict[str, str]:
    """The same calendar, one thing changed."""

    def to(key: str, *, is_list: bool = is_list, mine: bool = mine) -> str:
        chosen = [f"maned={key}", *(["som=liste"] if is_list else []), *(["vis=mine"] if mine else [])]
        return "?" + "&".join(chosen)

    return {
        "before": to(month.before.key),
        "after": to(month.after.key),
        "now": to(timezone.localdate().strftime("%Y-%m")),
        "month": to(month.key, is_list=False),
        "list": to(month.key, is_list=True),
        "all": to(month.key, mine=False),
        "mine": to(month.key, mine=True),
    }


def _person(request: HttpRequest) -> Person | None:
    """Who the feed would be for: the row of the role she is in, or of herself where she has none."""
    membership = current_membership(request)
    if membership is not None:
        return membership.person
    return Person.objects.filter(user=user_of(request), erased_at=None).order_by("pk").first()


def _need_person(request: HttpRequest) -> Person:
    """Raises PermissionDenied for an account nobody keeps anything about: an analyst, an operator."""
    person = _person(request)
    if person is None:
        raise PermissionDenied
    return person
