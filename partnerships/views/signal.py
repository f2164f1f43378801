"""«Spørsmål og svar»: the inbox, one question with its thread, and the steps each may take."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_visible, require
from partnerships.current import current_membership, user_of
from partnerships.forms.signal import AnswerForm, ForwardForm, SignalsFilter
from partnerships.models import Partnership, Person, Signal
from partnerships.models.signal import SignalState
from partnerships.selectors.signal import TAB_LABELS, Tab, line_of, lines_of, matching, on_tab, signal_page
from partnerships.selectors.signal_access import (
    READ_WITH,
    answers_there,
    is_asker,
    is_receiver,
    may_answer,
    may_close,
    may_follow_up,
    may_forward,
    notes_for_receiver,
    signal_for,
    waits,
)
from partnerships.selectors.signal_people import forward_choices
from partnerships.services.signal import (
    signal_answer,
    signal_close,
    signal_forward,
    signal_see,
    signal_take_back,
)
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters, page_of

PER_PAGE = 30
HERSELF, RECEIVER = "selv", "mottaker"


@login_required
@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    user, membership = user_of(request), current_membership(request)
    require(user, Permission.SIGNAL_RAISE, municipality_id=membership.municipality_id if membership else None)
    tab = next((tab for tab in Tab if tab.value == request.GET.get("vis")), Tab.TO_ME)
    # What she came from may be hers by another role than the one she is in.
    form = SignalsFilter(request.GET, partnerships=Partnership.objects.visible_to(user))
    if "samarbeid" in form.errors:
        raise Http404
    found = on_tab(user, membership, tab)
    if form.is_valid():
        chosen = form.cleaned_data
        found = matching(found, q=chosen["q"], shown=chosen["status"], partnership=chosen["samarbeid"])
    counted: Any = found.annotate(number=Window(Count("pk"))).values("pk", "number")
    page = page_of(lambda after: list(counted[after : after + PER_PAGE]), PER_PAGE, request.GET.get("page"))
    count = page.paginator.count
    context = {
        "page_obj": page,
        "lines": lines_of([one["pk"] for one in page.object_list], timezone.localdate()),
        "tab": tab.value,
        "tabs": [
            {"label": label, "url": f"?vis={name.value}", "current": name == tab}
            for name, label in TAB_LABELS.items()
        ],
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "clear_url": f"?vis={tab.value}",
        "count": ngettext("%(count)s spørsmål", "%(count)s spørsmål", count) % {"count": count},
    }
    return render(request, "partnerships/signal/list.html", context)


@login_required
@require_safe
def signal(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = get_visible(user, Signal.objects.select_related(*READ_WITH), pk=pk)
    open_still = waits(found)
    context = {
        "signal": found,
        "page": signal_page(found, user, timezone.localdate()),
        "sees": found.state == SignalState.NEW and is_receiver(user, found),
        "may_answer": open_still and may_answer(user, found),
        "may_forward": open_still and may_forward(user, found),
        "may_take_back": open_still and is_asker(user, found),
        "may_close": found.state == SignalState.ANSWERED and may_close(user, found),
        "may_follow_up": not open_still and may_follow_up(user, found),
        "breadcrumbs": _crumbs(found),
    }
    return render(request, "partnerships/signal/page.html", context)


@login_required
@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Her browser says that it is open before her. A GET would let a mail scanner read it for her."""
    user = user_of(request)
    found = get_visible(user, Signal.objects.all(), pk=pk)
    if not is_receiver(user, found):
        raise PermissionDenied
    signal_see(signal=found, by=user)
    return HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = signal_for(user, may_answer, pk)
    herself = _own_person(request, found)
    said_by: list[tuple[str, Any]] = []
    if answers_there(user, found) and herself is not None:
        said_by.append((HERSELF, _("Jeg svarer selv")))
    if found.receiver is not None and notes_for_receiver(user, found):
        said_by.append((RECEIVER, _("%(name)s har sagt svaret til meg") % {"name": found.receiver.name}))
    if not said_by:
        raise PermissionDenied
    form = AnswerForm(request.POST or None, said_by=said_by, may_decide=found.partnership is not None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = found.receiver if data["said_by"] == RECEIVER else herself
        assert person is not None  # noqa: S101 - only those who are there are choices
        try:
            signal_answer(
                signal=found,
                text=data["answer"],
                answered_by=person,
                decision=data.get("decision", False),
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Svaret er sendt."))
            return redirect("signal", pk=found.pk)
    return _form_page(request, "partnerships/signal/answer.html", found, form, _("Svar"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    found = signal_for(request.user, may_forward, pk)
    form = ForwardForm(request.POST or None, choices=forward_choices(found, user_of(request)))
    if request.method == "POST" and form.is_valid():
        try:
            signal_forward(signal=found, receiver=form.cleaned_data["receiver"], by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Spørsmålet er sendt videre."))
            return redirect("signals")
    return _form_page(request, "partnerships/signal/forward.html", found, form, _("Send videre"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = signal_for(request.user, is_asker, pk)
    if request.method == "POST":
        try:
            signal_take_back(signal=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Spørsmålet er trukket tilbake."))
        return redirect("signal", pk=found.pk)
    context = {
        "title": _("Trekke tilbake spørsmålet?"),
        "text": _("Ingen blir bedt om å svare lenger. Spørsmålet står igjen i tråden."),
        "action": _("Trekk tilbake"),
        "cancel_url": reverse("signal", args=[found.pk]),
        "breadcrumbs": _crumbs(found, _("Trekk tilbake")),
    }
    return render(request, "confirm.html", context)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = signal_for(request.user, may_close, pk)
    try:
        signal_close(signal=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Spørsmålet er lukket."))
    return redirect("signal", pk=found.pk)


def _own_person(request: HttpRequest, found: Signal) -> Person | None:
    """Her row there: as the receiver, or in the role she is in."""
    if is_receiver(user_of(request), found):
        return found.receiver
    membership = current_membership(request)
    return membership.person if membership else None


def _form_page(request: HttpRequest, template: str, found: Signal, form: Any, last: str) -> HttpResponse:
    context = {
        "form": form,
        "signal": found,
        "line": line_of(found, timezone.localdate()),
        "breadcrumbs": _crumbs(found, last),
    }
    return render(request, template, context)


def _crumbs(found: Signal, *last: str) -> list[tuple[str, str]]:
    own = (found.subject, reverse("signal", args=[found.pk]) if last else "")
    return [(_("Spørsmål og svar"), reverse("signals")), own, *((text, "") for text in last)]
