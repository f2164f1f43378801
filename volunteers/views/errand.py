"""Én-til-én for those who ask: the list of the unit's, a new one, and one of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for, require
from partnerships.current import current_municipality, user_of
from partnerships.models import RequirementKind, Unit
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_opened
from volunteers.forms.errand import ErrandForm
from volunteers.models import Errand
from volunteers.models.errand import ErrandKind
from volunteers.selectors.errand import able_for, for_whom
from volunteers.selectors.known import known
from volunteers.selectors.module import need_shifts
from volunteers.services.errand import errand_cancel, errand_done, errand_post

PER_PAGE = 40
_ROWS = Errand.objects.select_related("unit", "municipality__settings", "taken_by__person")


def _here(request: HttpRequest) -> Municipality:
    """Where she asks. Raises PermissionDenied for who asks nowhere, Http404 where the module is off."""
    require(user_of(request), Permission.ERRAND_POST)
    town = current_municipality(request)
    if town is None:
        raise PermissionDenied
    need_shifts(town)
    return town


def units_for(user: User, town: Municipality, permission: Permission) -> Any:
    access = access_of(user)
    reached = Q(pk__in=access.own(permission).unit_ids)
    if town.pk in access.municipalities_all(permission):
        reached |= Q(municipality=town)
    return Unit.objects.filter(reached, municipality=town, ended_at=None).order_by("name_key", "pk")


@login_required
@require_safe
def errands(request: HttpRequest) -> HttpResponse:
    """Those to come, then those that have been; never whom they are for."""
    town, user = _here(request), user_of(request)
    been = request.GET.get("vis") == "har-vært"
    now = timezone.now()
    rows = _ROWS.visible_to(user).filter(municipality=town)
    rows = (
        rows.filter(ends_at__lte=now).order_by("-starts_at", "pk")
        if been
        else rows.filter(ends_at__gt=now).order_by("starts_at", "pk")
    )
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "been": been,
        "breadcrumbs": _crumbs(),
    }
    return render(request, "volunteers/errand/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    town, user = _here(request), user_of(request)
    units = units_for(user, town, Permission.ERRAND_POST)
    form = ErrandForm(
        request.POST or None, units=units, requirements=RequirementKind.objects.for_municipality(town)
    )
    if request.method == "POST" and form.is_valid():
        asked = form.asked()
        asked["kind"] = ErrandKind(asked["kind"])
        try:
            made = errand_post(by=user, **asked)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagt ut. De som kan ta det, blir spurt nå."))
            return redirect("errand", pk=made.pk)
    context = {
        "form": form,
        "title": _("Nytt én-til-én-oppdrag"),
        "lead": _(
            "Én frivillig, én ting. Navn og møtested ser bare den som tar det, og det slettes etterpå."
        ),
        "breadcrumbs": _crumbs(_("Nytt")),
    }
    return render(request, "partnerships/offer/form.html", context)


@never_cache
@login_required
@require_safe
def errand(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is for is shown to those who work at the unit, and that they looked is kept."""
    user = user_of(request)
    found = _seen(request, pk)
    whom = for_whom(found, user=user, volunteer=None)
    if whom is not None:
        audit_opened("errand_for_opened", found, by=user)
    taker = found.taken_by
    names = known(user, [taker.pk] if taker else [])
    still = found.cancelled_at is None and found.done_at is None
    is_open = still and found.taken_at is None
    context = {
        "errand": found,
        "for_whom": whom,
        # Whoever took it said her name to the unit with it.
        "taker": taker.person.name if taker and (names.is_known(taker) or whom is not None) else "",
        "phone": taker.person.phone if taker and whom is not None and not taker.person.hide_contact else "",
        "able": able_for(found).count() if is_open else 0,
        "requirements": list(found.requirements.all()),
        "may_cancel": still and found.ends_at > timezone.now(),
        "may_finish": still and found.taken_at is not None and found.starts_at <= timezone.now(),
        "breadcrumbs": _crumbs(found.get_kind_display()),
    }
    return render(request, "volunteers/errand/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    if request.method == "POST":
        try:
            errand_cancel(errand=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Avlyst. Den som tok det, får vite det, og navnet er slettet."))
        return redirect("errand", pk=found.pk)
    context = {
        "title": _("Avlyse oppdraget?"),
        "text": _("Den som tok det, får beskjed. Navn og møtested slettes med en gang."),
        "action": _("Avlys oppdraget"),
        "cancel_url": reverse("errand", args=[found.pk]),
        "danger": True,
        "breadcrumbs": _crumbs(found.get_kind_display()),
    }
    return render(request, "confirm.html", context)


@login_required
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    try:
        errand_done(errand=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Merket som gjort. Takk den som stilte opp!"))
    return redirect("errand", pk=found.pk)


def _seen(request: HttpRequest, pk: int) -> Errand:
    """Raises Http404 for what is not of a unit of hers."""
    found = get_for(user_of(request), Permission.ERRAND_POST, _ROWS, pk=pk)
    need_shifts(found.municipality)
    return found


def _crumbs(*last: str) -> list[tuple[str, str]]:
    own = (_("Én-til-én"), reverse("errands") if last else "")
    return [(_("Hvem kommer"), reverse("on_site")), own, *((text, "") for text in last)]
