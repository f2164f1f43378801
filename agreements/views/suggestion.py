"""What another side wants otherwise: read beside what stands, and taken in or said no to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.forms.draft import AnswerForm
from agreements.models import AgreementParty, Suggestion
from agreements.models.agreement import AgreementState
from agreements.selectors.draft import suggested_of
from agreements.selectors.side import speaking
from agreements.services.suggestion import suggestion_accept, suggestion_decline, suggestion_take_back
from agreements.views.draft import under
from partnerships.access import get_for
from partnerships.current import user_of
from partnerships.services.editing import ChangedMeanwhile
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    shown = suggested_of(found, user_of(request))
    form = AnswerForm(request.POST or None, version=shown.version)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, found, form)
        except ChangedMeanwhile:
            # The page shows it beside the new words, and the next press is made knowing them.
            form = AnswerForm(
                {"answer": form.cleaned_data["answer"], "version": shown.version}, version=shown.version
            )
            form.add_error(None, _("Punktet er endret siden du leste det. Se over, og svar på nytt."))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Svaret er gitt. De som foreslo det, får vite det."))
            return redirect("agreement_draft", pk=found.agreement_id)
    context = {
        "shown": shown,
        "agreement": found.agreement,
        "form": form if shown.may_answer else None,
        "breadcrumbs": under(found.agreement, _("Forslag")),
    }
    return render(request, "agreements/draft/suggestion.html", context)


@login_required
@require_POST
def suggestion_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    try:
        suggestion_take_back(suggestion=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Forslaget er trukket tilbake."))
    return redirect("agreement_draft", pk=found.agreement_id)


def _seen(request: HttpRequest, pk: int) -> Suggestion:
    rows = Suggestion.objects.filter(agreement__state=AgreementState.DRAFT).select_related(
        "section", "agreement__municipality"
    )
    parties = ("agreement__parties__unit", "agreement__parties__centre", "agreement__parties__organisation")
    found: Suggestion = get_for(
        user_of(request), Permission.AGREEMENT_DRAFT, rows.prefetch_related(*parties), pk=pk
    )
    return found


def _answer(request: HttpRequest, found: Suggestion, form: AnswerForm) -> None:
    user, said = user_of(request), form.cleaned_data
    party = _answers_for(found, request)
    if "accept" in request.POST:
        suggestion_accept(
            suggestion=found, party=party, version=said["version"], answer=said["answer"], by=user
        )
    else:
        suggestion_decline(suggestion=found, party=party, answer=said["answer"], by=user)


def _answers_for(found: Suggestion, request: HttpRequest) -> AgreementParty:
    """Her own side, else one she stands in for; never the one that suggested it, if there is another."""
    may = speaking(found.agreement, user_of(request))
    sides = [party for party in found.agreement.parties.all() if may.may(party)]
    sides.sort(key=lambda party: (party.pk == found.party_id, party.pk not in may.own))
    if not sides:
        raise DomainError(_("Du svarer ikke for noen av partene i avtalen."))
    return sides[0]
