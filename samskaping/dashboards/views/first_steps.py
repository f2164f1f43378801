"""The five first steps, and what ticks them off."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from partnerships.current import user_of
from partnerships.services.first_minutes import first_steps_put_away
from samskaping.dashboards.selectors.beginning import beginning_of
from samskaping.dashboards.views.first_minutes import whole_municipality


@login_required
@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    context = {"beginning": beginning_of(whole_municipality(request))}
    return render(request, "dashboards/steps/page.html", context)


@login_required
@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    away = request.POST.get("away") == "1"
    first_steps_put_away(municipality=whole_municipality(request), away=away, by=user_of(request))
    return redirect("first_steps")
