"""Answering proposals: one, or all of a theme, never without a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.current import user_of
from partnerships.forms.proposal import AnswerForm
from partnerships.models import Proposal
from partnerships.models.proposal import ProposalOutcome
from partnerships.seat import Seat, seated
from partnerships.selectors.proposal import author_of
from partnerships.services.proposal import proposal_answer, proposals_answer_together
from partnerships.views.proposal import crumbs_of, proposal_at
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def answer(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    found = proposal_at(seat, number)
    others = _same_theme(found)
    initial = {"outcome": found.outcome, "reason": found.reason}
    form = AnswerForm(request.POST or None, version=found.version, initial=initial, others=len(others))
    by = user_of(request)
    if request.method == "POST" and form.is_valid() and _answered(seat, found, form, by, others):
        messages.success(request, _("Svaret er gitt, og den som foreslo det, får beskjed."))
        return redirect("proposal", seat.process.pk, number)
    context = {
        "seat": seat,
        "form": form,
        "proposal": found,
        "author": author_of(seat, found),
        "others": len(others),
        "breadcrumbs": crumbs_of(seat, _("Svar")),
    }
    return render(request, "partnerships/proposal/answer.html", context)


def _answered(seat: Seat, found: Proposal, form: AnswerForm, by: User, others: list[Proposal]) -> bool:
    given = form.cleaned_data
    outcome, reason = ProposalOutcome(given["outcome"]), given["reason"]

    def save(version: int) -> Proposal:
        return proposal_answer(
            proposal=found, version=version, outcome=outcome, reason=reason, answered_by=seat.person, by=by
        )

    try:
        if not form.saved_by(save, by):
            return False
        if given.get("same"):
            proposals_answer_together(
                proposals=others, outcome=outcome, reason=reason, answered_by=seat.person, by=by
            )
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return False
    return True


def _same_theme(found: Proposal) -> list[Proposal]:
    if found.group_id is None:
        return []
    waiting = Proposal.objects.filter(group=found.group_id, answered_at=None)
    return list(waiting.exclude(pk=found.pk).order_by("pk"))
