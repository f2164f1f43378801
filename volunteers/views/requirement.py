"""What a volunteer must have: asked, noted, let off; and what ends soon."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.current import user_of
from partnerships.models import RequirementKind
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from volunteers.forms.requirement import ExemptionForm, MetForm
from volunteers.models import Volunteer, VolunteerRequirement
from volunteers.models.requirement import MetBy
from volunteers.selectors.requirement import RENEW_WITHIN, expiring, one_of
from volunteers.services.requirement import (
    exemption_end,
    exemption_give,
    requirement_ask,
    requirement_clear,
    requirement_met,
)
from volunteers.views.volunteer import crumbs, editable, here

PER_PAGE = 50
# Further ahead than what is due, so that it can be planned.
SHOWN_AHEAD = timedelta(days=60)


@login_required
@require_safe
def kinds(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be noted, beside what her offers ask for."""
    found = editable(request, pk)
    context = {
        "volunteer": found,
        "kinds": _kinds(found),
        "breadcrumbs": crumbs(found, _("Før noe annet")),
    }
    return render(request, "volunteers/requirement/kinds.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requirement(request: HttpRequest, pk: int, kind: int) -> HttpResponse:
    """One kind for one volunteer: that it is in order, or that she is let off for a while."""
    found, by = editable(request, pk), user_of(request)
    chosen = _kind(found, kind)
    posted, today = request.POST if request.method == "POST" else None, timezone.localdate()
    met = MetForm(posted if posted and "met" in posted else None, kind=chosen, today=today)
    exempt = ExemptionForm(posted if posted and "exempt" in posted else None)
    form = exempt if posted and "exempt" in posted else met
    if posted is not None and form.is_valid():
        data = form.cleaned_data
        try:
            if form is met:
                requirement_met(
                    volunteer=found,
                    kind=chosen,
                    how=MetBy(data["how"]),
                    on=data["on"],
                    holds_to=data["holds_to"],
                    by=by,
                )
            else:
                exemption_give(volunteer=found, kind=chosen, by=by, **data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Ført."))
            return redirect("volunteer", pk=pk)
    need = next((one for one in one_of(found) if one.kind.pk == chosen.pk), None)
    context = {
        "volunteer": found,
        "kind": chosen,
        "need": need,
        "about": chosen.about.get(request.LANGUAGE_CODE) or chosen.about.get("nb", ""),
        "met": met,
        "exempt": exempt,
        "form": form,
        "breadcrumbs": crumbs(found, str(chosen)),
    }
    return render(request, "volunteers/requirement/one.html", context)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int, kind: int) -> HttpResponse:
    found = editable(request, pk)
    requirement_ask(volunteer=found, kind=_kind(found, kind), by=user_of(request))
    messages.success(request, _("Ført at den frivillige er bedt om det."))
    return redirect("volunteer", pk=pk)


@login_required
@require_POST
def clear(request: HttpRequest, pk: int, kind: int) -> HttpResponse:
    """Noted by mistake."""
    found = editable(request, pk)
    row = found.requirements.filter(kind=_kind(found, kind)).select_related("volunteer__municipality").first()
    if row is None:
        raise Http404
    requirement_clear(requirement=row, by=user_of(request))
    messages.success(request, _("Tatt bort."))
    return redirect("volunteer", pk=pk)


@login_required
@require_POST
def exempt_end(request: HttpRequest, pk: int, kind: int) -> HttpResponse:
    found = editable(request, pk)
    row = (
        found.exemptions.filter(kind=_kind(found, kind), ended_at=None)
        .select_related("volunteer__municipality")
        .first()
    )
    if row is None:
        raise Http404
    exemption_end(exemption=row, by=user_of(request))
    messages.success(request, _("Unntaket er tatt bort."))
    return redirect("volunteer", pk=pk)


@login_required
@require_safe
def ending(request: HttpRequest) -> HttpResponse:
    """What ends within two months for those she keeps, the oldest first. Nobody is thrown out by it."""
    municipality, user = here(request, Permission.VOLUNTEER_CONTACT), user_of(request)
    today = timezone.localdate()
    kept = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_CONTACT).filter(municipality=municipality)
    soon = expiring(kept, by=today + SHOWN_AHEAD).filter(municipality=municipality)
    # All of them once, as numbers: counting them first costs as much.
    page = Paginator(list(soon.values_list("pk", flat=True)), PER_PAGE).get_page(request.GET.get("page"))
    # Found by number: all that ends is not looked through once more for those on a page.
    shown = VolunteerRequirement.objects.select_related("kind", "volunteer__person").in_bulk(page.object_list)
    rows = (shown[pk] for pk in page.object_list if pk in shown)
    context = {
        "page_obj": page,
        "rows": [
            {"row": row, "is_over": row.holds_to < today, "is_soon": row.holds_to <= today + RENEW_WITHIN}
            for row in rows
            if row.holds_to is not None
        ],
    }
    return render(request, "volunteers/requirement/ending.html", context)


def _kinds(volunteer: Volunteer) -> "list[RequirementKind]":
    """Without the police certificate, which has a page of its own."""
    found = RequirementKind.objects.for_municipality(volunteer.municipality)
    return sorted(found.filter(is_police_certificate=False), key=str)


def _kind(volunteer: Volunteer, pk: int) -> RequirementKind:
    """Raises Http404 for one that is not used here."""
    for kind in _kinds(volunteer):
        if kind.pk == pk:
            return kind
    raise Http404
