"""What somebody signs on paper, or on the screen of whoever sits beside her."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.forms.envelope import PaperForm
from agreements.forms.signing import TogetherForm
from agreements.models import Signatory
from agreements.models.envelope import Assurance
from agreements.selectors.side import may_witness
from agreements.selectors.signing import consent_to, frozen_text
from agreements.services.signature import Confirmed, Refused, Witness, signature_add
from agreements.views.envelope import about, one_asked
from partnerships.current import current_membership, user_of
from partnerships.models import Person
from samskaping.accounts.limits import caller
from samskaping.core.errors import DomainError
from samskaping.core.services.stored_file import MAX_PDF, stored_file_add_pdf


def witnessed(view: Callable[[HttpRequest, Signatory], HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view who signs, for whoever may receive it from her."""

    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def received(request: HttpRequest, pk: int, number: int) -> HttpResponse:
        asked, user = one_asked(request, pk, number), user_of(request)
        if asked.person.user_id == user.pk:
            # Nobody is her own witness.
            return redirect("signing_read", pk=asked.pk)
        if not may_witness(user, asked.envelope.agreement)(asked):
            raise PermissionDenied
        return view(request, asked)

    return received


@witnessed
def envelope_paper(request: HttpRequest, asked: Signatory) -> HttpResponse:
    """What somebody signed on paper, by the one who received it."""
    document, user = asked.envelope.document, user_of(request)
    initial = {"name": asked.person.name}
    form = PaperForm(request.POST or None, request.FILES or None, document=document, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sent = given["scan"]
        try:
            scan = stored_file_add_pdf(
                sent.read(MAX_PDF + 1), name=sent.name, municipality=asked.municipality, by=user
            )
            witness = Witness(user=user, name=_own_name(request), scan=scan, signed_on=given["signed_on"])
            how = Confirmed(how=Assurance.PAPER, at=timezone.now())
            try:
                _sign(asked, given["name"], document.sha256, how, witness, key=None)
            except DomainError:
                # The refusal stays in the chain; the scan belongs to nothing.
                scan.delete()
                raise
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Signaturen på papir er lagt inn."))
            return redirect("envelope", pk=asked.envelope.agreement_id)
    title = _("%(name)s har signert på papir") % {"name": asked.person.name}
    context = {**about(asked.envelope.agreement, title), "form": form, "signatory": asked}
    return render(request, "agreements/envelope/paper.html", context)


@witnessed
def envelope_together(request: HttpRequest, asked: Signatory) -> HttpResponse:
    """On this screen, beside whoever signs: she reads and writes, the one who is signed in is the witness."""
    document = asked.envelope.document
    words = consent_to(document, language=asked.person.language)
    form = TogetherForm(request.POST or None, words=words, sha256=document.sha256, name=asked.person.name)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        how = Confirmed(
            how=Assurance.IN_PERSON, at=timezone.now(), ip=caller(request),
            user_agent=request.headers.get("User-Agent", "")[:300], pages_shown=document.pages,
        )  # fmt: skip
        witness = Witness(user=user_of(request), name=_own_name(request))
        try:
            _sign(asked, given["name"], given["document"], how, witness, key=given["key"])
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("%(name)s har signert.") % {"name": asked.person.name})
            return redirect("envelope", pk=asked.envelope.agreement_id)
    context = {
        **about(asked.envelope.agreement, _("Signer sammen på skjerm")),
        "form": form,
        "signatory": asked,
        "document": document,
        "text": frozen_text(document),
    }
    return render(request, "agreements/envelope/together.html", context)


def _sign(asked: Signatory, name: str, sha256: str, how: Confirmed, witness: Witness, *, key: Any) -> None:
    """Raises DomainError with why not."""
    outcome = signature_add(
        signatory=asked,
        document_sha256=sha256,
        typed_name=name,
        consent=consent_to(asked.envelope.document, language=asked.person.language),
        confirmed=how,
        idempotency_key=key or uuid.uuid4(),
        witness=witness,
    )
    if isinstance(outcome, Refused):
        raise DomainError(outcome.sentence)


def _own_name(request: HttpRequest) -> str:
    """Printed on the signature page, and so never empty: her name, else what her account has."""
    membership = current_membership(request)
    if membership is not None and membership.person is not None:
        return membership.person.name
    user = user_of(request)
    person = Person.objects.filter(user=user, erased_at=None).order_by("pk").first()
    return person.name if person is not None else user.email or str(user)
