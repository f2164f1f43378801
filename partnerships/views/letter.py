"""Letters: what waits, one PDF of all, posted, and answers that come back on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, require
from partnerships.current import current_municipality, user_of
from partnerships.forms.notice import PostAddressForm
from partnerships.models import Notice, Person, PrintRun
from partnerships.models.notice import Answer, NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.lists import (
    READ_WITH,
    is_being_made,
    letters_awaiting_answer,
    letters_lacking_address,
    listed,
    print_runs,
    with_labels,
    words_of,
)
from partnerships.services.letter import (
    letters_not_posted,
    letters_posted,
    letters_print,
    may_undo,
    post_address_change,
)
from partnerships.services.reply import reply_give
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality


def sending_for(request: HttpRequest) -> Municipality:
    """The municipality she works in now, if she sends for somebody there. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user_of(request), Permission.NOTICES_MANAGE, municipality_id=municipality.pk)
    return municipality


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    municipality, user, today = sending_for(request), user_of(request), timezone.localdate()
    waiting = with_labels(listed(user, municipality, Channel.LETTER))
    ready = [row for row in waiting if row.has_address]
    context = {
        "ready": ready,
        "lacking": [row for row in waiting if not row.has_address]
        + with_labels(letters_lacking_address(user, municipality, today)),
        "unprinted": sum(row.notice.print_run_id is None for row in ready),
        "runs": print_runs(user, municipality),
        "awaiting": with_labels(letters_awaiting_answer(user, municipality, today)),
        "today": today,
    }
    return render(request, "partnerships/letter/list.html", context)


@login_required
@require_POST
def print_all(request: HttpRequest) -> HttpResponse:
    """Everything that waits, printed before or not: whoever prints again has lost the first."""
    municipality, user = sending_for(request), user_of(request)
    try:
        runs = letters_print(notices=listed(user, municipality, Channel.LETTER), by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("letters")
    return redirect("print_run", pk=runs[0].pk) if len(runs) == 1 else redirect("letters")


@login_required
@require_safe
@never_cache
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Being made, to be fetched, to be posted, or posted; looks again by itself while it is being made."""
    made = _run(request, pk)
    context = {
        "run": made,
        "letters": list(made.notices.exclude(state=NoticeState.DROPPED).select_related("person")),
        "being_made": made.file is None and is_being_made(made),
        "may_undo": may_undo(made),
        "breadcrumbs": [(_("Brev"), reverse("letters")), (_("Utskrift"), "")],
    }
    return render(request, "partnerships/letter/run.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def posted(request: HttpRequest, pk: int) -> HttpResponse:
    made = _run(request, pk)
    if request.method == "POST":
        try:
            letters_posted(run=made, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Brevene er merket som postlagt. Du kan angre i ett døgn."))
        return redirect("print_run", pk=made.pk)
    count = made.notices.filter(state=NoticeState.LISTED).count()
    context = {
        "title": ngettext("Er %(count)s brev lagt i posten?", "Er %(count)s brev lagt i posten?", count)
        % {"count": count},
        "text": _("Da er de borte fra lista, og regnes som sendt i dag."),
        "action": _("Ja, merk som postlagt"),
        "cancel_url": reverse("print_run", args=[made.pk]),
        "cancel": _("Ikke ennå"),
    }
    return render(request, "confirm.html", context)


@login_required
@require_POST
def not_posted(request: HttpRequest, pk: int) -> HttpResponse:
    made = _run(request, pk)
    try:
        letters_not_posted(run=made, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Brevene ligger på lista igjen."))
    return redirect("print_run", pk=made.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What came back on paper, or on the telephone, noted on her behalf."""
    notice = get_for(
        user_of(request),
        Permission.NOTICES_MANAGE,
        Notice.objects.filter(channel=Channel.LETTER)
        .exclude(state__in=(NoticeState.COMING, NoticeState.DROPPED))
        .select_related(*READ_WITH),
        pk=pk,
    )
    given = request.POST.get("answer")
    if given in Answer.values:
        try:
            reply_give(notice=notice, answer=Answer(given), by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Svaret er notert."))
        return redirect("letters")
    with translation.override(notice.person.language):
        words = words_of(notice)
    context = {
        "notice": notice,
        "question": words.question if words else "",
        "answers": list(Answer),
        "breadcrumbs": [(_("Brev"), reverse("letters")), (_("Noter svar"), "")],
    }
    return render(request, "partnerships/letter/answer.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = PostAddressForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        again = post_address_change(person=person, by=user_of(request), **form.cleaned_data)
        messages.success(
            request,
            _("Adressen er lagret, og brevet ligger på lista.") if again else _("Adressen er lagret."),
        )
        return redirect("letters")
    context = {
        "form": form,
        "name": person.name,
        "breadcrumbs": [(_("Brev"), reverse("letters")), (_("Adresse"), "")],
    }
    return render(request, "partnerships/letter/address.html", context)


def _run(request: HttpRequest, pk: int) -> PrintRun:
    runs = PrintRun.objects.select_related("municipality", "made_by", "posted_by").defer("file__content")
    return get_for(user_of(request), Permission.NOTICES_MANAGE, runs.select_related("file"), pk=pk)


def _person(request: HttpRequest, pk: int) -> Person:
    """Of those she sends for: another's people she may see, but not write on."""
    people = Person.objects.reached_by(user_of(request), Permission.NOTICES_MANAGE)
    seen = get_for(user_of(request), Permission.NOTICES_MANAGE, Person, pk=pk)
    if not people.filter(pk=seen.pk).exists():
        raise PermissionDenied
    return seen
