"""Who comes today: the page of those on the spot, and a screen on their wall."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, require
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.selectors.words import language_of
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from volunteers.forms.wall import WallForm
from volunteers.models import Wall
from volunteers.selectors.module import need_shifts, shifts_on
from volunteers.selectors.on_site import on_site as visits
from volunteers.selectors.on_site import on_wall
from volunteers.services.wall import wall_make, wall_of, wall_revoke, wall_token
from volunteers.views.errand import units_for

# How often a screen asks anew, in seconds.
ASKS_EVERY = 300


@login_required
@require_safe
def on_site(request: HttpRequest) -> HttpResponse:
    """Today and the next days, at the offers she works with."""
    user, membership = user_of(request), current_membership(request)
    access = require(user, Permission.VOLUNTEER_TODAY)
    town = current_municipality(request)
    if town is None:
        raise PermissionDenied
    page, days = visits(user, membership, request.GET.get("page"))
    has_shifts = shifts_on(town)
    context = {
        "page_obj": page,
        "days": days,
        "today": timezone.localdate(),
        "has_shifts": has_shifts,
        "asks": has_shifts and access.may(Permission.ERRAND_POST, municipality_id=town.pk),
        "has_walls": has_shifts and access.may(Permission.WALL_MANAGE, municipality_id=town.pk),
    }
    return render(request, "volunteers/on_site/page.html", context)


# --- The screen on the wall --------------------------------------------------------------------------------
def _here(request: HttpRequest) -> Municipality:
    require(user_of(request), Permission.WALL_MANAGE)
    town = current_municipality(request)
    if town is None:
        raise PermissionDenied
    need_shifts(town)
    return town


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def walls(request: HttpRequest) -> HttpResponse:
    """The links there are, and a new one. Whoever has a link sees the screen, so it can be taken back."""
    town, user = _here(request), user_of(request)
    form = WallForm(request.POST or None, units=units_for(user, town, Permission.WALL_MANAGE))
    if request.method == "POST" and form.is_valid():
        wall_make(unit=form.cleaned_data["unit"], name=form.cleaned_data["name"], by=user)
        messages.success(request, _("Lenken er laget. Åpne den på skjermen."))
        return redirect("walls")
    rows = Wall.objects.visible_to(user).filter(municipality=town, revoked_at=None).select_related("unit")
    context = {
        "form": form,
        "walls": [(row, request.build_absolute_uri(reverse("wall", args=[wall_token(row)]))) for row in rows],
        "breadcrumbs": [(_("Hvem kommer"), reverse("on_site")), (_("Skjerm på veggen"), "")],
    }
    return render(request, "volunteers/on_site/walls.html", context)


@login_required
@require_POST
def wall_out(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_for(user_of(request), Permission.WALL_MANAGE, Wall, pk=pk)
    wall_revoke(wall=found, by=user_of(request))
    messages.success(request, _("Lenken virker ikke lenger."))
    return redirect("walls")


@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """First names and times, and nothing that leads anywhere. No session is asked for: no cookie is set."""
    found = wall_of(token)
    if found is None or not shifts_on(found.municipality):
        raise Http404
    with translation.override(language_of(found.municipality)):
        context = {
            "wall": found,
            "visits": on_wall(found.unit),
            "now": timezone.localtime(),
            "every": ASKS_EVERY,
            "language": translation.get_language(),
        }
        content = render_to_string("volunteers/on_site/wall.html", context)
    response = HttpResponse(content)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
