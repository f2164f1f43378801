"""«Innspill»: the list, one with its talk, giving, changing, and what each seat may do with it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.forms.proposal import (
    ChangeForm,
    CommentForm,
    GiveForm,
    GroupForm,
    NotesForm,
    ProposalsFilter,
)
from partnerships.models import Proposal
from partnerships.models.codesign import ProcessState
from partnerships.models.proposal import GivenBy
from partnerships.seat import Seat, seated
from partnerships.selectors.participant import holders
from partnerships.selectors.proposal import (
    answers_of,
    is_hers,
    line_of,
    may_change,
    proposals_of,
    talk_of,
    with_support,
)
from partnerships.selectors.proposal_list import THEMES, Found
from partnerships.services.proposal import (
    comment_take_away,
    comment_write,
    proposal_change,
    proposal_give,
    proposal_group_set,
    proposal_support,
    proposal_take_back,
    proposals_from_notes,
)
from partnerships.views.process import crumbs
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.listing import active_filters


def crumbs_of(seat: Seat, *last: str) -> list[tuple[str, str]]:
    """Under the process's proposals."""
    above = crumbs(seat, "")[:-1]
    here = (_("Innspill"), reverse("proposals", args=[seat.process.pk]) if last else "")
    return [*above, here, *((text, "") for text in last)]


