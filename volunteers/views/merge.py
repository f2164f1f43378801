"""Two records of one human: chosen, looked at, and made one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.current import user_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from volunteers.models import Volunteer
from volunteers.selectors.keeper import alike, keeper_for
from volunteers.selectors.volunteer import matching
from volunteers.services.merge import OtherWayRound, Plan, merge_plan, volunteers_merge
from volunteers.views.volunteer import crumbs, editable

FOUND_AT_MOST = 20


@login_required
@require_safe
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who are alike first; anybody else the same controller keeps is found by name."""
    found, user = editable(request, pk), user_of(request)
    keeper, person = keeper_for(found), found.person
    like = alike(keeper, user, name=person.name, email=person.email, phone=person.phone, but=person.pk)
    keys = [one.volunteer.pk for one in like if hasattr(one, "volunteer")]
    q = request.GET.get("q", "").strip()[:80]
    kept = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_CONTACT).exclude(pk=found.pk)
    same = kept.filter(person__in=keeper.people().values("pk")).select_related("person")
    by_name = matching(same, q=q) if q else same.none()
    context = {
        "volunteer": found,
        "q": q,
        "alike": same.filter(pk__in=keys).order_by("person__name_key", "pk"),
        "found": by_name.order_by("person__name_key", "pk")[:FOUND_AT_MOST],
        "breadcrumbs": crumbs(found, _("Slå sammen")),
    }
    return render(request, "volunteers/merge/choose.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    stays, goes = editable(request, pk), editable(request, other)
    by = user_of(request)
    refused, turns, plan = "", False, Plan()
    try:
        if request.method == "POST":
            volunteers_merge(stays=stays, goes=goes, by=by)
            messages.success(request, _("De to er slått sammen."))
            return redirect("volunteer", pk=pk)
        plan = merge_plan(stays=stays, goes=goes)
    except DomainError as error:
        refused, turns = str(error.sentence), isinstance(error, OtherWayRound)
    context = {
        "stays": stays,
        "goes": goes,
        "plan": plan,
        "refused": refused,
        "turns": turns,
        "breadcrumbs": crumbs(stays, _("Slå sammen")),
    }
    return render(request, "volunteers/merge/look.html", context)
