"""Answering yes or no from a link, without signing in. Looking changes nothing (docs/adr/0026)."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.due import Words
from partnerships.models import Notice
from partnerships.models.notice import Answer
from partnerships.selectors.lists import READ_WITH
from partnerships.selectors.words import contact_phone, sender_name
from partnerships.services.reply import notice_from_token, outcome_of, question_of, reply_give
from samskaping.core.errors import DomainError, TooMany
from samskaping.core.services.rate_limit import rate_limit_hit

IN_SESSION = "reply"
AT_MOST, WITHIN = 20, timedelta(hours=1)


def gone(request: HttpRequest) -> HttpResponse:
    """One kind page for a question that is over and for a link we never made: it tells nothing apart."""
    return render(request, "partnerships/reply/gone.html", status=410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply_open(request: HttpRequest, token: str) -> HttpResponse:
    """The question and two buttons. The address with the token in it is left as soon as one is pressed."""
    return _question(request, notice_from_token(token), "partnerships/reply/open.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply_thanks(request: HttpRequest) -> HttpResponse:
    """What she answered, and the way to regret it while the question is open."""
    notice = (
        Notice.objects.select_related(*READ_WITH)
        .filter(pk=request.session.get(IN_SESSION, 0), reply__isnull=False)
        .first()
    )
    return _question(request, notice, "partnerships/reply/thanks.html")


def _question(request: HttpRequest, notice: Notice | None, template: str) -> HttpResponse:
    if notice is None:
        return gone(request)
    # Her language, unless she has chosen one on this machine.
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(notice.person.language)
    words = question_of(notice)
    if words is None:
        return gone(request)
    problem = ""
    if request.method == "POST" and request.POST.get("answer") in Answer.values:
        try:
            rate_limit_hit("reply", str(notice.pk), at_most=AT_MOST, within=WITHIN)
            reply_give(notice=notice, answer=Answer(request.POST["answer"]))
        except TooMany as error:
            problem = str(error.sentence)
        except DomainError:
            return gone(request)
        else:
            request.session[IN_SESSION] = notice.pk
            return redirect("reply_thanks")
    return render(request, template, _shown(notice, words, problem), status=429 if problem else 200)


def _shown(notice: Notice, words: Words, problem: str) -> dict[str, object]:
    reply = getattr(notice, "reply", None)
    return {
        "question": words.question,
        "place": sender_name(notice.person),
        "answer": reply.get_answer_display() if reply else "",
        "other": [answer for answer in Answer if reply and answer != reply.answer],
        "answers": list(Answer),
        "outcome": outcome_of(notice),
        "phone": contact_phone(notice.person),
        "problem": problem,
    }
