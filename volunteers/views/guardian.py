"""A guardian's own answer, without an account: the link, the code, and yes or no. GET shows, POST acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import user_of
from partnerships.forms.invitation import CodeForm
from partnerships.public import contact_point
from partnerships.selectors.channel import masked_address
from partnerships.selectors.words import sender_name
from samskaping.accounts import code_state, limits
from samskaping.core.errors import DomainError, TooMany
from samskaping.core.models.one_time_code import CodePurpose
from volunteers.models import Guardian
from volunteers.selectors.guardian import code_address, tasks_of
from volunteers.services.guardian import (
    READ_WITH,
    guardian_answer,
    guardian_ask,
    guardian_code_send,
    guardian_code_use,
    guardian_from_token,
)
from volunteers.views.volunteer import editable

PURPOSE = CodePurpose.GUARDIAN


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """By staff: the question goes to the guardian."""
    guardian = getattr(editable(request, pk), "guardian", None)
    if guardian is None:
        raise Http404
    try:
        guardian_ask(guardian=guardian, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Spørsmålet er på vei til den foresatte."))
    return redirect("volunteer", pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Says who asks, and not about whom: the link may lie anywhere."""
    guardian = guardian_from_token(token)
    if guardian is None:
        return _gone(request)
    problem = ""
    if request.method == "POST":
        problem = _send(request, guardian)
        if not problem:
            return redirect("guardian_code")
    context = {
        "who": sender_name(guardian.volunteer.person),
        "contact": contact_point(guardian.municipality),
        "address": masked_address(code_address(guardian)),
        "problem": problem,
    }
    return render(request, "volunteers/guardian/open.html", context, status=429 if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The digits from her message, and then the question itself. Her answer comes with what the code gave."""
    state = code_state.recall(request.session, PURPOSE)
    guardian: Guardian | None = None
    if state:
        guardian = Guardian.objects.select_related(*READ_WITH).filter(pk=state["guardian"]).first()
    if guardian is None:
        return _gone(request)
    if request.method == "POST" and "seat" in request.POST:
        return _answer(request, guardian)
    if request.method == "POST" and "again" in request.POST:
        problem = _send(request, guardian)
        if problem:
            messages.warning(request, problem)
        else:
            messages.info(request, _("Vi har sendt en ny kode. Bare den nyeste virker."))
        return redirect("guardian_code")
    form = CodeForm(request.POST or None, button=_("Gå videre"))
    if request.method == "POST" and form.is_valid() and state:
        seat = guardian_code_use(guardian=guardian, code_id=state["id"], typed=form.cleaned_data["code"])
        if seat:
            return _question(request, guardian, seat)
        form.add_error("code", code_state.count_wrong(request.session, PURPOSE))
    address = code_address(guardian)
    context = {"form": form, "wrote": None, "address": masked_address(address), "by_sms": "@" not in address}
    return render(request, "partnerships/invitation/code.html", context)


def _question(request: HttpRequest, guardian: Guardian, seat: str) -> HttpResponse:
    context = {
        "guardian": guardian,
        "name": guardian.volunteer.person.name,
        "who": sender_name(guardian.volunteer.person),
        "tasks": tasks_of(guardian),
        "contact": contact_point(guardian.municipality),
        "seat": seat,
    }
    return render(request, "volunteers/guardian/question.html", context)


def _answer(request: HttpRequest, guardian: Guardian) -> HttpResponse:
    says_yes = request.POST.get("answer") == "yes"
    try:
        guardian_answer(guardian=guardian, seat=request.POST["seat"], says_yes=says_yes)
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("guardian_code")
    code_state.forget(request.session, PURPOSE)
    context = {"says_yes": says_yes, "who": sender_name(guardian.volunteer.person)}
    return render(request, "volunteers/guardian/done.html", context)


def _send(request: HttpRequest, guardian: Guardian) -> str:
    """Why not, in words, when it could not be."""
    try:
        limits.code_ask(request)
        sent = guardian_code_send(guardian=guardian)
    except (TooMany, DomainError) as error:
        return str(error.sentence)
    code_state.remember(request.session, sent, guardian=guardian.pk)
    return ""


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteers/guardian/gone.html", status=410)
