"""The signing screens: read, agree, and the ways not to. Thin: agreements/sitting.py says whose they are."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms.signing import AskForm, DeclineForm, ForwardForm, RetractForm, SignForm
from agreements.models import Signatory
from agreements.models.envelope import Assurance
from agreements.selectors.signing import (
    consent_to,
    frozen_text,
    is_waiting,
    may_retract,
    sender_of,
    state_of,
    waiting_first,
    with_states,
)
from agreements.services.envelope import signatory_decline, signatory_forward, signature_retract
from agreements.services.signatory import signatory_read, signing_question_ask
from agreements.services.signature import Refused, is_enough, signature_add
from agreements.sitting import CodeNeeded, asked, confirmed, next_after, theirs
from partnerships.services.person import person_add
from samskaping.accounts import second_factor
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.views.files import file_response

PER_PAGE = 50


@never_cache
@require_safe
def signing_documents(request: HttpRequest) -> HttpResponseBase:
    """All that she is to sign; straight to it when it is one."""
    try:
        hers = theirs(request)
    except CodeNeeded:
        return redirect("signing_code")
    except Http404:
        return redirect_to_login(request.get_full_path())
    waiting = hers.waiting().count()
    if waiting == 1 and not request.user.is_authenticated:
        return redirect("signing_read", pk=hers.waiting().get().pk)
    page = Paginator(waiting_first(hers), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": with_states(page.object_list), "waiting": waiting, "page_obj": page}
    return render(request, "agreements/signing/documents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def signing_read(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """The whole of it, and every way on. POST: she has had it before her."""
    if request.method == "POST":
        signatory_read(signatory=signatory)
        return redirect("signing_sign", pk=signatory.pk)
    document = signatory.envelope.document
    waiting = list(theirs(request).waiting())
    state = state_of(signatory)
    context = {
        **_about(signatory),
        "text": frozen_text(document),
        "document": document,
        "state": state,
        "may_retract": may_retract(signatory),
        "code_is_enough": _code_is_enough(signatory) or second_factor.was_shown(request),
        "number": waiting.index(signatory) + 1 if signatory in waiting else 0,
        "waiting": len(waiting),
    }
    return render(request, "agreements/signing/read.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def signing_sign(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """The consent, word for word, and her name. 409 in plain words for what does not hold any more."""
    if request.method != "POST" and not is_waiting(signatory):
        return redirect("signing_read", pk=signatory.pk)
    if signatory.opened_at is None:
        # Nobody signs what she has not had before her.
        return redirect("signing_read", pk=signatory.pk)
    who = confirmed(request, signatory)
    if who is None:
        return _confirm_first(request, signatory)
    document = signatory.envelope.document
    words = consent_to(document)
    form = SignForm(request.POST or None, words=words, sha256=document.sha256)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        outcome = signature_add(
            signatory=signatory,
            document_sha256=given["document"],
            typed_name=given["name"],
            consent=words,
            confirmed=who,
            idempotency_key=given["key"],
        )
        if not isinstance(outcome, Refused):
            return _signed(request, signatory)
        form.add_error(None, str(outcome.sentence))
        status = 409
    context = {**_about(signatory), "form": form, "document": document}
    return render(request, "agreements/signing/sign.html", context, status=status)


@require_safe
@asked
def signing_done(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """The receipt: what she signed, when, how she was confirmed, and where the copy is."""
    if not hasattr(signatory, "signature"):
        return redirect("signing_read", pk=signatory.pk)
    context = {
        **_about(signatory),
        "signature": signatory.signature,
        "document": signatory.envelope.document,
        "may_retract": may_retract(signatory),
        "missing": signatory.envelope.signatories.filter(copy_only=False, signature=None).count(),
    }
    return render(request, "agreements/signing/done.html", context)


@require_safe
@asked
def signing_pdf(request: HttpRequest, signatory: Signatory) -> HttpResponseBase:
    """The sealed one when there is one, else what she is asked to sign."""
    seal = getattr(signatory.envelope, "seal", None)
    return file_response(seal.file if seal is not None else signatory.envelope.document.file)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def signing_decline(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    def decline(form: Any) -> str:
        signatory_decline(signatory=signatory, because=form.cleaned_data["because"])
        return _("Du har svart at du ikke vil signere. De andre får vite det, og hvorfor.")

    lead = _("Du trenger ikke å signere. Da blir det ikke noe av avtalen slik den står nå.")
    form = DeclineForm(request.POST or None)
    return _step(request, signatory, form, decline, _("Jeg vil ikke signere"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def signing_retract(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """Before all have signed she may take it back; afterwards the page tells her so."""
    if request.method != "POST" and not may_retract(signatory):
        return redirect("signing_read", pk=signatory.pk)

    def retract(form: Any) -> str:
        signature_retract(signatory=signatory, because=form.cleaned_data["because"])
        return _("Signaturen din er angret. De andre får vite det, og hvorfor.")

    lead = _(
        "Da stopper signeringen for alle, og avtalen blir et utkast igjen. Det de andre har signert, gjelder "
        "heller ikke."
    )
    form = RetractForm(request.POST or None)
    return _step(request, signatory, form, retract, _("Angre signaturen"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def signing_forward(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    @transaction.atomic
    def forward(form: Any) -> str:
        """Both or nothing: nobody is noted down who was not asked."""
        given = form.cleaned_data
        person = signatory.person
        side = signatory.party.actor if signatory.party is not None else None
        to = person_add(
            municipality=side.municipality if side is not None else person.municipality,
            side=side if side is not None else person.controller_organisation or person.controller_centre,
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            by=request.user,  # type: ignore[arg-type]
        )
        by = request.user if isinstance(request.user, User) else None
        signatory_forward(signatory=signatory, to=to, by=by)
        return _("Takk. %(name)s får den til signering, og den som sendte avtalen, får vite det.") % {
            "name": given["name"]
        }

    lead = _("Kjenner du den som skal signere i stedet? Da sender vi avtalen videre, og du er ferdig.")
    form = ForwardForm(request.POST or None)
    return _step(request, signatory, form, forward, _("Jeg er ikke rett person"), lead, "signing_documents")


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def signing_ask(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    def ask(form: Any) -> str:
        signing_question_ask(signatory=signatory, text=form.cleaned_data["text"])
        return _("Spørsmålet er sendt. Avtalen venter på deg her.")

    form = AskForm(request.POST or None)
    return _step(request, signatory, form, ask, _("Jeg har et spørsmål"), "")


def _step(
    request: HttpRequest,
    signatory: Signatory,
    form: Any,
    act: Any,
    title: str,
    lead: str,
    after: str = "",
) -> HttpResponse:
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            status = 409
        else:
            messages.success(request, said)
            return redirect(after) if after else redirect("signing_read", pk=signatory.pk)
    context = {**_about(signatory), "form": form, "title": title, "lead": lead}
    return render(request, "agreements/signing/step.html", context, status=status)


def _signed(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """On to the next of hers, which the same code is good for; else the receipt."""
    following = next_after(request, signatory)
    if following is not None:
        messages.success(request, _("Signert. Her er den neste."))
        return redirect("signing_read", pk=following)
    return redirect("signing_done", pk=signatory.pk)


def _confirm_first(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """Two factors anew for those who have them here; a code for all others, where a code is enough."""
    back = reverse("signing_sign", args=[signatory.pk])
    code_url = reverse("signing_code", query={"next": back}) if _code_is_enough(signatory) else ""
    factor_url = ""
    if isinstance(request.user, User) and second_factor.was_shown(request):
        ways = get_adapter().get_reauthentication_methods(request.user)
        factors = [way["url"] for way in ways if way["id"].startswith("mfa_")]
        if factors and is_enough(Assurance.LOGGED_IN, signatory):
            factor_url = f"{factors[0]}?{urlencode({'next': back})}"
    if code_url and not factor_url:
        return redirect(code_url)
    context = {
        **_about(signatory),
        "factor_url": factor_url,
        "code_url": code_url,
        "login_url": redirect_to_login(back).url if request.user.is_anonymous else "",
    }
    return render(request, "agreements/signing/confirm.html", context)


def _code_is_enough(signatory: Signatory) -> bool:
    return is_enough(Assurance.CODE_EMAIL, signatory)


def _about(signatory: Signatory) -> dict[str, Any]:
    envelope = signatory.envelope
    return {
        "signatory": signatory,
        "envelope": envelope,
        "agreement": envelope.agreement,
        **sender_of(signatory.person),
    }
