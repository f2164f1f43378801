"""The people to ring, and the ten seconds after."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import get_for
from partnerships.current import user_of
from partnerships.forms.notice import CallForm
from partnerships.models import Notice
from partnerships.models.notice import Answer, CallOutcome, NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.lists import READ_WITH, calls_made, label_of, listed, with_labels, words_of
from partnerships.selectors.words import sender_name
from partnerships.services.call import call_note
from partnerships.views.letter import sending_for
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.sms import shown_number


@login_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    municipality = sending_for(request)
    today = timezone.localdate()
    waiting = with_labels(listed(user_of(request), municipality, Channel.PHONE).prefetch_related("calls"))
    context = {
        "now": [row for row in waiting if row.notice.tell_on <= today],
        "later": [row for row in waiting if row.notice.tell_on > today],
        "today": today,
    }
    return render(request, "partnerships/call/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The number, the words to say, and what came of it."""
    notice = get_for(
        user_of(request),
        Permission.NOTICES_MANAGE,
        Notice.objects.filter(channel=Channel.PHONE, state=NoticeState.LISTED).select_related(*READ_WITH),
        pk=pk,
    )
    with translation.override(notice.person.language):
        words = words_of(notice)
    form = CallForm(request.POST or None, asks=bool(words and words.question))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            call_note(
                notice=notice,
                outcome=CallOutcome(data["outcome"]),
                line=data["line"],
                again_on=data["again_on"],
                answer=Answer(data["answer"]) if data.get("answer") else None,
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Samtalen er notert."))
            return redirect("calls")
    context = {
        "form": form,
        "notice": notice,
        "words": words,
        "label": label_of(notice),
        "number": shown_number(notice.person.phone),
        "sender": sender_name(notice.person),
        "calls": calls_made(notice),
        "breadcrumbs": [(_("Ringeliste"), reverse("calls")), (notice.person.name, "")],
    }
    return render(request, "partnerships/call/call.html", context)