@require_safe
@seated()
def proposals(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = ProposalsFilter(request.GET, groups=THEMES.of(seat), takes_part=seat.takes_part)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = Found(
        seat,
        q=chosen.get("q", ""),
        shown=chosen.get("vis", ""),
        group=chosen.get("tema", ""),
        by_support=chosen.get("rekke") == "stotte",
    )
    page = found.page(request.GET.get("page"), timezone.localdate())
    number = page.paginator.count
    context = {
        "seat": seat,
        "breadcrumbs": crumbs_of(seat),
        "page_obj": page,
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "clear_url": request.path,
        "count": ngettext("%(count)s innspill", "%(count)s innspill", number) % {"count": number},
    }
    return render(request, "partnerships/proposal/list.html", context)


@require_safe
@seated()
def answers(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All answers on one page, to read together, to print and to share."""
    context = {
        "seat": seat,
        "answered": answers_of(seat.process),
        "waiting": proposals_of(seat).filter(answered_at=None).count(),
        "breadcrumbs": crumbs_of(seat, _("Alle svar")),
    }
    return render(request, "partnerships/proposal/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("contributes")
def proposal_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """For oneself; or, by who edits the process, for somebody who said it or wrote it on paper."""
    herself = seat.participant.pk if seat.participant is not None else None
    form = GiveForm(request.POST or None, givers=holders(seat) if seat.edits else None, herself=herself)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = proposal_give(
                process=seat.process,
                text=given["text"],
                given_by=GivenBy(given.get("given_by") or GivenBy.PORTAL),
                participant=given["participant"] if seat.edits else seat.participant,
                by=seat.user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Takk! Innspillet er sendt, og får svar med begrunnelse."))
            return redirect("proposal", seat.process.pk, made.pk)
    context = {
        "seat": seat,
        "form": form,
        "for_others": seat.edits,
        "breadcrumbs": crumbs_of(seat, _("Nytt innspill")),
    }
    return render(request, "partnerships/proposal/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def proposal_notes(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Many at once, typed from the paper notes of a meeting."""
    form = NotesForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and seat.user is not None:
        try:
            made = proposals_from_notes(process=seat.process, notes=form.cleaned_data["notes"], by=seat.user)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            said = ngettext("%(count)s lapp er lagt inn.", "%(count)s lapper er lagt inn.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("proposals", seat.process.pk)
    context = {"seat": seat, "form": form, "breadcrumbs": crumbs_of(seat, _("Fra lapper"))}
    return render(request, "partnerships/proposal/notes.html", context)


# --- One ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def proposal(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """The proposal, its answer and the talk under it. POST says something."""
    found = proposal_at(seat, number)
    is_open = seat.process.state != ProcessState.ENDED
    form = CommentForm(request.POST or None) if seat.contributes and seat.person and is_open else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _said(seat, found, form):
            return redirect("proposal", seat.process.pk, number)
    context = {
        "seat": seat,
        "proposal": found,
        "breadcrumbs": crumbs_of(seat, _("Ett innspill")),
        "line": line_of(seat, found),
        "talk": talk_of(seat, found),
        "form": form,
        "may_change": may_change(seat, found),
        "may_support": seat.takes_part and not is_hers(seat, found) and is_open,
        "groups": seat.process.proposal_groups.order_by("title") if seat.edits and is_open else [],
        "is_open": is_open,
        "group_form": GroupForm(initial={"title": found.group.title if found.group else ""}),
    }
    return render(request, "partnerships/proposal/page.html", context)


def _said(seat: Seat, found: Proposal, form: CommentForm) -> bool:
    if seat.person is None:
        return False
    try:
        comment_write(proposal=found, text=form.cleaned_data["text"], person=seat.person, by=seat.user)
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@seated("contributes")
def change(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found = proposal_at(seat, number)
    if not may_change(seat, found):
        raise PermissionDenied
    form = ChangeForm(request.POST or None, version=found.version, initial={"text": found.text})

    def save(version: int) -> Proposal:
        return proposal_change(proposal=found, version=version, text=form.cleaned_data["text"], by=seat.user)

    if request.method == "POST" and form.is_valid():
        try:
            if form.saved_by(save, seat.user):
                messages.success(request, _("Innspillet er endret."))
                return redirect("proposal", seat.process.pk, number)
        except StateChanged as error:
            form.add_error(None, str(error.sentence))
    context = {
        "seat": seat,
        "form": form,
        "proposal": found,
        "breadcrumbs": crumbs_of(seat, _("Endre")),
    }
    return render(request, "partnerships/proposal/change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("contributes")
def take_back(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found = proposal_at(seat, number)
    if not may_change(seat, found):
        raise PermissionDenied
    here = reverse("proposal", args=[seat.process.pk, number])
    if request.method == "POST":
        try:
            proposal_take_back(proposal=found, by=seat.user)
        except StateChanged as error:
            messages.warning(request, str(error.sentence))
            return redirect(here)
        messages.success(request, _("Innspillet er trukket tilbake."))
        return redirect("proposals", seat.process.pk)
    context = {
        "seat": seat,
        "title": _("Vil du trekke innspillet tilbake?"),
        "text": _("Det blir borte for alle, med det andre har sagt om det."),
        "action": _("Trekk tilbake"),
        "cancel_url": here,
        "danger": True,
    }
    return render(request, "partnerships/participant/confirm.html", context)


@require_POST
@seated("takes_part")
def support(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found = proposal_at(seat, number)
    if seat.participant is not None and not is_hers(seat, found):
        supports = request.POST.get("support") == "1"
        try:
            proposal_support(proposal=found, participant=seat.participant, supports=supports)
        except StateChanged as error:
            messages.warning(request, str(error.sentence))
    return redirect("proposal", seat.process.pk, number)


@require_POST
@seated("edits")
def group(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found, form = proposal_at(seat, number), GroupForm(request.POST)
    if form.is_valid() and seat.user is not None:
        try:
            proposal_group_set(proposal=found, title=form.cleaned_data["title"], by=seat.user)
        except StateChanged as error:
            messages.warning(request, str(error.sentence))
        else:
            messages.success(request, _("Temaet er lagret."))
    return redirect("proposal", seat.process.pk, number)


@require_POST
@seated("contributes")
def comment_away(request: HttpRequest, seat: Seat, number: int, comment: int) -> HttpResponse:
    found = proposal_at(seat, number)
    said = next((one for one in talk_of(seat, found) if one.comment.pk == comment), None)
    if said is None:
        raise Http404
    if not said.may_take_away:
        raise PermissionDenied
    comment_take_away(comment=said.comment, by=seat.user)
    messages.success(request, _("Kommentaren er tatt bort."))
    return redirect("proposal", seat.process.pk, number)


def proposal_at(seat: Seat, number: int) -> Proposal:
    """One of this process's. Raises Http404 for any other."""
    found: Proposal | None = with_support(seat).filter(pk=number).first()
    if found is None:
        raise Http404
    found.process = seat.process
    return found
