"""«Oversikt» in «Folk og lag»: the local voluntary sector on one page, to read or to print."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.current import user_of
from partnerships.selectors.actor_overview import actor_overview
from partnerships.views.actor_list import adds_here, works_here


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    municipality = works_here(request)
    context = {
        "overview": actor_overview(user_of(request), municipality, request.GET.get("page")),
        "may_add": adds_here(request, municipality),
    }
    return render(request, "partnerships/actor/overview.html", context)
