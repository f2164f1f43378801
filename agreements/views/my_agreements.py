"""Mine avtaler: all that somebody with an account is asked to sign, has signed, or reads along."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agreements.selectors.signing import waiting_first, with_states
from agreements.sitting import theirs

PER_PAGE = 50


@login_required
@require_safe
def my_agreements(request: HttpRequest) -> HttpResponse:
    page = Paginator(waiting_first(theirs(request)), PER_PAGE).get_page(request.GET.get("page"))
    rows = with_states(page.object_list)
    context = {
        "page_obj": page,
        "waiting": [row for row in rows if row["state"] == "waiting"],
        "rows": [row for row in rows if row["state"] != "waiting"],
    }
    return render(request, "agreements/my_agreements.html", context)
