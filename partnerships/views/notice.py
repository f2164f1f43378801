"""«Sendt og kommer»: what leaves, what left, what did not arrive, and the steps staff may take."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, require
from partnerships.current import current_municipality, user_of
from partnerships.due import is_hidden
from partnerships.forms.notice_filter import NoticesFilter
from partnerships.models import Notice
from partnerships.models.notice import OPEN, NoticeState
from partnerships.selectors.notice import TAB_LABELS, Tab, kind_label, matching, notices_shown, on_tab, says
from partnerships.services.notice_step import notice_again, notice_snooze, notice_stop
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality

PER_PAGE = 50
MAY_WAIT = (NoticeState.COMING, NoticeState.LISTED)


def _managed(request: HttpRequest) -> Municipality:
    """The municipality she works in now, if its messages are hers to see. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user_of(request), Permission.NOTICES_MANAGE, municipality_id=municipality.pk)
    return municipality


def _tab(request: HttpRequest) -> Tab:
    asked = request.GET.get("vis", "")
    return next((tab for tab in Tab if tab.value == asked), Tab.COMING)


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    municipality, tab = _managed(request), _tab(request)
    form = NoticesFilter(request.GET)
    found = on_tab(notices_shown(user_of(request), municipality), tab)
    if form.is_valid():
        chosen = form.cleaned_data
        found = matching(found, q=chosen["q"], kind=chosen["kind"], channel=chosen["channel"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    context = {
        "page_obj": page,
        "tab": tab.value,
        "tabs": [
            {"label": label, "url": f"?vis={name.value}", "current": name == tab}
            for name, label in TAB_LABELS.items()
        ],
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "clear_url": f"?vis={tab.value}",
        "count": ngettext("%(count)s melding", "%(count)s meldinger", count) % {"count": count},
    }
    return render(request, "partnerships/notice/list.html", context)


@login_required
@require_safe
def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    notice = _notice(request, pk)
    may_hold_back = not is_hidden(notice)
    context = {
        "notice": notice,
        "words": says(notice),
        "reply": getattr(notice, "reply", None),
        "may_wait": may_hold_back and notice.state in MAY_WAIT,
        "may_stop": may_hold_back and notice.state in OPEN,
        "may_try": notice.state == NoticeState.FAILED,
        "breadcrumbs": [(_("Sendt og kommer"), reverse("notices")), (kind_label(notice.kind), "")],
    }
    return render(request, "partnerships/notice/page.html", context)


@login_required
@require_POST
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    notice = _notice(request, pk)
    try:
        later = notice_snooze(notice=notice, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        day = formats.date_format(later.tell_on, "l j. F")
        messages.success(request, _("Meldingen venter til %(day)s.") % {"day": day})
    return redirect("notice_page", pk=notice.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    notice = _notice(request, pk)
    if request.method == "POST":
        try:
            notice_stop(notice=notice, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Meldingen blir ikke sendt."))
        return redirect("notice_page", pk=notice.pk)
    context = {
        "title": _("La være å sende meldingen til %(name)s?") % {"name": notice.person.name},
        "text": _("%(what)s. Portalen minner ikke om dette igjen.") % {"what": kind_label(notice.kind)},
        "action": _("Ikke send"),
        "cancel_url": reverse("notice_page", args=[notice.pk]),
    }
    return render(request, "confirm.html", context)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    notice = _notice(request, pk)
    try:
        tried = notice_again(notice=notice, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        listed = tried.state == NoticeState.LISTED
        messages.success(
            request,
            _("Meldingen står på lista, for den skal som brev eller på telefon.")
            if listed
            else _("Meldingen sendes på nytt, tidligst kl. 8 på en vanlig hverdag."),
        )
    return redirect("notice_page", pk=notice.pk)


def _notice(request: HttpRequest, pk: int) -> Notice:
    """Whatever place she works in now: the row says whose it is."""
    notices = Notice.objects.select_related("person__user", "municipality", "reply", "done_by")
    return get_for(user_of(request), Permission.NOTICES_MANAGE, notices, pk=pk)
